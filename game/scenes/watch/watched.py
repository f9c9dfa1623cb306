"""The watched array: everything that the views draw from, as of the frame that was followed last.

Owned by the scene. It begins anew when another array is shown, or one of another type or shape.
"""

import numpy as np

from game.frame import Floats
from game.scenes.watch.elements import Elements, Numbers, elements_of
from game.scenes.watch.history import Ranges, Strip, Traces
from game.scenes.watch.looks import Look
from game.scenes.watch.statistics import Statistics, finite_range
from game.view.memory import Memory

SAMPLE = 4096  # elements that a contrast is fitted to
SAMPLED_ROWS = 100_000  # of a table, to find out where its columns go from and to
WIDEST = 64  # columns of a table that may be coordinates
COLUMNS = 4  # of a table, that are shown as points: x, y, colour, size
CONTRAST = 1.0, 99.0  # [percent] of the elements: darkest and lightest
CHOSEN_FOR, BUSIEST = 1.0, 40  # [s] until others may be the busiest; how many of them
READABLE = 0.1  # [s] a figure has to stand for, or nobody can read it
WRITTEN_OUT = 4096  # elements up to which their values are held for so long


class Watched(Memory):
    """One array: its elements, what was seen of them, and the scales that they are drawn on."""

    REMEMBERS = (
        *("statistics", "strip", "traces", "ranges", "now", "busiest", "readable"),
        *("_chosen", "_tick"),
    )

    def __init__(self) -> None:
        self.statistics, self.strip = Statistics(), Strip()
        self.traces, self.ranges = Traces(), Ranges()
        super().__init__()

    def reset(self) -> None:
        """Forget everything."""
        for part in (self.statistics, self.strip, self.traces, self.ranges):
            part.reset()
        self.look: Look | None = None  # the newest
        self.elements: Elements | None = None  # of it
        self.now = 0.0  # [s]
        self.busiest: list[int] = []  # elements that change most often
        self._chosen = -np.inf  # [s] when they were found out
        self.readable: Numbers = np.zeros(0)  # the first values, as they are written out
        self._tick = -1

    @property
    def ago(self) -> float:
        """Now, on the clock of the statistics [s]."""
        return self.now - self.statistics.begun

    def follow(self, look: Look, now: float) -> None:
        """Take in the array as it is in the next frame, at `now` [s]."""
        self.now = now
        if self.look is None or self.look is not look or self.elements is None:
            self.look, self.elements = look, elements_of(look)
        statistics, elements = self.statistics, self.elements
        passes, begun = statistics.passes, statistics.begun
        finished = statistics.follow(elements, look.number, now)
        if statistics.passes < passes or statistics.begun != begun:
            for part in (self.strip, self.traces, self.ranges):
                part.reset()
            self._chosen = -np.inf
        self.strip.follow(statistics.changed, now)
        if finished:
            if now - self._chosen >= CHOSEN_FOR:
                self._chosen, self.busiest = now, statistics.busiest(BUSIEST)
            self.traces.follow(statistics, self.busiest, now)
            self._aim(elements)
        self.ranges.follow(now)
        tick, written_out = int(now // READABLE), elements.flat[:WRITTEN_OUT]
        if tick != self._tick or self.readable.shape != written_out.shape:
            self._tick, self.readable = tick, written_out.copy()

    def _aim(self, elements: Elements) -> None:
        """Fit the scales to the values of now."""
        statistics, aim = self.statistics, self.ranges.aim
        aim("values", statistics.range)
        known = sampled(elements.flat, SAMPLE)
        if len(known):
            low, high = np.percentile(known, CONTRAST).tolist()
            if low == high:  # nearly all are the same, and the others are what one looks for
                low, high = float(known.min()), float(known.max())
            aim("contrast", (low, high))
        table = elements.table
        if 2 <= table.shape[1] <= WIDEST:
            step = max(1, -(-len(table) // SAMPLED_ROWS))
            for place in elements.coordinates[:COLUMNS]:
                column = table[::step, place]
                aim(f"column {place}", finite_range(column, column))

    def readable_value(self, element: int) -> float:
        """The value of an element, as it stands long enough to be read."""
        assert self.elements is not None
        if element < len(self.readable):
            return float(self.readable[element])
        return float(self.elements.flat[element])


def sampled(flat: Numbers, many: int) -> Floats:
    """At most so many of the numbers, evenly spread, as far as they are finite."""
    known = flat[:: max(1, -(-len(flat) // many))].astype(np.float64)
    found: Floats = known[np.isfinite(known)]
    return found
