"""A pause inside a pass: the torn moment stays, and goes on element by element."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from game.crew.simulated_time import SimulatedTime
from game.scenes.road import Settings, halt, modes
from game.scenes.road.cells import AT, WRITES
from game.scenes.road.drawing import Scene
from tests.conftest import LIMIT, until
from tests.processes import running
from tests.scenes.road.test_road import Road, runs

pytestmark = pytest.mark.slow  # real processes in nearly every test

SLOW = 20.0  # [ms] between two elements
FEW = 5  # reads: with the lock, a writer that is slow shuts the reader out most of the time
WHILE = 5 * SLOW / 1000  # [s] in which a writer that is not paused goes on


class Paused(Road):
    """A road whose time can be told."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self.time = SimulatedTime(self.run.table)

    @property
    def inside(self) -> int:
        return self.view.inside

    def pause_inside(self) -> None:
        """Pause the writer in the middle of a pass that is not its first."""
        self.until(lambda: self.reader.frame.updates[0] > 0, "a pass")
        self.until(lambda: self.commands[AT] == 1, "the middle of a pass")
        self.time.pause()
        self.stands()
        if not self.inside:  # it came to the end of its pass first
            self.time.step()
            self.until(lambda: self.inside == 1, "the next pass")

    def stands(self) -> None:
        """See that the writer goes on no further."""
        end = time.monotonic() + WHILE
        before = self.place
        while time.monotonic() < end:
            self.frame()
            if self.place != before:
                before, end = self.place, time.monotonic() + WHILE

    @property
    def place(self) -> tuple[int, int]:
        return int(self.reader.frame.updates[0]), self.inside


@contextmanager
def paused(mode: str, delay: float = SLOW, look: float = 0.0) -> Iterator[Paused]:
    """A road with its writer paused inside a pass."""
    with running("forkserver", "road", "convoy", capacity=8, per_process=8, rate=100.0) as run:
        r = Paused(run, Settings(mode, False, delay, look=look))
        r.pause_inside()
        yield r


@pytest.mark.parametrize("mode", ["none", "element"])
def test_a_torn_moment_stays_on_screen_and_goes_on_by_one_element(mode: str):
    with paused(mode) as r:
        first = r.place
        for _ in range(6):
            updates, done = r.place
            ahead = r.reader.frame["position"] == updates + 1
            assert ahead.tolist() == [n < done for n in range(4)]
            r.time.step()
            r.until(lambda b=(updates, done): r.place != b, "a step")
            r.stands()
            assert r.place == ((updates, done + 1) if done < 3 else (updates + 1, 0))
        assert r.place > first
        r.time.pause()
        r.until(lambda u=r.place[0]: r.place[0] > u + 1, "it goes on")
        assert r.inside == 0, "nobody is paused"


def test_in_a_pause_a_moment_counts_once():
    with paused("none") as r:
        before = r.reader.measured()["none"]
        for _ in range(20):
            r.frame()
        assert r.reader.measured()["none"][:3] == before[:3]
        r.time.step()
        r.until(lambda p=r.place: r.place != p, "a step")
        r.stands()
        assert r.reader.measured()["none"].reads == before.reads + 1


def test_with_the_lock_nobody_waits_and_the_last_whole_copy_is_shown():
    with paused("lock") as r:
        before = r.reader.measured()["lock"]
        r.reader._modes[modes.NAMES.index("lock")].read = None  # it is not even tried
        for _ in range(20):
            r.frame()
        assert r.view.waiting == 0.0
        assert r.reader.measured()["lock"].missed == before.missed
        assert len(set(r.reader.frame["position"].tolist())) == 1
        scene = Scene()
        scene.follow(r.reader.frame)
        caption = scene.caption()
        assert caption.title == f"lock: paused in a pass, {r.inside} of 4 moved"
        assert caption.notice == halt.notice(r.view)
        assert "last whole copy" in caption.notice
        assert caption.alarm == ""


