"""What the tally shares: the cell that all processes add to, and a few numbers beside it.

    counter   the cell, in an Array with a lock; written by every process
    commands  MODE HOLD ROUND LAST              written by the window's side
    rows      INTENT DONE ACK OWN, a row each   written by that process alone

    INTENT is one more than DONE exactly while an addition is being made: whoever is killed there
    leaves an addition of which nobody knows whether it arrived.

Travels in the table to the processes.
"""

from multiprocessing.context import BaseContext
from multiprocessing.sharedctypes import synchronized
from typing import Any

from game.scenes.tally import MOST

MODE, HOLD, ROUND, LAST = range(4)
# MODE: an index into modes.NAMES. HOLD: odd, everybody is to stop between two additions; never
# the same number twice. ROUND: counts the stretches in one mode. LAST: 1, no mode comes after it.
INTENT, DONE, ACK, OWN = range(4)
# How many additions were begun and made, ever; the HOLD that it has stopped for; its own cell.
ROW = 8  # cells of a row: 64 bytes, one cache line for each writer


class Cells:
    """The cell, the commands, and a row for each process."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context
        self._shared: Any = context.Array("q", (1 + 2 * MOST) * ROW, lock=False)
        self._counter: Any = context.Array("q", 1, lock=False)
        self.lock_is_old = True  # the next process has to find a new one
        self._map()
        self.renew_lock()

    def _map(self) -> None:
        cells = memoryview(self._shared).cast("B").cast("q")
        self.commands, self.rows = cells[:ROW], cells[ROW:]

    def __getstate__(self) -> dict[str, Any]:
        return {"_shared": self._shared, "_counter": self._counter, "lock": self.lock}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    def renew_lock(self) -> None:
        """Make a new lock, for processes that are about to start; OSError where there is no room.

        A lock that a dead process holds cannot be repaired: it has no owner to give it back.
        """
        self.lock_is_old = True
        self.lock: Any = self._context.RLock()
        self.lock_is_old = False

    @property
    def counter(self) -> Any:
        """The Array of the one cell that all add to."""
        return synchronized(self._counter, self.lock)

    def row(self, slot: int) -> "memoryview[int]":
        """The cells of one process, (ROW,) int64."""
        return self.rows[slot * ROW : (slot + 1) * ROW]
