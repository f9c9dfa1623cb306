"""Descriptors that are the nursery's own: with numbers from PRIVATE on, closed in every mover.

Linux alone: imported by the nursery and what runs in it.
"""

import errno
import fcntl
import os
import signal
from contextlib import suppress

from game.child.channel import PRIVATE


def own(descriptor: int) -> int:
    """A descriptor once more, with a number that no mover keeps."""
    try:
        return fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, PRIVATE)
    except OSError as error:
        if error.errno == errno.EINVAL:  # there may not even be so many
            error = OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        raise error from None


def own_end(sentinel: int) -> int:
    """The pipe's read end once more, as an open file of its own: each has another owner."""
    opened = os.open(f"/proc/self/fd/{sentinel}", os.O_RDONLY | os.O_NONBLOCK)
    try:
        return own(opened)
    finally:
        os.close(opened)


def own_wakeup() -> int:
    """A descriptor that becomes readable when a child ends."""
    ends = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    read, write = map(own, ends)
    for end in ends:
        os.close(end)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(write, warn_on_full_buffer=False)
    return read


def drain(descriptor: int) -> None:
    """Take everything out of a pipe."""
    with suppress(BlockingIOError):
        while os.read(descriptor, 4096):
            pass
