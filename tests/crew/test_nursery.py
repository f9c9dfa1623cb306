"""The nursery: killed, frozen, out of room; and what the window does without it."""

import os
import resource
import signal
import sys
from multiprocessing.synchronize import RLock
from pathlib import Path

import psutil
import pytest

from game.child.channel import Started
from game.crew.nursery import AGAIN, ANSWER, EVERY, Nursery
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
        channel = launcher(run)._channel
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
    monkeypatch.setattr("game.crew.nursery.EVERY", EVERY / 10)
    monkeypatch.setattr("game.crew.nursery.ANSWER", ANSWER / 10)
    with running("forkserver") as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGSTOP)
        run.crew.add()
        run.until(lambda: run.events, "the news")
        assert "a new one is started" in run.events[0].why
        run.until(lambda: run.crew.alive == 4, "the fourth")
        go_on(run, (0, 1, 2, 3))


def test_it_is_not_blamed_while_this_process_was_away(monkeypatch):
    now = [0.0]
    with running("forkserver") as run:
        three(run)
        monkeypatch.setattr(launcher(run), "_clock", lambda: now[0])
        for now[0] in (0.0, 1000.0, 2000.0):
            run.crew.poll()
        go_on(run, (0, 1, 2))
        assert run.events == []


def test_closing_does_not_wait_for_a_frozen_one():
    with running("forkserver") as run:
        three(run)
        os.kill(nursery_of(run), signal.SIGSTOP)
        run.crew.close()
        assert run.crew.members == {}
        assert offspring() == []


def test_one_that_dies_again_and_again_is_not_started_by_itself(monkeypatch):
    with running("forkserver", capacity=8) as run:
        three(run)
        for number in range(AGAIN):
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda n=number: len(run.events) == n + 1, "the news")
        assert f"it died {AGAIN} times within" in run.events[-1].why
        assert launcher(run)._process is None
        go_on(run, (0, 1, 2))
        run.crew.remove(0)
        run.until(lambda: 0 not in run.crew.members, "its removal")
        run.crew.add()
        run.until(lambda: run.crew.alive == 3, "a new one, when there is a wish")


def test_where_no_new_one_can_be_started_it_is_told_and_the_next_wish_tries_again(monkeypatch):
    def refuse(process) -> None:
        raise OSError(24, "Too many open files")

    with running("forkserver") as run:
        three(run)
        with monkeypatch.context() as patch:
            patch.setattr("game.crew.nursery.start", refuse)
            os.kill(nursery_of(run), signal.SIGKILL)
            run.until(lambda: run.events, "the news")
            assert "no new one could be started: Too many open files" in run.events[0].why
            run.crew.add()
            run.until(lambda: len(run.events) == 2, "the refusal")
            assert run.events[1].why == "could not be started: Too many open files"
            go_on(run, (0, 1, 2))
        run.crew.add()
        run.until(lambda: run.crew.alive == 4, "the next try")


def test_where_it_has_no_room_for_a_mover_it_is_told_and_the_next_try_can_work():
    with running("forkserver", capacity=8) as run:
        three(run)
        nursery = nursery_of(run)
        before = resource.prlimit(nursery, resource.RLIMIT_NOFILE)
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, (64, before[1]))
        run.crew.add()
        run.crew.add()
        run.until(lambda: run.events, "the news")
        assert run.events[0].why == "could not be started, nor 1 more: Invalid argument" or (
            run.events[0].why == "could not be started, nor 1 more: Too many open files"
        )
        assert (run.crew.alive, run.crew.room) == (3, 5)
        resource.prlimit(nursery, resource.RLIMIT_NOFILE, before)
        run.crew.add()
        run.until(lambda: run.crew.alive == 4, "the next try")
        go_on(run, (0, 1, 2, 3))


def test_a_new_lock_reaches_the_movers_that_come_after_it(tmp_path: Path):
    with running("forkserver", "tally", "adder", capacity=4) as run:
        cells = run.table.cells
        run.crew.add()
        run.until(lambda: run.crew.alive == 1, "one")
        old: RLock = cells.lock
        cells.renew_lock()
        assert cells.lock is not old
        cells.lock.acquire()
        cells.commands[0] = 2  # in a mode that takes the lock
        slot = run.crew.add()
        run.until(lambda: run.crew.alive == 2, "another one, with the new lock")
        done = cells.row(slot)[1]
        cells.lock.release()
        run.until(lambda: cells.row(slot)[1] > done, "it adds")


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
