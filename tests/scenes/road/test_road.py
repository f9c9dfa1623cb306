"""The road's source: modes live, figures, and the writer killed with the lock in its hands."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pygame
import pytest

from game.scenes.road import Settings, modes
from game.scenes.road.cells import DELAY, MODE, STRESS, WRITES
from game.scenes.road.figures import SyncView
from game.scenes.road.measuring import LEAST
from game.scenes.road.reader import DELAYS, RoadSource
from game.shared.table import PACE, SEQUENCE, UPDATES
from tests.conftest import LIMIT, until
from tests.made import frames_until, opened
from tests.processes import Run, running

pytestmark = pytest.mark.slow  # real processes in nearly every test


class Road:
    """A road without a window."""

    def __init__(self, run: Run, settings: Settings, vehicles: int = 4) -> None:
        self.run = run
        rate = run.crew.job.rate
        self.reader = RoadSource(run.table, run.crew, settings, rate, time.monotonic)
        run.crew.add(vehicles)

    def frame(self) -> None:
        self.run.crew.poll()
        self.reader.read(time.monotonic())

    def until(self, state, what: str = "") -> None:
        def framed() -> bool:
            self.frame()
            return bool(state())

        until(framed, what)

    @property
    def view(self) -> SyncView | None:
        return self.reader.frame.extra

    @property
    def commands(self) -> "memoryview[int]":
        return self.run.table.cells.commands


@contextmanager
def road(
    mode: str,
    stress: bool = True,
    delay: float = 0.0,
    policy: str = "never",
    vehicles: int = 4,
    **more: float,
) -> Iterator[Road]:
    kind = {"capacity": 8, "per_process": 8, "rate": 100.0, "policy": policy}
    with running("forkserver", "road", "convoy", **kind) as run:
        yield Road(run, Settings(mode, stress, delay, **{"look": 0.0, **more}), vehicles)


def test_each_mode_is_measured_by_itself_and_changed_live():
    with road("none") as r:
        for name in modes.NAMES:
            assert r.reader.mode == name
            r.until(lambda n=name: r.reader.measured()[n].reads > 100, f"reads in {name}")
            r.until(lambda n=name: r.reader.measured()[n].passes > 100, f"passes in {name}")
            r.reader.next_mode()
        figures = r.reader.measured()
        assert r.reader.mode == "none"
        assert (figures["lock"].torn, figures["seqlock"].torn) == (0, 0)
        assert all(f.median <= f.p99 <= f.most for f in figures.values())
        assert len(r.run.events) == 0, "the same writer all along"


def test_a_torn_snapshot_is_shown_as_it_is():
    with road("none", stress=False, delay=20.0) as r:
        r.until(lambda: r.view and r.view.torn, "a torn frame")
        positions = r.reader.frame["position"]
        assert positions.max() - positions.min() == 1
        assert r.reader.shown_torn > 0


def test_seqlock_shows_the_last_whole_row_during_a_slow_pass():
    with road("seqlock", stress=False, delay=5.0) as r:
        r.until(lambda: r.reader.measured()["seqlock"].reads > 200, "reads")
        assert r.reader.measured()["seqlock"].torn == 0


def test_all_modes_in_turn():
    with road("all", tour=0.05) as r:
        r.until(lambda: all(f.reads for f in r.reader.measured().values()), "all four")


def test_stress_and_delay():
    with road("none", stress=False) as r:
        assert r.reader.toggle_stress()
        assert r.commands[STRESS] == 1
        assert [r.reader.change_delay(1) for _ in range(6)] == [*DELAYS[1:], DELAYS[-1]]
        assert r.commands[DELAY] == 500_000
        assert r.reader.change_delay(-1) == 100.0


@pytest.mark.parametrize("mode", modes.NAMES)
def test_a_killed_writer_is_replaced_and_the_person_told(mode: str):
    with road(mode) as r:
        r.until(lambda: len(r.reader.frame.agents) == 4, "four vehicles")
        pid = r.run.crew.members[0].pid
        r.reader.kill_writer()
        r.until(lambda: r.view.notice, "it is mended")
        assert str(pid) in r.view.notice
        assert r.view.alarm == ""
        r.until(lambda: r.run.crew.alive == 1, "a new writer")
        assert r.run.crew.members[0].pid != pid
        before = r.reader.measured()[mode].reads
        r.until(lambda: r.reader.measured()[mode].reads > before + 10, "reads go on")
        assert r.commands[MODE] == modes.NAMES.index(mode)


def test_the_reader_shut_out_is_said_so_and_nobody_hangs():
    with road("lock", look=0.2) as r:
        r.until(lambda: len(r.reader.frame.agents) == 4, "four vehicles")
        r.reader.kill_writer()
        r.until(lambda: "SHUT OUT" in r.view.alarm, "the alarm")
        missed = r.reader.measured()["lock"].missed
        r.until(lambda: r.reader.measured()["lock"].missed > missed, "frames go on, reads missed")
        r.until(lambda: "new lock" in r.view.notice, "it is mended")


def test_the_writer_dies_with_the_lock_two_hundred_times():
    with road("lock") as r:
        for _ in range(200):
            r.until(lambda: r.run.crew.alive and len(r.reader.frame.agents) == 4, "a writer")
            pid = r.run.crew.members[0].pid
            r.reader.kill_writer()
            r.until(lambda p=pid: str(p) in r.view.notice, "it is mended")
        assert r.reader.measured()["lock"].torn == 0


def struck(r: Road) -> int:
    """Have the writer killed in mid-pass, and stop before anything is mended; its pid."""
    r.until(lambda: r.run.crew.alive and len(r.reader.frame.agents) == 4, "a writer")
    pid = r.run.crew.members[0].pid
    r.reader.kill_writer()
    r.until(lambda: r.reader.unsettled, "the strike")
    return pid


def runs(r: Road, reads: int = 50) -> None:
    """See that a new writer makes passes and the reader reads them."""
    r.until(lambda: not r.reader.unsettled, "it is mended")
    before = r.reader.measured()[r.reader.mode]
    r.until(lambda: r.reader.measured()[r.reader.mode].passes > 0, "passes")
    r.until(lambda: r.reader.measured()[r.reader.mode].reads > before.reads + reads, "reads")
    assert r.view.alarm == ""


@pytest.mark.parametrize("mode", ["none", "lock"])
def test_a_restart_by_hand_while_one_looks_mends_it_too(mode: str):
    with road(mode, look=1000.0) as r:
        struck(r)
        r.until(lambda: r.run.crew.members[0].exitcode is not None, "a tombstone")
        r.run.crew.restart(0)
        runs(r)


@pytest.mark.parametrize("mode", ["none", "lock"])
def test_a_removal_while_one_looks_mends_it_too(mode: str):
    with road(mode, look=1000.0) as r:
        struck(r)
        r.until(lambda: r.run.crew.members[0].exitcode is not None, "a tombstone")
        r.run.crew.remove(0)
        r.run.crew.add(3)
        r.until(lambda: len(r.reader.frame.agents) == 3, "three vehicles")
        runs(r)


def test_the_restart_policy_mends_it_at_once():
    with road("lock", look=1000.0, policy="on-failure") as r:
        struck(r)
        runs(r)


def test_each_writer_gets_a_lock_of_its_own():
    with road("lock") as r:
        for _ in range(12):
            r.until(lambda: r.run.crew.alive and r.reader.frame.updates[0] > 5, "a writer")
            lock = r.run.table.cells.lock
            r.run.crew.members[0].kill()
            r.until(lambda: r.run.crew.members[0].exitcode is not None, "its death")
            r.run.crew.restart(0)
            assert r.run.table.cells.lock is not lock
            runs(r)


def test_the_mode_stays_while_the_dead_writer_is_looked_at():
    with road("lock", look=0.3) as r:
        struck(r)
        assert r.reader.next_mode() == "lock"
        runs(r)
        assert "died holding the lock" in r.view.notice
        assert r.reader.next_mode() == "seqlock"


def test_a_change_in_the_middle_of_a_long_pass_counts_for_neither():
    with road("none", stress=False, delay=1.0) as r:
        for _ in range(3):
            r.until(lambda: r.view and r.view.torn, "the middle of a pass")
            for name in ("element", "lock", "seqlock", "none"):
                assert r.reader.next_mode() == name
                before = r.reader.measured()[name].reads
                r.until(
                    lambda n=name, b=before: r.reader.measured()[n].reads > b + 5,
                    f"reads in {name}",
                )
        assert r.reader.measured()["lock"].torn == 0
        assert r.reader.measured()["seqlock"].torn == 0


def test_nothing_is_read_in_a_mode_that_the_writer_has_not_reached():
    with road("none", stress=False, delay=500.0) as r:
        r.until(lambda: r.view and r.view.torn, "the middle of a long pass")
        for _ in range(2):
            r.reader.next_mode()
        r.frame()
        assert r.reader.mode == "lock"
        if r.commands[WRITES] == 1:  # as it is, unless this process slept for half a second
            assert r.reader.measured()["lock"].reads == 0
        while r.reader.change_delay(-1) > 0:
            pass  # with long passes, a reader seldom comes between two of them
        r.until(lambda: r.reader.measured()["lock"].reads > 0, "the pass in the new mode")
        assert r.reader.measured()["lock"].torn == 0


def test_the_final_values_are_those_in_the_array():
    with running(
        "forkserver", "road", "convoy", capacity=5000, per_process=5000, rate=500.0, updates=20
    ) as run:
        r = Road(run, Settings("element"), 5000)
        r.until(lambda: run.crew.done, "done")
        r.frame()
        assert set(r.reader.frame["position"].tolist()) == {20.0}


# What the figures count.


def test_who_pauses_with_the_lock_keeps_reads_out_and_who_waits_still_counts():
    with road("lock", stress=False, delay=100.0) as r:
        r.until(lambda: r.reader.measured()["lock"].kept_out.total > 50, "it waits")
        kept_out = r.reader.measured()["lock"].kept_out
        assert kept_out.reads > 0
        assert kept_out.longest <= kept_out.total
        before = kept_out.total
        r.until(lambda: r.reader.measured()["lock"].kept_out.total > before + 200, "and waits")


@pytest.mark.parametrize("mode", ["none", "seqlock"])
def test_without_a_lock_nobody_is_kept_out(mode: str):
    with road(mode) as r:
        r.until(lambda: r.reader.measured()[mode].reads > 500, "reads")
        kept_out = r.reader.measured()[mode].kept_out
        assert (kept_out.reads, kept_out.total, kept_out.longest) == (0, 0.0, 0.0)


def test_a_writer_with_a_lens_is_not_stalled():
    with road("none", stress=False, delay=500.0) as r:
        r.until(lambda: r.view and r.view.torn, "the middle of a pass")
        frame = r.reader.frame
        pass_ = 3 * 0.5 + 1 / 100  # [s] three pauses, and the rest until the next
        assert frame.expected == pytest.approx(pass_)
        assert not frame.next(now=frame.changed[0] + 2 * pass_).silent.any()
        assert frame.next(now=frame.changed[0] + 4 * pass_).silent.all()
        r.run.table.control[PACE] = 0  # in a pause it stays so
        for _ in range(3):
            r.frame()
        assert r.reader.frame.expected == pytest.approx(pass_)


def test_a_pause_is_between_two_elements():
    with road("none", stress=False, delay=500.0, vehicles=1) as r:
        r.until(lambda: r.reader.measured()["none"].passes > 10, "passes without a pause")


def test_a_change_begins_new_figures_and_the_ones_before_stay():
    with road("none") as r:
        r.until(lambda: r.reader.measured()["none"].torn > 10, "torn reads")
        r.until(lambda: r.reader._measuring._records.seconds > LEAST, "a run")
        assert r.view.earlier is None
        r.reader.toggle_stress()
        r.frame()
        assert r.view.earlier.conditions.stress
        assert r.view.earlier.figures["none"].torn > 10
        assert r.reader.measured()["none"].torn == 0
        assert r.reader.shown_torn > 10, "the session's figure goes on"
        r.until(lambda: r.reader.measured()["none"].reads > 20, "new reads")
        stats = r.reader.figures()
        assert not stats["sync_conditions"]["stress"]
        assert stats["sync_earlier"]["sync_conditions"]["stress"]
        assert stats["sync_earlier"]["sync"]["none"]["torn"] > 10


def test_r_begins_new_figures_and_so_do_more_vehicles():
    with opened("road", "--stress") as session:
        source = session.source
        assert isinstance(source, RoadSource)

        def reads() -> int:
            return source.measured()["none"].reads

        for key, typed, vehicles in ((pygame.K_r, "r", 4), (pygame.K_EQUALS, "+", 5)):
            frames_until(session, lambda: reads() > 1000, "reads")
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
            frames_until(session, lambda: reads() < 1000, "new figures")
            frames_until(
                session, lambda v=vehicles: len(source.frame.agents) == v and reads() > 9, "reads"
            )
            assert source.figures()["sync_conditions"]["vehicles"] == vehicles


def test_the_keys_of_the_pause_say_where_it_is():
    with opened("road", "--sync", "seqlock") as session:
        frames_until(session, lambda: session.source.frame.updates[0] > 0, "a pass")
        told = []
        session.controls._host.tell = told.append
        for key, typed in ((pygame.K_SEMICOLON, ";"), (pygame.K_SEMICOLON, ";")):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_COMMA, unicode=","))
        session.frame()
        where = "ms between two elements of its own copy"
        assert told == [f"1 {where}", f"5 {where}", f"1 {where}"]


def test_the_readmes_command_shows_what_the_lesson_says(tmp_path: Path):
    text = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"`python -m (game road .*?--stats road\.json)`", text)
    short = command.replace("--seconds 12", "--seconds 4").split()
    assert short != command.split()
    done = subprocess.run(
        [sys.executable, "-m", *short],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])},
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    assert done.returncode == 0, done.stderr
    sync = json.loads((tmp_path / "road.json").read_text())["sync"]
    waited = {name: figures["kept_out"]["total_ms"] for name, figures in sync.items()}
    # In element hardly anybody is kept out; where both are on one processor, nobody at all.
    assert waited["none"] == waited["seqlock"] == 0 <= waited["element"] < waited["lock"] / 10
    torn = {name: figures["torn"] for name, figures in sync.items()}
    assert torn["lock"] == torn["seqlock"] == 0 < torn["element"]
    assert torn["none"] > 0


def test_a_dead_seqlock_writer_costs_no_more_than_the_patience():
    with running("forkserver", "road", "convoy", capacity=8, per_process=8) as run:
        run.crew.add(4)
        run.until(lambda: run.table.row(0)[UPDATES] > 0, "a pass")
        run.crew.members[0].kill()
        run.until(lambda: run.events, "its death")
        run.table.row(0)[SEQUENCE] |= 1
        reader = modes.make(run.table)[3]
        copies = []
        reader.values = Counted(copies, reader.values)
        assert reader.read(4, 0.01) is None
        assert copies == [], "nothing is copied while the number is odd"


class Counted:
    """A view that notes when it is copied from."""

    def __init__(self, copies: list, view: memoryview) -> None:
        self._copies, self._view = copies, view

    def __getitem__(self, part: slice) -> memoryview:
        self._copies.append(part)
        return self._view[part]


def test_a_new_writer_does_not_begin_where_the_old_one_died():
    with road("lock") as r:
        r.until(lambda: (r.reader.frame["position"] > 50).any(), "a way that it has gone")
        r.reader._read_for_a_frame = lambda vehicles: None
        r.frame()
        assert r.reader.frame["position"].min() > 50
        r.reader.renew_lock()
        r.frame()
        assert r.reader.frame["position"].tolist() == [0.0] * 4


def test_before_the_first_read_a_whole_road_is_shown():
    with road("lock", delay=20.0) as r:
        # As while the writer has the lock: no read of the first frames is ever done.
        r.reader._read_for_a_frame = lambda vehicles: None
        r.until(lambda: len(r.reader.frame.agents) == 4, "the vehicles")
        for _ in range(20):
            r.frame()
            assert r.reader.frame["position"].tolist() == [0.0] * 4
