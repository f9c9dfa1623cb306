"""The tally: additions that are lost, and figures of which nobody can say that they are not so."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pygame
import pytest

from game.frame import Frame
from game.parts import Progress, Standing
from game.scenes.tally import FIELDS, modes
from game.scenes.tally.figures import Count, TallyView
from game.scenes.tally.lost_lock import STUCK, LostLock
from game.session.session import Session
from game.view.canvas import Canvas
from game.view.theme import Theme
from tests.conftest import LIMIT, stopped, until
from tests.made import frames_until, opened, scene_of

pytestmark = pytest.mark.slow  # real processes in nearly every test

SIZE = (900, 600)  # [px]
THEME = Theme("dark")


def press(session: Session, key: int, typed: str) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
    session.frame()


def view(session: Session) -> TallyView:
    found = session.source.frame.extra
    assert isinstance(found, TallyView)
    return found


def adds(session: Session, more: int = 1000) -> None:
    """Let all processes add for a while."""
    frames_until(session, lambda: view(session).counts, "the first additions")
    before = view(session).now.added
    frames_until(session, lambda: view(session).now.added > before + more, "additions")


def stops(session: Session) -> Count:
    """Pause; the exact figures."""
    press(session, pygame.K_SPACE, " ")
    frames_until(session, lambda: view(session).exact, "everybody has stopped")
    return view(session).now


def test_a_run_in_all_modes_tells_what_each_lost(tmp_path: Path, method: str):
    file = tmp_path / "tally.json"
    command = [
        "tally",
        "--headless",
        "--sync",
        "all",
        "--updates",
        "20000",
        "--agents",
        "3",
        "--stats",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "game", *command, str(file), "--start-method", method],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
    )
    tally = json.loads(file.read_text())["tally"]
    assert list(tally) == list(modes.NAMES)
    for name, figures in tally.items():
        assert figures["added"] == 60_000, name
        assert figures["lost"] == figures["added"] - figures["counted"] >= 0, name
        assert figures["per_s"] > 0, name
        assert f"{name}: 60,000 added, {figures['counted']:,} counted" in done.stdout
    assert tally["lock"]["lost"] == tally["own"]["lost"] == 0
    assert done.stderr == ""


@pytest.mark.parametrize("mode", ["none", "element"])
def test_without_a_lock_around_it_additions_are_lost(mode: str):
    with opened("tally", "--sync", mode) as session:
        frames_until(session, lambda: view(session).now.lost > 10, "a lost update")
        count = stops(session)
        assert count.lost == count.added - count.counted > 0


@pytest.mark.parametrize("mode", ["lock", "own"])
def test_with_a_lock_or_a_cell_of_ones_own_nothing_is_lost(mode: str):
    with opened("tally", "--sync", mode, "--agents", "4") as session:
        for _ in range(3):
            adds(session)
            count = stops(session)
            assert count.added == count.counted > 0
            assert (count.lost, count.set_aside) == (0, 0)
            press(session, pygame.K_SPACE, " ")


def test_in_a_pause_a_step_is_one_addition_of_each():
    with opened("tally", "--sync", "lock", "--agents", "3") as session:
        adds(session)
        before = stops(session)
        press(session, pygame.K_PERIOD, ".")
        frames_until(session, lambda: view(session).now.added == before.added + 3, "a step")
        frames_until(session, lambda: view(session).exact, "all have stopped again")
        assert view(session).now.added == view(session).now.counted == before.added + 3


def test_nobody_begins_before_all_have_come():
    with opened("tally", "--updates", "50", "--agents", "8") as session:
        first = []

        def noted() -> bool:
            view_ = session.source.frame.extra
            if view_ is not None and view_.now.added and not first:
                first.append(len(session.source.frame.agents))
            return session.cast.done

        frames_until(session, noted, "all are done")
        assert first[0] == 8
        session.finish()
        assert view(session).now.added == 400


def test_in_a_pause_nobody_publishes():
    with opened("tally", "--agents", "3") as session:
        adds(session)
        stops(session)
        rows = session.source.updates
        before = session.stats.frames
        frames_until(session, lambda: session.stats.frames > before + 30, "frames")
        assert session.source.updates <= rows + 3


def test_s_goes_on_to_the_next_way_and_keeps_the_figures():
    with opened("tally") as session:
        for now, then in zip(modes.NAMES, (*modes.NAMES[1:], "none"), strict=True):
            adds(session)
            assert view(session).mode == now
            press(session, pygame.K_s, "s")
            frames_until(session, lambda then=then: view(session).mode == then, then)
        counts = view(session).counts
        assert set(counts) == set(modes.NAMES)
        assert counts["lock"].added == counts["lock"].counted > 0
        assert counts["own"].added == counts["own"].counted > 0
        assert "sharing: none" in session.screen.scene.title


def test_a_process_that_is_removed_takes_no_lock_along(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.crew.crew.GRACE", LIMIT)  # however busy the machine, none is killed
    with opened("tally", "--sync", "lock", "--agents", "2") as session:
        for _ in range(8):
            adds(session)
            press(session, pygame.K_EQUALS, "+")
            frames_until(session, lambda: session.cast.alive == 3, "a third one")
            adds(session)
            press(session, pygame.K_MINUS, "-")
            frames_until(session, lambda: session.cast.alive == 2, "it has left")
        adds(session)
        count = stops(session)
        assert (count.lost, count.set_aside, view(session).notice) == (0, 0, "")


def kill(session: Session) -> None:
    """Kill a process that adds, wherever it is at this moment."""
    slot = next(s for s, m in session.cast.members.items() if m.standing is Standing.RUNNING)
    session.cast.signal(slot, signal.SIGKILL)
    frames_until(session, lambda: session.cast.members[slot].exitcode is not None, "it is dead")


@pytest.mark.slow
def test_a_lock_that_is_lost_is_shown_and_replaced_and_nothing_is_lost():
    with opened("tally", "--sync", "lock", "--agents", "3") as session:
        repaired = 0

        def settled() -> bool:
            """Whether the others add again, or have been started again with a new lock."""
            return not view(session).alarm and view(session).now.added > before + 100

        while repaired < 2:
            adds(session)
            kill(session)
            before = view(session).now.added
            frames_until(session, settled, "they add again")
            repaired += "a new lock" in view(session).notice
            if len(session.cast.members) < 3 or not view(session).notice:
                press(session, pygame.K_r, "r")
                frames_until(session, lambda: session.cast.alive == 3, "three again")
        count = stops(session)
        assert count.added == count.counted, "what was set aside counts on neither side"
        assert count.set_aside > 0


def test_a_process_killed_in_the_middle_is_set_aside_and_said_to_be():
    with opened("tally", "--sync", "own", "--agents", "2") as session:
        adds(session)
        while not view(session).now.set_aside:
            adds(session)
            kill(session)
            press(session, pygame.K_r, "r")
            frames_until(session, lambda: session.cast.alive == 2, "two again")
        count = stops(session)
        assert count.added == count.counted
        words = session.screen.scene.caption()
        assert words is not None
        assert "Killed in the middle of an addition: Process " in words.notice


# The parts by themselves.


def test_counts_add_up():
    both = Count(10, 7, 1, 2.0).plus(Count(5, 5, 0, 1.0))
    assert both == Count(15, 12, 1, 3.0)
    assert both.lost == 3
    assert both.rate == 5.0
    assert Count().rate == 0.0


class Process:
    """A member of a made-up cast."""

    agents = 1

    def __init__(self, slot: int) -> None:
        self.slot, self.name, self.pid = slot, f"Process {slot + 1}", 100 + slot
        self.standing, self.exitcode = Standing.RUNNING, None


class Processes:
    """A made-up cast, whose processes leave at once."""

    alive, restarts, room, per_process, progress = 2, 0, 9, 1, Progress(0, 0)

    def __init__(self, number: int) -> None:
        self.members = {slot: Process(slot) for slot in range(number)}

    def remove(self, slot: int) -> None:
        del self.members[slot]

    def add(self) -> int:
        slot = len(self.members)
        self.members[slot] = Process(slot)
        return slot


def test_a_standstill_is_a_lost_lock_only_where_somebody_died_and_there_is_a_lock():
    for mode, dies, lost in (("lock", True, True), ("lock", False, False), ("own", True, False)):
        cast = Processes(3)
        lock = LostLock(cast, 1.0)
        lock.poll(0.0, mode, 5, waits=True)
        if dies:
            cast.members[1].standing, cast.members[1].exitcode = Standing.FAILED, -9
        lock.poll(STUCK / 2, mode, 5, waits=True)
        assert not lock.under_way
        lock.poll(2 * STUCK, mode, 5, waits=True)
        assert lock.under_way is lost
        assert ("Process 2 died" in lock.alarm) is lost


def test_whoever_is_gone_without_a_trace_may_have_had_the_lock_and_who_is_frozen_may_give_it_back():
    for gone in ("removed", "started again"):
        cast = Processes(3)
        lock = LostLock(cast, 1.0)
        lock.poll(0.0, "lock", 5, waits=True)
        if gone == "removed":
            cast.remove(2)
        else:
            cast.members[2].pid += 1000
        lock.poll(STUCK / 2, "lock", 5, waits=True)
        cast.members[0].standing = Standing.FROZEN
        lock.poll(3 * STUCK, "lock", 5, waits=True)
        assert not lock.under_way, gone
        cast.members[0].standing = Standing.RUNNING
        lock.poll(4 * STUCK, "lock", 5, waits=True)
        assert "Process 3 died" in lock.alarm, gone


@pytest.mark.parametrize(
    ("added", "lost"),
    [
        pytest.param(2, True, id="each of the others notes what it added before"),
        pytest.param(3, False, id="somebody has had the lock since"),
    ],
)
def test_whoever_is_gone_held_nothing_where_somebody_has_taken_the_lock_since(added, lost):
    cast = Processes(3)
    lock = LostLock(cast, 1.0)
    lock.poll(0.0, "lock", 5, waits=True)
    cast.remove(2)
    lock.poll(0.1, "lock", 5, waits=True)
    lock.poll(0.2, "lock", 5 + added, waits=True)
    lock.poll(0.3 + STUCK, "lock", 5 + added, waits=True)
    assert lock.under_way is lost


def test_all_leave_before_they_are_started_again_with_a_new_lock():
    cast = Processes(3)
    lock = LostLock(cast, 1.0)
    lock.poll(0.0, "lock", 5, waits=True)
    cast.members[0].standing, cast.members[0].exitcode = Standing.FAILED, -9
    lock.poll(1.0, "lock", 5, waits=True)
    assert lock.under_way
    lock.poll(1.5, "lock", 5, waits=True)
    assert len(cast.members) == 3
    assert cast.members[0].exitcode == -9, "it is looked at for a while"
    lock.poll(2.5, "lock", 5, waits=True)
    assert [member.exitcode for member in cast.members.values()] == [None] * 3
    assert not lock.under_way
    assert "a new lock" in lock.notice


# The table.


def test_every_figure_and_every_way_is_explained():
    scene, frame = scene_of("tally"), Frame(FIELDS, 2)
    frame.extra = TallyView("none", {"none": Count(300, 150)}, Count(), True, "", "", "", "")
    scene.follow(frame)
    shown = scene.panel(99, -1)
    assert len(shown.about) == len(shown.rows) == shown.total
    assert [column.about.name for column in shown.columns[1:]] == list(modes.NAMES)
    assert scene.panel(2, -1).total == shown.total, "what there is no room for is counted"


# The picture.


def draw(view: TallyView | None, added: list[float], died: int = -1) -> Canvas:
    scene = scene_of("tally")
    frame = Frame(FIELDS, len(added))
    frame.agents, frame.values[:, 0], frame.extra = np.arange(len(added)), added, view
    frame.updates[:] = 1
    if died >= 0:
        frame.died[died] = True
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), scene.bounds, THEME)
    scene.follow(frame)
    scene.draw(canvas)
    return canvas


def columns(canvas: Canvas, colour: tuple[int, int, int]) -> int:
    """How many pixels have a colour."""
    picture = pygame.surfarray.array3d(canvas.surface)
    return int((picture == np.array(colour)).all(axis=2).sum())


@pytest.mark.usefixtures("display")
def test_the_columns_are_as_high_as_the_figures_say():
    seen = TallyView("none", {}, Count(300, 150), True, "", "", "", "")
    canvas = draw(seen, [100.0, 200.0])
    first, second = (columns(canvas, THEME.agent(n)) for n in range(2))
    assert second == pytest.approx(2 * first, rel=0.05)
    assert columns(canvas, THEME["accent"]) == pytest.approx((first + second) / 2, rel=0.05)
    assert columns(canvas, THEME["alarm"]) > 100, "a frame around what is missing"
    whole = draw(TallyView("own", {}, Count(300, 300), True, "", "", "", ""), [100.0, 200.0])
    assert columns(whole, THEME["alarm"]) == 0


@pytest.mark.usefixtures("display")
def test_a_click_on_a_part_of_the_column_finds_its_process():
    seen = TallyView("none", {}, Count(300, 150), True, "", "", "", "")
    canvas = draw(seen, [100.0, 200.0])
    for agent, place in enumerate(canvas.drawn[0].tolist()):
        assert canvas.at(*place) == agent
        assert canvas.surface.get_at((round(place[0]) - 60, round(place[1])))[:3] == THEME.agent(
            agent
        )


def test_a_run_never_waits_long_for_a_frozen_process():
    with opened("tally", "--agents", "2") as session:
        adds(session)
        session.cast.freeze(0)
        until(lambda: stopped(session.cast.members[0].pid), "a frozen process")
        press(session, pygame.K_s, "s")
        frames_until(session, lambda: view(session).waiting == "Process 1", "it is named")
        assert view(session).mode == "none", "the figures would not be exact"
        session.finish()
        assert not view(session).exact
        session.cast.freeze(0)
        until(lambda: session.cast.members[0].standing is Standing.RUNNING)
