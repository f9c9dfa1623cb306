"""Memory: a file of shared memory, opened for reading alone.

It is read with `read`, not mapped: what its owner cuts short or removes cannot crash the reader,
and nobody finds the reader among those who share it.
"""

import io
import os
from typing import Any, NamedTuple

from game.attach import AttachError


class Identity(NamedTuple):
    """Which memory it is, by whatever name it was opened."""

    device: int
    inode: int


class Memory:
    """Shared memory or a file, as it is at this moment."""

    def __init__(self, descriptor: int) -> None:
        """`descriptor` is open for reading; it is closed by `close`."""
        try:
            self._file = io.FileIO(descriptor, "r")
        except OSError:  # a folder
            os.close(descriptor)
            raise
        status = os.fstat(descriptor)
        self.identity = Identity(status.st_dev, status.st_ino)

    @property
    def descriptor(self) -> int:
        """The open file."""
        return self._file.fileno()

    @property
    def size(self) -> int:
        """How long it is at this moment [bytes]."""
        return os.fstat(self._file.fileno()).st_size

    def read(self, into: Any, offset: int) -> int:
        """Fill a buffer from `offset` [bytes] on; returns how many bytes there were.

        Two processes may read through the same open file, and would move each other's position:
        it is neither used nor changed, where the system can do without.
        """
        view, done = memoryview(into).cast("B"), 0
        while done < len(view):
            count = self._read_at(view[done:], offset + done)
            if not count:
                break
            done += count
        return done

    def _read_at(self, into: memoryview, offset: int) -> int:
        if hasattr(os, "preadv"):
            return os.preadv(self._file.fileno(), [into], offset)
        self._file.seek(offset)
        return self._file.readinto(into) or 0

    def close(self) -> None:
        """Let go of it."""
        self._file.close()


def open_path(path: str) -> Memory:
    """The memory at a path; AttachError where it cannot be opened."""
    try:
        return Memory(os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0)))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise AttachError(f"{path!r} cannot be read: {why}") from None
