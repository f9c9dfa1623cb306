"""Sharers: the processes that have a memory mapped, and how they stand at a moment.

Which of them wrote cannot be known, and is not claimed.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

import psutil

from game.attach.arenas import mapped
from game.attach.memory import Identity
from game.attach.program import command


class Sharer(NamedTuple):
    """One process."""

    pid: int
    command: str
    state: str  # as psutil has it: "running", "sleeping", "stopped", ...
    seconds: float  # [s] of processor time so far

    @property
    def words(self) -> str:
        """It, for a person."""
        return f"{self.pid} {self.command}: {self.state}, {self.seconds:.2f} s on the processor"


def sharers(identities: set[Identity]) -> Iterator[Sharer]:
    """The processes of mine that have one of these memories mapped."""
    inodes = {identity.inode for identity in identities}
    for process in psutil.process_iter():
        with suppress(OSError, psutil.Error):
            if any(arena.inode in inodes for arena in mapped(process.pid)):
                times = process.cpu_times()
                spent = times.user + times.system
                yield Sharer(process.pid, command(process), process.status(), spent)
