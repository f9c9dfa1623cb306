"""The rows of the step before: the same for everybody, however far the others are in theirs."""

import multiprocessing
import threading
from array import array

import pytest

from game.shared import futex
from game.shared.beat import BELL, Beat
from game.shared.step_before import StepBefore
from game.shared.table import STATE, State, Table
from tests.conftest import until

SPAWN = multiprocessing.get_context("spawn")


def table(slots: int = 3, per_process: int = 1) -> Table:
    made = Table(SPAWN, {"x": "m", "y": "m"}, slots * per_process, per_process, None, together=True)
    for slot in range(slots):
        made.open(slot, per_process)
    return made


def values(value: float, agents: int) -> memoryview:
    return memoryview(array("d", [value, -value] * agents))


def seen(made: Table, step: int) -> dict[int, float]:
    """What an agent sees in a step: x of everybody."""
    before = StepBefore(made)
    before.renew(step)
    rows = before.rows()
    return {number: rows.of(number)[0] for number in rows.numbers}


def write(made: Table, step: int, **slots: float) -> None:
    for slot, value in slots.items():
        made.beat.write(int(slot[1:]), step, values(value, made.per_process))


def test_in_the_first_step_there_is_nobody():
    made = table()
    assert seen(made, 1) == {}
    write(made, 1, s0=5.0)
    assert seen(made, 1) == {}, "though somebody has made it already"


def test_a_step_sees_the_one_before_whoever_has_gone_further():
    made = table()
    write(made, 1, s0=1.0, s1=2.0, s2=3.0)
    expected = {0: 1.0, 1: 2.0, 2: 3.0}
    assert seen(made, 2) == expected
    write(made, 2, s1=20.0)
    assert seen(made, 2) == expected
    write(made, 2, s0=10.0, s2=30.0)
    assert (seen(made, 2), seen(made, 3)) == (expected, {0: 10.0, 1: 20.0, 2: 30.0})


def test_all_agents_of_a_process_are_seen_as_of_the_step_before():
    made = table(slots=1, per_process=3)
    write(made, 1, s0=1.0)
    write(made, 2, s0=2.0)
    assert seen(made, 2) == {0: 1.0, 1: 1.0, 2: 1.0}


@pytest.mark.parametrize("last", [3, 4])
def test_who_makes_no_steps_any_more_stands_at_the_last_one(last: int):
    made = table(2)
    for step in range(1, 8):
        write(made, step, s0=float(step))
        if step <= last:
            write(made, step, s1=10.0 * step)
    assert seen(made, 8) == {0: 7.0, 1: 10.0 * last}
    before = StepBefore(made)
    before.renew(8)
    assert [before.rows().gone(number) for number in (0, 1)] == [False, True]
    before.renew(last + 1)
    assert not before.rows().gone(1)


@pytest.mark.parametrize("last", [3, 4])
def test_in_the_step_in_which_one_comes_back_all_see_the_same_of_it(last: int):
    made = table(2)
    for step in range(1, 8):
        write(made, step, s0=float(step))
        if step <= last:
            write(made, step, s1=10.0 * step)
    made.beat.joined[1] = 8
    before = seen(made, 8)
    write(made, 8, s1=80.0)
    assert seen(made, 8) == before == {0: 7.0, 1: 30.0}


def test_what_the_window_says_of_an_end_changes_nothing_in_the_middle_of_a_step():
    made = table(2)
    write(made, 1, s0=1.0, s1=2.0)
    before = StepBefore(made)
    before.renew(2)
    made.row(1)[STATE] = State.FAILED
    assert not before.rows().gone(1)


def test_a_row_that_its_writer_died_over_is_nobodys():
    made = table(1)
    write(made, 1, s0=1.0)
    made.beat.write(0, 2, values(2.0, 1))
    made.beat.steps[1][0] = 0  # in the middle of step 3
    made.beat.rows[1][0] = 99.0
    assert seen(made, 3) == {0: 2.0}
    assert seen(made, 4) == {0: 2.0}


def test_a_slot_that_is_handed_on_keeps_its_last_rows_and_one_that_is_free_does_not():
    made = table(2)
    write(made, 1, s0=1.0, s1=2.0)
    made.beat.arrive(1, 1)
    made.row(1)[STATE] = State.FAILED
    made.open(1, 1)
    assert seen(made, 2) == {0: 1.0, 1: 2.0}
    assert made.beat.arrived[1] == 0
    made.clear(1)
    assert seen(made, 2) == {0: 1.0}
    made.beat.begin()
    assert seen(made, 2) == {}


def test_rows_are_whole_while_they_are_written_and_read_only():
    made = table(1)
    write(made, 1, s0=1.0)
    before = StepBefore(made)
    before.renew(2)
    rows = before.rows()
    assert rows is before.rows(), "one copy a step"
    with pytest.raises(TypeError):
        rows.values[0] = 3.0
    with pytest.raises(ValueError, match=r"lvalue|length|shape|different"):
        made.beat.write(0, 2, memoryview(bytes(8)).cast("B"))


def test_who_waits_is_woken():
    beat = Beat(SPAWN, 1, 2)
    woken = []

    def wait() -> None:
        bell = beat.cells[BELL]
        woken.append("waits")
        while beat.cells[BELL] == bell:
            beat.wait_bell(bell, 50.0)
        woken.append("woken")

    thread = threading.Thread(target=wait)
    thread.start()
    until(lambda: woken, "it waits")
    beat.ring()
    thread.join(20.0)
    assert woken == ["waits", "woken"]


@pytest.mark.parametrize("call", [futex._call, None], ids=["futex", "without one"])
def test_a_wait_ends_by_itself_and_at_once_where_the_cell_has_changed(
    call: object, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(futex, "_call", call)
    beat = Beat(SPAWN, 1, 2)
    beat.wait_bell(beat.cells[BELL], 0.01)
    beat.wait_bell(beat.cells[BELL] + 1, 1000.0)
