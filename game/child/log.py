"""A log: a file with all that one mover process prints, its traceback included.

Written by the process itself, with --log. Opened for each piece anew: a mover may close all its
descriptors, and another file would have the log's.
"""

import os

MOST = 100_000_000  # [bytes] of a process; then a line says so, and no more is kept


class Log:
    """One process's file. `why` says why no more is kept, "" as long as it is."""

    def __init__(self, folder: str, agent: int, generation: int) -> None:
        """`agent` is the first one that it drives, `generation` counts the processes before it."""
        name = f"agent-{agent:04d}-run-{generation + 1}-pid-{os.getpid()}.log"
        self.path = os.path.join(folder, name)
        self.why = ""
        self._size = 0  # [bytes]
        self.write("")

    def write(self, text: str) -> None:
        """Keep some text, as it is."""
        if self.why:
            return
        data = text.encode(errors="replace")
        self._size += len(data)
        try:
            self._append(data if self._size <= MOST else b"\nmore was printed than is kept here\n")
        except OSError as error:
            self.why = f"{self.path}: {error.strerror or error}: no more is kept"
        if self._size > MOST:
            self.why = f"{self.path}: {MOST // 10**6} MB are full: no more is kept"

    def _append(self, data: bytes) -> None:
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        try:
            while data:
                data = data[os.write(file, data) :]
        finally:
            os.close(file)
