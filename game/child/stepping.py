"""When a mover makes its next update: at a pace of its own, or in step with all others.

    begins() ──> the behaviour's step() ──> publish() ──> begins() ──> ... ──> leave()

Made in a mover's process; `published` is what its agents see of the others.
"""

from typing import Protocol

from game.child.job import Job
from game.child.pace import NAP, Pace
from game.shared.beat import BELL, LAST
from game.shared.others import Source
from game.shared.published import Published
from game.shared.step_before import StepBefore
from game.shared.table import GENERATION, STATE, Slice, State, Table


class Stepping(Protocol):
    """The way in which a mover goes from one update to the next."""

    @property
    def published(self) -> Source:
        """What the agents see of each other."""

    def begins(self) -> bool:
        """Wait until the next update is to be made; False when all are."""

    def publish(self, values: "memoryview[float]") -> None:
        """Publish an update."""

    def leave(self) -> None:
        """Make no update any more."""


class Freely:
    """Each mover by itself: an update every period of simulated time, whatever others do."""

    def __init__(self, table: Table, part: Slice, pace: Pace, job: Job) -> None:
        self.published = Published(table, part)
        self._part, self._pace = part, pace
        self._period, self._updates = 1 / job.rate, job.updates
        self._made = 0

    def begins(self) -> bool:
        """Wait for the end of the period; the first update is made at once."""
        if self._made:
            self._pace.wait(self._period)
        self.published.renew()
        return not self._updates or self._made < self._updates

    def publish(self, values: "memoryview[float]") -> None:
        """Write the rows of all agents of the process."""
        self.published.tell()
        self._part.publish(values)
        self._part.row[STATE] = State.RUNNING
        self._made += 1

    def leave(self) -> None:
        """Nobody waits for it."""


class InStep:
    """All movers together: step k is made when everybody has arrived at step k - 1."""

    def __init__(self, table: Table, part: Slice, pace: Pace, job: Job) -> None:
        assert table.beat is not None
        self.published = StepBefore(table, part)
        self._beat, self._part, self._pace = table.beat, part, pace
        self._slot, self._updates = part.first_agent // table.per_process, job.updates
        self._generation = part.row[GENERATION]
        self._made = 0  # the last step that it has made

    def begins(self) -> bool:
        """Arrive at the step that is made, and wait until the next one may be. The last one is
        that of the run, also for somebody who came in the middle."""
        if self._updates and self._made >= self._updates:
            return False
        if self._made:
            self._beat.arrive(self._slot, self._made)
        while not (turn := self._look()):
            self._pace.pause(0)  # leaves if the parent is gone
        self._made = turn
        self.published.renew(turn)
        return not self._updates or turn <= self._updates

    def _look(self) -> int:
        """Whether a step may be made, and which; wait for a change where it may not."""
        bell = self._beat.cells[BELL]
        turn = self._beat.turn(self._slot, self._generation, self._made)
        if not turn:
            self._beat.call(self._slot)
            self._beat.wait_bell(bell, NAP)
        return turn

    def publish(self, values: "memoryview[float]") -> None:
        """Write the rows of all agents of the process, for the others and for the window."""
        self.published.tell()
        self._beat.write(self._slot, self._made, values)
        self._part.publish(values)
        self._part.row[STATE] = State.RUNNING

    def leave(self) -> None:
        """Nobody is to wait for it any more."""
        self._beat.arrive(self._slot, LAST)
