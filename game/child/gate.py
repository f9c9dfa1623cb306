"""The gate: of many movers that are forked one after another, nobody goes on before all have come.

    shut -> forked, first row -> wait ... the last first row -> open -> on, spread over a period

Else the first ones' updates would take the processors from those that are still to come. Made by
the nursery; a mover waits at it behind its first row. It is a pipe that nobody writes to: to open
it is to close its other end, so that a nursery that dies opens it as well.
"""

import os
import select
import time
from collections.abc import Iterable
from contextlib import suppress

from game.child.descriptors import own
from game.child.pace import Passage
from game.shared.table import STATE, State, Table

LIMIT = 20.0  # [s] that it is shut at most
GOLDEN = 0.618  # of a period between two slots: any number of them lies evenly over it


class Gate:
    """The nursery's side of it."""

    def __init__(self) -> None:
        self._ends: tuple[int, ...] = ()  # of the pipe, while it is shut: read, write
        self._coming: list[int] = []  # slots without a first row yet
        self._since = 0.0  # [s]

    @property
    def shut(self) -> bool:
        """Whether movers that are forked now will wait."""
        return bool(self._ends)

    def close(self) -> None:
        """Shut it. Where there are no descriptors for it, it stays open."""
        self._since = time.monotonic()
        with suppress(OSError):
            self._ends = pipe()

    def expect(self, slots: Iterable[int]) -> None:
        """Wait for the first rows of some slots as well."""
        self._coming += slots

    def look(self, table: Table, more: bool) -> None:
        """Open it if everybody has come and there are not `more` to be forked, or it is late."""
        while self._coming and table.row(self._coming[-1])[STATE] != State.STARTING:
            self._coming.pop()
        late = time.monotonic() - self._since > LIMIT
        if self.shut and (late or not (more or self._coming)):
            for end in self._ends:
                os.close(end)
            self._ends, self._coming = (), []

    def passage(self, slot: int, sentinel: int) -> Passage | None:
        """How a mover that has just been forked passes it; None where it is open.

        `sentinel` is readable when the window is gone.
        """
        if not self.shut:
            return None
        read = self._ends[0]

        def wait() -> float:
            ends = select.poll()
            for end in (read, sentinel):
                ends.register(end, select.POLLIN)
            ends.poll(LIMIT * 1000)
            return slot * GOLDEN % 1.0

        return wait


def pipe() -> tuple[int, int]:
    """A pipe whose read end movers keep; the write end is the nursery's own."""
    read, write = os.pipe2(os.O_CLOEXEC)
    try:
        return read, own(write)
    except OSError:
        os.close(read)
        raise
    finally:
        os.close(write)
