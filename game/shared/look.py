"""One look at a slot of the table: what is in it, if it was whole at that moment.

Used by everybody who reads rows in plain Python.
"""

from typing import NamedTuple

from game.shared.fence import fence
from game.shared.table import SEQUENCE


class Seen(NamedTuple):
    """What a slot has in it, all of one row."""

    cells: "memoryview[int]"  # of the control block, (ROW,) int64
    values: "memoryview[float]"  # (per_process * fields,) float64


def look(row: "memoryview[int]", values: "memoryview[float]") -> Seen | None:
    """Copy a slot's cells and values; None where its row was being written meanwhile."""
    before = row[SEQUENCE]
    if before & 1:
        return None
    fence()
    copy = values.tobytes()  # a list takes ten times as long: enough for a fast
    cells = row.tobytes()  # writer on a core of its own to begin its next row, every time
    fence()
    if before != row[SEQUENCE]:
        return None
    return Seen(memoryview(cells).cast("q"), memoryview(copy).cast("d"))
