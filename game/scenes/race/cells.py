"""What the race shares besides its cars' values: the times at which each car crossed the line.

    GENERATION COUNT FINISHED | lap times, COUNT of them so far, by turns in ROOM places

A row of float64 for each car, written by the process that drives it and by nobody else. A process
that is handed the car begins its row anew, GENERATION first. Travels in the table to the movers.
"""

from multiprocessing.context import BaseContext
from typing import Any

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
