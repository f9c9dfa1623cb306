"""The nursery: killed, frozen, out of room; and what the window does without it."""

import os
import pickle
import re
import resource
import signal
import socket
import sys
import time
from contextlib import suppress
from multiprocessing.synchronize import RLock
from pathlib import Path

import psutil
import pytest

from game.child.channel import LENGTH
from game.child.messages import Started
from game.crew.nursery import AGAIN, Nursery
from game.crew.nursery_link import ANSWER, EVERY, Link
from game.scenes.tally import modes
from game.scenes.tally.cells import DONE, INTENT, MODE
from game.shared.table import PID, State
from tests.conftest import offspring, until
from tests.crew.descent import write
from tests.processes import Run, nursery_of, running

pytestmark = [
    pytest.mark.slow,  # real processes in nearly every test
    pytest.mark.skipif(sys.platform != "linux", reason="there is a nursery on Linux alone"),
]


def three(run: Run) -> None:
    """Have three movers running."""
    for _ in range(3):
        run.crew.add()
    run.until(lambda: len(run.reader.frame.agents) == 3, "three agents")


def launcher(run: Run) -> Nursery:
    made = run.crew._launcher
    assert isinstance(made, Nursery)
    return made


def link(run: Run) -> Link:
    found = launcher(run)._link
    assert found is not None
    return found


def go_on(run: Run, slots: tuple[int, ...]) -> None:
    """See that some movers keep publishing."""
    before = run.reader.frame.updates.copy()
    run.until(
        lambda: all(run.reader.frame.updates[s] > before[s] + 3 for s in slots), "their updates"
    )


class TestItIsKilled:
    @pytest.fixture
    def run(self):
        with running("forkserver", capacity=6) as run:
            three(run)
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda: run.events, "the news")
            yield run

    def test_it_is_told_and_nobody_is_lost_or_doubled(self, run: Run):
        (event,) = run.events
        assert (event.slot, event.name, event.failed) == (-1, "the nursery", False)
        assert event.why == "died; 3 movers run on without it, and a new one is started"
        assert run.crew.alive == 3
        go_on(run, (0, 1, 2))
        run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 4, "a fourth")
        assert run.crew.alive == 4
        movers = {member.pid for member in run.crew.members.values()}
        assert {child.pid for child in offspring()} == movers | {nursery_of(run)}

    def test_they_can_still_die_and_be_removed(self, run: Run):
        run.crew.members[0].kill()
        run.until(lambda: len(run.events) == 2, "its death")
        assert run.events[1].why == "killed: SIGKILL"
        run.crew.remove(1)
        run.until(lambda: 1 not in run.crew.members, "its removal")
        go_on(run, (2,))
        assert run.crew.alive == 1

    def test_they_can_be_frozen_and_restarted(self, run: Run):
        run.crew.freeze(0)
        run.until(lambda: run.reader.frame.silent[0], "silence")
        run.crew.freeze(0)
        run.until(lambda: not run.reader.frame.silent[0], "its return")
        run.crew.members[0].kill()
        run.until(lambda: len(run.events) == 2, "its death")
        assert run.crew.restart(0)
        run.until(lambda: run.crew.alive == 3, "its return")
        go_on(run, (0, 1, 2))

    def test_one_that_is_adopted_and_frozen_stays_so(self, run: Run):
        run.crew.freeze(1)
        pid = run.crew.members[1].pid
        until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "a frozen one")
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: len(run.events) == 2, "the news")
        assert psutil.Process(pid).status() == psutil.STATUS_STOPPED
        run.crew.freeze(1)
        go_on(run, (0, 1, 2))

    def test_one_that_was_frozen_under_its_nursery_stays_so(self):
        with running("forkserver") as run:
            three(run)
            run.crew.freeze(1)
            pid = run.crew.members[1].pid
            until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "a frozen one")
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda: run.events, "the news")
            until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "still frozen")
            assert run.crew.alive == 3
            run.crew.freeze(1)
            go_on(run, (0, 1, 2))

    def test_the_new_one_ends_them_with_the_window_too(self, run: Run):
        run.until(lambda: not launcher(run)._arming, "its answers")
        folder = f"/proc/{nursery_of(run)}/fd"
        pipes = [os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder) if int(fd) >= 64]
        assert max(map(pipes.count, pipes)) >= 3, "an end of one pipe for each"

    def test_it_may_be_killed_again(self, run: Run):
        run.crew.add()
        run.until(lambda: run.crew.alive == 4, "a fourth")
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: len(run.events) == 2, "the news")
        assert "1 movers run on" in run.events[1].why
        go_on(run, (0, 1, 2, 3))
        run.crew.remove(3)
        run.until(lambda: run.crew.alive == 3, "its removal")


