"""Arenas: the memory that a process shares with others, as Linux tells it in /proc.

    /proc/PID/maps            what a process has mapped, with device and inode
    /proc/PID/fd, map_files   ways to open it, also when its name has been removed

A `multiprocessing.Array` has no name: its memory is a file in /dev/shm that was removed while it
is open. Several arrays may stand in one such arena.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from game.attach import AttachError
from game.attach.memory import Memory

REMOVED = " (deleted)"
SHARED = "/dev/shm/"
NO_ARRAYS = (  # what is shared, and is nobody's array
    *("/dev/shm/sem.", "/dev/shm/mono", "/dev/dri", "/dev/nvidia", "/dev/snd", "/dev/kfd"),
    *("/run/", "/SYSV", "anon_inode:"),
)


class Arena(NamedTuple):
    """A piece of shared memory as a process has it mapped."""

    pid: int
    start: int  # address in that process
    end: int
    writable: bool
    offset: int  # [bytes] in the file, of `start`
    device: str  # as in maps, "00:1a"
    inode: int
    path: str

    @property
    def size(self) -> int:
        """How much of it is mapped [bytes]."""
        return self.end - self.start

    @property
    def name(self) -> str:
        """What a SharedMemory is called, or a file; "" of what has no name any more."""
        if not self.path or self.path.endswith(REMOVED):
            return ""
        return self.path.removeprefix(SHARED)

    @property
    def key(self) -> tuple[str, int]:
        """The same for all who share it."""
        return self.device, self.inode


def need_linux(what: str) -> None:
    """Refuse where a system does not tell what processes share."""
    if sys.platform != "linux" or not os.path.exists("/proc/self/maps"):
        raise AttachError(
            f"{what}: this system does not tell what another process shares; Linux does. "
            "A file can be watched here"
        )


def mapped(pid: int) -> Iterator[Arena]:
    """Everything that a process has mapped to share it; OSError where that cannot be known."""
    with open(f"/proc/{pid}/maps", encoding="utf-8", errors="surrogateescape") as file:
        for line in file:
            span, rights, offset, device, inode, *path = line.rstrip("\n").split(None, 5)
            if rights[3] == "s" and inode != "0":
                start, end = (int(address, 16) for address in span.split("-"))
                yield Arena(
                    *(pid, start, end, rights[1] == "w"),
                    *(int(offset, 16), device, int(inode), path[0] if path else ""),
                )


def arenas(pid: int) -> list[Arena]:
    """The shared memory that a process may write, each once, the largest first; OSError where
    that cannot be known."""
    found: dict[tuple[str, int], Arena] = {}
    for arena in mapped(pid):
        if arena.writable and not arena.path.startswith(NO_ARRAYS):
            known = found.get(arena.key)
            if known is None or arena.offset < known.offset:
                found[arena.key] = arena
    return sorted(found.values(), key=lambda arena: (-arena.size, arena.start))


def open_arena(arena: Arena) -> Memory:
    """The memory of an arena, opened anew and for reading alone; AttachError where it cannot be."""
    named = [arena.path] if arena.path and not arena.path.endswith(REMOVED) else []
    span = f"/proc/{arena.pid}/map_files/{arena.start:x}-{arena.end:x}"
    for path in (*named, *open_files(arena.pid), span):
        with suppress(OSError):
            status = os.stat(path)
            if status.st_ino == arena.inode and (
                path in named or device_of(status) == arena.device
            ):
                return Memory(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
    name = arena.path.removesuffix(REMOVED) or "its memory"
    raise AttachError(f"{arena.pid}: {name} is mapped, but open nowhere, so it cannot be read")


def device_of(status: os.stat_result) -> str:
    """A file's device as it stands in maps."""
    return f"{os.major(status.st_dev):02x}:{os.minor(status.st_dev):02x}"


def open_files(pid: int) -> Iterator[str]:
    """The paths of everything that a process has open."""
    with suppress(OSError):
        for name in os.listdir(f"/proc/{pid}/fd"):
            yield f"/proc/{pid}/fd/{name}"
