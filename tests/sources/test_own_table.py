"""The reader, with no process at all: what it accepts, keeps and notes."""

import multiprocessing
import tracemalloc
from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from game.frame import INTERVAL, Floats, Integers
from game.shared.table import (
    AGENTS,
    GENERATION,
    PACE,
    ROW,
    SEQUENCE,
    STATE,
    UPDATES,
    Slice,
    State,
    Table,
)
from game.sources.own_table import LARGE, TableSource
from game.sources.resting import SAMPLED, SEEN
from game.sources.ring import Copy
from tests.conftest import calls

SPAWN = multiprocessing.get_context("spawn")


class Bench:
    """A table of four slots with a reader, and a writer for each slot that is open."""

    def __init__(self, per_process: int = 1, slots: int = 4) -> None:
        self.table = Table(SPAWN, {"x": "m", "y": "m"}, slots * per_process, per_process)
        self.reader = TableSource(self.table)
        self.parts: dict[int, Slice] = {}

    def open(self, slot: int, agents: int = 1) -> None:
        self.table.open(slot, agents)
        self.parts[slot] = Slice(self.table, slot)

    def write(self, slot: int, *values: float) -> None:
        self.parts[slot].publish(memoryview(array("d", values)))


def test_an_agent_appears_with_its_first_row():
    b = Bench()
    b.open(2)
    assert b.reader.read(1.0).agents.tolist() == []
    b.write(2, 3.0, 4.0)
    frame = b.reader.read(2.0)
    assert frame.agents.tolist() == [2]
    assert (frame["x"].tolist(), frame["y"].tolist()) == ([3.0], [4.0])
    assert (frame.first[2], frame.changed[2], frame.interval[2]) == (2.0, 2.0, INTERVAL)


