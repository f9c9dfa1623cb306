"""The reader, with no process at all: what it accepts, keeps and notes."""

import multiprocessing
import tracemalloc
from array import array
from collections.abc import Iterator

import numpy as np
import pytest

from game.reader import LARGE, TableReader
from game.snapshot import INTERVAL, Integers
from game.table import AGENTS, SEQUENCE, STATE, UPDATES, Slice, State, Table
from tests.conftest import calls

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


@pytest.mark.parametrize("per_process", [1, LARGE // 16])
def test_a_slot_that_was_cleared_shows_what_the_array_has(per_process: int):
    b = Bench(per_process)
    for frame in range(5):
        for slot in (0, 3):
            if not frame:
                b.open(slot, per_process)
            b.write(slot, *[1.0 + frame] * 2 * per_process)
        b.reader.refresh(float(frame))
    b.table.clear(3)
    for frame in range(5, 8):
        b.write(0, *[1.0 + frame] * 2 * per_process)
        snapshot = b.reader.refresh(float(frame))
        assert not snapshot.values[3 * per_process :].any()
    assert snapshot.values[:per_process].min() == 8.0


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


def test_a_silence_that_is_forgiven_leaves_what_was_measured():
    b = Bench()
    b.open(0)
    b.open(1)
    for turn in range(6):
        b.write(0, 1, turn)
        b.write(1, 1, turn)
        b.reader.refresh(1 + turn / 10)
    snapshot = b.reader.snapshot
    period, interval = snapshot.period[0], snapshot.interval[0]
    for now in (2.0, 5.0, 9.0):
        b.reader.forgive(now)
        b.reader.refresh(now)
    assert snapshot.age.tolist() == [0.0, 0.0]
    assert snapshot.changed[:2].tolist() == [1.5, 1.5]
    b.write(0, 1, 9)
    b.reader.refresh(9.01)
    assert (snapshot.period[0], snapshot.interval[0]) == (period, interval)
    assert snapshot.changed[:2].tolist() == [9.01, 1.5]
    b.write(0, 1, 10)
    b.reader.refresh(9.11)
    assert snapshot.interval[0] == pytest.approx(0.1)


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

    def noting(slot: int, books: Integers) -> bool:
        single.append(slot)
        return read_again(slot, books)

    monkeypatch.setattr(b.reader, "_read_again", noting)
    b.parts[7].row[SEQUENCE] += 1
    b.reader.refresh(1.0)
    assert single == [7]


def written_while_copied(monkeypatch: pytest.MonkeyPatch, part: Slice, value: float) -> None:
    """Have a row written around the copy: half of it before, and the rest after it."""
    half = part.size // 2

    def write() -> Iterator[None]:
        part.row[SEQUENCE] += 1
        part._values[:half] = memoryview(array("d", [value] * half))
        yield
        part._values[half:] = memoryview(array("d", [value] * (part.size - half)))
        part.row[UPDATES] += 1
        part.row[SEQUENCE] += 1

    writing = write()
    monkeypatch.setattr("game.reader.fence", lambda: next(writing, None))


@pytest.mark.parametrize("agents", [1, LARGE // 16])
@pytest.mark.parametrize("of", [0, 1])
def test_a_row_written_while_it_is_copied_is_never_mixed(
    monkeypatch: pytest.MonkeyPatch, agents: int, of: int
):
    """Slot 0 has moved when the copy begins; the write hits that slot or the one beside it."""
    b = Bench(per_process=agents, slots=2)
    for slot in range(2):
        b.open(slot, agents)
        b.write(slot, *[1.0] * (2 * agents))
    b.reader.refresh(1.0)
    b.write(0, *[2.0] * (2 * agents))
    written_while_copied(monkeypatch, b.parts[of], 3.0)
    for now in (2.0, 3.0):
        snapshot = b.reader.refresh(now)
        rows = snapshot.values.reshape(2, -1)
        assert (rows == rows[:, :1]).all()
        # What is shown and what is told of it are always the same row.
        assert (rows[of, 0] == 3.0) == (snapshot.updates[of] == (3 if of == 0 else 2))
    assert rows[of, 0] == 3.0
    assert b.reader.updates == snapshot.updates.sum()
    assert b.reader.shown_torn == 0


def test_large_slots_are_copied_when_they_moved_and_caught_up_after():
    agents = LARGE // 16
    b = Bench(per_process=agents, slots=3)
    for slot in range(3):
        b.open(slot, agents)
    shown = np.zeros((3, 2 * agents))
    for turn in range(20):
        slot = turn * 7 % 3
        shown[slot] = turn
        b.write(slot, *shown[slot])
        assert (b.reader.refresh(turn).values.reshape(3, -1) == shown).all()


def test_a_large_slot_is_caught_up_after_once(monkeypatch: pytest.MonkeyPatch):
    agents = LARGE // 16
    b = Bench(per_process=agents, slots=3)
    kept: list[int] = []
    keep = b.reader._keep
    monkeypatch.setattr(b.reader, "_keep", lambda slot: kept.append(slot) or keep(slot))
    for slot in range(3):
        b.open(slot, agents)
        b.write(slot, *np.full(2 * agents, 7.0))
    b.reader.refresh(0)
    for turn in range(1, 6):  # only the first one moves
        b.write(0, *np.full(2 * agents, turn))
        b.reader.refresh(turn)
    assert kept == [1, 2]


def test_what_a_large_slot_left_half_copied_is_never_shown(monkeypatch: pytest.MonkeyPatch):
    """Caught when nothing else had moved, and still being written when its neighbour is read."""
    agents = LARGE // 16
    b = Bench(per_process=agents, slots=2)
    for slot in range(2):
        b.open(slot, agents)
        b.write(slot, *[1.0] * (2 * agents))
    b.reader.refresh(1.0)
    b.write(1, *[1.0] * (2 * agents))
    b.reader.refresh(1.5)  # slot 0 has caught up in both copies
    b.write(0, *[2.0] * (2 * agents))
    part = b.parts[0]

    def write_half() -> None:
        part.row[SEQUENCE] += part.row[SEQUENCE] % 2 == 0
        part._values[:agents] = memoryview(array("d", [3.0] * agents))

    monkeypatch.setattr("game.reader.fence", write_half)
    b.reader.refresh(2.0)
    b.write(1, *[4.0] * (2 * agents))
    rows = b.reader.refresh(3.0).values.reshape(2, -1)
    assert (rows[0] == 1.0).all()
    assert (rows[1] == 4.0).all()


def test_a_large_slot_caught_in_the_middle_of_a_write_costs_no_copy():
    agents = LARGE // 16
    b = Bench(per_process=agents)
    b.open(0, agents)
    b.write(0, *[1.0] * (2 * agents))
    b.reader.refresh(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    for frame in range(3):
        assert (b.reader.refresh(2.0 + frame).values[:agents] == 1).all()
    assert b.reader.rejected == 3
    b.table.mark(0, State.FAILED)
    assert (b.reader.refresh(5.0).values[:agents] == 1).all()
    assert b.reader.rejected == 3
    assert b.reader.shown_torn == 0


@pytest.mark.parametrize("per_process", [1, 500, 50_000])
def test_a_refresh_takes_no_memory_per_agent(per_process: int):
    """However many agents: what it takes for itself is a few numbers for each slot."""
    agents = 100_000
    b = Bench(per_process, agents // per_process)
    books = b.reader._books
    books[AGENTS], books[STATE] = per_process, State.RUNNING
    taken = []
    for moved in (True, True, False):  # the first one lists the agents
        books[SEQUENCE] += 2 * moved
        books[UPDATES] += moved
        tracemalloc.start()
        b.reader.refresh(1.0)
        taken.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert taken[0] > 8 * agents
    assert max(taken[1:]) < 20_000 + 8 * 20 * b.table.slots
    assert taken[2] < 20_000 + 8 * 8 * b.table.slots


@pytest.mark.parametrize("moved", [False, True])
def test_a_refresh_makes_as_many_calls_for_many_as_for_few(moved: bool):
    made = set()
    for slots in (10, 1_000, 20_000):
        b = Bench(slots=slots)
        books = b.reader._books
        books[AGENTS], books[STATE] = 1, State.RUNNING
        for turn in range(3):
            books[SEQUENCE] += 2
            books[UPDATES] += 1
            b.reader.refresh(turn)
        books[SEQUENCE] += 2 * moved
        books[UPDATES] += moved
        made.add(calls(lambda b=b: b.reader.refresh(9.0)))
    assert len(made) == 1
    assert made.pop() < 60


def test_a_slot_tells_how_many_agents_its_process_drives_before_it_has_written():
    b = Bench(per_process=4)
    b.open(1, 3)
    assert b.reader.refresh(1.0).driven.tolist()[1] == 3
