"""What is watched: who gives the memory, and whether it is still there.

    Handed      arrays that their own program handed over
    Named       a SharedMemory's name, waited for
    Kept        a file
    Running     a process that runs already                          game.attach.programs
    Started     a program that is started for it, and what it starts

Each is a Subject. The source asks `find` for memory until there is some, and now and then after.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from game.attach import AttachError
from game.attach.elements import Elements
from game.attach.memory import Memory, open_path
from game.attach.program import Program

SHARED = "/dev/shm"
LOOK = 0.2  # [s] between two looks for memory that is waited for


class Semaphore(NamedTuple):
    """Where the value of an array's lock stands: 1 when it is free. It is only looked at."""

    memory: Memory  # of the program that uses it
    address: int


class Found(NamedTuple):
    """One piece of memory, and what is known of it."""

    name: str
    memory: Memory
    elements: Elements | None = None  # None: to be given or guessed
    lock: Semaphore | None = None
    limits: tuple[float, ...] = ()
    view: str = ""


class Subject(Protocol):
    """Somebody's memory."""

    @property
    def words(self) -> str:
        """Whose it is."""

    def begin(self) -> None:
        """Start what has to be started."""

    def find(self, now: float) -> Sequence[Found]:
        """Everything there is at `now` [s], always in the same order, new pieces last."""

    def waits(self) -> str:
        """What is waited for while there is nothing; "" when that is over."""

    def gone(self, now: float) -> str:
        """Why nothing new will come, in words; "" while something may."""

    @property
    def recalled(self) -> bool:
        """Whether whoever handed it over wants it to be looked at no more."""

    @property
    def status(self) -> int:
        """The exit status of what was started; 0 where nothing was."""

    def close(self) -> None:
        """Let go of all of it, and end what was started."""


class Alone:
    """A base: nothing is started, nobody can recall it, and it never goes."""

    words = ""
    recalled = False
    status = 0

    def begin(self) -> None:
        """Nothing has to be started."""

    def waits(self) -> str:
        """It is there."""
        return ""

    def gone(self, now: float) -> str:
        """It stays."""
        return ""


class Kept(Alone):
    """A file of bytes, or one that numpy has written."""

    def __init__(self, path: str, elements: Elements | None) -> None:
        self.words = os.path.basename(path)
        self._path, self._elements = path, elements
        self._found: list[Found] = []

    def begin(self) -> None:
        """Open it; AttachError where that is not possible any more."""
        self._found = [Found(self.words, open_path(self._path), self._elements)]

    def find(self, now: float) -> Sequence[Found]:
        """The one file."""
        return self._found

    def close(self) -> None:
        """Close it."""
        for found in self._found:
            found.memory.close()


class Named(Alone):
    """A SharedMemory. It may not be there yet, and may be made anew under its name."""

    def __init__(self, name: str) -> None:
        self.words = name
        self._path = os.path.join(SHARED, name)
        self._found: list[Found] = []
        self._looked = -LOOK

    def find(self, now: float) -> Sequence[Found]:
        """It, as soon as it is there; what was there first stays when its name is removed."""
        if now - self._looked >= LOOK:
            self._looked = now
            with suppress(OSError, AttachError):
                status = os.stat(self._path)
                if status.st_size and not self._is(status):
                    opened = open_path(self._path)
                    self.close()
                    self._found = [Found(self.words, opened)]
        return self._found

    def _is(self, status: os.stat_result) -> bool:
        return bool(self._found) and self._found[0].memory.identity == (
            status.st_dev,
            status.st_ino,
        )

    def waits(self) -> str:
        """Its name."""
        return "" if self._found else f"a SharedMemory called {self.words!r}"

    def close(self) -> None:
        """Close it, without a word to those who share it."""
        for found in self._found:
            found.memory.close()
        self._found = []


class Handed:
    """Arrays that their own program handed over, and the socket to it."""

    status = 0

    def __init__(self, found: Sequence[Found], pid: int, link: int, title: str = "") -> None:
        """`link` is this end of the socket: what comes on it recalls them, and where the other
        end is closed their program has ended."""
        self._found, self._link, self._ended = list(found), link, False
        os.set_blocking(link, False)
        self._program: Program | None = None
        with suppress(AttachError):
            self._program = Program(pid)
        self.words = title or (self._program.words if self._program else f"process {pid}")
        self.recalled = False

    def begin(self) -> None:
        """Nothing has to be started."""

    def find(self, now: float) -> Sequence[Found]:
        """The arrays."""
        return self._found

    def waits(self) -> str:
        """They are there."""
        return ""

    def gone(self, now: float) -> str:
        """Whether their program has ended; takes in what it says meanwhile."""
        try:
            said = os.read(self._link, 64)
            self.recalled |= bool(said)
            self._ended |= not said
        except BlockingIOError:
            pass  # it says nothing
        except OSError:
            self._ended = True  # it went before it had read what we said
        ended = self._ended or self._program is None or self._program.ended(now)
        return "the program has ended" if ended else ""

    def close(self) -> None:
        """Close everything that was handed over."""
        os.close(self._link)
        for found in self._found:
            found.memory.close()
