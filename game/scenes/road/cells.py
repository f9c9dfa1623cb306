"""What the road shares besides its positions: a few commands, the writer's answers, and a lock.

    MODE STRESS DELAY FAULT RUN    written by the window's side
    HOLDS WRITES IN_RUN HELD AT    written by the writer, and cleared while there is none

Travels in the table to the writer's process.
"""

from multiprocessing.context import BaseContext
from typing import Any

MODE, STRESS, DELAY, FAULT, RUN, HOLDS, WRITES, IN_RUN, HELD, AT = range(10)
CELLS = 10
# MODE: an index into modes.NAMES. STRESS: 1, the writer runs flat out. DELAY: [us] between two
# elements of a pass. FAULT: 1, the writer is to stop in the middle of its next pass. RUN: counts
# the runs of figures, from 1 on. HOLDS: 1, it has stopped. WRITES: 1 + the mode of the pass that
# it is in, or is to make next. IN_RUN: the RUN in which that began. HELD: [ns] for which it has
# held the lock; while it holds it, less the moment at which it took it, which is more: below 0.
# AT: elements done of the pass that it is in, where there is a delay; else 0.


class Cells:
    """The cells, and the array's lock: the only one in the arena, because the road is about it."""

    def __init__(self, context: BaseContext) -> None:
        self._context = context
        self._shared: Any = context.Array("q", CELLS, lock=False)
        self._map()
        self.renew_lock()

    def _map(self) -> None:
        self.commands = memoryview(self._shared).cast("B").cast("q")

    def __getstate__(self) -> dict[str, Any]:
        return {"_shared": self._shared, "lock": self.lock}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    def clear_answers(self) -> None:
        """Clear what the writer wrote, which is gone."""
        for cell in (HOLDS, WRITES, IN_RUN, HELD, AT):
            self.commands[cell] = 0

    def renew_lock(self) -> None:
        """Make a new lock, for a writer that is about to start; OSError where there is no room.

        A lock that a dead process holds cannot be repaired: it has no owner to give it back.
        """
        self.lock: Any = self._context.RLock()
