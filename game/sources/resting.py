"""Rows that change while their sequence number rests: somebody else has written to them.

Made and asked by the table's source, once a frame.
"""

import numpy as np

from game.frame import Floats, Integers
from game.shared.fence import fence

SAMPLED = 16_384  # values that are compared in a frame, to see whether they rest
SEEN = 1024  # slots of them, at most
OR = np.logical_or.reduce
count = np.count_nonzero  # of flags: in a fifth of the time that any() takes for few of them
NOBODY: Integers = np.zeros(0, np.int64)


class Resting:
    """Looks at rows whose sequence number rests: their values rest as well, or are wild.

    In each frame some rows are compared with what they were when they were looked at last, each
    in two frames on end: so what rests is found within twice as many frames as it takes to go
    around, SAMPLED values or SEEN slots at a time, and of what moves whatever falls between the
    two. Of up to SEEN small slots that is every frame, of 10,000 it takes 0.3 s at 60 frames a
    second, of a million agents in large slots 2 s. A row counts once, however often it changes.
    """

    def __init__(self, sequence: Integers, values: Floats, large: bool) -> None:
        """Live views of the shared memory: (slots,), and (slots, values of each)."""
        slots, width = values.shape
        self._sequence, self._values = sequence, values.view(np.int64)  # bits: nan equals itself
        self._pieces = -(-width // SAMPLED)  # of a large slot, one in a frame
        self._frames = 0
        self._found = np.full(slots, -1)  # the row of each slot that was found last
        # Of small slots alone:
        self._rows = 0 if large else max(1, min(SEEN, SAMPLED // width))  # in a frame
        self._kept = np.zeros(values.shape if self._rows else (0, 0), np.int64)  # as looked at last
        self._known = np.zeros(slots, np.int64)  # which row that was
        self._copy = np.zeros((self._rows, width), np.int64)
        self._differs = np.zeros((self._rows, width), np.bool_)

    def look(self, used: int) -> Integers:
        """Look at the next ones of the `used` slots; returns those with a row that was changed."""
        looks = max(1, -(-used // self._rows))
        first = self._frames // 2 % looks * self._rows
        self._frames += 1
        part = slice(first, min(first + self._rows, used))
        rows = part.stop - first
        sequence, known = self._sequence[part], self._known[part]
        copy, differs = self._copy[:rows], self._differs[:rows]
        before = sequence.copy()
        fence()
        copy[:] = self._values[part]
        fence()
        moved = (before != sequence) | (before & 1)
        np.not_equal(copy, self._kept[part], out=differs)
        wild = OR(differs, axis=1) & (before == known) & (moved == 0)
        self._kept[part] = copy
        known[:] = before  # where it was written meanwhile, it is another one the next time
        return self._new(first + np.flatnonzero(wild)) if count(wild) else NOBODY

    def look_at_piece(self, shown: Floats, noted: Integers, used: int) -> Integers:
        """The same, of one piece of a large slot: `shown` is what was accepted as row `noted`."""
        if not used:
            return NOBODY
        slot, piece = divmod(self._frames % (used * self._pieces), self._pieces)
        self._frames += 1
        part = slice(piece * SAMPLED, (piece + 1) * SAMPLED)
        rests = np.array_equal(self._values[slot, part], shown.view(np.int64)[slot, part])
        fence()  # the number only grows: if it is the same now, it was so all the time
        if rests or noted[slot] != self._sequence[slot]:
            return NOBODY
        return self._new(np.array([slot]))

    def _new(self, slots: Integers) -> Integers:
        """Those of some slots whose row was not found before."""
        sequence = self._sequence[slots]
        new: Integers = slots[sequence != self._found[slots]]
        self._found[slots] = sequence
        return new