def test_those_that_finish_without_it_have_finished():
    with running("forkserver", rate=50.0, updates=60) as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.crew.done, "done")
        assert not run.crew.failed
        assert [run.state(slot) for slot in range(3)] == [State.DONE] * 3


def test_those_that_were_asked_for_are_started_by_the_next_one():
    with running("forkserver", capacity=40) as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGSTOP)
        for _ in range(30):
            run.crew.add()
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: len(run.reader.frame.agents) == 33, "all of them")
        assert (run.crew.alive, len(run.events)) == (33, 1)
        assert len(offspring()) == 33 + 1


def test_whom_it_forked_and_could_not_tell_of_is_ended(monkeypatch):
    with running("forkserver") as run:
        three(run)
        channel = link(run)._channel
        receive = channel.receive
        monkeypatch.setattr(
            channel,
            "receive",
            lambda: [told for told in receive() if not isinstance(told, Started)],
        )
        run.crew.add()
        until(lambda: run.table.row(3)[PID], "a fourth, of whom the window does not hear")
        unknown = run.table.row(3)[PID]
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.crew.alive == 4, "a fourth, of another nursery")
        assert not psutil.pid_exists(unknown)
        assert run.crew.members[3].pid != unknown


def test_a_frozen_one_is_replaced(monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.EVERY", EVERY / 10)
    monkeypatch.setattr("game.crew.nursery_link.ANSWER", ANSWER / 10)
    with running("forkserver") as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGSTOP)
        run.crew.add()
        run.until(lambda: run.events, "the news")
        assert "a new one is started" in run.events[0].why
        run.until(lambda: run.crew.alive == 4, "the fourth")
        go_on(run, (0, 1, 2, 3))


def test_it_is_not_blamed_while_this_process_was_away(monkeypatch):
    now = [time.monotonic()]
    with running("forkserver") as run:
        three(run)
        monkeypatch.setattr(link(run), "_clock", lambda: now[0])
        os.kill(nursery_of(run), signal.SIGSTOP)
        for _ in range(3):
            now[0] += 1000.0
            run.poll()
        os.kill(nursery_of(run), signal.SIGCONT)
        go_on(run, (0, 1, 2))
        assert run.events == []


def test_closing_does_not_wait_for_a_frozen_one(monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.END", 1000.0)  # nor for the end of its patience
    with running("forkserver") as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGSTOP)
        run.crew.add()
        run.crew.close()
        assert run.crew.members == {}
        assert offspring() == []


def test_a_frozen_one_is_killed_soon_at_the_end_and_that_is_told(monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.LAST", 0.3)
    monkeypatch.setattr("game.crew.nursery.LAST", 0.3)
    monkeypatch.setattr("game.crew.nursery_link.ANSWER", 1000.0)
    monkeypatch.setattr("game.crew.crew.PATIENCE", 1000.0)
    for movers in (0, 3):  # with somebody to wait for, and without
        with running("forkserver") as run:
            for _ in range(movers):
                run.crew.add()
            run.until(lambda n=movers: len(run.reader.frame.agents) == n, "they run")
            run.until(lambda: not link(run).loading, "its first answer")
            os.kill(nursery_of(run), signal.SIGSTOP)
            (event,) = run.crew.close()
        assert (event.slot, event.name, event.failed) == (-1, "the nursery", False)
        assert re.fullmatch(r"gave no answer for \d+ s, and was killed", event.why)


def test_one_that_is_frozen_in_its_boot_holds_up_neither_ctrl_z_nor_the_end(monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.LAST", 1000.0)
    monkeypatch.setattr("game.crew.nursery.LAST", 1000.0)
    monkeypatch.setattr("game.crew.crew.PATIENCE", 1000.0)
    monkeypatch.setattr("game.crew.crew.STOP", 1000.0)
    with running("forkserver") as run:
        os.kill(nursery_of(run), signal.SIGSTOP)
        run.crew.add()
        run.crew.suspend()
        assert link(run).loading
        run.crew.resume()
        assert run.crew.close() == [], "it was not silent for long"


def test_one_that_dies_again_and_again_is_not_started_by_itself(monkeypatch):
    with running("forkserver", capacity=8) as run:
        three(run)
        for number in range(AGAIN):
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda n=number: len(run.events) == n + 1, "the news")
        assert f"it died {AGAIN} times within" in run.events[-1].why
        assert launcher(run)._link is None
        go_on(run, (0, 1, 2))
        run.crew.remove(0)
        run.until(lambda: 0 not in run.crew.members, "its removal")
        run.crew.add()
        run.until(lambda: run.crew.alive == 3, "a new one, when there is a wish")


def test_where_no_new_one_can_be_started_it_is_told_and_the_next_wish_tries_again(monkeypatch):
    def refuse(process, lifeline) -> None:
        raise OSError(24, "Too many open files")

    with running("forkserver") as run:
        three(run)
        with monkeypatch.context() as patch:
            patch.setattr("game.crew.nursery_link.start", refuse)
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda: run.events, "the news")
            assert "no new one could be started: Too many open files" in run.events[0].why
            run.crew.add()
            run.until(lambda: len(run.events) == 2, "the refusal")
            assert run.events[1].why == "could not be started: Too many open files"
            go_on(run, (0, 1, 2))
        run.crew.add()
        run.until(lambda: run.crew.alive == 4, "the next try")


