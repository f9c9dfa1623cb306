"""Real processes and the table: who writes what, and that nothing torn is accepted."""

import os
import time

import numpy as np
import psutil
import pytest

from game.child.pace import BACKLOG
from game.shared.table import PID, SEQUENCE, STATE, UPDATES, State
from game.sources.own_table import LARGE, TableSource
from tests.conftest import LIMIT, until
from tests.processes import WIDE, hammering, running

READS = 20_000  # new rows: each check of the reader, left out, shows within 2,000


def test_each_process_writes_its_own_slice(method: str):
    with running(method, capacity=6, rate=100.0) as run:
        slots = [run.crew.add() for _ in range(3)]
        run.until(lambda: run.reader.frame.agents.tolist() == slots, "three agents")
        first = run.reader.frame.values[:3].copy()
        run.until(lambda: (run.reader.frame.values[:3] != first).any(axis=1).all(), "all moved")
        pids = {run.table.row(slot)[PID] for slot in slots}
        assert len(pids) == 3
        assert os.getpid() not in pids
        assert run.table.values[6:].tolist() == [0.0] * 6
        assert run.table.control[4 * 8 :].tolist() == [0] * 24


def test_one_process_drives_a_run_of_agents(method: str):
    with running(method, capacity=8, per_process=4) as run:
        run.crew.add()
        run.crew.add(2)
        run.until(lambda: len(run.reader.frame.agents) == 6, "six agents")
        assert run.reader.frame.agents.tolist() == [0, 1, 2, 3, 4, 5]
        run.until(lambda: run.crew.alive == 2, "two processes")


def test_pause_step_and_pace_reach_the_movers(method: str):
    with running(method, rate=50.0) as run:
        run.table.set_pace(0)
        slot = run.crew.add()
        run.until(lambda: run.reader.frame.updates[slot] == 1, "the first update")
        for update in (2, 3):
            run.table.grant_step()
            run.until(lambda n=update: run.reader.frame.updates[slot] == n, "a step")
        run.table.set_pace(4)
        run.until(lambda: run.reader.frame.updates[slot] > 20, "going on")


def test_the_same_seed_makes_the_same_choices():
    ends = []
    for _ in range(2):
        with running("forkserver", rate=1000.0, updates=20, seed=7) as run:
            for _ in range(3):
                run.crew.add()
            run.until(lambda r=run: r.crew.done, "done")
            ends.append(run.reader.frame.values.tolist())
    assert ends[0] == ends[1]
    assert len({tuple(place) for place in ends[0][:3]}) == 3


@pytest.mark.slow
@pytest.mark.parametrize(("wide", "reads"), [(WIDE, READS), (LARGE // 8, 5_000), (LARGE, 1_000)])
def test_nothing_torn_is_accepted(wide: int, reads: int):
    """Small slots are copied all at once, large ones one by one."""
    seen, last, end = 0, np.zeros(2), time.monotonic() + 4 * LIMIT
    with hammering(protocol=True, wide=wide) as table:
        reader = TableSource(table)
        while seen < reads:
            frame = reader.read(0.0)
            values = frame.values.reshape(2, wide)
            assert (values == values[:, :1]).all()
            assert (values[:, 0] >= last).all()
            # The writers count their rows: what is shown and what is told of it are one row.
            assert (values[:, 0] == frame.updates).all()
            last, fresh = values[:, 0], int(frame.fresh.sum())
            seen += fresh
            if not fresh:  # on a machine with other work, the writers want their turn
                time.sleep(0.00002)
                assert time.monotonic() < end, f"{seen} new rows in all this time"
    assert reader.updates > reads
    assert reader.shown_torn == 0
    assert reader.wild == 0, "each wrote what is its own"


@pytest.mark.slow
@pytest.mark.parametrize("wide", [WIDE, LARGE // 8, LARGE])
def test_without_the_protocol_the_same_reads_are_torn(wide: int):
    """The proof that the test above can fail."""
    torn, end = 0, time.monotonic() + LIMIT
    with hammering(protocol=False, wide=wide) as table:
        reader = TableSource(table)
        while torn <= 10 and time.monotonic() < end:
            values = reader._values.copy()
            torn += int((values != values[:, :1]).any(axis=1).sum())
    assert torn > 10


def test_a_mover_killed_in_the_middle_of_a_write_is_cleared():
    with running("forkserver") as run:
        slot = run.crew.add()
        run.until(lambda: run.crew.alive and run.reader.frame.updates[slot] > 0, "running")
        member = run.crew.members[slot]
        os.kill(member.pid, 9)
        until(lambda: not psutil.pid_exists(member.pid), "death")
        run.table.row(slot)[SEQUENCE] |= 1
        run.until(lambda: run.events, "the news")
        assert run.table.row(slot)[STATE] == State.FAILED
        run.poll()
        assert run.reader.frame.died[slot]
        rejected = run.reader.rejected
        for _ in range(5):
            run.poll()
        assert run.reader.rejected == rejected, "nothing is read again from the dead"
        run.crew.remove(slot)
        assert run.crew.add() == slot
        run.until(lambda: np.isin(slot, run.reader.frame.agents), "the slot used again")


@pytest.mark.parametrize("rate", [1000.0, 10_000.0])
def test_a_fast_mover_keeps_its_rate(rate: float):
    """In some fifth of a second at least, however busy the machine is; and never runs ahead."""
    with running("forkserver", rate=rate) as run:
        slot = run.crew.add()
        row = run.table.row(slot)
        run.until(lambda: row[UPDATES], "the first update")
        first, began = row[UPDATES], time.monotonic()
        count, since, rates = first, began, []

        def keeps_up() -> bool:
            nonlocal count, since
            now = time.monotonic()
            if now - since < 0.2:
                return False
            rates.append((row[UPDATES] - count) / (now - since))
            count, since = row[UPDATES], now
            return rates[-1] > 0.8 * rate

        run.until(keeps_up, f"{rate:g} Hz")
        made = row[UPDATES] - first
        assert made <= rate * (time.monotonic() - began + 2 * BACKLOG), rates
