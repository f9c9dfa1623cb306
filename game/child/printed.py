"""What a mover prints: the last of it is kept in its note, where the window can read it.

Stands for stdout and stderr in a mover's process. Nothing goes to the terminal, and nothing can
fill up: a hundred movers may print as much as they like.
"""

import io

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
