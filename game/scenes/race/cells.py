"""What the race shares besides its cars' values: the times at which each car crossed the line.

    GENERATION COUNT FINISHED | lap times, COUNT of them so far, by turns in ROOM places

A row of float64 for each car, written by the process that drives it and by nobody else. A process
that is handed the car begins its row anew, GENERATION first. Travels in the table to the movers;
what a process on another machine writes is given there, and taken here.
"""

from multiprocessing.context import BaseContext
from typing import Any

from game.shared.fence import fence

GENERATION, COUNT, FINISHED, TIMES = range(4)  # TIMES: where the first of the places is
ROOM = 64  # lap times of a car that the window may find at once
ROW = TIMES + ROOM
MOST = 20_000  # cars that are timed: 11 MB; of more nobody is, the cells would be larger than all


class Cells:
    """The rows of all cars; none where there is room for too many."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context
        self._shared: Any = None
        self.rows: memoryview[float] | None = None

    def make_room(self, capacity: int) -> None:
        """Lay out a row for so many cars."""
        if capacity <= MOST:
            self._shared = self._context.Array("d", capacity * ROW, lock=False)
            self._map()

    def _map(self) -> None:
        shared = self._shared
        self.rows = memoryview(shared).cast("B").cast("d") if shared is not None else None

    def __getstate__(self) -> dict[str, Any]:
        return {"_shared": self._shared}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    def row(self, car: int) -> "memoryview[float]":
        """The cells of one car, (ROW,) float64."""
        assert self.rows is not None
        return self.rows[car * ROW : (car + 1) * ROW]

    def give(self, first: int, agents: int) -> bytes:
        """The rows of some cars side by side, which their process alone writes."""
        return b"" if self.rows is None else bytes(self.rows[first * ROW : (first + agents) * ROW])

    def take(self, first: int, given: bytes) -> None:
        """Write rows that were given elsewhere, each in the order in which its writer does."""
        came = memoryview(given).cast("d")
        for car in range(len(came) // ROW if self.rows is not None else 0):
            new, row = came[car * ROW : (car + 1) * ROW], self.row(first + car)
            if row[GENERATION] != new[GENERATION]:
                row[GENERATION] = 0
            fence()
            row[TIMES:] = new[TIMES:]
            fence()
            row[COUNT:TIMES] = new[COUNT:TIMES]
            fence()
            row[GENERATION] = new[GENERATION]
