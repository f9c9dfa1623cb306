"""Meters: durations and rates, as they are measured while something runs.

Used by the session, and by sources that measure.
"""

from array import array
from collections import deque

import numpy as np

from game.frame import Floats

KEPT = 100_000  # durations of a kind: half an hour at 60 frames a second


class Series:
    """Durations of one kind [ms]: the newest `kept` of them, and the longest of all."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self.last = 0.0  # [ms]
        self._ms = array("d")
        self._count = 0
        self._most = 0.0

    def add(self, seconds: float) -> None:
        """Note one duration [s]."""
        self.last = seconds * 1000
        self._most = max(self._most, self.last)
        if self._count < self._kept:
            self._ms.append(self.last)
        else:
            self._ms[self._count % self._kept] = self.last
        self._count += 1

    def since(self, count: int) -> Floats:
        """The durations after the first `count` [ms], as long as they are kept."""
        return np.array(self._ms)[count:]

    def __len__(self) -> int:
        return self._count

    def summary(self) -> dict[str, float | None]:
        """Median, 99th percentile and maximum [ms]; None where nothing was measured."""
        if not self._ms:
            return {"median": None, "p99": None, "max": None}
        median, p99 = np.percentile(np.frombuffer(self._ms), (50, 99))
        return {"median": tidy(median), "p99": tidy(p99), "max": tidy(self._most)}


class Meter:
    """How fast a growing count grows, over the last second."""

    SPAN = 1.0  # [s]

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def rate(self, count: float, now: float) -> float:
        """Note the count at `now` [s]; returns its growth per second."""
        self._seen.append((now, count))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self.SPAN:
            self._seen.popleft()
        (then, before) = self._seen[0]
        return (count - before) / (now - then) if now > then else 0.0


def tidy(value: float) -> float:
    """A figure with no more digits than it deserves."""
    return round(float(value), 4)
