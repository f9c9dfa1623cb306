"""The last line that a process printed, in shared memory: for a window that shows it.

One process writes it, another one reads it, and neither waits for the other: a sequence number
that is odd while it is being written, as for the table's rows.
"""

from multiprocessing.context import BaseContext
from typing import Any, NamedTuple

from game.shared.fence import fence

SIZE = 1024  # [bytes] kept of a line
TRIES = 3  # to read it whole; else the one before stands for another frame
SEQUENCE, LINES = range(2)


class Said(NamedTuple):
    """What a process has printed so far."""

    lines: int
    last: str


class LastLine:
    """A line, and how many there were."""

    def __init__(self, context: BaseContext) -> None:
        self._text: Any = context.Array("c", SIZE, lock=False)
        self._numbers: Any = context.Array("q", 2, lock=False)
        self._said = Said(0, "")  # that the reader has found last

    def write(self, line: str) -> None:
        """Put another line in the place of the last one."""
        self._numbers[SEQUENCE] += 1
        fence()
        self._text.raw = line.encode(errors="replace")[:SIZE].ljust(SIZE, b"\0")
        self._numbers[LINES] += 1
        fence()
        self._numbers[SEQUENCE] += 1

    def read(self) -> Said:
        """What was said last, as far as it can be known at this moment."""
        for _ in range(TRIES):
            before = self._numbers[SEQUENCE]
            if before % 2:
                continue
            fence()
            lines, data = self._numbers[LINES], self._text.raw
            fence()
            if before == self._numbers[SEQUENCE]:
                last = data.partition(b"\0")[0].decode(errors="ignore")
                self._said = Said(lines, last)
                break
        return self._said
