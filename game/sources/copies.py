"""Copies: one array of somebody's memory, copied again and again.

A copy takes as many frames as its size asks for, a part in each. Each part is read twice at
once: where the two differ, somebody was in the middle of writing. More than that cannot be known
of memory without sequence numbers.

    memory ──read──> part ──read again──> the same? ──> copy, whole after the last part

Used by sources that watch.
"""

import sys
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

PART = 4 << 20  # [bytes] at most in one frame, twice: 2 to 3 ms

Bytes = NDArray[np.uint8]


class Readable(Protocol):
    """What can be read from any place on."""

    def read(self, into: Any, offset: int) -> int:
        """Fill a buffer from `offset` [bytes] on; returns how many bytes there were."""


class Copies:
    """Whole copies of `size` bytes, one after the other."""

    def __init__(self, memory: Readable, offset: int, size: int) -> None:
        self._memory, self._offset, self._size = memory, offset, size
        self._bases: list[Bytes] = []
        self._again = np.empty(min(PART, size), np.uint8)
        self._base: Bytes | None = None  # that is being filled
        self._at = 0  # [bytes] of it are filled
        self._caught = False  # somebody was writing in the one that is being filled
        self.number = 0  # whole copies so far
        self.mid_write = 0  # of them, those that somebody wrote into meanwhile
        self.short = False  # the memory has become shorter than the array

    def go_on(self) -> Bytes | None:
        """Read one more part; the whole copy, read-only, when that was the last one."""
        base = self._take() if self._base is None else self._base
        end = min(self._at + PART, self._size)
        part, again = base[self._at : end], self._again[: end - self._at]
        place = self._offset + self._at
        both = self._memory.read(part, place) + self._memory.read(again, place)
        self.short = both < 2 * len(part)
        if self.short:
            return None
        self._caught = self._caught or not np.array_equal(part, again)
        self._at = end
        if end < self._size:
            self._base = base
            return None
        self.number += 1
        self.mid_write += self._caught
        self._base, self._at, self._caught = None, 0, False
        shown = base.view()
        shown.flags.writeable = False
        return shown

    def _take(self) -> Bytes:
        """A buffer that no frame shows: Python counts who looks at it."""
        for number in range(len(self._bases)):
            # The list's own, and the argument.
            if sys.getrefcount(self._bases[number]) <= UNSEEN:
                return self._bases[number]
        self._bases.append(np.empty(self._size, np.uint8))
        return self._bases[-1]


def _unseen() -> int:
    """What getrefcount says of an array that a list alone holds."""
    held = [np.empty(1, np.uint8)]
    return sys.getrefcount(held[0])


UNSEEN = _unseen()
