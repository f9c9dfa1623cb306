"""The crew: processes come, go, fail, and leave nothing behind."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import Mock

import psutil
import pytest

from game.child.parent_watch import NICE
from game.crew.member import reason
from game.crew.spawner import Spawned
from game.shared.table import PID, STATE, State
from tests.conftest import LIMIT, until
from tests.processes import Run, nursery_of, running

pytestmark = pytest.mark.slow  # real processes in nearly every test


def mover(tmp_path: Path, body: str) -> str:
    """A mover file whose step() does what `body` says."""
    path = tmp_path / "mine.py"
    path.write_text(
        "import os, sys, signal, time\n"
        "class Mover:\n"
        "    def __init__(self, agent): self.n = 0\n"
        "    def step(self, dt):\n"
        "        self.n += 1\n"
        f"        {body}\n"
        "        return 1, 2\n"
    )
    return str(path)


def test_a_removed_slot_is_used_again(method: str):
    with running(method, capacity=3) as run:
        assert [run.crew.add() for _ in range(3)] == [0, 1, 2]
        run.until(lambda: run.crew.alive == 3, "all started")
        pid = run.crew.members[1].pid
        run.crew.remove(1)
        run.until(lambda: run.crew.room == 1, "room")
        sequence, updates, generation, *rest = run.table.row(1).tolist()
        assert (sequence % 2, updates, generation, any(rest)) == (0, 0, 1, False)
        assert run.crew.add() == 1
        run.until(lambda: run.reader.frame.updates[1] > 0, "it runs")
        assert run.crew.members[1].pid not in (0, pid)
        assert run.events == []


@pytest.mark.skipif(not hasattr(os, "setpriority"), reason="this system has other priorities")
def test_a_mover_gives_way_to_the_window(method: str):
    with running(method) as run:
        run.crew.add()
        run.until(lambda: run.reader.frame.updates[0] > 0, "it runs")
        level = os.getpriority(os.PRIO_PROCESS, run.crew.members[0].pid)
        assert level == min(os.getpriority(os.PRIO_PROCESS, 0) + NICE, 19)


def test_there_is_an_end_to_capacity():
    with running("forkserver", capacity=2) as run:
        run.crew.add()
        run.crew.add()
        assert run.crew.room == 0
        with pytest.raises(IndexError):
            run.crew.add()


def test_the_newest_is_the_last_that_came():
    with running("forkserver", capacity=3) as run:
        for _ in range(3):
            run.crew.add()
        run.until(lambda: run.crew.alive == 3, "all started")
        run.crew.remove(0)
        run.until(lambda: run.crew.room == 1, "room")
        run.crew.add()
        assert run.crew.newest() == 0
        run.crew.remove(0)
        assert run.crew.newest() == 2


def test_starting_is_counted_by_those_asked_for_together():
    with running("forkserver", capacity=5) as run:
        assert run.crew.progress == (0, 0)
        for _ in range(3):
            run.crew.add()
        assert run.crew.progress == (0, 3)
        run.crew.remove(2)
        run.until(lambda: run.crew.progress[0] == run.crew.progress[1], "all started")
        run.until(lambda: run.crew.room == 3, "the end of the one that was removed")
        assert run.crew.alive == 2
        run.crew.add()
        assert run.crew.progress == (0, 1)
        run.until(lambda: run.crew.alive == 3, "one more")


class Gate:
    """Holds every spawning of a process up until it is opened."""

    def __init__(self, monkeypatch) -> None:
        self.reached, self.opened = threading.Event(), threading.Event()
        start = Spawned.start

        def wait(spawned: Spawned) -> None:
            self.reached.set()
            assert self.opened.wait(LIMIT)
            start(spawned)

        monkeypatch.setattr(Spawned, "start", wait)


@contextmanager
def frozen_nursery(run: Run) -> Iterator[None]:
    """A nursery that does nothing meanwhile."""
    pid = nursery_of(run)
    os.kill(pid, signal.SIGSTOP)
    until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "a frozen nursery")
    yield
    with suppress(ProcessLookupError):  # it may have been woken, and ended
        os.kill(pid, signal.SIGCONT)


def test_a_mover_removed_before_its_start_never_starts():
    with running("forkserver", capacity=2) as run:
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "the first one")
        with frozen_nursery(run):
            slot = run.crew.add()
            run.crew.remove(slot)
            assert run.crew.members[slot].leaving
        run.until(lambda: run.crew.progress == (0, 0), "the withdrawal")
        assert (run.crew.alive, run.crew.room, list(run.crew.members)) == (1, 1, [0])


def test_one_removed_before_it_is_spawned_never_is(monkeypatch):
    gate = Gate(monkeypatch)
    with running("spawn", capacity=2) as run:
        run.crew.add()
        assert gate.reached.wait(LIMIT)
        slot = run.crew.add()
        run.crew.remove(slot)
        run.poll()
        assert list(run.crew.members) == [0]
        gate.opened.set()
        run.until(lambda: run.crew.progress == (1, 1), "the other one's start")
        assert (run.crew.alive, run.crew.room) == (1, 1)


def test_one_removed_while_it_is_being_forked_leaves():
    with running("forkserver", capacity=2) as run:
        slot = run.crew.add()
        # Its row says that there is a process, and the window has not heard of it.
        until(lambda: run.table.row(slot)[PID], "a process")
        run.crew.remove(slot)
        assert (run.crew.room, run.crew.newest()) == (1, None)
        run.until(lambda: run.crew.room == 2, "its end")
        assert (run.crew.members, run.crew.alive, run.events) == ({}, 0, [])


def test_a_mover_removed_while_its_start_is_under_way_leaves(monkeypatch):
    gate = Gate(monkeypatch)
    with running("spawn", capacity=2) as run:
        slot = run.crew.add()
        assert gate.reached.wait(LIMIT)
        run.crew.remove(slot)
        run.crew.remove(slot)
        run.crew.restart(slot)
        run.crew.members[slot].kill()
        assert run.crew.room == 1, "the slot stays its own until the process is reaped"
        assert run.crew.newest() is None
        gate.opened.set()
        run.until(lambda: run.crew.room == 2, "its end")
        assert (run.crew.members, run.crew.alive, run.events) == ({}, 0, [])


def test_closing_forks_nobody_any_more(tmp_path: Path):
    born = tmp_path / "born"
    path = tmp_path / "mine.py"
    path.write_text(
        "class Mover:\n"
        f"    def __init__(self, agent): open({str(born)!r}, 'a').write('x')\n"
        "    def step(self, dt): return 1, 2\n"
    )
    with running("forkserver", mover=str(path), capacity=50) as run:
        run.crew.add()
        run.until(lambda: born.exists() and born.read_text() == "x", "the first one's words")
        run.until(lambda: run.crew.alive == 1, "the first one")
        with frozen_nursery(run):
            for _ in range(49):
                run.crew.add()
            for slot in list(run.crew.members):
                run.crew.remove(slot)
        run.crew.close()
        assert (run.crew.members, run.crew.room) == ({}, 50)
        assert born.read_text() == "x"


def test_closing_spawns_nobody_any_more(monkeypatch):
    gate, before = Gate(monkeypatch), sys.getswitchinterval()
    with running("spawn", capacity=50) as run:
        for _ in range(50):
            run.crew.add()
        assert gate.reached.wait(LIMIT)
        assert sys.getswitchinterval() < before
        threading.Timer(0.1, gate.opened.set).start()
        run.crew.close()
        assert (run.crew.members, run.crew.room) == ({}, 50)
        run.crew.add()
        assert "starter" not in [thread.name for thread in threading.enumerate()]
        assert sys.getswitchinterval() == before


def test_finite_movers_are_done(method: str):
    with running(method, updates=3) as run:
        run.crew.add()
        run.crew.add()
        run.until(lambda: run.crew.done, "done")
        assert run.reader.frame.updates[:2].tolist() == [3, 3]
        assert [run.state(slot) for slot in (0, 1)] == [State.DONE] * 2
        assert [m.exitcode for m in run.crew.members.values()] == [0, 0]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("raise ValueError('no way')", "ValueError: no way"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise RuntimeError('two\\nlines')", "RuntimeError: two"),
        ("return 1, 2, 3", "ValueError: step() returned (1, 2, 3), wanted 2 values: x [m], y [m]"),
        ("return None", "ValueError: step() returned None, wanted 2 values: x [m], y [m]"),
        ("return 1j, 2", "ValueError: step() returned (1j, 2), wanted 2 values: x [m], y [m]"),
        ("sys.exit()", "left with exit code 0"),
        ("os.closerange(3, 256)\n        return 1, 2", "OSError: closed its own descriptors"),
        ("return 'a', 2", "ValueError: step() returned ('a', 2), wanted 2 values: x [m], y [m]"),
        ("return iter((1, 2))", "ValueError: step() returned <tuple_iterator"),
        ("sys.exit(4)", "left with exit code 4"),
        ("os._exit(3)", "left with exit code 3"),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "killed: SIGSEGV"),
    ],
)
def test_a_mover_that_fails_says_why(method: str, tmp_path: Path, body: str, why: str):
    with running(method, mover=mover(tmp_path, body)) as run:
        slot = run.crew.add()
        run.until(lambda: run.events, "the news")
        (event,) = run.events
        assert (event.slot, event.name, event.failed) == (slot, "Robot 0", True)
        assert event.why.startswith(why)
        assert run.table.row(slot)[STATE] == State.FAILED
        assert run.crew.room == run.table.slots - 1


def test_an_unfinished_line_is_not_mixed_up_with_the_traceback(tmp_path: Path):
    with running("forkserver", mover=mover(tmp_path, "print('hi', end=''); 1 / 0")) as run:
        slot = run.crew.add()
        run.until(lambda: run.events, "the news")
        assert run.table.note(slot)[1].startswith("hi\nTraceback")


def test_a_traceback_names_the_file_and_the_line(tmp_path: Path):
    with running("forkserver", mover=mover(tmp_path, "1 / 0")) as run:
        slot = run.crew.add()
        run.until(lambda: run.events, "the news")
        headline, traceback = run.table.note(slot)
        assert headline == "ZeroDivisionError: division by zero"
        assert 'mine.py", line 6, in step' in traceback
        assert "mover_process" not in traceback, "its own file alone"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = ", "SyntaxError"),
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("x = 1", "has no class Mover"),
        ("class Mover:\n    pass", "TypeError"),
    ],
)
def test_a_file_that_is_no_mover_says_why(tmp_path: Path, text: str, why: str):
    path = tmp_path / "broken.py"
    path.write_text(text)
    with running("forkserver", mover=str(path)) as run:
        run.crew.add()
        run.until(lambda: run.events, "the news")
        assert why in run.events[0].why


def test_one_that_ignores_sigterm_is_killed(method: str, tmp_path: Path):
    deaf = mover(tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    with running(method, mover=deaf) as run:
        slot = run.crew.add()
        run.until(lambda: run.reader.frame.updates[slot] > 0, "running")
        run.crew.remove(slot)
        run.until(lambda: run.crew.room == run.table.slots, "gone")


def test_a_frozen_one_can_be_removed(method: str):
    with running(method) as run:
        slot = run.crew.add()
        run.until(lambda: run.reader.frame.updates[slot] > 0, "running")
        os.kill(run.crew.members[slot].pid, signal.SIGSTOP)
        run.crew.remove(slot)
        run.until(lambda: run.crew.room == run.table.slots, "gone")


def test_close_leaves_nobody(method: str, tmp_path: Path):
    deaf = mover(tmp_path, "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    with running(method, mover=deaf, capacity=6) as run:
        for _ in range(4):
            run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 4, "four agents")
        os.kill(run.crew.members[0].pid, signal.SIGSTOP)
        run.crew.add()
        pids = [m.pid for m in run.crew.members.values() if m.pid]
    assert run.crew.members == {}
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_what_cannot_be_started_is_told_and_the_next_try_can_work(monkeypatch):
    with running("spawn", capacity=4) as run:
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "one runs")
        with monkeypatch.context() as patch:
            refused = Mock(side_effect=OSError(24, "Too many open files"))
            patch.setattr("multiprocessing.process.BaseProcess.start", refused)
            gate = Gate(patch)
            run.crew.add()
            run.crew.add()
            gate.opened.set()
            run.until(lambda: run.events, "the news")
        (event,) = run.events
        assert event.why == "could not be started, nor 1 more: Too many open files"
        assert (run.crew.alive, run.crew.room) == (1, 3)
        run.crew.add()
        run.until(lambda: run.crew.alive == 2, "the next try")


def test_where_no_thread_can_be_started_is_told_and_the_next_try_can_work(monkeypatch):
    with running("spawn", capacity=4) as run:
        with monkeypatch.context() as patch:
            refused = Mock(side_effect=RuntimeError("can't start new thread"))
            patch.setattr("game.crew.starter.Thread.start", refused)
            run.crew.add()
            run.until(lambda: run.events, "the news")
        (event,) = run.events
        assert event.why == "could not be started: can't start new thread"
        assert (run.crew.alive, run.crew.room) == (0, 4)
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "the next try")


@pytest.mark.parametrize(
    ("exitcode", "note", "why"),
    [
        (1, "KeyError: 'a'", "KeyError: 'a'"),
        (-9, "", "killed: SIGKILL"),
        (-99, "", "killed by signal 99"),
        (3, "", "left with exit code 3"),
    ],
)
def test_reason(exitcode: int, note: str, why: str):
    assert reason(exitcode, note) == why
