"""A crew whose movers are on nodes: what a person does reaches them, and what becomes of them here.

Without Ray: the nodes' programs and the publisher are the real ones.
"""

import os
import signal
import sys

import psutil
import pytest

from game.crew.limits import NoPlace
from game.parts import KILL, Standing
from game.shared.table import PID, STEPS, State
from tests.cluster.nodes import Run, running
from tests.conftest import command, offspring, stopped, until

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(sys.platform != "linux", reason="nodes are tried on Linux alone"),
]


@pytest.fixture
def run():
    with running(capacity=6) as run:
        run.start(4)
        yield run


def programs() -> list[psutil.Process]:
    """The nodes' programs."""
    return [p for p in offspring() if "game.cluster node" in command(p)]


def publisher() -> psutil.Process:
    return next(p for p in offspring() if p.name() == "publisher")


def program_of(run: Run, slot: int) -> psutil.Process:
    """The node's program that a mover descends from."""
    above = psutil.Process(run.crew.members[slot].pid).parents()
    return next(p for p in above if "game.cluster node" in command(p))


class TestWhatAPersonDoes:
    def test_they_are_spread_evenly_and_each_is_a_process_there(self, run: Run):
        assert len(run.on("node 1")) == len(run.on("node 2")) == 2
        pids = {m.pid for m in run.crew.members.values()}
        assert len(pids) == 4
        assert len({program_of(run, slot).pid for slot in run.on("node 1")}) == 1
        assert {program_of(run, slot).pid for slot in range(4)} == {p.pid for p in programs()}
        assert run.crew.alive == 4
        assert not run.events

    def test_rows_go_on_and_their_age_is_known(self, run: Run):
        before = run.reader.frame.updates[:4].copy()
        run.until(lambda: (run.reader.frame.updates[:4] > before + 5).all(), "five more each")
        ages = run.reader.frame.aged[:4]
        assert (ages > 0).all()
        assert (ages < 5).all()

    def test_removed_it_leaves_its_slot_to_the_next(self, run: Run):
        run.crew.remove(1)
        run.until(lambda: 1 not in run.crew.members, "it left")
        assert run.state(1) is State.FREE
        assert run.table.slice(1).tolist() == [0.0, 0.0]
        slot = run.crew.add()
        assert slot == 1
        run.until(run.all_publish, "the next one")
        assert len(run.on("node 1")) == len(run.on("node 2")) == 2

    def test_killed_it_is_told_as_it_would_be_here(self, run: Run):
        pid = run.crew.members[2].pid
        run.crew.signal(2, KILL)
        run.until(lambda: run.events, "the news")
        (event,) = run.events
        assert (event.slot, event.pid, event.why) == (2, pid, "killed: SIGKILL")
        assert event.host == run.crew.members[2].host
        assert run.state(2) is State.FAILED

    def test_frozen_and_thawed(self, run: Run):
        pid = run.crew.members[0].pid
        run.crew.freeze(0)
        until(lambda: stopped(pid), "it stands still")
        run.crew.freeze(0)
        until(lambda: not stopped(pid), "it goes on")

    def test_restarted_in_its_slot(self, run: Run):
        run.crew.signal(0, KILL)
        run.until(lambda: run.crew.members[0].exitcode is not None, "its end")
        assert run.crew.restart(0)
        run.until(run.all_publish, "it publishes again")

    def test_pause_step_and_speed(self, run: Run):
        run.table.set_pace(0.0)
        seen = []

        def rests() -> bool:
            seen.append(run.reader.frame.updates[:4].tolist())
            return len(seen) > 60 and seen[-1] == seen[-60]

        run.until(rests, "a pause")
        run.table.grant_step()
        assert run.table.control[STEPS] == 1
        want = [updates + 1 for updates in seen[-1]]
        run.until(lambda: run.reader.frame.updates[:4].tolist() == want, "one step each")
        run.table.set_pace(1.0)
        run.until(lambda: (run.reader.frame.updates[:4] > want).all(), "on")

    def test_suspended_with_the_window(self, run: Run):
        run.crew.freeze(3)
        run.crew.suspend()
        pids = [m.pid for m in run.crew.members.values()]
        until(lambda: all(stopped(pid) for pid in pids), "all stand still")
        run.crew.resume()
        until(lambda: not any(stopped(pid) for pid in pids[:3]), "they go on")
        assert stopped(pids[3])

    def test_closed_nobody_is_left(self, run: Run):
        run.crew.close()
        assert not offspring()


