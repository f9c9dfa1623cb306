"""The table, with no process at all."""

import ctypes
import multiprocessing
from array import array
from typing import Any

import pytest

from game.shared.table import (
    AGENTS,
    GENERATION,
    NOTE,
    PACE,
    PACE_ONE,
    ROW,
    SEQUENCE,
    STATE,
    STEPS,
    UPDATES,
    Slice,
    State,
    Table,
)

SPAWN = multiprocessing.get_context("spawn")


def table(capacity: int = 4, per_process: int = 1) -> Table:
    return Table(SPAWN, {"x": "m", "y": "m"}, capacity, per_process)


def doubles(*values: float) -> memoryview:
    return memoryview(array("d", values))


def test_values_are_the_tutorials_array():
    t = table()
    for robot_id in range(4):
        t.open(robot_id, 1)
        Slice(t, robot_id).publish(doubles(robot_id + 0.25, robot_id + 0.5))
    positions = t.shared.values
    assert [positions[robot_id * 2] for robot_id in range(4)] == [0.25, 1.25, 2.25, 3.25]
    assert list(positions) == [0.25, 0.5, 1.25, 1.5, 2.25, 2.5, 3.25, 3.5]


def test_a_slot_of_several_agents_is_contiguous_and_capacity_is_whole_slots():
    t = table(capacity=10, per_process=4)
    assert (t.slots, t.capacity) == (3, 12)
    t.open(1, 4)
    part = Slice(t, 1)
    assert part.first_agent == 4
    part.publish(doubles(*range(8)))
    assert t.values.tolist() == [0.0] * 8 + list(range(8)) + [0.0] * 8


def test_publish_touches_only_its_own_slice_and_row():
    t = table()
    for slot in range(4):
        t.open(slot, 1)
    control, values = t.control.tolist(), t.values.tolist()
    Slice(t, 2).publish(doubles(7, 8))
    changed = [
        i for i, (a, b) in enumerate(zip(control, t.control.tolist(), strict=True)) if a != b
    ]
    assert changed == [3 * ROW + SEQUENCE, 3 * ROW + UPDATES]
    changed = [i for i, (a, b) in enumerate(zip(values, t.values.tolist(), strict=True)) if a != b]
    assert changed == [4, 5]


def test_publish_leaves_an_even_sequence():
    t = table()
    t.open(0, 1)
    part = Slice(t, 0)
    part.publish(doubles(1, 2))
    assert (part.row[SEQUENCE], part.row[UPDATES]) == (2, 1)


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        (doubles(1, 2, 3), ValueError, "different structures"),
        (doubles(1), ValueError, "different structures"),
        (doubles(), ValueError, "different structures"),
        (memoryview(array("f", [1, 2])), ValueError, "different structures"),
        (memoryview(array("q", [1, 2])), ValueError, "different structures"),
        (memoryview(bytes(16)).cast("d", (1, 2)), ValueError, "different structures"),
        ([1.0, 2.0], TypeError, "bytes-like"),
    ],
    ids=["too many", "too few", "none", "float32", "int64", "two dimensions", "a list"],
)
def test_a_publish_that_is_refused_leaves_the_row_as_it_was(
    wrong: Any, error: type[Exception], words: str
):
    t = table()
    t.open(0, 1)
    part = Slice(t, 0)
    part.publish(doubles(1, 2))
    with pytest.raises(error, match=words):
        part.publish(wrong)
    assert part.row[SEQUENCE] % 2 == 0
    assert (t.slice(0).tolist(), part.row[UPDATES]) == ([1.0, 2.0], 1)
    part.publish(doubles(3, 4))
    assert part.row[SEQUENCE] % 2 == 0
    assert (t.slice(0).tolist(), part.row[UPDATES]) == ([3.0, 4.0], 2)


def test_a_slot_that_drives_fewer_agents_than_it_holds_writes_only_theirs():
    t = table(capacity=4, per_process=4)
    t.open(0, 3)
    part = Slice(t, 0)
    assert (part.agents, part.size) == (3, 6)
    part.publish(doubles(*[5] * 6))
    assert t.values.tolist() == [5.0] * 6 + [0.0] * 2


def test_open_clears_what_the_last_one_left():
    t = table()
    t.open(1, 1)
    part = Slice(t, 1)
    part.publish(doubles(1, 2))
    part.row[SEQUENCE] += 1  # killed in the middle of a write
    part.leave_note("last words", "and more")
    t.open(1, 1)
    row = t.row(1)
    assert (row[SEQUENCE], row[UPDATES], row[GENERATION], row[STATE]) == (4, 0, 2, State.STARTING)
    assert t.row(1)[AGENTS] == 1
    assert t.slice(1).tolist() == [0.0, 0.0]
    assert t.note(1) == ("", "")


def test_a_note_keeps_its_end_and_survives_odd_bytes():
    t = table()
    Slice(t, 0).leave_note("KeyError", "ä" * NOTE + "the end\udcff")
    headline, text = t.note(0)
    assert headline == "KeyError"
    assert text.endswith("the end?")
    assert len(text.encode()) <= NOTE
    assert t.note(1) == ("", "")


def test_the_commands_and_the_state_of_a_slot():
    t = table()
    assert t.control[PACE] == PACE_ONE
    t.set_pace(0.25)
    t.grant_step()
    assert (t.control[PACE], t.control[STEPS]) == (PACE_ONE // 4, 1)
    t.mark(3, State.FAILED)
    assert t.row(3)[STATE] == State.FAILED


def test_the_arrays_carry_no_lock():
    assert not any(hasattr(array, "get_lock") for array in table().shared)


def test_a_slot_is_cleared_after_a_process_and_not_before_the_first(
    monkeypatch: pytest.MonkeyPatch,
):
    """What nobody has written need not be cleared: it may be many megabytes, within a frame."""
    cleared: list[int] = []
    memset = ctypes.memset

    def noting(address: int, value: int, size: int) -> None:
        cleared.append(size)
        memset(address, value, size)

    t = table(per_process=2)
    monkeypatch.setattr("game.shared.table.ctypes.memset", noting)
    t.open(1, 2)
    assert cleared == []
    Slice(t, 1).publish(doubles(1, 2, 3, 4))
    t.clear(1)
    assert cleared == [4 * 8]
    sequence, updates, generation, *rest = t.row(1).tolist()
    assert (t.values.tolist(), updates, any(rest)) == ([0.0] * 8, 0, False)
    assert (sequence, generation) == (4, 1), "neither begins anew"
    t.open(0, 2)
    Slice(t, 0).row[SEQUENCE] += 1  # killed in the middle of its very first write
    t.clear(0)
    assert cleared == [4 * 8] * 2


@pytest.mark.parametrize("killed", [False, True])
def test_the_sequence_only_grows_and_is_even_when_nobody_writes(killed: bool):
    t, seen = table(), [0]
    for generation in range(1, 4):
        t.open(0, 1)
        row = t.row(0)
        Slice(t, 0).publish(doubles(1, 2))
        row[SEQUENCE] += killed  # in the middle of the next one
        seen.append(row[SEQUENCE])
        t.mark(0, State.FAILED)
        t.clear(0)
        seen.append(row[SEQUENCE])
        assert row[SEQUENCE] % 2 == 0
        assert row[GENERATION] == generation
    assert seen == sorted(set(seen)), "never the same twice"
