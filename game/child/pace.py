"""Simulated time in a mover's process: when the next update is due.

Used by mover_process, and by a behaviour that drives by itself.
"""

import os
from collections.abc import Callable
from time import perf_counter

from game.child.parent_watch import parent_watch
from game.shared.table import PACE, PACE_ONE, STEPS, Table

NAP = 0.1  # [s] the longest sleep: a new pace is noticed after it
MOMENT = 1e-6  # [s] too short to sleep for
BACKLOG = 0.05  # [s, real time] how much lateness a mover makes up for, at any speed

Passage = Callable[[], float]  # through a gate; returns how much of the first period is over


class Pace:
    """Simulated time for one mover: it sleeps here, and leaves if the parent is gone."""

    def __init__(
        self,
        table: Table,
        clock: Callable[[], float] = perf_counter,
        passage: Passage | None = None,
    ) -> None:
        """`passage` is made once, in the first wait."""
        self._passage = passage
        self._control = table.control
        self._steps = table.control[STEPS]
        self._clock = clock
        self._parent_gone = parent_watch()
        self._last = clock()  # [s] up to which time is accounted for
        self._late = 0.0  # [s] simulated time owed from the last wait
        self._left = 0.0  # [s] simulated time until the period that has begun is over

    def wait(self, period: float) -> None:
        """Sleep until `period` simulated seconds after the last wait ended, or a single step is
        granted. The time that the mover itself took in between counts."""
        if self._passage:
            self._late = self._passage() * period
            self._passage, self._last = None, self._clock()
        self.begin(period)
        slept = False
        while left := self.left():
            self.pause(left)
            slept = True
        if not slept:
            self.pause(0)

    def begin(self, period: float) -> None:
        """Begin a period, of which what was late in the one before is over already."""
        self._left = period - self._late

    def left(self) -> float:
        """How long to sleep before asking again [s, real time]; 0 when the period is over."""
        pace = self._control[PACE] / PACE_ONE
        now = self._clock()
        self._left -= (now - self._last) * pace
        self._last = now
        if (pace and self._left < MOMENT) or self.take_step():
            self._late = min(max(-self._left, 0.0), BACKLOG * pace)
            return 0.0
        return min(self._left / pace, NAP) if pace else NAP

    @property
    def paused(self) -> bool:
        """Whether simulated time stands still."""
        return not self._control[PACE]

    def take_step(self) -> bool:
        """Whether a single step was granted that has not been taken yet; it is now."""
        granted: bool = self._control[STEPS] != self._steps
        self._steps += granted
        return granted

    def pause(self, seconds: float) -> None:
        """Sleep for `seconds` of real time; leave if the parent is gone."""
        if self._parent_gone(seconds):
            os._exit(0)
