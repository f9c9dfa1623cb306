"""A ring of copies: arrays that are allocated once and used in turn, so that a Frame never
changes while anybody holds it.

Fresh memory for each frame would cost tens of milliseconds at a million agents. So a copy is
used again, but only when nobody looks at it any more: Python counts who does.

Used by sources that copy what they read.
"""

import sys

import numpy as np

from game.frame import Floats, Integers


class Copy:
    """Room for one copy of a table's values, and what it holds at this moment."""

    def __init__(self, rows: tuple[int, ...], values: tuple[int, ...]) -> None:
        self._base: Floats = np.zeros(values)
        self._shape = rows
        self.accepted: Integers = np.zeros(rows[0], np.int64)  # which row of each slot; -1: none
        self.used = 0  # slots from there on are all 0

    @property
    def rows(self) -> Floats:
        """All of it as a row for each slot, writable."""
        return self._base.reshape(self._shape)

    @property
    def shown(self) -> Floats:
        """All of it as (agents, fields), for a Frame, which makes it read-only."""
        return self._base.view()

    @property
    def holders(self) -> int:
        """How many look at it: every view of an array refers to it, and so does a view's view."""
        return sys.getrefcount(self._base)


class Ring:
    """Copies of one shape: usually two, one more for each frame that somebody keeps."""

    def __init__(self, rows: tuple[int, ...], values: tuple[int, ...]) -> None:
        """`rows` is the shape (slots, values of each), `values` (agents, fields)."""
        self._shapes = rows, values
        self._copies: list[Copy] = []
        self._unseen = Copy((1, 1), (1, 1)).holders

    def take(self) -> Copy:
        """A copy that no frame shows."""
        for copy in self._copies:
            if copy.holders == self._unseen:
                return copy
        self._copies.append(Copy(*self._shapes))
        return self._copies[-1]

    def __len__(self) -> int:
        """How many copies there are."""
        return len(self._copies)