def test_the_last_of_those_it_left_may_have_a_child_that_ends_last(tmp_path: Path):
    """Its group is not empty yet when it is reaped, and nobody else is left to ask for."""
    with running("forkserver", mover=write(tmp_path, "os.fork() or time.sleep(600)")) as run:
        run.crew.add()
        run.until(lambda: len(offspring()) == 3, "a mover with a child, and the nursery")
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.events, "the news")
        run.crew.members[0].kill()
        run.until(lambda: len(run.events) == 2, "its death")
        run.crew.remove(0)
        assert run.crew.room == run.table.slots


def test_what_it_told_last_is_heard_though_nothing_can_be_sent_any_more():
    with running("forkserver", capacity=40) as run:
        three(run)
        for _ in range(30):
            run.crew.add()
        until(lambda: all(run.table.row(slot)[PID] for slot in range(33)), "all, and not heard of")
        pids = [run.table.row(slot)[PID] for slot in range(33)]
        channel, nursery = link(run)._channel, nursery_of(run)
        heard = len(launcher(run)._pids)
        until(lambda: heard + started(peeked(channel.fileno())) == 33, "what it tells")
        os.kill(nursery, signal.SIGKILL)
        until(lambda: psutil.Process(nursery).status() == psutil.STATUS_ZOMBIE, "its death")
        run.crew.signal(0, signal.SIGCONT)
        run.until(lambda: run.crew.alive == 33, "all of them")
        assert [run.crew.members[slot].pid for slot in range(33)] == pids, "the same ones"


def peeked(descriptor: int) -> bytes:
    """What waits to be read from a socket."""
    with socket.socket(fileno=os.dup(descriptor)) as ours, suppress(BlockingIOError):
        return ours.recv(1 << 16, socket.MSG_PEEK)
    return b""


def started(unread: bytes) -> int:
    """How many movers have been started, by the messages that wait to be read."""
    found = 0
    while unread:
        end = LENGTH.size + LENGTH.unpack_from(unread)[0]
        message, unread = pickle.loads(unread[LENGTH.size : end]), unread[end:]
        found += len(message.pids) if isinstance(message, Started) else 0
    return found


def test_a_signal_is_sent_once(tmp_path: Path):
    heard = tmp_path / "heard"
    path = tmp_path / "mine.py"
    path.write_text(
        "import signal\n"
        f"signal.signal(signal.SIGUSR1, lambda *_: open({str(heard)!r}, 'a').write('x'))\n"
        "class Mover:\n"
        "    def __init__(self, agent): pass\n"
        "    def step(self, dt): return 1, 2\n"
    )
    with running("forkserver", mover=str(path)) as run:
        three(run)
        run.crew.signal(0, signal.SIGUSR1)
        run.until(heard.exists, "the signal")
        told = link(run)._unanswered
        run.until(lambda: not told.signals, "an answer behind it")
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.events, "the news")
        go_on(run, (0, 1, 2))
        assert heard.read_text() == "x"


