"""Movers that step together, seen from the window: who takes part, who is left out, the conductor.

    members ──follow──> beat's roster          beat's cells ──> who is left out, told as an event

Asked by the crew once a frame. Nothing here waits.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing.context import BaseContext
from time import monotonic
from typing import Any

from game.child.conductor import run
from game.child.job import Loaded
from game.child.lifeline import Lifeline
from game.crew.starting import start
from game.parts import Event, Member, Standing
from game.shared.beat import TURN
from game.shared.table import GENERATION, Table

NAME = "the conductor"
PATIENCE = 2.0  # [s] for its end, after SIGKILL
AGAIN, WITHIN = 3, 10.0  # so many deaths in so many seconds, and no new one is started


class Lockstep:
    """The beat of a table and the process that conducts it."""

    def __init__(
        self,
        context: BaseContext,
        table: Table,
        scene: str,
        period: float,
        patience: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`period` and `patience` as the conductor has them."""
        assert table.beat is not None
        self._context, self._table, self._beat = context, table, table.beat
        self._given = Loaded(scene), table, period, patience
        self._patience, self._clock = patience, clock
        self._wanted: dict[int, int] = {}
        self._left: dict[int, int] = {}  # slots that are left out, and since which step
        self._told: list[dict[str, Any]] = []  # all that were, for the figures
        self._deaths: deque[float] = deque(maxlen=AGAIN)  # [s]
        self._process: Any = None
        self._start()

    def _start(self) -> None:
        lifeline = Lifeline()
        process = self._context.Process(  # type: ignore[attr-defined]
            target=run, name="conductor", args=(*self._given, lifeline)
        )
        start(process, lifeline)
        self._process = process

    @property
    def steps(self) -> int:
        """How many steps everybody has made, those that are left out excepted."""
        turn, left = self._beat.cells[TURN], self._beat.left
        coming = any(self._beat.arrived[s] < turn and not left[s] for s in self._wanted)
        return max(0, turn - coming)

    @property
    def pid(self) -> int:
        """The process id of the conductor; 0 where there is none."""
        return (self._process.pid or 0) if self._process else 0

    def begin(self) -> None:
        """Count steps anew; nobody takes part at this moment."""
        self._wanted = {}
        self._beat.want({})
        self._beat.begin()

    def follow(self, members: Mapping[int, Member]) -> list[Event]:
        """Say who takes part from now on; returns who is left out, or takes part again."""
        wanted = {
            slot: self._table.row(slot)[GENERATION]
            for slot, member in members.items()
            if member.exitcode is None and member.standing is not Standing.LEAVING
        }
        if wanted != self._wanted:
            self._wanted = wanted
            self._beat.want(wanted)
        return [*self._look_after(), *self._news(members)]

    def _news(self, members: Mapping[int, Member]) -> list[Event]:
        left = {slot: step for slot in self._wanted if (step := self._beat.left[slot])}
        if left == self._left:
            return []
        before, self._left = self._left, left
        events = []
        for slot in sorted(left.keys() - before.keys()):
            name = members[slot].name
            self._told.append({"slot": slot, "name": name, "step": left[slot]})
            why = f"left out from step {left[slot]:,} on: silent for {self._patience:g} s"
            events.append(Event(-1, name, members[slot].pid, False, f"{why} (--patience)"))
        for slot in sorted(before.keys() - left.keys()):
            if slot in self._wanted:
                why = f"takes part again, from step {self._beat.cells[TURN]:,} on"
                events.append(Event(-1, members[slot].name, members[slot].pid, False, why))
        return events

    def _look_after(self) -> list[Event]:
        """Start another conductor where one has died: it goes on from the cells."""
        if self._process is None or self._process.is_alive():
            return []
        pid, self._process = self.pid, None
        self._deaths.append(self._clock())
        if len(self._deaths) == AGAIN and self._clock() - self._deaths[0] < WITHIN:
            why = f"died {AGAIN} times within {WITHIN:g} s: nobody steps any more"
            return [Event(-1, NAME, pid, False, why)]
        try:
            self._start()
        except OSError as error:
            why = f"died, and no new one could be started: {error.strerror or error}"
            return [Event(-1, NAME, pid, False, why)]
        return [Event(-1, NAME, pid, False, "died, and a new one is started")]

    @property
    def left_out(self) -> int:
        """How many are left out at this moment."""
        return len(self._left)

    def waiting(self) -> list[int]:
        """The slots of those who have made the step, and wait for the others."""
        turn, arrived = self._beat.cells[TURN], self._beat.arrived
        return [slot for slot in self._wanted if arrived[slot] >= turn]

    def forsaken(self, members: Mapping[int, Member]) -> list[str]:
        """Who alone is still to come to an end, and is left out, or led by nobody any more: nobody
        waits for them."""
        going = {slot for slot, member in members.items() if member.exitcode is None}
        nobody_comes = self._process is None or going <= self._left.keys()
        return [members[slot].name for slot in sorted(going)] if nobody_comes else []

    def figures(self) -> dict[str, Any]:
        """What --stats says of it."""
        return {"lockstep": {"steps": self.steps, "left_out": self._told}}

    def suspend(self, on: bool) -> None:
        """Let the conductor stand still with all movers, or go on: nobody is late meanwhile."""
        number = getattr(signal, "SIGSTOP" if on else "SIGCONT", 0)
        if self._process and self._process.is_alive():  # so its pid is its own
            os.kill(self.pid, number)

    def close(self) -> None:
        """End the conductor."""
        if self._process:
            with suppress(OSError):
                self._process.kill()
            self._process.join(PATIENCE)
            self._process = None
