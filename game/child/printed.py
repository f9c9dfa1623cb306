"""What a mover prints: the last of it is kept in its note, where the window can read it.

Stands for stdout and stderr in a mover's process. Nothing goes to the terminal, and nothing can
fill up: a hundred movers may print as much as they like. What a mover starts can print to
nowhere at all, and never holds the program's stdout open.
"""

import io
import os
from contextlib import suppress

from game.shared.table import NOTE, Slice

KEPT = NOTE // 2  # [characters]


class Printed(io.TextIOBase):
    """A text stream that keeps its end in the note of a slice."""

    def __init__(self, part: Slice) -> None:
        self.text = ""
        self._part = part

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Take the text; returns its length."""
        self.text = (self.text + text)[-KEPT:]
        self._part.leave_note("", self.text)
        return len(text)


_stdout = 1  # where say() writes


def keep_stdout_private() -> None:
    """Keep the program's stdout for say(); for everything else 0, 1 and 2 lead to nowhere."""
    global _stdout
    nowhere = os.open(os.devnull, os.O_RDWR)
    _stdout = os.dup(1)
    file = os.fstat(_stdout)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    if nowhere > 2:
        os.close(nowhere)

    def let_go() -> None:
        with suppress(OSError):
            if os.path.samestat(os.fstat(_stdout), file):  # else the behaviour has closed it
                os.close(_stdout)

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=let_go)


def say(*lines: str) -> None:
    """Print lines to the program's stdout, all in one write: those of two processes never mix."""
    with suppress(OSError):  # nobody reads any more, as with `| head -1`
        os.write(_stdout, "".join(line + "\n" for line in lines).encode())
