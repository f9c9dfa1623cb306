"""The ring of copies: a frame that somebody keeps never changes, and nobody pays for more than
two when nobody keeps one."""

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pytest

from game.frame import Frame
from game.shared.table import STATE, State
from game.sources.own_table import LARGE, TableSource
from game.sources.ring import Ring
from tests.sources.test_own_table import Bench

SLOTS = 4
HELD = 10  # frames that are kept at once
READS = 1000

pytestmark = pytest.mark.parametrize("per_process", [1, LARGE // 16], ids=["small", "large"])


class Busy:
    """A table in which slots are written, cleared and handed on, as a seed decides."""

    def __init__(self, per_process: int, seed: int = 1) -> None:
        self.bench = Bench(per_process, SLOTS)
        self.reader: TableSource = self.bench.reader
        self.per_process = per_process
        self.random = Random(seed)
        self.now = 0.0
        self.value = 0.0

    def turn(self) -> Frame:
        """Do something to the table, and read it."""
        slot = self.random.randrange(SLOTS)
        part = self.bench.parts.get(slot)
        if part is None:
            self.bench.open(slot, self.random.randint(1, self.per_process))
            self.bench.parts[slot].row[STATE] = State.RUNNING
        elif self.random.random() < 0.2:
            self.bench.table.clear(slot)
            del self.bench.parts[slot]
        else:
            for _ in range(self.random.randint(0, 2)):
                self.value += 1
                self.bench.write(slot, *[self.value] * part.size)
        return self.read()

    def read(self) -> Frame:
        """Read the table, which nobody is writing to: what is shown is what it has."""
        self.now += 0.01
        frame = self.reader.read(self.now)
        assert (frame.values == self.reader._values.reshape(frame.values.shape)).all()
        return frame

    def copies(self) -> int:
        return len(self.reader._ring)


def columns(frame: Frame) -> dict[str, Any]:
    """Everything that a frame tells, by name."""
    return {name: value for name, value in vars(frame).items() if isinstance(value, np.ndarray)}


def test_a_held_frame_never_changes(per_process: int):
    busy = Busy(per_process)
    held: list[tuple[Frame, dict[str, Any]]] = []
    for _ in range(READS // 2):
        frame = busy.turn()
        held.append((frame, {name: value.copy() for name, value in columns(frame).items()}))
        if len(held) > HELD:  # any one of them, so that some are kept for long
            held.pop(busy.random.randrange(HELD))
        for kept, before in held:
            assert columns(kept).keys() == before.keys()
            assert all((value == before[name]).all() for name, value in columns(kept).items())
    assert busy.copies() <= HELD + 2


@pytest.mark.parametrize(
    "part",
    [
        lambda frame: frame.only(np.arange(len(frame.agents)) > 0),
        lambda frame: frame.next(now=9.0),
        lambda frame: frame.shown,
        lambda frame: frame.values.reshape(-1)[1:],
        lambda frame: memoryview(frame.values),
    ],
    ids=["only", "next", "shown", "a view", "a memoryview"],
)
def test_a_part_of_a_frame_holds_it_as_well(per_process: int, part: Callable[[Frame], Any]):
    busy = Busy(per_process)
    for slot in range(SLOTS):
        busy.bench.open(slot, per_process)
        busy.bench.write(slot, *[1.0 + slot] * 2 * per_process)
    kept = part(busy.read())
    values = kept.values if isinstance(kept, Frame) else kept
    before = np.array(values)
    assert before.any()
    for _ in range(20):
        busy.turn()
        assert (np.asarray(values) == before).all()


def test_a_frame_cannot_be_written_to(per_process: int):
    busy = Busy(per_process)
    frames = [busy.reader.frame, busy.read()]  # nobody has published yet
    frames += [busy.turn() for _ in range(50)]
    assert len(frames[-1].agents) > 0
    for frame in frames:
        views = {"shown": frame.shown, "a view": frame.values.reshape(-1)[1:]}
        for name, column in (columns(frame) | (views if len(frame.agents) else {})).items():
            if name == "shown" and not np.may_share_memory(column, frame.values):
                continue  # a copy, where agents are missing in between
            assert not column.flags.writeable, name
            with pytest.raises(ValueError, match="read-only"):
                column[...] = 0


def test_two_copies_are_enough_when_nobody_keeps_a_frame(per_process: int):
    busy = Busy(per_process)
    for _ in range(READS):
        busy.turn()
    assert busy.copies() == 2
    assert busy.reader.wild == 0, "nobody wrote what is not his"


def test_frames_that_are_let_go_leave_their_copies_to_others(per_process: int):
    busy = Busy(per_process)
    while not len(busy.turn().agents):  # the first frames show no copy: nobody has published
        pass
    held: list[Frame] = []
    while len({id(frame.values) for frame in held}) < HELD:
        held.append(busy.turn())
    most = busy.copies()
    assert HELD <= most <= HELD + 2
    del held
    for _ in range(READS):
        busy.turn()
    assert busy.copies() == most


def test_a_copy_that_was_held_is_not_taken_for_a_later_process_of_the_same_slot(per_process: int):
    """A process comes and goes while a copy with the row of the one before is held."""
    busy = Busy(per_process)
    bench = busy.bench

    def hand_on(slot: int, value: float) -> None:
        bench.table.clear(slot)
        busy.read()
        bench.open(slot, per_process)
        for written in (0.0, value):
            bench.write(slot, *[written] * 2 * per_process)

    hand_on(0, 1.0)
    hand_on(1, 1.0)
    first = busy.read()
    bench.write(1, *[2.0] * 2 * per_process)
    busy.read()  # of the first process still, into another copy
    hand_on(0, 5.0)
    busy.read()
    assert first.values[0, 0] == 1.0
    del first
    for turn in range(5):  # each of the copies comes to its turn
        bench.write(1, *[6.0 + turn] * 2 * per_process)
        assert busy.read().values[0, 0] == 5.0


def test_a_ring_hands_out_what_nobody_looks_at(per_process: int):
    rows, values = (SLOTS, 2 * per_process), (SLOTS * per_process, 2)
    ring = Ring(rows, values)
    one = ring.take()
    assert one.rows.shape == rows
    assert one.shown.shape == values
    assert ring.take() is one
    looks = one.shown
    other = ring.take()
    assert other is not one
    assert not np.may_share_memory(other.rows, looks)
    assert ring.take() is other
    assert len(ring) == 2
    del looks
    assert ring.take() is one
    assert len(ring) == 2
