"""Measuring: what the road's reader notes of its reads, in runs of the same conditions.

Figures of different conditions (flat out or not, the pause in a pass, how many vehicles) are not
mixed. A change begins a new run, and so does a start again; its first read is of a pass that the
writer began after that. Owned by the road's reader.
"""

from game.scenes.road import modes
from game.scenes.road.cells import DELAY, IN_RUN, MODE, RUN, STRESS, WRITES
from game.scenes.road.figures import Conditions, Run
from game.scenes.road.record import Reading, Record, Records
from game.shared.table import PACE, STATE, UPDATES, State, Table

LEAST = 1.0  # [s] of measuring that make a run one to be looked at again


class Measuring:
    """The run of figures of now, and the one before."""

    def __init__(self, table: Table, now: float) -> None:
        self.reading: Reading | None = None  # the read under way
        self.torn = 0  # reads, in all runs
        self.earlier: Run | None = None
        self._row, self._control = table.row(0), table.control
        self._commands = table.cells.commands
        self._records = Records(self._conditions(0))
        self._commands[RUN] += 1
        self._passes, self._before = 0, now

    def run(self) -> Run:
        """The figures so far, with the read that still waits."""
        return self._records.run(self.reading)

    def begin_run(self) -> None:
        """Begin a run; the one before is the earlier one from now on, if it was one at all."""
        self.give_up()
        if self._records.seconds >= LEAST:
            self.earlier = self._records.run()
        self._records = Records(self._records.conditions)
        self._commands[RUN] += 1

    def follow(self, now: float, vehicles: int) -> None:
        """Begin a run where the conditions have changed; count the writer's passes, and the time
        that they took."""
        before = self._records.conditions
        conditions = self._conditions(vehicles or before.vehicles)
        if conditions != before:
            if before.vehicles:  # else nobody has driven so far
                self.begin_run()
            self._records.conditions = conditions
        if self.reading and self._current and self.reading.record not in self._records.of:
            self.give_up()  # it was begun in a pass of before: the next one counts
        record = self.record(max(0, self._commands[WRITES] - 1))
        passes = self._row[UPDATES]
        record.passes += passes - self._passes if passes >= self._passes else passes
        if self._control[PACE]:
            record.seconds += now - self._before
        self._passes, self._before = passes, now

    def skip(self, now: float) -> None:
        """Let the time up to now not count."""
        self._before = now

    def record(self, mode: int = -1) -> Record:
        """The record of a mode, or of the one that is shown; while the writer is still in a pass
        that it began before this run, one that nobody looks at."""
        if not self._current:
            return Record()
        return self._records.of[mode if mode >= 0 else self._commands[MODE]]

    @property
    def _current(self) -> bool:
        """Whether the pass that the writer is in was begun in this run."""
        return bool(self._commands[IN_RUN] == self._commands[RUN])

    def begin(self, mode: modes.Mode, now: float) -> Reading:
        """Note that a read is begun."""
        mode.begin()
        self.reading = Reading(mode, self.record(), now)
        return self.reading

    def end(self, now: float, torn: bool, news: bool = True) -> None:
        """Note that it is done. What a dead writer left says nothing about sharing, nor does a
        moment that was read before: it is no `news`."""
        if self.reading and news and self._row[STATE] != State.FAILED:
            self.reading.record.add(self.reading, now, torn)
            self.torn += torn
        self.reading = None

    def give_up(self) -> None:
        """Let the read under way be, if there is one: what it waits for is there no more."""
        if self.reading:
            self.reading.record.give_up(self.reading)
        self.reading = None

    def _conditions(self, vehicles: int) -> Conditions:
        stress, delay = bool(self._commands[STRESS]), self._commands[DELAY] / 1000
        return Conditions(stress, delay, vehicles)