class TestWhatIsLost:
    def lose(self, run: Run, number: int) -> None:
        """Do something to the program of node 1, and see that its movers are lost."""
        theirs, others = run.on("node 1"), run.on("node 2")
        os.kill(program_of(run, theirs[0]).pid, number)
        run.until(lambda: len(run.events) > len(theirs), "the news")
        trouble, *lost = run.events
        assert trouble.name == "node 1"
        names = ", ".join(run.crew.members[slot].name for slot in theirs)
        assert f"; its 2 agents are lost: {names}" in trouble.why
        assert all(event.told for event in lost)
        assert [event.slot for event in lost] == theirs
        assert {event.why.partition(";")[0] for event in lost} == {"lost with node 1"}
        before = run.reader.frame.updates.copy()
        run.until(lambda: (run.reader.frame.updates > before + 5)[others].all(), "the others")

    @pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
    def test_the_others_drive_on(self, run: Run, number: int):
        self.lose(run, number)
        assert run.crew.alive == 2
        assert all(run.state(slot) is State.FAILED for slot in run.on("node 1"))
        assert run.launcher.figures()["lost"] == ["node 1"]
        for program in programs():
            program.resume()

    def test_with_restart_they_are_placed_on_another_node(self):
        with running(capacity=6, policy="on-failure") as run:
            run.start(4)
            stopped_one = program_of(run, run.on("node 1")[0])
            self.lose(run, signal.SIGSTOP)
            run.until(run.all_publish, "all of them again")
            assert run.on("node 2") == [0, 1, 2, 3]
            # The old one comes back, and has no say any more.
            pids = [run.table.row(slot)[PID] for slot in range(4)]
            stopped_one.resume()
            until(lambda: len(programs()) == 1, "it ends by itself")
            run.poll()
            assert [run.table.row(slot)[PID] for slot in range(4)] == pids
            assert run.crew.alive == 4

    def test_a_node_that_nobody_asks_ends_by_itself(self, run: Run):
        pids = [m.pid for m in run.crew.members.values()]
        publisher().suspend()
        until(lambda: not programs(), "the programs' end")
        assert not any(psutil.pid_exists(pid) for pid in pids)

    def test_the_publisher_is_killed(self, run: Run):
        publisher().kill()
        run.until(lambda: len(run.events) == 5, "the news")
        assert run.events[0].why.startswith("its publisher died; its 4 agents are lost: Robot 0, ")
        until(lambda: not programs(), "nobody is left")
        run.crew.restart(0)
        run.until(lambda: len(run.events) == 6, "nobody is there to start one")
        assert run.events[5].why == "could not be started: the cluster's publisher died"

    def test_every_node_is_lost(self, run: Run):
        for program in programs():
            program.kill()
        run.until(lambda: run.crew.alive == 0, "all are lost")
        assert run.crew.done
        run.crew.add()
        run.until(lambda: run.events[-1].slot == 4, "the refusal")
        assert "no node of the cluster is left: node" in run.events[-1].why


def test_the_head_is_gone(tmp_path, monkeypatch):
    there = tmp_path / "there"
    there.touch()
    monkeypatch.setenv("ARENA_TEST_DOWN", str(there))
    with running(capacity=6) as run:
        run.start(2)
        there.unlink()
        run.until(lambda: run.crew.alive == 0, "all are lost")
        assert run.events[0].why == "its head is gone; its 2 agents are lost: Robot 0, Robot 1"
        assert run.crew.members[0].standing is Standing.FAILED


def test_no_cluster_is_a_line():
    with running(nodes=0) as run, pytest.raises(NoPlace, match="there is no cluster, for once"):
        run.launcher.join(lambda: False)


def test_the_wait_for_it_can_be_interrupted():
    with running() as run:
        run.launcher.join(lambda: True)
        assert run.launcher.nodes == ()
