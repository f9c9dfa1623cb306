"""What all agents have published last: one copy a step, every row of it whole.

    table ──copy──> Rows, the same for a whole step ──> agent.others, group.everybody()

Made for each mover process, which says with renew() that a step begins; the copy is made when
somebody asks first, so a mover that never asks pays nothing. Whoever has another idea of "last"
(the rows of the step before, say) puts something else with these methods in its place.

A row counts from its first update until its slot is cleared: as long as the window shows it, also
when its process has ended. One that is being written while it is copied stands as it was copied
before. One that has never been seen whole is nobody's.
"""

from collections.abc import Sequence
from functools import cached_property, reduce
from itertools import compress
from operator import or_
from typing import Any

from game.shared.fence import fence
from game.shared.look import look
from game.shared.looks import Noted, write
from game.shared.table import (
    AGENTS,
    ASKED,
    GENERATION,
    ROW,
    SEQUENCE,
    STATE,
    UPDATES,
    Slice,
    State,
    Table,
)

TRIES = 64  # looks at a row that was caught half-written; most are over in 0.05 us
ENDED = (State.DONE, State.FAILED)


class Rows:
    """Everybody's values at one moment, read-only."""

    def __init__(
        self,
        fields: tuple[str, ...],
        per_process: int,
        values: Any,
        cells: Any,
        ages: Sequence[float] = (),
    ) -> None:
        """`values` (slots * per_process * fields,) float64, `cells` (slots * ROW,) int64, `ages`
        (slots,) [s] where there are rows of other machines."""
        self.fields = fields
        self.values: memoryview[float] = values.toreadonly()
        self._per_process = per_process
        self._cells = cells
        self._ages = ages
        self._columns: dict[str, tuple[float, ...]] = {}

    @cached_property
    def numbers(self) -> list[int]:
        """Who has a row, ascending."""
        updates = self._cells[UPDATES::ROW].tolist()
        if self._per_process == 1:
            return list(compress(range(len(updates)), updates))
        agents, each = self._cells[AGENTS::ROW].tolist(), self._per_process
        used = [slot for slot, made in enumerate(updates) if made]
        return [slot * each + place for slot in used for place in range(agents[slot])]

    def of(self, number: int) -> tuple[float, ...] | None:
        """An agent's values; None where nobody is."""
        slot, place = divmod(number, self._per_process)
        row = self._cells[slot * ROW : (slot + 1) * ROW] if number >= 0 else ()
        if not (len(row) and row[UPDATES] and place < row[AGENTS]):
            return None
        many = len(self.fields)
        return tuple(self.values[number * many : (number + 1) * many])

    def gone(self, number: int) -> bool:
        """Whether an agent that has a row is driven by nobody any more."""
        at = number // self._per_process * ROW + STATE
        return 0 <= at < len(self._cells) and self._cells[at] in ENDED

    def age(self, number: int) -> float:
        """How old an agent's row was when it was copied [s]; 0 where it is written here."""
        slot = number // self._per_process
        return self._ages[slot] if 0 <= slot < len(self._ages) else 0.0

    def column(self, name: str) -> tuple[float, ...]:
        """A field of all that there is room for, by their numbers; 0 where nobody is."""
        found = self._columns.get(name)
        if found is None:
            place = self.fields.index(name)
            values = self.values[place :: len(self.fields)].tolist()
            found = self._columns[name] = tuple(values)
        return found

    def marks(self, ended: bool = False) -> bytes:
        """A byte for each agent that there is room for: whether it has a row; or, of those that
        have one, whose process has `ended`."""
        each, marks = self._per_process, bytearray(len(self._cells) // ROW * self._per_process)
        columns = (self._cells[cell::ROW].tolist() for cell in (UPDATES, AGENTS, STATE))
        for slot, (updates, agents, state) in enumerate(zip(*columns, strict=True)):
            if updates and (state in ENDED or not ended):
                marks[slot * each : slot * each + agents] = b"\1" * agents
        return bytes(marks)


class Noting:
    """Notes what the agent looks at that is selected in the window, if it is one of a process."""

    def __init__(self, table: Table, part: Slice | None) -> None:
        """`part` is the process's own; what its agents look at is written down there."""
        self.fields = tuple(table.fields)
        self.noted: Noted | None = None  # what an agent of ours looks at that is selected
        self._part, self._table = part, table

    def begin(self) -> None:
        """A step begins, in which nothing was looked at yet."""
        self.noted = None
        selected, part = self._table.selected, self._part
        if part is not None and 0 <= selected - part.first_agent < part.agents:
            self.noted = Noted(selected)

    def tell(self) -> None:
        """A step is made: write down what the agent of ours looked at that is selected."""
        if self._part is not None and self.noted is not None and self.noted.asked:
            slot = self._part.first_agent // self._table.per_process
            write(self._table.look(slot), self.noted, self._part.row[UPDATES])


class Published(Noting):
    """The rows of a table as they were published last, for the agents of one process."""

    def __init__(self, table: Table, part: Slice | None = None) -> None:
        super().__init__(table, part)
        self._rows: Rows | None = None
        self._copies: list[tuple[Any, Any]] = []  # (values, cells), the newest one last

    def renew(self) -> None:
        """A step begins: whoever asks from now on sees what is published by then."""
        self._rows = None
        self.begin()

    def rows(self) -> Rows:
        """What everybody has published last. The memory that it is in is used again in the step
        after the next."""
        if self._rows is None:
            values, cells = self._copy()
            ages = self._table.origins.ages() if self._table.origins else ()
            self._rows = Rows(self.fields, self._table.per_process, values, cells, ages)
            if self._part is not None:
                self._part.row[ASKED] = 1
        return self._rows

    def _copy(self) -> tuple[Any, Any]:
        """Copy the table, each slot whole or as it was before; (values, cells)."""
        if not self._copies:
            self._copies = [self._blank(), self._blank()]
        table = self._table
        values, cells = copy = self._copies.pop(0)
        sequences = table.control[ROW + SEQUENCE :: ROW]
        before = sequences.tolist()
        fence()
        values[:] = table.values
        cells[:] = table.control[ROW:]
        fence()
        after = sequences.tolist()
        if before != after or reduce(or_, before, 0) & 1:
            for slot, (one, other) in enumerate(zip(before, after, strict=True)):
                if one != other or one & 1:
                    self._again(slot, values, cells)
        self._copies.append(copy)
        return copy

    def _blank(self) -> tuple[Any, Any]:
        """Room for a copy of the table."""
        values, cells = bytearray(self._table.values.nbytes), bytearray(self._table.slots * ROW * 8)
        return memoryview(values).cast("d"), memoryview(cells).cast("q")

    def _again(self, slot: int, values: Any, cells: Any) -> None:
        """Copy a slot alone, a far shorter moment; keep what was copied before where that does
        not come out whole either."""
        row, own = self._table.row(slot), self._table.slice(slot)
        size, at = len(own), slot * ROW
        for _ in range(TRIES):
            if seen := look(row, own):
                values[slot * size : (slot + 1) * size] = seen.values
                cells[at : at + ROW] = seen.cells
                return
            if row[STATE] == State.FAILED:  # what it left half-written stays so
                break
        old_values, old_cells = self._copies[-1]
        generation, state = row[GENERATION], row[STATE]
        values[slot * size : (slot + 1) * size] = old_values[slot * size : (slot + 1) * size]
        cells[at : at + ROW] = old_cells[at : at + ROW]
        cells[at + STATE] = state
        if cells[at + GENERATION] != generation:  # of the process before
            cells[at + UPDATES] = 0
