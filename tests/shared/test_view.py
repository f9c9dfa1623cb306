"""The view for a process that only looks on: what it reads is whole, and it cannot write."""

import multiprocessing
import time
from array import array
from math import isnan

import pytest

from game.shared.table import SEQUENCE, STATE, UPDATES, Slice, State, Table
from game.shared.view import View
from tests.conftest import LIMIT
from tests.processes import WIDE, hammering

SPAWN = multiprocessing.get_context("spawn")
ROWS = 5_000  # new ones that are to be seen of each process


def table(slots: int = 3, per_process: int = 1) -> Table:
    return Table(SPAWN, {"x": "m", "y": "m"}, slots * per_process, per_process)


def write(made: Table, slot: int, *values: float) -> Slice:
    part = Slice(made, slot)
    part.publish(memoryview(array("d", values)))
    part.row[STATE] = State.RUNNING
    return part


def test_it_lists_the_agents_that_have_published():
    made = table(per_process=2)
    view = View(made)
    assert (view.agents(), view.published()) == ([], False)
    made.open(0, 2)
    made.open(2, 1)
    write(made, 0, 1, 2, 3, 4)
    assert (view.agents(), view.published()) == ([(1.0, 2.0), (3.0, 4.0)], False)
    write(made, 2, 5, 6)
    assert (view.agents(), view.published()) == ([(1.0, 2.0), (3.0, 4.0), (5.0, 6.0)], True)
    made.clear(0)
    assert view.agents() == [(5.0, 6.0)]


def test_nobody_waits_for_a_slot_whose_process_died_before_its_first_row():
    made = table()
    for slot in range(2):
        made.open(slot, 1)
    write(made, 0, 1, 2)
    assert not View(made).published()
    made.mark(1, State.FAILED)
    assert View(made).published()
    made.mark(0, State.FAILED)
    assert not View(made).published(), "nobody is left who publishes"


@pytest.mark.slow
@pytest.mark.parametrize("state", [State.RUNNING, State.FAILED])
def test_a_row_that_is_never_whole_is_said_to_be_none(state: State):
    made = table()
    made.open(0, 1)
    part = write(made, 0, 1, 2)
    part.row[SEQUENCE] += 1
    part._values[0] = 9.0
    made.mark(0, state)
    assert repr(View(made).agents()) == "[(nan, nan)]"


def test_one_that_a_dead_writer_left_half_written_costs_no_time(monkeypatch: pytest.MonkeyPatch):
    made = table()
    made.open(0, 1)
    write(made, 0, 1, 2).row[SEQUENCE] += 1
    made.mark(0, State.FAILED)
    looks: list[float] = []
    monkeypatch.setattr("game.shared.view.sleep", looks.append)
    View(made).agents()
    assert looks == []


def test_a_slot_that_is_handed_on_during_a_read_never_looks_unchanged(
    monkeypatch: pytest.MonkeyPatch,
):
    """Its sequence only grows: two, cleared, two would pass for the same row."""
    made = table()
    made.open(0, 1)
    write(made, 0, 1, 2)
    handed_on: list[int] = []

    def between() -> None:
        """What happens at the fence behind a copy: once, another process gets the slot."""
        if len(handed_on) == 1:
            made.clear(0)
            made.open(0, 1)
            handed_on.append(1)
            write(made, 0, 3, 4)
        handed_on.append(1)

    monkeypatch.setattr("game.shared.look.fence", between)
    assert View(made).agents() == [(3.0, 4.0)]
    assert len(handed_on) > 3, "it read again"


def test_it_cannot_write():
    made = table()
    view = View(made)
    for cells in (view.values, view.control):
        with pytest.raises(TypeError, match="read-only"):
            cells[0] = 1


@pytest.mark.slow
def test_what_it_reads_under_load_is_whole():
    """Two processes write rows of one number each, flat out; each number is one more."""
    with hammering(protocol=True) as made:
        view, last, new = View(made), [0.0, 0.0], [0, 0]
        end = time.monotonic() + 4 * LIMIT
        while min(new) < ROWS:
            values = [value for (value,) in view.agents()]
            for slot, row in enumerate((values[:WIDE], values[WIDE:])):
                assert row.count(row[0]) == len(row) == WIDE, "half of one row, half of another"
                if isnan(row[0]):  # its writer was held up for long, in the middle of a row
                    continue
                assert row[0] >= last[slot]
                new[slot] += row[0] > last[slot]
                last[slot] = row[0]
            assert time.monotonic() < end, f"{new} new rows in all this time"
        assert all(made.row(slot)[UPDATES] >= number for slot, number in enumerate(last))


def test_without_the_protocol_it_reads_halves():
    """The proof that the test above can fail."""
    with hammering(protocol=False) as made:
        view, torn, end = View(made), 0, time.monotonic() + LIMIT
        while torn <= 10 and time.monotonic() < end:
            values = [value for (value,) in view.agents()]
            torn += any(row.count(row[0]) != WIDE for row in (values[:WIDE], values[WIDE:]))
    assert torn > 10
