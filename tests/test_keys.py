"""The keys, through the real loop with real processes, and on every keyboard layout."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

from game.__main__ import parser
from game.arena import OVER_HINT, RESTING, Arena
from game.controls import Controls
from game.crew.crew import Crew
from game.crew.limits import Limit
from game.crew.starting import start_method
from game.options import settle
from game.road.keys import RoadKeys
from game.stage import Stage
from game.table import PACE, Table
from game.view.keys import KEYS, action
from game.view.window import Window
from tests.conftest import until


class Desk:
    """An arena with a person at the keyboard."""

    def __init__(self, *arguments: str) -> None:
        options = settle(parser().parse_args(["swarm", *arguments]))
        from game import movers

        context = start_method("")
        table = Table(context, movers.world("swarm").FIELDS, options.capacity)
        self.crew = Crew(table, context, options.job)
        self.window = Window(options.size, "test", headless=True)
        self.now = 0.0
        self.arena = Arena(options, self.crew, self.window, 0.0, self.clock, lambda s: None)

    def clock(self) -> float:
        self.now += 0.001
        return self.now

    def press(self, key: int = 0, typed: str = "") -> None:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
        self.arena.frame()

    def mouse(self, kind: int, **facts: object) -> None:
        pygame.event.post(pygame.event.Event(kind, facts))
        self.arena.frame()

    def click(self, x: int, y: int) -> None:
        self.mouse(pygame.MOUSEBUTTONDOWN, button=1, pos=(x, y))
        self.mouse(pygame.MOUSEBUTTONUP, button=1, pos=(x, y))

    def shows(self, agents: int) -> None:
        """Draw frames until so many agents are there, each with a process."""

        def there() -> bool:
            self.arena.frame()
            shown = len(self.arena.reader.snapshot.agents)
            return (shown, self.crew.alive) == (agents, agents)

        until(there, f"{agents} agents")

    @property
    def message(self) -> str:
        return self.arena.stage.hud.message


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    made = Desk(*getattr(request, "param", ("--agents", "3", "--capacity", "8")))
    try:
        yield made
    finally:
        made.crew.close()
        made.window.close()


def test_plus_and_minus_add_and_remove_processes(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_EQUALS, "+")
    desk.shows(4)
    desk.press(pygame.K_MINUS, "-")
    desk.shows(3)
    assert desk.crew.room == 5
    desk.press(pygame.K_KP_PLUS, "+")
    desk.shows(4)
    assert sorted(desk.crew.members) == [0, 1, 2, 3]


def test_page_up_stops_at_capacity_and_says_so(desk: Desk):
    desk.press(pygame.K_PAGEUP)
    desk.shows(8)
    assert "full" in desk.message
    assert "8" in desk.message
    desk.press(pygame.K_PAGEDOWN)
    desk.shows(0)
    desk.press(pygame.K_MINUS, "-")
    assert "nobody" in desk.message


def test_what_the_system_has_no_room_for_is_not_started(desk: Desk, monkeypatch):
    desk.shows(3)
    limit = Limit("open files", value=256, used=250, each=2, remedy="")
    monkeypatch.setattr("game.crew.limits.tightest", lambda processes: limit)
    desk.press(pygame.K_PAGEUP)
    assert len(desk.crew.members) == 3 + limit.room
    assert desk.message == "full: the system allows 256 open files"
    desk.shows(6)


def test_r_starts_again_with_as_many_as_at_first(desk: Desk):
    desk.shows(3)
    desk.arena.stage.hud.note("something of the run before", desk.now)
    pids = {m.pid for m in desk.crew.members.values()}
    desk.press(pygame.K_PAGEUP)
    desk.shows(8)
    desk.press(pygame.K_r, "r")
    until(lambda: (desk.arena.frame(), len(desk.crew.members) == 3)[1], "three again")
    desk.shows(3)
    assert not pids & {m.pid for m in desk.crew.members.values()}
    assert not desk.arena.stage.hud._events, "and without its news"


def test_pause_pace_and_step(desk: Desk):
    desk.shows(3)
    pace = desk.crew.table.books
    desk.press(pygame.K_LEFTBRACKET, "[")
    assert (pace[PACE], desk.arena.controls.pace_shown) == (500, "0.5x")
    desk.press(pygame.K_SPACE, " ")
    assert (pace[PACE], desk.arena.controls.pace_shown) == (0, "paused")
    desk.press(pygame.K_SPACE, " ")
    for _ in range(10):
        desk.press(pygame.K_RIGHTBRACKET, "]")
    assert desk.arena.controls.pace_shown == "16x"
    desk.press(pygame.K_BACKSPACE, "\b")
    assert (pace[PACE], desk.arena.controls.pace_shown) == (1000, "")
    desk.press(pygame.K_PERIOD, ".")
    assert desk.arena.controls.paused


def test_escape_closes_the_help_first(desk: Desk):
    desk.press(pygame.K_F1)
    assert desk.arena.stage.keys.open
    desk.press(pygame.K_ESCAPE)
    assert not desk.arena.stage.keys.open
    assert not desk.arena.over
    desk.press(pygame.K_ESCAPE)
    assert desk.arena.over


def test_f12_saves_a_picture(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    desk.press(pygame.K_F12)
    (picture,) = tmp_path.glob("swarm-*.png")
    assert picture.name in desk.message
    assert pygame.image.load(picture).get_size() == (1280, 720)


def test_f11_and_back_and_a_resize(desk: Desk):
    desk.press(pygame.K_F11)
    desk.press(pygame.K_F11)
    assert desk.window.surface.get_size() == (1280, 720)
    pygame.display.set_mode((500, 400), pygame.RESIZABLE)
    desk.arena.frame()
    assert desk.window.surface.get_size() == (500, 400)


def test_closing_the_window_ends_it(desk: Desk):
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    desk.arena.frame()
    assert desk.arena.over


def test_a_killed_mover_is_told_and_its_slot_freed_by_removing_it(desk: Desk, capsys):
    desk.shows(3)
    os.kill(desk.crew.members[1].pid, signal.SIGKILL)
    until(lambda: (desk.arena.frame(), desk.arena.failures)[1], "the news")
    assert desk.message == "Robot 1 was killed: SIGKILL"
    assert desk.arena.reader.snapshot.failed.tolist() == [False, True, False]
    assert "Robot 1: killed: SIGKILL" in capsys.readouterr().err
    desk.crew.remove(1)
    until(lambda: (desk.arena.frame(), len(desk.arena.reader.snapshot.agents) == 2)[1], "gone")


def test_click_tab_and_escape_select(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_TAB, "\t")
    assert desk.arena.controls.selected == 0
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_TAB, "\t")
    assert desk.arena.controls.selected == 0
    place = desk.arena.stage.canvas.drawn[0][2]
    desk.click(int(place[0]), int(place[1]))
    assert desk.arena.controls.selected == 2
    desk.click(5, 60)
    assert desk.arena.controls.selected == -1
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_ESCAPE)
    assert desk.arena.controls.selected == -1
    assert not desk.arena.over


@pytest.mark.parametrize("desk", [("--agents", "60", "--capacity", "64")], indirect=True)
def test_a_start_of_many_shows_how_far_it_is(desk: Desk):
    seen = []

    def there() -> bool:
        desk.arena.frame()
        if progress := desk.arena._progress():
            seen.append(progress)
        return desk.crew.alive == 60

    until(there, "sixty processes")
    assert {(shown.total, shown.what) for shown in seen} == {(60, "starting")}
    assert sorted(shown.done for shown in seen) == [shown.done for shown in seen]
    assert desk.arena._progress() is None
    desk.press(pygame.K_EQUALS, "+")
    assert desk.arena._progress() is None, "one is no matter of waiting"


def test_what_stands_around_the_ground_is_drawn_as_often_as_it_can_be_read(desk: Desk):
    desk.shows(3)
    drawn = []
    footer = desk.arena.stage.hud.footer
    desk.arena.stage.hud.footer = lambda *about: (drawn.append(desk.now), footer(*about))
    began, frames = desk.now, 0
    while desk.now < began + 3:
        desk.arena.frame()
        frames += 1
    assert frames > 100
    assert 20 < len(drawn) < 40
    for _ in range(3):  # an answer to the mouse does not wait
        desk.mouse(pygame.MOUSEMOTION, pos=(400 + frames % 7, 300 + len(drawn)), buttons=(0, 0, 0))
        assert drawn[-1] > desk.now - 0.02


def test_a_paused_arena_rests_until_something_happens(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_SPACE, " ")

    def drawn(frames: int) -> int:
        before = desk.arena.stats.frames
        for _ in range(frames):
            desk.arena.frame()
        return desk.arena.stats.frames - before

    until(lambda: drawn(3 * RESTING) == 3, "one picture in many")
    desk.press(pygame.K_PERIOD, ".")
    assert drawn(30) == 30, "at once awake"
    desk.press(pygame.K_SPACE, " ")
    until(lambda: drawn(60) == 60, "at work again")


def test_pointing_at_the_array_bar(desk: Desk):
    desk.shows(3)
    bar = desk.arena.stage._bar
    place = bar.row.left + bar.cells.x(2) + 5, bar.row.centery
    desk.mouse(pygame.MOUSEMOTION, pos=place, rel=(1, 1), buttons=(0, 0, 0))
    assert desk.arena.reader.snapshot.pointed == range(1, 2)
    desk.click(*place)
    assert desk.arena.controls.selected == 1
    desk.press(pygame.K_b, "b")
    desk.arena.frame()
    assert not desk.arena.reader.snapshot.pointed


def test_the_table_sets_off_who_has_lost_its_process(desk: Desk):
    desk.shows(3)
    stage = desk.arena.stage

    def alarmed() -> bool:
        stage.renew()
        desk.arena.frame()
        table = pygame.surfarray.array3d(desk.window.surface)[984:, 90:300]
        return bool((table == stage.canvas.theme["alarm"]).all(axis=2).any())

    assert not alarmed()
    desk.crew.members[1].kill()
    until(alarmed, "the row of a dead robot")


def test_kill_restart_and_delete_the_selected(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_k, "k")
    assert "nobody is selected" in desk.message
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_RETURN, "\r")
    assert "has a process" in desk.message
    pid = desk.crew.members[0].pid
    desk.press(pygame.K_k, "k")
    until(lambda: (desk.arena.frame(), desk.arena.failures)[1], "its death")
    desk.press(pygame.K_RETURN, "\r")
    desk.shows(3)
    assert desk.crew.members[0].pid not in (0, pid)
    desk.press(pygame.K_DELETE)
    desk.shows(2)
    assert sorted(desk.crew.members) == [1, 2]


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot freeze a process")
def test_freeze_and_thaw_the_selected(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_f, "f")
    assert "Robot 0 is frozen" in desk.message
    until(lambda: (desk.arena.frame(), desk.arena.reader.snapshot.silent[0])[1], "silence")
    desk.press(pygame.K_f, "f")
    until(lambda: (desk.arena.frame(), not desk.arena.reader.snapshot.silent[0])[1], "its return")


def test_where_nothing_can_be_frozen_the_key_says_so(desk: Desk, monkeypatch):
    monkeypatch.setattr("game.controls.CAN_FREEZE", False)
    desk.press(pygame.K_f, "f")
    assert "cannot freeze" in desk.message


def test_nobody_is_blamed_for_a_suspended_machine(desk: Desk):
    desk.shows(3)
    desk.now += 3600.0
    desk.arena.frame()
    assert not desk.arena.reader.snapshot.silent.any()
    places = desk.arena.stage.canvas.drawn[0].copy()
    desk.arena.frame()
    assert abs(desk.arena.stage.canvas.drawn[0] - places).max() < 20, "time does not jump"


def test_nobody_is_blamed_for_a_pause(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_SPACE, " ")
    for _ in range(50):
        desk.now += 0.1
        desk.arena.frame()
    assert not desk.arena.reader.snapshot.silent.any()
    desk.press(pygame.K_SPACE, " ")
    assert not desk.arena.reader.snapshot.silent.any()


def test_the_last_picture_counts_no_row_twice(desk: Desk):
    desk.shows(3)
    heat = desk.arena.stage.scene._heat
    until(lambda: (desk.arena.frame(), desk.arena.reader.snapshot.fresh.any())[1], "a new row")
    counted = heat._counts.sum()
    desk.arena.last_picture()
    assert heat._counts.sum() == counted


def test_slow_frames_that_were_asked_for_are_no_standstill(desk: Desk):
    desk.shows(3)
    desk.arena.options = desk.arena.options._replace(fps=1.0)
    before = desk.arena.reader.snapshot.forgiven
    desk.now += 1.2
    desk.arena.frame()
    assert desk.arena.reader.snapshot.forgiven == before
    desk.now += 2.5
    stood_still_until = desk.now
    desk.arena.frame()
    assert desk.arena.reader.snapshot.forgiven >= stood_still_until


def test_what_a_small_window_has_no_room_for_is_said(desk: Desk):
    pygame.display.set_mode((480, 320), pygame.RESIZABLE)
    desk.arena.frame()
    desk.press(pygame.K_i, "i")
    assert "no room for the curves" in desk.message
    desk.press(pygame.K_b, "b")
    assert "no room for the curves" in desk.message, "what is hidden needs none"
    desk.press(pygame.K_b, "b")
    assert "no room for the array bar" in desk.message


def test_removing_ten_of_three_is_no_mistake(desk: Desk):
    desk.shows(3)
    desk.press(pygame.K_PAGEDOWN)
    desk.shows(0)
    assert "nobody" not in desk.message


def test_when_all_have_ended_the_key_that_starts_again_is_named(desk: Desk):
    desk.shows(3)
    assert desk.arena._hint() == ""
    for member in desk.crew.members.values():
        member.kill()
    until(lambda: (desk.arena.frame(), desk.arena._hint())[1] == OVER_HINT, "the hint")
    desk.press(pygame.K_r, "r")
    assert desk.arena._hint() == ""
    desk.shows(3)


def event(key: int = 0, **more: str) -> pygame.event.Event:
    return pygame.event.Event(pygame.KEYDOWN, key=key, **more)


@pytest.mark.parametrize(
    ("pressed", "does"),
    [
        (event(pygame.K_EQUALS, unicode="="), "add"),
        (event(pygame.K_EQUALS, unicode="+"), "add"),
        (event(pygame.K_KP_PLUS, unicode="+"), "add"),
        (event(pygame.K_RIGHTBRACKET, unicode="+"), "add"),  # German: + is where ] is
        (event(pygame.K_1, unicode="+"), "add"),  # Swiss: Shift and 1
        (event(pygame.K_PLUS), "add"),  # an event without text
        (event(pygame.K_6, unicode="-"), "remove"),  # French: unshifted 6
        (event(pygame.K_8, unicode="["), "slower"),  # German: AltGr and 8
        (event(pygame.K_COMMA, unicode="?"), "help"),  # French: Shift and comma
        (event(pygame.K_q, unicode="q"), ""),
    ],
)
def test_a_key_is_what_it_types(pressed: pygame.event.Event, does: str):
    assert action(pressed) == does


def test_every_key_of_the_table_does_something():
    for key in KEYS:
        assert key.typed or key.codes
        doing = [hand for hand in (Controls, RoadKeys, Stage) if hasattr(hand, key.action)]
        assert len(doing) == 1