def test_one_that_takes_long_to_load_is_waited_for(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.EVERY", EVERY / 10)
    monkeypatch.setattr("game.crew.nursery_link.ANSWER", ANSWER / 10)
    path = tmp_path / "mine"
    (path / "movers").mkdir(parents=True)
    slow = "import multiprocessing, time\nif multiprocessing.parent_process(): time.sleep(1.5)\n"
    (path / "__init__.py").write_text(f"{slow}FIELDS = {{'x': 'm', 'y': 'm'}}\n")
    write(path / "movers", "pass")
    with running("forkserver", str(path), str(path / "movers" / "mine.py")) as run:
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "it runs")
        assert run.events == []


def test_more_than_there_is_room_for_are_refused_and_the_nursery_lives():
    with running("forkserver", capacity=60) as run:
        three(run)
        nursery = nursery_of(run)
        before = resource.prlimit(nursery, resource.RLIMIT_NOFILE)
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, (80, before[1]))
        for _ in range(50):
            run.crew.add()
        run.until(lambda: run.events, "the news")
        assert run.events[0].why.startswith("could not be started, nor ")
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, before)
        assert nursery_of(run) == nursery
        go_on(run, (0, 1, 2))


def test_two_in_one_process_do_not_disturb_each_other():
    with running("forkserver") as run:
        three(run)
        with running("forkserver") as other:
            three(other)
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.events, "the news")
        go_on(run, (0, 1, 2))
        assert run.crew.alive == 3
        run.crew.remove(1)
        run.until(lambda: 1 not in run.crew.members, "its removal")


def test_where_it_has_no_room_for_a_mover_it_is_told_and_the_next_try_can_work():
    with running("forkserver", capacity=8) as run:
        three(run)
        nursery = nursery_of(run)
        before = resource.prlimit(nursery, resource.RLIMIT_NOFILE)
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, (64, before[1]))
        run.crew.add()
        run.crew.add()
        run.until(lambda: run.events, "the news")
        run.until(lambda: run.crew.room == 5, "the refusal of both")  # at once, or one by one
        assert all(event.why.startswith("could not be started") for event in run.events)
        assert all(event.why.endswith(": Too many open files") for event in run.events)
        assert run.crew.alive == 3
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, before)
        run.crew.add()
        run.until(lambda: run.crew.alive == 4, "the next try")
        go_on(run, (0, 1, 2, 3))


def test_a_new_lock_reaches_the_movers_that_come_after_it(monkeypatch):
    with running("forkserver", "tally", "adder", capacity=4) as run:
        cells = run.table.cells
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "one")
        old: RLock = cells.lock
        cells.renew_lock()
        assert cells.lock is not old
        cells.lock.acquire()
        cells.commands[MODE] = modes.NAMES.index("lock")
        run.crew.remove(0)  # it has the old one
        run.until(lambda: not run.crew.members, "its end")
        run.crew.remove(run.crew.add())  # one that never starts: the lock is for the next one
        slot = run.crew.add()
        row = cells.row(slot)
        run.until(lambda: row[INTENT] == row[DONE] + 1, "another one, about to take the lock")
        with monkeypatch.context() as patch:
            patch.setattr("tests.conftest.LIMIT", 0.3)
            with pytest.raises(AssertionError, match="never"):
                run.until(lambda: row[DONE], "never")
        assert (row[INTENT], row[DONE]) == (1, 0), "it waits"
        cells.lock.release()
        run.until(lambda: row[DONE] > 0, "it adds")


def test_a_scene_that_it_cannot_load_is_told(tmp_path: Path):
    path = tmp_path / "mine"
    path.mkdir()
    init = path / "__init__.py"
    init.write_text("FIELDS = {'x': 'm', 'y': 'm'}\n")
    (path / "movers").mkdir()
    write(path / "movers", "pass")
    with running("forkserver", str(path), "mine") as run:
        init.write_text("1 / 0\n")
        os.kill(nursery_of(run), signal.SIGKILL)
        run.until(lambda: run.events, "the news")
        run.crew.add()
        run.until(lambda: len(run.events) == 2, "the refusal")
        assert run.events[1].why.startswith("could not be started: ")


def test_its_end_is_seen_though_movers_hold_the_pipe_that_tells_of_it(monkeypatch):
    monkeypatch.setattr("game.crew.nursery_link.END", 1000.0)
    with running("forkserver") as run:
        three(run)
        link(run).bury()  # it lives when this begins
        run.until(lambda: run.events, "the news")
        go_on(run, (0, 1, 2))
