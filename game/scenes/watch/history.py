"""The history: what an array did in the last moments, for the views that show time.

    Strip     how many elements changed, tenth of a second by tenth of a second, for a minute
    Traces    the values of some elements, and from which to which all of them went, for 10 s
    Ranges    what a scale goes from and to: it fits the values, and glides there

Followed by game.scenes.watch.watched.
"""

from collections.abc import Sequence
from math import exp

import numpy as np

from game.frame import Floats
from game.scenes.watch.statistics import Statistics
from game.view.memory import Memory

SPAN, TICK = 60.0, 0.25  # [s] that the strip goes back; that each of its columns stands for
TRACED = 10.0  # [s] that traces go back
SAMPLES = 600  # in that time
ALL = 24  # elements up to which each is traced; of more, those MOST that change most often
MOST = 8
GLIDE = 0.12  # [s] the time constant of a scale that glides


class Strip(Memory):
    """How many changes of elements were seen in each TICK of the last SPAN."""

    REMEMBERS = ("changes", "_tick", "_began")

    def reset(self) -> None:
        """Forget all changes."""
        self.changes: Floats = np.zeros(round(SPAN / TICK))  # the newest at the end, under way
        self._tick = -1
        self._began = 0.0  # [s]

    def follow(self, changed: int, now: float) -> None:
        """Count elements that changed, at `now` [s]."""
        tick = int(now // TICK)
        if self._tick < 0:
            self._began = now
        passed = min(tick - self._tick, len(self.changes)) if self._tick >= 0 else 0
        if passed > 0:
            self.changes = np.concatenate((self.changes[passed:], np.zeros(passed)))
        self._tick = tick
        self.changes[-1] += changed

    def rate(self, now: float) -> float:
        """Changes a second, over the last second that is over [1/s]."""
        known = max(min(now - self._began, 1.0), TICK)
        many = max(1, round(known / TICK))
        return float(self.changes[-1 - many : -1].sum()) / (many * TICK)


class Traces(Memory):
    """The values of some elements at the last SAMPLES looks, the newest at the end."""

    REMEMBERS = ("when", "values", "low", "high", "elements")

    def reset(self) -> None:
        """Forget all samples."""
        self.when: Floats = np.full(SAMPLES, -np.inf)  # [s]
        self.values: Floats = np.full((SAMPLES, ALL), np.nan)  # of each place; nan: none
        self.low: Floats = np.full(SAMPLES, np.nan)  # of all elements
        self.high: Floats = np.full(SAMPLES, np.nan)
        self.elements: list[int] = []  # in the places

    def follow(self, statistics: Statistics, busiest: Sequence[int], now: float) -> None:
        """Note the values of the look that was gone through last; `busiest` are the elements that
        change most often."""
        assert statistics.elements is not None
        if now - self.when[-1] < TRACED / SAMPLES * 0.9:
            return
        flat = statistics.elements.flat
        self._choose(len(statistics.counts), busiest[:MOST])
        for column in (self.when, self.values, self.low, self.high):
            column[:-1] = column[1:]
        self.when[-1], self.values[-1] = now, np.nan
        self.values[-1, : len(self.elements)] = flat[self.elements]
        self.low[-1], self.high[-1] = statistics.range or (np.nan, np.nan)

    def _choose(self, many: int, wanted: Sequence[int]) -> None:
        """Choose whom to trace, of so many; who stays, stays in its place."""
        if many <= ALL:
            self.elements = list(range(many))
            return
        new = [element for element in wanted if element not in self.elements]
        for place in range(len(wanted)):
            if place == len(self.elements):
                self.elements.append(new.pop(0))
            elif self.elements[place] not in wanted:
                self.elements[place] = new.pop(0)
            else:
                continue
            self.values[:, place] = np.nan


class Ranges(Memory):
    """From where to where each scale goes, by its name: glides to what it was told last."""

    REMEMBERS = ("_now", "_aims", "_shown")

    def reset(self) -> None:
        """Forget all scales."""
        self._now = 0.0  # [s]
        self._aims: dict[str, tuple[float, float]] = {}
        self._shown: dict[str, tuple[float, float]] = {}

    def aim(self, name: str, found: tuple[float, float] | None) -> None:
        """Have a scale go from one value to another from now on; None leaves it as it is."""
        if found is not None:
            self._aims[name] = found
            self._shown.setdefault(name, found)

    def follow(self, now: float) -> None:
        """Let all scales go on, at `now` [s]."""
        share = 1 - exp(min(self._now - now, 0.0) / GLIDE)
        self._now = now
        for name, aim in self._aims.items():
            shown = self._shown[name]
            low, high = (a + (b - a) * share for a, b in zip(shown, aim, strict=True))
            near = 1e-3 * (aim[1] - aim[0])
            arrived = abs(low - aim[0]) <= near and abs(high - aim[1]) <= near
            self._shown[name] = aim if arrived else (low, high)

    def of(self, name: str) -> tuple[float, float]:
        """From where to where a scale goes at this moment, never nowhere."""
        return widened(*self._shown.get(name, (0.0, 1.0)))


def widened(low: float, high: float) -> tuple[float, float]:
    """A range that has an extent: one without gets as much as its value can tell apart."""
    if high - low > 1e-9 * max(abs(low), abs(high)):
        return low, high
    room = max(abs(low), abs(high)) * 0.01 or 0.5
    return low - room, high + room
