"""Lockstep with real processes: the same seed gives the same run, whatever else happens."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from game.session.session import Session
from tests.conftest import stopped, until
from tests.made import frames_until, opened

pytestmark = pytest.mark.slow

STEPS = 25
# Each robot goes by what it sees of all others, with chance: any difference grows.
DRAWN = """
import os, signal, time
class Mover:
    def __init__(self, agent):
        self.agent, self.made = agent, 0
        self.x, self.y = agent.random.random(), 0.0
    def step(self, dt):
        self.made += 1
        seen = [self.agent.others[n] for n in self.agent.others]
        self.x = (3.9 * self.x + 0.1 * sum(x for x, y in seen) + self.agent.random.random()) % 1
        self.y = self.y + sum(x * y for x, y in seen) % 1 + len(seen)
        {more}
        return self.x, self.y
"""


@pytest.fixture
def mover(tmp_path: Path) -> str:
    return written(tmp_path, "time.sleep(self.agent.random.random() / 500)")


def written(folder: Path, more: str) -> str:
    file = folder / "drawn.py"
    file.write_text(DRAWN.format(more=more))
    return str(file)


@contextmanager
def lockstep(mover: str, *more: str) -> Iterator[Session]:
    with opened("swarm", "--lockstep", "--mover", mover, "--seed", "7", *more) as session:
        yield session


def values(mover: str, *more: str) -> list[list[float]]:
    """The last values of a run of STEPS steps."""
    with lockstep(mover, "--updates", str(STEPS), "--agents", "6", *more) as session:
        frames_until(session, lambda: session.over, "the end")
        session.finish()
        assert session.cast.lockstep.steps == STEPS
        return session.source.frame.shown.tolist()


def test_ten_runs_are_the_same_run(mover: str):
    busy = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        ways = [
            (*("--per-process", each), *("--start-method", method))
            for each in ("1", "3", "4")
            for method in ("forkserver", "spawn")
        ]
        runs = [values(mover, *way) for way in ways]
    finally:
        busy.kill()
        busy.wait()
    runs += [values(mover) for _ in range(4)]
    assert all(run == runs[0] for run in runs)
    assert len(runs[0]) == 6
    other = values(mover, "--speed", "64", "--seed", "8")
    assert other != runs[0], "another seed is another run"


def test_a_mover_that_freezes_in_a_step_is_left_out_and_said(tmp_path: Path):
    freeze = "self.agent.number == 1 and self.made == 5 and os.kill(os.getpid(), signal.SIGSTOP)"
    mover = written(tmp_path, freeze)
    ends = []
    for _ in range(2):
        with lockstep(mover, "--updates", "30", "--agents", "3", "--patience", "1") as session:
            frames_until(session, lambda: session.over, "the end")
            session.finish()
            assert session.source.frame.updates[:3].tolist() == [30, 4, 30]
            (left,) = session.cast.lockstep.figures()["lockstep"]["left_out"]
            assert (left["name"], left["step"]) == ("Robot 1", 5)
            assert (session.given_up, session.status) == ("Robot 1", 1)
            ends.append(session.source.frame.shown.tolist())
    assert ends[0] == ends[1]


def test_a_mover_that_dies_in_a_step_and_is_started_again_changes_nothing(tmp_path: Path):
    """Its successor makes the very step in which it died; the others wait for it."""
    dies = "self.agent.number == 1 and len(seen) and self.x > 0.9 and os._exit(3)"
    mover = written(tmp_path, dies)
    more = ("--updates", "25", "--agents", "4", "--restart", "on-failure")
    ends = []
    for each in ("spawn", "forkserver"):
        with lockstep(mover, *more, "--start-method", each) as session:
            frames_until(session, lambda: session.over, "the end")
            session.finish()
            ends.append((session.cast.restarts, session.source.frame.shown.tolist()))
    assert ends[0] == ends[1]
    assert ends[0][0] > 0


def test_the_conductor_may_be_killed(mover: str):
    with lockstep(mover, "--agents", "3") as session:
        frames_until(session, lambda: session.cast.lockstep.steps > 5, "some steps")
        beat = session.cast.lockstep
        before = beat.pid
        os.kill(before, signal.SIGKILL)
        frames_until(session, lambda: beat.pid not in (0, before), "another conductor")
        step = session.cast.lockstep.steps
        frames_until(session, lambda: session.cast.lockstep.steps > step + 5, "more steps")


def test_without_a_conductor_a_run_with_an_end_waits_for_nobody(mover: str):
    with lockstep(mover, "--agents", "2", "--updates", "100000") as session:
        beat, ended = session.cast.lockstep, set()
        frames_until(session, lambda: beat.steps > 5, "some steps")
        for _ in range(3):
            frames_until(session, lambda: beat.pid not in {0, *ended}, "a conductor")
            ended.add(beat.pid)
            os.kill(beat.pid, signal.SIGKILL)
        frames_until(session, lambda: session.over, "the end")
        assert session.given_up == "Robot 0, Robot 1"
        assert session.status == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_ends_the_window_ends_no_conductor_before(mover: str, number: int):
    with lockstep(mover, "--agents", "2") as session:
        beat = session.cast.lockstep
        frames_until(session, lambda: beat.steps > 2, "some steps")
        pid, step = beat.pid, beat.steps
        os.kill(pid, number)
        frames_until(session, lambda: beat.steps > step + 20, "more steps")
        assert beat.pid == pid


def test_the_conductor_stands_still_with_all_others(mover: str):
    with lockstep(mover, "--agents", "2") as session:
        frames_until(session, lambda: session.cast.lockstep.steps > 5, "some steps")
        pid = session.cast.lockstep.pid
        session.cast.suspend()
        until(lambda: stopped(pid), "Ctrl-Z")
        session.cast.resume()
        step = session.cast.lockstep.steps
        frames_until(session, lambda: session.cast.lockstep.steps > step + 5, "more steps")


def test_a_pause_is_for_all_and_so_is_a_step_and_who_comes_joins_in(mover: str):
    with lockstep(mover, "--agents", "3") as session:
        frames_until(session, lambda: session.cast.lockstep.steps > 5, "some steps")
        session.controls._time.pause()
        made = lambda: {int(n) for n in session.source.frame.updates if n}  # noqa: E731
        frames_until(session, lambda: len(made()) == 1 and not session.source.frame.fresh.any())
        before = session.cast.lockstep.steps
        session.controls._time.step()
        frames_until(session, lambda: made() == {before + 1}, "one step of all")
        slot = session.cast.add()
        frames_until(session, lambda: session.source.frame.updates[slot] == 1, "its first row")
        assert session.cast.lockstep.steps <= before + 1
        session.cast.remove(slot)
        session.controls._time.pause()
        frames_until(session, lambda: session.cast.lockstep.steps > before + 5, "more steps")


def test_one_that_thaws_takes_part_again(mover: str):
    with lockstep(mover, "--agents", "2", "--patience", "0.5") as session:
        frames_until(session, lambda: session.cast.lockstep.steps > 3, "some steps")
        session.cast.freeze(1)
        pid = session.cast.members[1].pid
        frames_until(session, lambda: session.cast.lockstep.left_out == 1, "it is left out")
        assert stopped(pid)
        step = session.cast.lockstep.steps
        frames_until(session, lambda: session.cast.lockstep.steps > step + 5, "the other goes on")
        session.cast.freeze(1)
        frames_until(session, lambda: session.cast.lockstep.left_out == 0, "it is back")
        before = int(session.source.frame.updates[1])
        frames_until(session, lambda: session.source.frame.updates[1] > before + 5, "it steps")


def test_the_conductor_is_gone_with_its_run(mover: str):
    with lockstep(mover, "--agents", "1") as session:
        frames_until(session, lambda: session.cast.lockstep.steps > 1, "some steps")
        pid = session.cast.lockstep.pid
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_behaviour_that_drives_by_itself_cannot_be_kept_in_step(tmp_path: Path):
    file = tmp_path / "mine.py"
    file.write_text("def drive(table, part, pace, job):\n    pass\n")
    with lockstep(str(file), "--agents", "1") as session:
        frames_until(session, lambda: session.failures, "its end")
        assert "--lockstep needs a class Mover" in session.stats.deaths[0]["why"]
