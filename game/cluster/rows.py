"""Rows on their way from one table to another: found where they are new, put where they belong.

    node's table ──collect──> Row ──put──> the window's table ──collect──> Row ──put──> other nodes

Used by the publisher and by the node's program. Each slot of each table has one writer: the mover
that holds it there, or whoever puts rows in its place.
"""

from collections.abc import Iterable

from game.cluster.messages import Row
from game.shared.fence import fence
from game.shared.look import Seen, look
from game.shared.table import (
    AGENTS,
    GENERATION,
    NOTE,
    NOTICE,
    PID,
    SEQUENCE,
    STATE,
    UPDATES,
    State,
    Table,
)

TRIES = 8  # looks at a row that is caught half-written; else it is sent the next time
TOLD = (UPDATES, STATE, PID, NOTICE)  # cells that a mover writes
WHOLE = (*TOLD, GENERATION, AGENTS)  # and all those that make it somebody's


def collect(table: Table, slots: Iterable[int], sent: dict[int, bytes]) -> list[Row]:
    """The rows of some slots that differ from what was `sent` of them, which is brought up to
    date; one that cannot be read whole at this moment is left out."""
    found = []
    for slot in slots:
        row = table.row(slot)
        if bytes(row) == sent.get(slot):
            continue
        if seen := whole(row, table.slice(slot)):
            sent[slot] = bytes(seen.cells.obj)  # these are bytes already, which nobody copies
            found.append(Row(slot, sent[slot], bytes(seen.values.obj)))
    return found


def whole(row: "memoryview[int]", values: "memoryview[float]") -> Seen | None:
    """A slot, if it was whole at one of some moments."""
    for _ in range(TRIES):
        if seen := look(row, values):
            return seen
    return None


def put(table: Table, new: Row, cells: Iterable[int] = TOLD) -> None:
    """Write a row into a slot that nobody else writes, so that a reader finds all or nothing."""
    came = memoryview(new.cells).cast("q")
    row = table.row(new.slot)
    row[SEQUENCE] += 1
    fence()
    try:
        table.slice(new.slot)[:] = memoryview(new.values).cast("d")
        for cell in cells:
            row[cell] = came[cell]
    finally:
        fence()
        row[SEQUENCE] += 1


def put_whole(table: Table, new: Row) -> None:
    """Write what another table has in a slot, whoever held it; nothing, where that is empty."""
    if memoryview(new.cells).cast("q")[STATE] == State.FREE:
        table.clear(new.slot)
    else:
        put(table, new, WHOLE)


def put_note(table: Table, slot: int, note: bytes) -> None:
    """Write the note of a slot that nobody else writes."""
    table.notes[slot * NOTE : (slot + 1) * NOTE] = note[: NOTE - 1].ljust(NOTE, b"\0")