def test_a_seqlock_writer_that_is_paused_shows_a_whole_row():
    with paused("seqlock") as r:
        reads = r.reader.measured()["seqlock"].missed
        for _ in range(20):
            r.frame()
        assert len(set(r.reader.frame["position"].tolist())) == 1
        assert r.reader.measured()["seqlock"].missed == reads


def test_without_a_lens_a_pause_is_between_two_passes():
    with running("forkserver", "road", "convoy", capacity=8, per_process=8, rate=100.0) as run:
        r = Paused(run, Settings("none"))
        r.until(lambda: r.reader.frame.updates[0] > 3, "passes")
        r.time.pause()
        r.stands()
        updates, done = r.place
        assert (done, r.commands[AT]) == (0, 0)
        assert set(r.reader.frame["position"].tolist()) == {float(updates)}
        r.time.step()
        r.until(lambda: r.place == (updates + 1, 0), "a whole pass")


@pytest.mark.parametrize("mode", modes.NAMES)
def test_another_mode_or_no_lens_leaves_the_pass(mode: str):
    with paused(mode) as r:
        updates = r.place[0]
        while r.reader.change_delay(-1) > 0:
            pass
        r.until(lambda: r.place == (updates + 1, 0), "the end of the pass")
        while r.reader.change_delay(1) < SLOW:
            pass
        r.time.step()
        r.until(lambda: r.inside == 1, "the next pass")
        r.reader.next_mode()
        r.until(lambda: r.place == (updates + 2, 0), "the end of that pass")
        r.until(lambda: r.commands[WRITES] == 1 + modes.NAMES.index(r.reader.mode), "the mode")
        r.frame()
        assert set(r.reader.frame["position"].tolist()) == {float(updates + 2)}


@pytest.mark.parametrize("mode", modes.NAMES)
@pytest.mark.parametrize("steps", [0, 2])
def test_the_fault_comes_though_the_writer_is_paused_in_a_pass(mode: str, steps: int):
    """Also where the middle of the pass is behind it already."""
    with paused(mode) as r:
        for _ in range(steps):
            r.time.step()
            r.until(lambda p=r.place: r.place != p, "a step")
        pid = r.run.crew.members[0].pid
        r.reader.kill_writer()
        r.until(lambda: r.view.notice, "it is mended")
        assert str(pid) in r.view.notice
        r.until(lambda: r.reader.frame.updates[0] > 0, "the first pass of another one")
        r.stands()
        assert r.place == (1, 0), "paused behind it"
        r.time.pause()
        runs(r, FEW)


@pytest.mark.parametrize("mode", ["none", "lock"])
def test_a_kill_and_a_restart_while_it_is_paused_in_a_pass(mode: str):
    with paused(mode) as r:
        r.run.crew.members[0].kill()
        r.until(lambda: r.run.crew.members[0].exitcode is not None, "its death")
        r.frame()
        assert r.inside == 0
        r.run.crew.restart(0)
        r.until(lambda: r.place == (1, 0), "a pass of the new one")
        r.time.pause()
        runs(r, FEW)


def test_leaving_while_it_is_paused_in_a_pass():
    with paused("lock") as r:
        r.run.crew.remove(0)
        r.until(lambda: not r.run.crew.members, "nobody")
        r.run.crew.add(3)
        r.until(lambda: len(r.reader.frame.agents) == 3, "three vehicles")


# Starts the program, pauses its writer in a pass, and says so.
PAUSED = """
import sys
from game.session.session import Session
from game.scenes.road.cells import AT
frame = Session.frame

def paused(self):
    frame(self)
    if self.source.frame.updates[0] and self.source.table.cells.commands[AT] == 2:
        if not self.controls.paused:
            self.controls._time.pause()
            print("paused", flush=True)

Session.frame = paused
from game.__main__ import main
sys.exit(main(["road", "--headless", "--sync", "lock", "--lens", "200"]))
"""


def test_ctrl_c_while_it_is_paused_in_a_pass():
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", PAUSED],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout.readline() == "paused\n"
        everybody = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=LIMIT) == ("", "")
        assert process.returncode == 130
    until(lambda: not any(child.is_running() for child in everybody), "everybody's end")
