"""What agents see of each other: whole rows, whoever comes, goes or dies meanwhile."""

import multiprocessing
import time
from array import array

import pytest

from game.agent import Agent, Group
from game.shared.others import Others
from game.shared.published import Published
from game.shared.table import SEQUENCE, STATE, Slice, State, Table
from tests.conftest import LIMIT
from tests.processes import WIDE, hammering

SPAWN = multiprocessing.get_context("spawn")
ROWS = 2_000  # new ones that are to be seen of each process


def table(slots: int = 4, per_process: int = 1) -> Table:
    return Table(SPAWN, {"x": "m", "y": "m"}, slots * per_process, per_process)


def write(made: Table, slot: int, *values: float) -> Slice:
    """Publish a row, in a slot that is opened for it where nobody has it."""
    if made.row(slot)[STATE] == State.FREE:
        made.open(slot, len(values) // 2)
    part = Slice(made, slot)
    part.publish(memoryview(array("d", values)))
    part.row[STATE] = State.RUNNING
    return part


def others(made: Table, number: int = 0) -> tuple[Others, Published]:
    published = Published(made)
    return Others(published, number), published


def test_those_who_have_published_are_there_and_oneself_is_left_out():
    made = table()
    write(made, 0, 1, 2)
    write(made, 2, 3, 4)
    made.open(3, 1)  # it has published nothing
    seen, _ = others(made)
    assert (list(seen), len(seen), seen.fields) == ([2], 1, ("x", "y"))
    assert [seen[n] for n in range(6)] == [(1, 2), None, (3, 4), None, None, None]
    assert [seen[n] for n in range(-6, 0)] == [None] * 6
    assert [n in seen for n in range(-1, 4)] == [False, False, False, True, False]
    assert seen.column("x")[2] == 3
    assert repr(seen) == "<1 others: x, y>"


def test_one_that_has_not_published_sees_all_the_others():
    made = table()
    write(made, 1, 1, 2)
    seen, _ = others(made, 3)
    assert (list(seen), len(seen), seen[3]) == ([1], 1, None)


def test_agents_of_one_process_are_as_many_as_it_drives():
    made = table(2, 3)
    write(made, 0, 1, 2, 3, 4)
    write(made, 1, 5, 6, 7, 8, 9, 10)
    seen, _ = others(made, 4)
    assert (list(seen), len(seen)) == ([0, 1, 3, 5], 4)
    assert [seen[n] for n in range(7)] == [(1, 2), (3, 4), None, (5, 6), (7, 8), (9, 10), None]


def test_it_stays_the_same_until_the_next_step_begins():
    made = table()
    write(made, 0, 1, 2)
    seen, published = others(made, 1)
    assert seen[0] == (1, 2)
    write(made, 0, 3, 4)
    write(made, 2, 5, 6)
    assert (seen[0], seen[2], len(seen)) == ((1, 2), None, 1)
    published.renew()
    assert (seen[0], seen[2], len(seen)) == ((3, 4), (5, 6), 2)


def test_who_has_died_is_there_until_it_is_removed():
    made = table()
    write(made, 0, 1, 2)
    write(made, 1, 3, 4)
    made.mark(1, State.FAILED)
    seen, published = others(made)
    assert (seen[1], seen.gone(1), seen.gone(0)) == ((3, 4), True, False)
    made.mark(1, State.DONE)
    published.renew()
    assert seen.gone(1)
    made.clear(1)
    published.renew()
    assert (seen[1], list(seen), seen.gone(1)) == (None, [], False)
    assert not seen.gone(99)


@pytest.mark.parametrize("state", [State.RUNNING, State.FAILED])
def test_a_row_that_is_never_whole_stands_as_it_was_before(state: State):
    made = table()
    part = write(made, 1, 1, 2)
    seen, published = others(made)
    assert seen[1] == (1, 2)
    part.row[SEQUENCE] += 1
    part._values[0] = 9.0
    made.mark(1, state)
    for _ in range(3):
        published.renew()
        assert seen[1] == (1, 2)
        assert seen.gone(1) is (state is State.FAILED)


def test_one_that_was_never_seen_whole_is_nobodys():
    made = table()
    write(made, 1, 1, 2).row[SEQUENCE] += 1
    seen, _ = others(made)
    assert (seen[1], list(seen)) == (None, [])


def test_a_half_written_row_of_a_slot_that_was_handed_on_is_not_the_one_before():
    made = table()
    write(made, 1, 1, 2)
    seen, published = others(made)
    assert seen[1] == (1, 2)
    made.clear(1)
    write(made, 1, 3, 4).row[SEQUENCE] += 1
    published.renew()
    assert seen[1] is None, "the row before belongs to another process"


def test_a_row_that_is_being_written_during_the_copy_is_read_again(
    monkeypatch: pytest.MonkeyPatch,
):
    made = table()
    write(made, 0, 0, 0)
    write(made, 1, 1, 2)
    seen, published = others(made)
    assert seen[1] == (1, 2)

    part, moments = Slice(made, 1), iter(["before the copy", "after it"])

    def fence() -> None:
        """Its writer begins a row before the copy, and ends it behind that."""
        moment = next(moments, "")
        if moment == "before the copy":
            part.row[SEQUENCE] += 1
            part._values[0] = 3.0
        elif moment:
            part._values[1] = 4.0
            part.row[SEQUENCE] += 1

    monkeypatch.setattr("game.shared.published.fence", fence)
    published.renew()
    assert seen[1] == (3, 4)


def test_nothing_can_be_written():
    made = table()
    write(made, 1, 1, 2)
    seen, published = others(made)
    everybody = Group(range(1), "", 10.0, None, published).everybody()
    with pytest.raises(TypeError, match="an agent writes what step"):
        seen[1] = (3.0, 4.0)
    with pytest.raises(TypeError):
        seen[1][0] = 3.0  # type: ignore[index]
    with pytest.raises((TypeError, AttributeError)):
        del seen[1]  # type: ignore[attr-defined]
    for name in ("fields", "anything"):
        with pytest.raises(AttributeError, match="an agent writes what step"):
            setattr(seen, name, 3)
    with pytest.raises(TypeError):
        seen.column("x")[1] = 3.0  # type: ignore[index]
    with pytest.raises(TypeError, match="read-only"):
        published.rows().values[2] = 3.0
    for array_ in everybody:
        with pytest.raises(ValueError, match="read-only"):
            array_[1] = 3
        with pytest.raises(ValueError, match="WRITEABLE"):
            array_.flags.writeable = True
    assert made.values.tolist() == [0, 0, 1, 2, 0, 0, 0, 0]


@pytest.mark.parametrize("number", ["x", 1.0, None, slice(2)])
def test_what_is_no_number_is_refused_by_its_name(number: object):
    with pytest.raises(TypeError, match=r"others\[.*\]: wanted an agent's number, from 0 on"):
        others(table())[0][number]  # type: ignore[index]


def test_everybody_is_an_array_and_two_masks():
    made = table(2, 3)
    write(made, 0, 1, 2, 3, 4)
    write(made, 1, 5, 6, 7, 8, 9, 10)
    made.mark(1, State.FAILED)
    rows, present, gone = Group(range(3), "", 10.0, None, Published(made)).everybody()
    assert rows.tolist() == [[1, 2], [3, 4], [0, 0], [5, 6], [7, 8], [9, 10]]
    assert present.tolist() == [True, True, False, True, True, True]
    assert gone.tolist() == [False, False, False, True, True, True]


def test_an_agent_that_is_alone_sees_nobody():
    agent = Agent(0, None, 10.0, None)  # type: ignore[arg-type]
    assert (list(agent.others), len(agent.others), agent.others[0]) == ([], 0, None)
    assert Group(range(3), "", 10.0, None).everybody().rows.shape[0] == 0


def test_who_never_asks_pays_for_no_copy():
    published = Published(table())
    published.renew()
    assert published._copies == []


@pytest.mark.slow
def test_what_is_read_under_load_is_whole():
    """Two processes write rows of one number each, flat out; each number is one more."""
    with hammering(protocol=True) as made:
        published, last, new = Published(made), [0.0, 0.0], [0, 0]
        end = time.monotonic() + 4 * LIMIT
        while min(new) < ROWS:
            published.renew()
            values = published.rows().values.tolist()
            for slot, row in enumerate((values[:WIDE], values[WIDE:])):
                assert row.count(row[0]) == len(row) == WIDE, "half of one row, half of another"
                assert row[0] >= last[slot]
                new[slot] += row[0] > last[slot]
                last[slot] = row[0]
            assert time.monotonic() < end, f"{new} new rows in all this time"


def test_without_the_protocol_halves_are_read():
    """The proof that the test above can fail."""
    with hammering(protocol=False) as made:
        published, torn, end = Published(made), 0, time.monotonic() + LIMIT
        while torn <= 10 and time.monotonic() < end:
            published.renew()
            values = published.rows().values.tolist()
            torn += any(row.count(row[0]) != WIDE for row in (values[:WIDE], values[WIDE:]))
    assert torn > 10