@pytest.mark.parametrize("per_process", [1, LARGE // 16])
def test_a_slot_that_was_cleared_shows_what_the_array_has(per_process: int):
    b = Bench(per_process)
    for frame in range(5):
        for slot in (0, 3):
            if not frame:
                b.open(slot, per_process)
            b.write(slot, *[1.0 + frame] * 2 * per_process)
        b.reader.read(float(frame))
    b.table.clear(3)
    for frame in range(5, 8):
        b.write(0, *[1.0 + frame] * 2 * per_process)
        frame = b.reader.read(float(frame))
        assert not frame.values[3 * per_process :].any()
    assert frame.values[:per_process].min() == 8.0


@pytest.mark.parametrize("agents", [1, LARGE // 16])
def test_what_was_half_written_before_the_first_whole_row_is_nowhere_in_the_frame(agents: int):
    b = Bench(per_process=agents, slots=2)
    for slot in range(2):
        b.open(slot, agents)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    for turn in range(3):
        b.write(1, *[1.0 + turn] * (2 * agents))
        frame = b.reader.read(float(turn))
        assert frame.agents.tolist() == list(range(agents, 2 * agents))
        assert not frame.values[:agents].any()
        assert (frame.values[agents:] == 1.0 + turn).all()


def test_a_half_written_row_keeps_the_one_before():
    b = Bench()
    b.open(0)
    b.write(0, 1, 2)
    b.reader.read(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    frame = b.reader.read(2.0)
    assert frame.values[0].tolist() == [1, 2]
    assert not frame.fresh[0]
    assert b.reader.rejected == 1
    b.parts[0]._values[1] = 98.0
    b.parts[0].row[SEQUENCE] += 1
    assert b.reader.read(3.0).values[0].tolist() == [99, 98]
    assert b.reader.shown_torn == 0


def test_the_kept_row_stays_kept_for_as_long_as_the_writer_is_stuck():
    b = Bench()
    b.open(0)
    b.write(0, 1, 2)
    b.reader.read(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    for frame in range(5):
        assert b.reader.read(2.0 + frame).values[0].tolist() == [1, 2]
    assert b.reader.rejected == 5


def test_fresh_rows_and_their_times():
    b = Bench()
    b.open(0)
    b.open(1)
    b.write(0, 1, 1)
    b.write(1, 1, 1)
    b.reader.read(1.0)
    b.write(1, 2, 2)
    frame = b.reader.read(1.25)
    assert frame.fresh.tolist() == [False, True, False, False]
    assert frame.changed[:2].tolist() == [1.0, 1.25]
    assert frame.interval[1] == 0.25
    assert not b.reader.read(1.5).fresh.any()


def test_a_silence_that_is_reset_leaves_what_was_measured():
    b = Bench()
    b.open(0)
    b.open(1)
    for turn in range(6):
        b.write(0, 1, turn)
        b.write(1, 1, turn)
        b.reader.read(1 + turn / 10)
    period, interval = b.reader.frame.period[0], b.reader.frame.interval[0]
    for now in (2.0, 5.0, 9.0):
        b.reader.reset_silence(now)
        frame = b.reader.read(now)
    assert frame.age.tolist() == [0.0, 0.0]
    assert frame.changed[:2].tolist() == [1.5, 1.5]
    b.write(0, 1, 9)
    frame = b.reader.read(9.01)
    assert (frame.period[0], frame.interval[0]) == (period, interval)
    assert frame.changed[:2].tolist() == [9.01, 1.5]
    b.write(0, 1, 10)
    assert b.reader.read(9.11).interval[0] == pytest.approx(0.1)


def test_updates_are_counted_over_all_movers_that_ever_were():
    b = Bench()
    b.open(0)
    for n in range(3):
        b.write(0, n, n)
    b.reader.read(1.0)
    b.table.clear(0)
    assert b.reader.read(2.0).agents.tolist() == []
    b.open(0)
    b.write(0, 5, 5)
    frame = b.reader.read(3.0)
    assert (b.reader.updates, frame.updates[0], frame.first[0]) == (4, 1, 3.0)


def test_agents_of_a_slot_and_the_dead_among_them():
    b = Bench(per_process=3)
    b.open(0, 3)
    b.open(2, 2)
    b.write(0, *range(6))
    b.write(2, *range(4))
    b.table.mark(2, State.FAILED)
    frame = b.reader.read(1.0)
    assert frame.agents.tolist() == [0, 1, 2, 6, 7]
    assert frame.slots_shown.tolist() == [0, 0, 0, 2, 2]
    assert frame.dead.tolist() == [False, False, False, True, True]
    assert frame["y"].tolist() == [1, 3, 5, 1, 3]


def test_a_read_copies_nothing_agent_by_agent(monkeypatch: pytest.MonkeyPatch):
    """A frame reads rows one at a time only where they were caught half-written."""
    b = Bench(slots=500)
    for slot in range(500):
        b.open(slot)
        b.write(slot, slot, slot)
        b.parts[slot].row[STATE] = State.RUNNING
    single: list[int] = []
    read_again = b.reader._read_again

    def noting(copy: Copy, slot: int, control: Integers) -> bool:
        single.append(slot)
        return read_again(copy, slot, control)

    monkeypatch.setattr(b.reader, "_read_again", noting)
    b.parts[7].row[SEQUENCE] += 1
    b.reader.read(1.0)
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
    monkeypatch.setattr("game.sources.own_table.fence", lambda: next(writing, None))


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
    b.reader.read(1.0)
    b.write(0, *[2.0] * (2 * agents))
    written_while_copied(monkeypatch, b.parts[of], 3.0)
    for now in (2.0, 3.0):
        frame = b.reader.read(now)
        rows = frame.values.reshape(2, -1)
        assert (rows == rows[:, :1]).all()
        # What is shown and what is told of it are always the same row.
        assert (rows[of, 0] == 3.0) == (frame.updates[of] == (3 if of == 0 else 2))
    assert rows[of, 0] == 3.0
    assert b.reader.updates == frame.updates.sum()
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
        assert (b.reader.read(turn).values.reshape(3, -1) == shown).all()


def test_a_large_slot_is_caught_up_after_once(monkeypatch: pytest.MonkeyPatch):
    agents = LARGE // 16
    b = Bench(per_process=agents, slots=3)
    caught_up: list[int] = []
    copy = np.copyto

    def noting(to: Floats, source: Floats, **more: Any) -> None:
        if source.nbytes == 16 * agents and not np.shares_memory(source, b.reader._values):
            caught_up.append((to.ctypes.data - to.base.ctypes.data) // to.nbytes)
        copy(to, source, **more)

    monkeypatch.setattr("game.sources.own_table.np.copyto", noting)
    for slot in range(3):
        b.open(slot, agents)
        b.write(slot, *np.full(2 * agents, 7.0))
    b.reader.read(0)
    for turn in range(1, 6):  # only the first one moves
        b.write(0, *np.full(2 * agents, turn))
        b.reader.read(turn)
    assert caught_up == [1, 2]


def test_what_a_large_slot_left_half_copied_is_never_shown(monkeypatch: pytest.MonkeyPatch):
    """Caught when nothing else had moved, and still being written when its neighbour is read."""
    agents = LARGE // 16
    b = Bench(per_process=agents, slots=2)
    for slot in range(2):
        b.open(slot, agents)
        b.write(slot, *[1.0] * (2 * agents))
    b.reader.read(1.0)
    b.write(1, *[1.0] * (2 * agents))
    b.reader.read(1.5)  # slot 0 has caught up in both copies
    b.write(0, *[2.0] * (2 * agents))
    part = b.parts[0]

    def write_half() -> None:
        part.row[SEQUENCE] += part.row[SEQUENCE] % 2 == 0
        part._values[:agents] = memoryview(array("d", [3.0] * agents))

    monkeypatch.setattr("game.sources.own_table.fence", write_half)
    b.reader.read(2.0)
    b.write(1, *[4.0] * (2 * agents))
    rows = b.reader.read(3.0).values.reshape(2, -1)
    assert (rows[0] == 1.0).all()
    assert (rows[1] == 4.0).all()


def test_a_large_slot_caught_in_the_middle_of_a_write_costs_no_copy():
    agents = LARGE // 16
    b = Bench(per_process=agents)
    b.open(0, agents)
    b.write(0, *[1.0] * (2 * agents))
    b.reader.read(1.0)
    b.parts[0].row[SEQUENCE] += 1
    b.parts[0]._values[0] = 99.0
    for frame in range(3):
        assert (b.reader.read(2.0 + frame).values[:agents] == 1).all()
    assert b.reader.rejected == 3
    b.table.mark(0, State.FAILED)
    assert (b.reader.read(5.0).values[:agents] == 1).all()
    assert b.reader.rejected == 3
    assert b.reader.shown_torn == 0


@pytest.mark.parametrize("per_process", [1, 500, 50_000])
def test_a_read_takes_no_memory_per_agent(per_process: int):
    """However many agents: what it takes for itself is a few numbers for each slot."""
    agents = 100_000
    b = Bench(per_process, agents // per_process)
    control = b.reader._control
    control[AGENTS], control[STATE] = per_process, State.RUNNING
    taken = []
    for moved in (True, True, False):  # the first one lists the agents, and makes a copy of them
        control[SEQUENCE] += 2 * moved
        control[UPDATES] += moved
        tracemalloc.start()
        b.reader.read(1.0)
        taken.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert taken[0] > 8 * agents
    assert max(taken[1:]) < 20_000 + 8 * 20 * b.table.slots
    assert taken[2] < 20_000 + 8 * 8 * b.table.slots


@pytest.mark.parametrize("moved", [False, True])
def test_a_read_makes_as_many_calls_for_many_as_for_few(moved: bool):
    made = set()
    for slots in (10, 1_000, 20_000):
        b = Bench(slots=slots)
        control = b.reader._control
        control[AGENTS], control[STATE] = 1, State.RUNNING
        for turn in range(3):
            control[SEQUENCE] += 2
            control[UPDATES] += 1
            b.reader.read(turn)
        control[SEQUENCE] += 2 * moved
        control[UPDATES] += moved
        made.add(calls(lambda b=b: b.reader.read(9.0)))
    assert len(made) == 1
    assert made.pop() < 100


def test_a_slot_tells_how_many_agents_its_process_drives_before_it_has_written():
    b = Bench(per_process=4)
    b.open(1, 3)
    assert b.reader.read(1.0).driven.tolist()[1] == 3


@pytest.mark.parametrize("per_process", [1, LARGE // 16])
def test_a_slot_that_was_handed_on_between_two_frames_begins_anew(per_process: int):
    """Though the second process has written as often as the first one."""
    b = Bench(per_process)
    for turn, value in ((1.0, 7.0), (2.0, 9.0)):
        if turn == 2.0:
            b.table.clear(0)
        b.open(0, per_process)
        b.write(0, *[value] * 2 * per_process)
        frame = b.reader.read(turn)
        assert frame.updates[0] == 1
        assert (frame.first[0], bool(frame.fresh[0])) == (turn, True)
        assert (frame.values[:per_process] == value).all()
    assert b.reader.updates == 2


def test_a_large_slot_that_was_caught_in_the_middle_of_a_write_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
):
    agents = LARGE // 16
    b = Bench(per_process=agents)
    b.open(0, agents)
    b.write(0, *[1.0] * (2 * agents))
    b.reader.read(1.0)
    copy, writes = np.copyto, [2.0, 3.0]

    def written_meanwhile(to: Floats, source: Floats, **more: Any) -> None:
        copy(to, source, **more)
        if np.shares_memory(source, b.reader._values) and writes:
            b.write(0, *[writes.pop(0)] * (2 * agents))

    monkeypatch.setattr("game.sources.own_table.np.copyto", written_meanwhile)
    b.write(0, *[1.5] * (2 * agents))
    frame = b.reader.read(2.0)
    assert (frame.values[:agents] == 3.0).all(), "the third try was whole"
    assert (frame.updates[0], b.reader.rejected) == (4, 0)
    assert b.reader.read(3.0) is not frame
    assert not b.reader.frame.fresh.any(), "it has the newest row already"


# Rows that somebody else writes to.

LOOKS = {1: 1, LARGE // 16: 2, 3 * SAMPLED // 2: 2 * 3}  # frames in which all of two slots are seen


@pytest.mark.parametrize("per_process", LOOKS)
@pytest.mark.parametrize("value", [5.0, float("nan"), -0.0])
def test_a_row_that_changes_while_its_sequence_rests_is_found_and_marked(
    per_process: int, value: float
):
    b = Bench(per_process, slots=2)
    for slot in range(2):
        b.open(slot, per_process)
        b.write(slot, *[0.0] * 2 * per_process)
    for turn in range(2 * LOOKS[per_process]):
        assert not b.reader.read(turn).wild.any()
    b.table.values[-1] = value
    for _ in range(LOOKS[per_process]):
        frame = b.reader.read(9.0)
    assert frame.wild.tolist() == [0, 1]
    assert b.reader.figures() == {"rows_wild": 1, "slots_wild": [1]}
    for _ in range(2 * LOOKS[per_process]):  # a row counts once, however often it changes
        b.table.values[-1] = value
        value += 1.0
        assert b.reader.read(9.0).wild.tolist() == [0, 1]
    b.write(1, *[0.0] * 2 * per_process)
    for _ in range(2 * LOOKS[per_process]):
        b.reader.read(9.0)
    assert b.reader.wild == 1
    b.table.values[-1] = -1.0
    for _ in range(LOOKS[per_process]):
        frame = b.reader.read(9.0)
    assert (frame.wild.tolist(), b.reader.wild) == ([0, 2], 2)


def test_a_slot_that_is_handed_on_has_no_marks_of_the_one_before():
    b = Bench()
    b.open(0)
    b.write(0, 1, 2)
    b.reader.read(1.0)
    b.table.values[0] = 9.0
    assert b.reader.read(2.0).wild[0] == 1
    b.table.clear(0)
    b.open(0)
    b.write(0, 1, 2)
    assert b.reader.read(3.0).wild[0] == 0
    assert b.reader.figures() == {"rows_wild": 1, "slots_wild": []}


@pytest.mark.parametrize("state", [State.STARTING, State.RUNNING, State.FAILED, State.DONE])
def test_it_is_found_whatever_became_of_the_process(state: State):
    b = Bench()
    b.open(1)
    b.table.mark(1, state)
    b.reader.read(1.0)
    b.table.slice(1)[0] = 7.0
    assert b.reader.read(2.0).wild.tolist() == [0, 1, 0, 0]


def test_of_more_slots_than_are_seen_in_a_frame_each_comes_to_its_turn():
    slots = 3 * SEEN + 7
    b = Bench(slots=slots)
    control = b.reader._control
    control[AGENTS], control[STATE], control[SEQUENCE], control[UPDATES] = 1, 2, 2, 1
    around = 2 * 4
    for turn in range(around):
        assert not b.reader.read(turn).wild.any()
    b.table.values[:] = memoryview(array("d", [3.0] * 2 * slots))
    for turn in range(around):
        frame = b.reader.read(turn)
    assert frame.wild.all()
    assert b.reader.wild == slots


def test_of_one_who_goes_on_something_is_found_also_where_all_rows_move():
    slots = 3 * SEEN + 7
    b = Bench(slots=slots)
    control = b.reader._control
    control[AGENTS], control[STATE] = 1, State.RUNNING
    for turn in range(20):
        if turn % 3 == 0:
            control[SEQUENCE] += 2
            control[UPDATES] += 1
        b.table.values[-1] = float(turn)
        frame = b.reader.read(turn)
    assert frame.wild[-1] > 0
    assert not frame.wild[:-1].any()


@pytest.mark.parametrize("agents", [1, LARGE // 16])
@pytest.mark.parametrize("of", [0, 1])
def test_a_row_that_its_owner_is_writing_is_not_taken_for_one(
    monkeypatch: pytest.MonkeyPatch, agents: int, of: int
):
    b = Bench(per_process=agents, slots=2)
    for slot in range(2):
        b.open(slot, agents)
        b.write(slot, *[1.0] * (2 * agents))
    for turn in range(4):
        b.reader.read(turn)
    written_while_copied(monkeypatch, b.parts[of], 3.0)
    for turn in range(8):
        b.reader.read(turn)
    assert b.reader.wild == 0


def test_where_elements_are_written_one_by_one_nobody_is_blamed():
    b = Bench()
    b.reader.frame = b.reader.frame.next(element_wise=True)
    b.open(0)
    b.write(0, 1, 2)
    for turn in range(5):
        b.table.values[0] = float(turn)
        b.reader.read(turn)
    assert b.reader.wild == 0


@pytest.mark.parametrize("per_process", [1, LARGE // 16])
def test_a_read_survives_any_content_at_all(per_process: int):
    b = Bench(per_process)
    chance = np.random.default_rng(1)
    extremes = np.array([0, 1, 2, -1, 77, 2**63 - 1, -(2**63)])
    control = np.frombuffer(b.table.shared.control, np.int64).reshape(-1, ROW)
    values = np.frombuffer(b.table.shared.values, np.int64)
    for turn in range(300):
        control[:] = chance.choice(extremes, control.shape)
        control[0, PACE] = chance.choice([0, 1, 1000, -5])
        control[1:, GENERATION] = turn // 2
        values[::7] = chance.integers(-(2**63), 2**63 - 1, values[::7].shape)
        frame = b.reader.read(float(turn))
        assert len(frame.agents) <= b.table.capacity
        assert frame.values.shape == (b.table.capacity, 2)
        assert (frame.silence, frame.silent, frame.dead) is not None
