"""Adds 1 to the shared cell, flat out, in the way that is being shown."""

import signal
from array import array
from time import perf_counter

from game.child.job import Job
from game.child.pace import Pace
from game.scenes.tally import modes
from game.scenes.tally.cells import ACK, DONE, HOLD, INTENT, LAST, MODE, ROUND
from game.shared.table import STATE, STEPS, Slice, State, Table

AT_ONCE = 500  # additions between two looks at the clock
NAP = 0.002  # [s] between two looks at the commands, while it is to stand still


def drive(table: Table, part: Slice, pace: Pace, job: Job) -> None:
    """Add until told to leave, or `job.updates` times in each round."""
    leaving: list[int] = []
    # Not in the middle of an addition: the lock would stay with a process that is gone.
    signal.signal(signal.SIGTERM, lambda number, frame: leaving.append(number))
    adder = Adder(table, part, leaving)
    due = 0.0
    while not leaving and not adder.at_end(job.updates):
        if not adder.add(job.updates):
            adder.stop()
            pace.pause(NAP)
            continue
        now = perf_counter()
        if now >= due:
            adder.publish()
            due = now + 1 / job.rate
            pace.pause(0.0)
    adder.publish()


class Adder:
    """One process that adds: its row of the tally, and the commands that it obeys."""

    def __init__(self, table: Table, part: Slice, leaving: list[int]) -> None:
        """`leaving` is empty until the process is to leave."""
        cells = table.cells
        self._part, self._row = part, cells.row(part.first_agent)
        self._commands, self._control = cells.commands, table.control
        self._ways = modes.make(cells, part.first_agent)
        self._leaving = leaving
        self._steps = self._control[STEPS]  # single ones that were granted and made
        self._row[INTENT] = self._row[DONE]  # whoever had the row before is gone
        self._round = self._begun = self._told = -1
        self._enter_round()

    def _enter_round(self) -> None:
        """Begin to count anew when there is another round."""
        if self._commands[ROUND] != self._round:
            self._round, self._begun = self._commands[ROUND], self._row[DONE]
            self.publish()

    @property
    def made(self) -> int:
        """How often it has added in this round."""
        made: int = self._row[DONE] - self._begun
        return made

    def at_end(self, updates: int) -> bool:
        """Whether it has done all that it was asked for."""
        self._enter_round()
        return bool(updates and self.made >= updates and self._commands[LAST])

    def stop(self) -> None:
        """Say that it stands still between two additions, and how often it has added."""
        if self._told != self.made:
            self.publish()
        self._row[ACK] = self._commands[HOLD]

    def add(self, updates: int) -> int:
        """Add some times, or once where a single step is granted; returns how often at the most.

        It ends between two additions when something else is commanded.
        """
        hold = self._commands[HOLD]
        most = min(updates - self.made, AT_ONCE) if updates else AT_ONCE
        granted = self._control[STEPS] - self._steps
        if hold & 1:
            most = min(most, granted, 1)
            self._steps += most
        else:
            self._steps += granted
        if most:
            self._row[ACK] = 0
            self._add(self._ways[self._commands[MODE]], hold, most)
        return most

    def _add(self, add: modes.Add, hold: int, most: int) -> None:
        row, commands, leaving, done = self._row, self._commands, self._leaving, self._row[DONE]
        for number in range(done + 1, done + 1 + most):
            row[INTENT] = number
            add()
            row[DONE] = number
            if commands[HOLD] != hold or leaving:
                return

    def publish(self) -> None:
        """Tell how often it has added in this round."""
        self._told = self.made
        self._part.publish(memoryview(array("d", [self._told])))
        self._part.row[STATE] = State.RUNNING
