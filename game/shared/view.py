"""A read-only view of the table, for a process that only looks on."""

from collections.abc import Sequence
from math import nan
from time import sleep
from typing import Any, cast

from game.shared.look import look
from game.shared.table import AGENTS, ROW, SEQUENCE, STATE, UPDATES, State, Table

AT_ONCE, TRIES, PAUSE = 100, 1000, 0.001  # tries without a pause, and in all; [s] between them


class View:
    """Every agent's values, as plain Python sees them.

    `values` and `control` are those of the table; a write through them raises TypeError.
    """

    def __init__(self, table: Table) -> None:
        self.values: memoryview[float] = cast(Any, table.values.toreadonly())
        self.control = table.control.toreadonly()
        self._fields = len(table.fields)
        self._per_process = table.per_process

    def published(self) -> bool:
        """Whether every slot whose process lives has published a first row, and one has."""
        rows = self._rows().values()
        published = [bool(row[UPDATES]) for row in rows if row[STATE] != State.FAILED]
        return bool(published) and all(published)

    def agents(self) -> list[tuple[float, ...]]:
        """The values of every agent that has published, in the order of their numbers."""
        return list(self.by_number().values())

    def by_number(self) -> dict[int, tuple[float, ...]]:
        """The values of every agent that has published, by its number, each slot's read whole.

        Where a writer died in the middle of a row, or is frozen there, they are nan: nobody
        knows what belongs together.
        """
        found: dict[int, tuple[float, ...]] = {}
        for slot, row in self._rows().items():
            if row[UPDATES]:
                values = self._read(slot, row)
                rows = zip(*[iter(values)] * self._fields, strict=True)
                found.update(enumerate(rows, slot * self._per_process))
        return found

    def _rows(self) -> "dict[int, memoryview[int]]":
        """The rows of the slots in use."""
        starts = range(ROW, len(self.control), ROW)
        rows = {at // ROW - 1: self.control[at : at + ROW] for at in starts}
        return {slot: row for slot, row in rows.items() if row[STATE]}

    def _read(self, slot: int, row: "memoryview[int]") -> Sequence[float]:
        """One slot's values, all of one row; nan where it is never whole."""
        size = self._per_process * self._fields
        values = self.values[slot * size : (slot + 1) * size]
        for tries in range(TRIES):
            if tries >= AT_ONCE:
                sleep(PAUSE)  # its writer waits for a processor in the middle of a row
            if seen := look(row, values):
                return seen.values[: seen.cells[AGENTS] * self._fields]
            if row[SEQUENCE] & 1 and row[STATE] == State.FAILED:
                break
        return [nan] * (row[AGENTS] * self._fields)
