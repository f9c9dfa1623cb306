"""Where the row of each slot was written, and when, in a table that other machines share in.

    hosts     which node's process writes the slot: an index into the names of the nodes; -1: here
    moments   when its last row was written, on this machine's clock [s]; 0: it was written here

Two machines have no clock in common. So a moment is worked out from when the row arrived: half a
round trip before it came, and half of the time since the round trip before that, because it was
written somewhere in between. Written by whoever writes the rows of others into a table.
"""

from collections.abc import Callable
from multiprocessing.context import BaseContext
from time import monotonic
from typing import Any

HERE = -1


class Origins:
    """The two columns."""

    def __init__(self, context: BaseContext, slots: int) -> None:
        self._shared: Any = (
            context.Array("q", slots, lock=False),
            context.Array("d", slots, lock=False),
        )
        self._map()
        for slot in range(slots):
            self.hosts[slot] = HERE

    def _map(self) -> None:
        hosts, moments = self._shared
        self.hosts: memoryview[int] = memoryview(hosts).cast("B").cast("q")
        self.moments: memoryview[float] = memoryview(moments).cast("B").cast("d")

    def __getstate__(self) -> Any:
        return self._shared

    def __setstate__(self, state: Any) -> None:
        self._shared = state
        self._map()

    def note(self, slot: int, age: float, clock: Callable[[], float] = monotonic) -> None:
        """A row has come that is so old [s]."""
        self.moments[slot] = clock() - age

    def ages(self, clock: Callable[[], float] = monotonic) -> list[float]:
        """How old the row of each slot is [s]; 0 where it is written here."""
        now = clock()
        return [now - moment if moment else 0.0 for moment in self.moments.tolist()]

    def forget(self, slot: int) -> None:
        """The slot is written here, or by nobody."""
        self.moments[slot] = 0.0
