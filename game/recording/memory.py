"""The tape in memory: the messages of the last seconds, in one ring of bytes.

The ring is reserved once: the system gives it pages as they are written, and no fresh ones once
it has gone around. Written by the recorder's thread, read by the session.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from threading import Lock
from typing import Any, NamedTuple

import numpy as np

from game.recording.changes import Buffer
from game.recording.tape import Mark

LARGEST = 1 / 50  # of the ring, that a message may take


class Kept(NamedTuple):
    """Where a message stands."""

    time: float  # [s]
    start: int  # [bytes] in the ring
    size: int  # [bytes]
    whole: bool


class Memory:
    """The last `seconds` of a run, in at most `room` bytes."""

    def __init__(self, seconds: float, room: int) -> None:
        self.seconds = seconds
        self.room = room
        self.too_large = 0  # [bytes] of a message that had no room; then nothing is kept
        self._ring = np.empty(room, np.uint8)
        self._lock = Lock()
        self._kept: deque[Kept] = deque()
        self._begin = 0  # the number of the first of them
        self._end = 0  # [bytes] where the next one goes
        self._checkpoints: deque[tuple[int, Any]] = deque()
        self._marks: deque[Mark] = deque()

    # Written by the recorder's thread.

    def write(self, time: float, message: Sequence[Buffer], whole: bool, checkpoint: Any) -> None:
        """Keep a message; those that are too old, or in its way, go."""
        size = sum(map(len, message))
        with self._lock:
            if size > self.room * LARGEST:
                self.too_large = max(size, self.too_large)
                self._begin += len(self._kept)
                self._kept.clear()
                self._checkpoints.clear()
            if self.too_large:
                return
            start = self._place(size)
            self._end = start
            for part in message:
                self._ring[self._end : self._end + len(part)] = np.frombuffer(part, np.uint8)
                self._end += len(part)
            if checkpoint is not None:
                self._checkpoints.append((self._begin + len(self._kept), checkpoint))
            self._kept.append(Kept(time, start, size, whole))
            while self._kept and self._kept[0].time < time - self.seconds:
                self._let_go()

    def note(self, mark: Mark) -> None:
        """Keep a mark."""
        with self._lock:
            self._marks.append(mark)

    def finish(self) -> None:
        """It stays as it is."""

    def _place(self, size: int) -> int:
        """Make room for so many bytes side by side; returns where."""
        start = self._end
        if start + size > self.room:  # what is behind is older than all from the ring's beginning
            while self._kept and self._kept[0].start >= start:
                self._let_go()
            start = 0
        while self._kept and start <= self._kept[0].start < start + size:
            self._let_go()
        return start

    def _let_go(self) -> None:
        self._kept.popleft()
        self._begin += 1
        while self._checkpoints and self._checkpoints[0][0] < self._begin:
            self._checkpoints.popleft()
        oldest = self._kept[0].time if self._kept else 0.0
        while self._marks and self._marks[0].time < oldest:
            self._marks.popleft()

    # Read by the session.

    @property
    def first(self) -> int:
        """The first whole one that is kept."""
        with self._lock:
            for place, kept in enumerate(self._kept):
                if kept.whole:
                    return self._begin + place
            return self._begin + len(self._kept)

    @property
    def last(self) -> int:
        """The newest."""
        with self._lock:
            return self._begin + len(self._kept) - 1

    def time(self, number: int) -> float:
        """When it was shown [s]; of one that is gone, when the first was."""
        with self._lock:
            place = min(max(number - self._begin, 0), len(self._kept) - 1)
            return self._kept[place].time if self._kept else 0.0

    def at(self, time: float) -> int:
        """The last one up to a time [s]."""
        first = self.first
        with self._lock:
            place = bisect_right(self._kept, time, key=lambda kept: kept.time) - 1
            return max(self._begin + place, first)

    def message(self, number: int) -> bytes | None:
        """A copy of a message."""
        with self._lock:
            place = number - self._begin
            if not 0 <= place < len(self._kept):
                return None
            kept = self._kept[place]
            return self._ring[kept.start : kept.start + kept.size].tobytes()

    def whole(self, number: int) -> int:
        """The last whole one up to a number."""
        with self._lock:
            place = min(number - self._begin, len(self._kept) - 1)
            while place > 0 and not self._kept[place].whole:
                place -= 1
            return self._begin + max(place, 0)

    def checkpoint(self, number: int) -> tuple[int, Any] | None:
        """The last checkpoint up to a number."""
        with self._lock:
            for after, state in reversed(self._checkpoints):
                if after <= number:
                    return after, state
            return None

    @property
    def marks(self) -> Sequence[Mark]:
        """What happened in that time."""
        with self._lock:
            return list(self._marks)

    @property
    def words(self) -> str:
        """What it could keep, in words."""
        if self.too_large:
            return f"nothing is kept: a frame takes {self.too_large / 1e6:,.0f} MB (--keep-memory)"
        with self._lock:
            if not self._kept:
                return "nothing is kept yet"
            span = self._kept[-1].time - self._kept[0].time
            used = sum(kept.size for kept in self._kept)
        return f"the last {span:.0f} s are kept, in {used / 1e6:,.1f} MB"
