"""The conductor: says when the next step may be made, to movers that step together.

    roster (window) ─> admit ─> all have arrived at TURN? ─> time for the next? ─> TURN + 1, BELL
                                      │ nobody moves for `patience`
                                      v
                               left out, until it arrives somewhere after all

A process of its own, because a thread of the window would wait for Python's own lock (the GIL)
while a frame is drawn, and a mover that did it could be killed or frozen itself. All that it knows
is in the cells: where it dies, the next one goes on from there.
"""

import os
import signal
from collections.abc import Callable
from time import monotonic
from typing import NoReturn

from game.child.job import Loaded
from game.child.lifeline import Lifeline
from game.child.pace import Pace
from game.child.parent_watch import die_with_parent, restore_environment
from game.shared.beat import LAST, SEEN, TURN, VERSION
from game.shared.table import PACE, PID, Table

LOOK = 0.01  # [s] between two looks at what nobody is woken for: who takes part, whether time runs
STALL = 0.1  # [s] between two looks from which this process itself stood still


def run(
    scene: Loaded, table: Table, period: float, patience: float, lifeline: Lifeline
) -> NoReturn:
    """Conduct until the parent is gone. `period` [simulated s] lies between two steps; 0: as fast
    as it goes. After `patience` [s] nobody is waited for any more; 0: for ever."""
    try:
        for name in ("SIGTERM", "SIGHUP"):  # meant for the window, which ends this process
            if number := getattr(signal, name, 0):
                signal.signal(number, signal.SIG_IGN)
        restore_environment()
        die_with_parent()
        lifeline.cut()
        conductor = Conductor(table, period, patience, Pace(table))
        while True:
            conductor.rest(conductor.look())
    finally:
        os._exit(1)


class Conductor:
    """Who takes part, who is waited for, and since when."""

    def __init__(
        self,
        table: Table,
        period: float,
        patience: float,
        pace: Pace,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        assert table.beat is not None
        self._table, self._beat = table, table.beat
        self._period, self._patience, self._pace, self._clock = period, patience, pace, clock
        self._version = -1  # of the roster that is known
        self._members: list[int] = []  # slots that take part, those that are left out included
        self._missing: list[int] = []  # of them: who has not arrived at this step
        self._late: dict[int, tuple[int, int]] = {}  # who is left out, and the signs of it by then
        self._stood = 0.0  # [s] that nobody has moved while somebody was waited for
        self._seen = clock()
        pace.begin(period)

    def look(self) -> float:
        """Take in who takes part and who has arrived; let everybody go on when it is time.

        Returns for how long there may be nothing to do [s].
        """
        beat = self._beat
        if beat.cells[VERSION] != self._version:
            self._take_roster()
        arrived, turn, missing = beat.arrived, beat.cells[TURN], self._missing
        before = len(missing)
        while missing and arrived[missing[-1]] >= turn:
            missing.pop()
        if missing:
            self._count(moved=len(missing) < before)
        elif self._somebody():
            if left := self._pace.left():
                return min(left, LOOK)
            self._go_on(turn)
        return LOOK

    def rest(self, seconds: float) -> None:
        """Wait until there may be something to do, at most some seconds."""
        if self._missing:
            self._beat.wait_for(self._missing[-1], seconds)
            seconds = 0.0
        self._pace.pause(seconds)  # leaves if the parent is gone

    def _somebody(self) -> bool:
        """Whether there is somebody for whom a step is worth while."""
        arrived = self._beat.arrived
        back = any(self._signs(slot) != signs for slot, signs in self._late.items())
        return back or any(arrived[s] != LAST for s in self._members if s not in self._late)

    def _signs(self, slot: int) -> tuple[int, int]:
        """What a mover moves: where it has arrived, and how often it has looked for a step."""
        return self._beat.arrived[slot], self._beat.calls[slot]

    def _take_roster(self) -> None:
        """Take in who is to take part; who is new makes its first step with all others' next."""
        beat = self._beat
        if not (roster := beat.roster()):
            return
        self._version, run, wanted = roster
        if beat.cells[SEEN] != run or not beat.cells[TURN]:
            beat.cells[TURN], beat.cells[SEEN] = 1, run
        self._members = [slot for slot, generation in enumerate(wanted) if generation]
        self._late = {}
        for slot, generation in enumerate(wanted):
            left = beat.left[slot] and generation == beat.known[slot]
            if left:
                self._late[slot] = self._signs(slot)
            else:
                self._admit(slot, generation, beat.cells[TURN])
            beat.known[slot] = generation
        self._wait_for_all()
        self._stood = 0.0
        beat.ring()

    def _admit(self, slot: int, generation: int, step: int) -> None:
        """Let a process take part, from a step on."""
        beat = self._beat
        if beat.admitted[slot] != generation:
            beat.joined[slot] = step
        beat.left[slot], beat.admitted[slot] = 0, generation

    def _wait_for_all(self) -> None:
        self._missing = [slot for slot in self._members if slot not in self._late]

    def _go_on(self, turn: int) -> None:
        """Let everybody make the next step, and whoever was left out and has come since."""
        beat = self._beat
        for slot, signs in list(self._late.items()):
            if self._signs(slot) != signs:
                del self._late[slot]
                self._admit(slot, beat.known[slot], turn + 1)
        self._pace.begin(self._period)
        self._wait_for_all()
        self._stood = 0.0
        beat.cells[TURN] = turn + 1
        beat.ring()

    def _count(self, moved: bool) -> None:
        """Leave those out who have not moved for too long, while time went on."""
        now = self._clock()
        passed, self._seen = now - self._seen, now
        if moved or any(not self._table.row(slot)[PID] for slot in self._missing):
            self._stood = 0.0
        elif self._table.control[PACE]:
            self._stood += min(passed, STALL)
        if self._patience and self._stood >= self._patience:
            for slot in self._missing:
                if self._beat.arrived[slot] < self._beat.cells[TURN]:
                    self._leave_out(slot)
            self._missing.clear()

    def _leave_out(self, slot: int) -> None:
        beat = self._beat
        self._late[slot] = self._signs(slot)
        beat.admitted[slot] = 0
        beat.left[slot] = beat.cells[TURN]
