"""The statistics: what is remembered of each element, from one look to the next.

    look ──a slice in each frame──> counts, last, least, most          of each element
                                    low, high, newest, changes, ...    of each block of elements

An array of half a million elements or fewer takes one frame, of ten million twenty: no frame
waits. Looks that come meanwhile are left out. Blocks are what views draw of very many elements.
A change is a difference between two looks: of two writes between them one is seen, and none
where the bytes stay the same.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.scenes.watch.elements import Elements, Numbers, same_kind
from game.view.memory import Memory

A_FRAME = 500_000  # elements that are compared in one frame at the most, or nearly
AT_ONCE = 2**15  # of them in each step: what fits into a core's own cache
MOST_BLOCKS = 2**19
FARTHEST = 1e300  # of a range: the difference of two numbers must still be one
NEVER = -np.inf  # [s] when an element changed that did not
BITS = {1: np.uint8, 2: np.uint16, 4: np.uint32, 8: np.uint64}  # by bytes: as what is compared

Seconds = NDArray[np.float32]  # since the statistics began


class Statistics(Memory):
    """What has been seen of the elements (n,) of one array, and of their blocks (blocks,)."""

    REMEMBERS = (
        *("elements", "begun", "number", "passes", "counts", "last", "least", "most", "per"),
        *("low", "high", "newest", "changes", "written", "nans", "changed", "range"),
        *("_before", "_next", "_done"),
    )

    def reset(self) -> None:
        """Forget everything."""
        self.elements: Elements | None = None  # of the last look that was gone through whole
        self.begun = 0.0  # [s] when the statistics began; other times count from then on
        self.number = -1  # of the look that was begun with last
        self.passes = 0  # looks that were gone through
        self.range: tuple[float, float] | None = None  # of all values then, as far as finite
        self.changed = 0  # elements found to have changed in the frame that was followed last
        self.per = 1  # elements in a block
        self._before: Elements | None = None  # the look before
        self._next: Elements | None = None  # the look that is being gone through
        self._done = 0  # elements of it so far
        self._make(np.zeros(0))

    def _make(self, flat: Numbers) -> None:
        """Make room for what is remembered of so many elements."""
        n = len(flat)
        while n > self.per * MOST_BLOCKS:
            self.per *= 2
        blocks = -(-n // self.per)
        self.counts: NDArray[np.uint32] = np.zeros(n, np.uint32)
        self.last: Seconds = np.empty(n, np.float32)  # these three are filled by the first look
        self.least: Numbers = np.empty(n, flat.dtype)
        self.most: Numbers = np.empty(n, flat.dtype)
        # Of a block: the values it has now, when one of it changed last, how often any did, how
        # many were ever written, how many are no number.
        self.low: Numbers = np.zeros(blocks, flat.dtype)
        self.high: Numbers = np.zeros(blocks, flat.dtype)
        self.newest: Seconds = np.full(blocks, NEVER, np.float32)
        self.changes: NDArray[np.int64] = np.zeros(blocks, np.int64)
        self.written: NDArray[np.int32] = np.zeros(blocks, np.int32)
        self.nans: NDArray[np.int32] = np.zeros(blocks, np.int32)

    @property
    def under_way(self) -> bool:
        """Whether a look is being gone through."""
        return self._next is not None

    def follow(self, elements: Elements, number: int, now: float) -> bool:
        """Begin with look `number` if it is new, or go on with the one before it, at `now` [s].

        Returns whether one was brought to its end.
        """
        if not same_kind(self._next or self.elements, elements):
            self.reset()
            self.begun = now
        self.changed = 0
        if self._next is None and number != self.number:
            self.number, self._done = number, 0
            self._before, self._next = self.elements, elements
            if self._before is None:
                self._make(elements.flat)
        return self._next is not None and self._go_on(self._next, now)

    def _go_on(self, elements: Elements, now: float) -> bool:
        step = max(self.per, AT_ONCE)  # both are powers of two
        end = min(self._done + -(-A_FRAME // step) * step, elements.many)
        for first in range(self._done, end, step):
            self._take(elements.flat, slice(first, min(first + step, end)), now)
        self._done = end
        if end < elements.many:
            return False
        self.elements, self._before, self._next = elements, None, None
        self.range = finite_range(self.low, self.high)
        self.passes += 1
        return True

    def _take(self, flat: Numbers, part: slice, now: float) -> None:
        """Take in a part of a look, which begins and ends with a block."""
        values = flat[part]
        blocks = slice(part.start // self.per, -(-part.stop // self.per))
        if self._before is None:
            self.last[part], self.least[part], self.most[part] = NEVER, values, values
        else:
            changed = differ(values, self._before.flat[part])
            many = int(np.count_nonzero(changed))
            if not many:
                return
            self.changed += many
            self.counts[part] += changed
            np.copyto(self.last[part], np.float32(now - self.begun), where=changed)
            np.fmin(self.least[part], values, out=self.least[part])
            np.fmax(self.most[part], values, out=self.most[part])
            self.changes[blocks] += self._of_blocks(np.add, changed, np.int64)
        self.newest[blocks] = self._of_blocks(np.maximum, self.last[part])
        self.low[blocks] = self._of_blocks(np.fmin, values)
        self.high[blocks] = self._of_blocks(np.fmax, values)
        ever = (self.counts[part] > 0) | (values != 0)
        self.written[blocks] = self._of_blocks(np.add, ever, np.int32)
        if values.dtype.kind == "f":
            self.nans[blocks] = self._of_blocks(np.add, np.isnan(values), np.int32)

    def _of_blocks(self, how: np.ufunc, values: Numbers, dtype: Any = None) -> Numbers:
        """What is known of each block, from that of its elements."""
        whole = len(values) // self.per * self.per
        found = values[:whole] if dtype is None else values[:whole].astype(dtype)
        per = self.per
        while per > 1:  # by halves, which is ten times as fast as block by block
            found, per = how(found[::2], found[1::2]), per // 2
        if whole == len(values):
            return found
        return np.append(found, how.reduce(values[whole:], dtype=dtype))

    # Asked of it.

    @property
    def never_written(self) -> int:
        """Elements that are zero, and have been ever since."""
        return len(self.counts) - int(self.written.sum())

    @property
    def extremes(self) -> tuple[int, int] | None:
        """The elements that are the least and the most at this moment; None: there is no number."""
        if self.elements is None or not len(self.counts):
            return None
        flat, found = self.elements.flat, []
        for values, best in ((self.low, np.nanargmin), (self.high, np.nanargmax)):
            if values.dtype.kind == "f" and np.isnan(values).all():
                return None
            first = int(best(values)) * self.per
            found.append(first + int(best(flat[first : first + self.per])))
        return found[0], found[1]

    def busiest(self, many: int) -> list[int]:
        """The elements that changed most often, the first ones where several did so as often.

        Of elements in blocks, one of each block.
        """
        changes = self.changes
        many = min(many, len(changes))
        if not many:
            return []
        bound = np.partition(changes, len(changes) - many)[len(changes) - many]
        found = np.flatnonzero(changes > bound)
        found = np.concatenate((found, np.flatnonzero(changes == bound)[: many - len(found)]))
        found = found[np.lexsort((found, -changes[found]))].tolist()
        firsts = [block * self.per for block in found]
        return [first + int(self.counts[first : first + self.per].argmax()) for first in firsts]


def differ(one: Numbers, other: Numbers) -> NDArray[np.bool_]:
    """Which numbers have other bytes: a nan is the same as itself, and -0.0 is not 0.0."""
    bits = BITS[one.dtype.itemsize]
    found: NDArray[np.bool_] = one.view(bits) != other.view(bits)
    return found


def finite_range(low: NDArray[np.generic], high: NDArray[np.generic]) -> tuple[float, float] | None:
    """The least and the most of what is finite; None where nothing is."""
    ends = []
    for values, of in ((low, np.min), (high, np.max)):
        if values.dtype.kind == "f":
            values = values[np.isfinite(values)]
        if not values.size:
            return None
        ends.append(min(max(float(of(values)), -FARTHEST), FARTHEST))
    return ends[0], max(ends)
