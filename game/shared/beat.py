"""The beat: the cells by which all movers of a run step together (`--lockstep`).

    window      RUN, VERSION, wanted[slot]            who takes part, from which start on
    conductor   SEEN, TURN, BELL, admitted[slot],     which step may be made, who may make it,
                joined[slot], left[slot],             from which step on, and who is left out since
                known[slot]                           which step
    movers      arrived[slot]                         the last step that it has made whole
                calls[slot]                           counts its looks in vain for another step
                rows, steps                           its last two rows, and of which step they are

Every cell has one writer. Step k may be made while TURN is k, and TURN is k + 1 only when all that
take part have arrived at k. So whoever makes step k finds the rows of step k - 1 at rest: a mover
writes row k beside its row k - 1, by turns into one of two arrays (row k into number k % 2). With
one row each there would have to be two waits for everybody in a step: one until all have computed,
one until all have published. A wait is what a step costs, a second copy of a row costs nothing.

The tutorial's array is published besides, as ever: the window knows nothing of all this.

`steps` says of which step a row is, 0 while it is being written: a row that its writer was killed
over is nobody's. The row of a mover that makes no steps any more stays, and is its last one.
"""

import ctypes
from itertools import pairwise
from multiprocessing.context import BaseContext
from typing import Any

from game.shared import futex
from game.shared.fence import fence

RUN, VERSION, SEEN, TURN, BELL = range(5)
CELLS = 8  # [int64] before the columns
COLUMNS = 7  # a cell for each slot: wanted, admitted, left, known, joined, calls, arrived
ARRIVED = 6
LAST = (1 << 62) + (1 << 31) - 1  # arrived there: it makes no steps any more


class Beat:
    """The cells of a table whose movers step together."""

    def __init__(self, context: BaseContext, slots: int, size: int) -> None:
        """`size` is how many values a slot has."""
        self.slots = slots
        self.size = size
        self._shared: Any = context.Array("q", CELLS + COLUMNS * slots, lock=False)
        self._rows: Any = context.Array("d", 2 * slots * size, lock=False)
        self._steps: Any = context.Array("q", 2 * slots, lock=False)
        self._map()

    def _map(self) -> None:
        self.cells = memoryview(self._shared).cast("B").cast("q")
        at = [CELLS + column * self.slots for column in range(COLUMNS + 1)]
        columns = [self.cells[first:last] for first, last in pairwise(at)]
        self.wanted, self.admitted, self.left, self.known, *columns = columns
        self.joined, self.calls, self.arrived = columns
        rows = memoryview(self._rows).cast("B").cast("d")
        steps = memoryview(self._steps).cast("B").cast("q")
        # Of the even steps, of the odd ones.
        self.rows = rows[: self.slots * self.size], rows[self.slots * self.size :]
        self.steps = steps[: self.slots], steps[self.slots :]
        self._address = ctypes.addressof(self._shared)

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: self.__dict__[name] for name in ("slots", "size", "_shared", "_rows", "_steps")
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    # The window's side.

    def want(self, wanted: dict[int, int]) -> None:
        """Say who takes part: the generation of each slot's process. All of it changes at once."""
        self.cells[VERSION] += 1  # odd while it is written
        fence()
        for slot in range(self.slots):
            if self.wanted[slot] != wanted.get(slot, 0):
                self.wanted[slot] = wanted.get(slot, 0)
        fence()
        self.cells[VERSION] += 1

    def forget(self, slot: int) -> None:
        """Clear what is left of a slot whose process is reaped, and which nobody has any more."""
        self.steps[0][slot] = self.steps[1][slot] = 0

    def hand_on(self, slot: int) -> None:
        """Make a slot ready for another process. The last rows of the one before stay: others may
        be in the middle of the step that it died in."""
        self.arrived[slot] = self.calls[slot] = 0

    def begin(self) -> None:
        """Count steps anew, from 1 on; nobody takes part at this moment."""
        for steps in self.steps:
            steps[:] = memoryview(bytes(steps.nbytes)).cast("q")
        self.cells[RUN] += 1

    # The conductor's side.

    def roster(self) -> tuple[int, int, list[int]] | None:
        """The version of who is wanted, the run, and the generation for each slot; None while it
        is being written."""
        version = self.cells[VERSION]
        if version & 1:
            return None
        fence()
        run, wanted = self.cells[RUN], self.wanted.tolist()
        fence()
        return (version, run, wanted) if version == self.cells[VERSION] else None

    def ring(self) -> None:
        """Tell all movers that something has changed for them."""
        self.cells[BELL] += 1
        futex.wake(self._address + 8 * BELL)

    def wait_for(self, slot: int, seconds: float) -> None:
        """Sleep until a mover arrives somewhere, at most some seconds."""
        at = CELLS + ARRIVED * self.slots + slot
        if (seen := self.cells[at]) < self.cells[TURN]:
            futex.wait(self._address + 8 * at, seen, seconds)

    # A mover's side.

    def arrive(self, slot: int, step: int) -> None:
        """Say that a step is made, and its row written."""
        fence()
        self.arrived[slot] = step
        futex.wake(self._address + 8 * (CELLS + ARRIVED * self.slots + slot))

    def turn(self, slot: int, generation: int, made: int) -> int:
        """The step that a mover may make now, which has made `made`; 0 while it may make none."""
        cells = self.cells
        if cells[SEEN] != cells[RUN] or self.admitted[slot] != generation:
            return 0
        turn = cells[TURN]
        return turn if turn > made else 0

    def call(self, slot: int) -> None:
        """Say that a mover looks and may make no step: who was left out is known to be back."""
        self.calls[slot] += 1

    def wait_bell(self, bell: int, seconds: float) -> None:
        """Sleep until ring(), at most some seconds; not at all where BELL is not `bell` now."""
        futex.wait(self._address + 8 * BELL, bell, seconds)

    def write(self, slot: int, step: int, values: "memoryview[float]") -> None:
        """Write the row of a step beside the one of the step before."""
        first, steps = slot * self.size, self.steps[step & 1]
        steps[slot] = 0
        fence()
        self.rows[step & 1][first : first + len(values)] = values
        fence()
        steps[slot] = step
