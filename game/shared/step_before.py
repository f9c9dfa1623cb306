"""What all agents published in the step before: the same for everybody, whatever the load.

    beat's rows of step k - 1 ──copy──> Rows ──> agent.others, group.everybody(), in step k

The place of Published in a run in lockstep. Nobody writes to those rows while somebody makes
step k, so one copy does. Who has made no step k - 1 stands at its last one, and counts as gone;
in the step in which it comes back, at the one that it does not write over.
"""

from array import array
from typing import Any

from game.shared.published import Noting, Rows
from game.shared.table import AGENTS, ROW, STATE, UPDATES, Slice, State, Table


class StepBefore(Noting):
    """The rows of the step before, for the agents of one process."""

    def __init__(self, table: Table, part: Slice | None = None) -> None:
        assert table.beat is not None
        super().__init__(table, part)
        self._beat = table.beat
        self._step = 0
        self._rows: Rows | None = None

    def renew(self, step: int) -> None:
        """A step begins: what counts is the one before."""
        self._step, self._rows = step, None
        self.begin()

    def rows(self) -> Rows:
        """What everybody published in the step before; valid until the next one."""
        if self._rows is None:
            self._rows = Rows(self.fields, self._table.per_process, *self._copy())
        return self._rows

    def _copy(self) -> tuple[Any, Any]:
        """The values of all, and cells that say of whom they are."""
        beat, before = self._beat, self._step - 1
        steps = beat.steps[before & 1].tolist()
        values = memoryview(array("d", beat.rows[before & 1].tobytes()))
        earlier = beat.steps[~before & 1].tolist()
        updates, states = [], []
        for slot, step in enumerate(steps):
            found = step
            if step != before and (step or earlier[slot]):
                found = self._last(slot, step, earlier[slot], values)
            updates.append(found)
            states.append(State.RUNNING if found == before else State.FAILED)
        cells = memoryview(bytearray(8 * ROW * len(steps))).cast("q")
        cells[UPDATES::ROW] = memoryview(array("q", updates))
        cells[STATE::ROW] = memoryview(array("q", states))
        cells[AGENTS::ROW] = self._table.control[ROW + AGENTS :: ROW]
        return values, cells

    def _last(self, slot: int, step: int, earlier: int, values: Any) -> int:
        """Put the last row of one who did not make the step before in its place; returns of which
        step it is, 0 where there is none."""
        beat, before, size = self._beat, self._step - 1, self._beat.size
        if beat.joined[slot] == self._step:  # it may be writing over the other one just now
            earlier = 0
        best = max((s for s in (step, earlier) if s <= before), default=0)
        if best and best == earlier:
            first = slot * size
            values[first : first + size] = beat.rows[~before & 1][first : first + size]
        return best
