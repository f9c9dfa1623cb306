"""Copies: whole, a part a frame, and caught in the middle of writing."""

import numpy as np
import pytest

from game.sources import copies
from game.sources.copies import Copies


class Memory:
    """Memory that somebody writes into between two reads."""

    def __init__(self, data: np.ndarray) -> None:
        self.data = data.view(np.uint8)
        self.between = lambda: None  # is called after every read

    def read(self, into: np.ndarray, offset: int) -> int:
        found = self.data[offset : offset + len(into)]
        into[: len(found)] = found
        self.between()
        return len(found)


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(copies, "PART", 16)


def test_a_small_array_is_copied_whole_each_time():
    memory = Memory(np.arange(10.0))
    made = Copies(memory, 16, 24)
    assert made.go_on().view(np.float64).tolist() == [2.0, 3.0, 4.0]
    memory.data.view(np.float64)[3] = 7.0
    assert made.go_on().view(np.float64).tolist() == [2.0, 7.0, 4.0]
    assert (made.number, made.mid_write) == (2, 0)


def test_a_large_array_takes_several_frames(small_parts):
    made = Copies(Memory(np.arange(5.0)), 0, 40)
    assert made.go_on() is None
    assert made.go_on() is None
    assert made.go_on().view(np.float64).tolist() == [0.0, 1.0, 2.0, 3.0, 4.0]
    assert made.number == 1


def test_a_copy_that_somebody_wrote_into_is_counted_once(small_parts):
    memory = Memory(np.arange(5.0))
    made = Copies(memory, 0, 40)

    def write() -> None:
        memory.data[0] += 1

    memory.between = write  # twice in the first part
    made.go_on()
    memory.between = lambda: None
    made.go_on()
    made.go_on()
    assert (made.number, made.mid_write) == (1, 1)
    for _ in range(3):
        made.go_on()
    assert (made.number, made.mid_write) == (2, 1)


def test_a_copy_never_changes_while_somebody_holds_it():
    memory = Memory(np.zeros(4))
    made = Copies(memory, 0, 32)
    kept = [made.go_on().view(np.float64)]
    for number in range(1, 5):
        memory.data.view(np.float64)[:] = number
        kept.append(made.go_on().view(np.float64))
    assert [copy[0] for copy in kept] == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="read-only"):
        kept[0][0] = 9
    del kept
    for _ in range(10):
        made.go_on()
    assert len(made._bases) == 5, "what nobody holds is used again"


def test_memory_that_is_cut_short_gives_no_copy():
    memory = Memory(np.zeros(4))
    made = Copies(memory, 0, 32)
    memory.data = memory.data[:20]
    assert made.go_on() is None
    assert made.short
    memory.data = np.zeros(32, np.uint8)
    assert made.go_on() is not None, "it has its length again"
    assert not made.short
