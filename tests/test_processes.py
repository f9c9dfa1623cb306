"""Real processes and the table: who writes what, and that nothing torn is accepted."""

import os
import time

import numpy as np
import pytest

from game.table import PID, SEQUENCE, STATE, State
from tests.conftest import LIMIT, until
from tests.processes import WIDE, hammering, running

READS = 100_000


def test_each_process_writes_its_own_slice(method: str):
    with running(method, capacity=6, rate=100.0) as run:
        slots = [run.crew.add() for _ in range(3)]
        run.until(lambda: run.reader.snapshot.agents.tolist() == slots, "three agents")
        first = run.reader.snapshot.values[:3].copy()
        run.until(lambda: (run.reader.snapshot.values[:3] != first).any(axis=1).all(), "all moved")
        pids = {run.table.row(slot)[PID] for slot in slots}
        assert len(pids) == 3
        assert os.getpid() not in pids
        assert run.table.values[6:].tolist() == [0.0] * 6
        assert run.table.books[4 * 8 :].tolist() == [0] * 24


def test_one_process_drives_a_run_of_agents(method: str):
    with running(method, capacity=8, per_process=4) as run:
        run.crew.add()
        run.crew.add(2)
        run.until(lambda: len(run.reader.snapshot.agents) == 6, "six agents")
        assert run.reader.snapshot.agents.tolist() == [0, 1, 2, 3, 4, 5]
        run.until(lambda: run.crew.alive == 2, "two processes")


def test_pause_step_and_pace_reach_the_movers(method: str):
    with running(method, rate=50.0) as run:
        run.table.set_pace(0)
        slot = run.crew.add()
        run.until(lambda: run.reader.snapshot.updates[slot] == 1, "the first update")
        for update in (2, 3):
            run.table.grant_step()
            run.until(lambda n=update: run.reader.snapshot.updates[slot] == n, "a step")
        run.table.set_pace(4)
        run.until(lambda: run.reader.snapshot.updates[slot] > 20, "going on")


def test_the_same_seed_makes_the_same_choices():
    ends = []
    for _ in range(2):
        with running("forkserver", rate=1000.0, updates=20, seed=7) as run:
            for _ in range(3):
                run.crew.add()
            run.until(lambda r=run: r.crew.done, "done")
            ends.append(run.reader.snapshot.values.tolist())
    assert ends[0] == ends[1]
    assert len({tuple(place) for place in ends[0][:3]}) == 3


def test_nothing_torn_is_accepted(method: str):
    seen, end = 0, time.monotonic() + 4 * LIMIT
    with hammering(method, protocol=True) as reader:
        while seen < READS:
            snapshot = reader.refresh(0.0)
            values = snapshot.values.reshape(2, WIDE)
            assert (values == values[:, :1]).all()
            fresh = int(snapshot.fresh.sum())
            seen += fresh
            if not fresh:  # on a machine with other work, the writers want their turn
                time.sleep(0.00002)
                assert time.monotonic() < end, f"{seen} new rows in all this time"
    assert reader.updates > READS
    assert reader.shown_torn == 0


def test_without_the_protocol_the_same_reads_are_torn(method: str):
    """The proof that the test above can fail."""
    torn, end = 0, time.monotonic() + LIMIT
    with hammering(method, protocol=False) as reader:
        while torn <= 10 and time.monotonic() < end:
            values = reader._values.copy()
            torn += int((values != values[:, :1]).any(axis=1).sum())
    assert torn > 10


def test_a_mover_killed_in_the_middle_of_a_write_is_cleared():
    with running("forkserver") as run:
        slot = run.crew.add()
        run.until(lambda: run.crew.alive and run.reader.snapshot.updates[slot] > 0, "running")
        member = run.crew.members[slot]
        os.kill(member.pid, 9)
        until(lambda: not member.process.is_alive(), "death")
        run.table.row(slot)[SEQUENCE] |= 1
        run.until(lambda: run.events, "the news")
        assert run.table.row(slot)[STATE] == State.FAILED
        run.poll()
        assert run.reader.snapshot.lost[slot]
        rejected = run.reader.rejected
        for _ in range(5):
            run.poll()
        assert run.reader.rejected == rejected, "nothing is read again from the dead"
        run.crew.remove(slot)
        assert run.crew.add() == slot
        run.until(lambda: np.isin(slot, run.reader.snapshot.agents), "the slot used again")


@pytest.mark.parametrize("rate", [1000.0, 10_000.0])
def test_a_fast_mover_keeps_publishing(rate: float):
    with running("forkserver", rate=rate) as run:
        slot = run.crew.add()
        run.until(lambda: run.reader.snapshot.updates[slot] > 500, "500 updates")
