"""The reader, with no process at all: what it accepts, keeps and notes."""

import multiprocessing
from array import array

import pytest

from game.reader import TableReader
from game.snapshot import INTERVAL
from game.table import SEQUENCE, STATE, Slice, State, Table

SPAWN = multiprocessing.get_context("spawn")


class Bench:
    """A table of four slots with a reader, and a writer for each slot that is open."""

    def __init__(self, per_process: int = 1, slots: int = 4) -> None:
        self.table = Table(SPAWN, {"x": "m", "y": "m"}, slots * per_process, per_process)
        self.reader = TableReader(self.table)
        self.parts: dict[int, Slice] = {}

    def open(self, slot: int, agents: int = 1) -> None:
        self.table.open(slot, agents)
        self.parts[slot] = Slice(self.table, slot)

    def write(self, slot: int, *values: float) -> None:
        self.parts[slot].publish(memoryview(array("d", values)))


def test_an_agent_appears_with_its_first_row():
    b = Bench()
    b.open(2)
    assert b.reader.refresh(1.0).agents.tolist() == []
    b.write(2, 3.0, 4.0)
    snapshot = b.reader.refresh(2.0)
    assert snapshot.agents.tolist() == [2]
    assert (snapshot["x"].tolist(), snapshot["y"].tolist()) == ([3.0], [4.0])
    assert (snapshot.first[2], snapshot.changed[2], snapshot.interval[2]) == (2.0, 2.0, INTERVAL)


def test_a_half_written_row_keeps_the_one_before():
    b = Bench()
    b.open(0)
    b.write(0, 1, 2)
    b.reader.refresh(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    snapshot = b.reader.refresh(2.0)
    assert snapshot.values[0].tolist() == [1, 2]
    assert not snapshot.fresh[0]
    assert b.reader.rejected == 1
    b.parts[0]._values[1] = 98.0
    b.parts[0].row[SEQUENCE] += 1
    assert b.reader.refresh(3.0).values[0].tolist() == [99, 98]
    assert b.reader.shown_torn == 0


def test_the_kept_row_stays_kept_for_as_long_as_the_writer_is_stuck():
    b = Bench()
    b.open(0)
    b.write(0, 1, 2)
    b.reader.refresh(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    for frame in range(5):
        assert b.reader.refresh(2.0 + frame).values[0].tolist() == [1, 2]
    assert b.reader.rejected == 5


def test_fresh_rows_and_their_times():
    b = Bench()
    b.open(0)
    b.open(1)
    b.write(0, 1, 1)
    b.write(1, 1, 1)
    b.reader.refresh(1.0)
    b.write(1, 2, 2)
    snapshot = b.reader.refresh(1.25)
    assert snapshot.fresh.tolist() == [False, True, False, False]
    assert snapshot.changed[:2].tolist() == [1.0, 1.25]
    assert snapshot.interval[1] == 0.25
    assert not b.reader.refresh(1.5).fresh.any()


def test_updates_are_counted_over_all_movers_that_ever_were():
    b = Bench()
    b.open(0)
    for n in range(3):
        b.write(0, n, n)
    b.reader.refresh(1.0)
    b.table.clear(0)
    assert b.reader.refresh(2.0).agents.tolist() == []
    b.open(0)
    b.write(0, 5, 5)
    snapshot = b.reader.refresh(3.0)
    assert (b.reader.updates, snapshot.updates[0], snapshot.first[0]) == (4, 1, 3.0)


def test_agents_of_a_slot_and_the_failed_among_them():
    b = Bench(per_process=3)
    b.open(0, 3)
    b.open(2, 2)
    b.write(0, *range(6))
    b.write(2, *range(4))
    b.table.mark(2, State.FAILED)
    snapshot = b.reader.refresh(1.0)
    assert snapshot.agents.tolist() == [0, 1, 2, 6, 7]
    assert snapshot.slots_shown.tolist() == [0, 0, 0, 2, 2]
    assert snapshot.failed.tolist() == [False, False, False, True, True]
    assert snapshot["y"].tolist() == [1, 3, 5, 1, 3]


def test_a_snapshot_copies_nothing_agent_by_agent(monkeypatch: pytest.MonkeyPatch):
    """A frame reads rows one at a time only where they were caught half-written."""
    b = Bench(slots=500)
    for slot in range(500):
        b.open(slot)
        b.write(slot, slot, slot)
        b.parts[slot].row[STATE] = State.RUNNING
    single: list[int] = []
    read_again = b.reader._read_again
    monkeypatch.setattr(
        b.reader, "_read_again", lambda slot, books: (single.append(slot), read_again(slot, books))
    )
    b.parts[7].row[SEQUENCE] += 1
    b.reader.refresh(1.0)
    assert single == [7]
