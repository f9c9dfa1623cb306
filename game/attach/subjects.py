"""What is watched: who gives the memory, and whether it is still there.

    Handed      arrays that their own program handed over
    Running     a process that runs already
    Started     a program that is started for it, and what it starts
    Named       a SharedMemory's name, waited for
    Kept        a file

Each is a Subject. The source asks `find` for memory until there is some, and now and then after.
"""

import os
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple, Protocol

from game.attach import AttachError
from game.attach.arenas import Arena, open_arena
from game.attach.elements import Elements
from game.attach.memory import Memory, open_path
from game.attach.program import Program, end_all, started_by

SHARED = "/dev/shm"
GRACE = 3.0  # [s] that a program has to end when it is asked to
AFTER = 1.0  # [s] that what it had started has, then
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


class Arenas:
    """The arenas of some processes, opened once each. What nobody has mapped any more is closed:
    it would take up memory for nobody."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int], Found | None] = {}  # None: cannot be opened
        self._named = 0  # so far

    @property
    def found(self) -> list[Found]:
        """Those that there are, in the order in which they came."""
        return [found for found in self._found.values() if found is not None]

    def take(self, arenas: Sequence[Arena]) -> None:
        """Open those that are new; `arenas` are all that are mapped at this moment."""
        for arena in arenas:
            if arena.key not in self._found:
                self._found[arena.key] = None
                with suppress(AttachError):
                    memory = open_arena(arena)
                    self._named += 1
                    self._found[arena.key] = Found(f"array {self._named}", memory)
        for key in self._found.keys() - {arena.key for arena in arenas}:
            if found := self._found.pop(key):
                found.memory.close()

    def close(self) -> None:
        """Close all."""
        for found in self.found:
            found.memory.close()
        self._found = {}


class Running(Alone):
    """A process that runs already; nothing in it changes."""

    def __init__(self, pid: int) -> None:
        """AttachError where it is not there, not ours, or shares nothing."""
        self.program = Program(pid)
        self._arenas = Arenas()
        self._looked = 0.0
        arenas = self.program.arenas()
        self._arenas.take(arenas)
        if not self._arenas.found:
            raise AttachError(f"{pid}: {why_nothing(self.program, bool(arenas))}")
        self.words = self.program.words

    def find(self, now: float) -> Sequence[Found]:
        """Its arenas."""
        if now - self._looked >= 5 * LOOK:
            self._looked = now
            with suppress(AttachError):
                if mapped := self.program.arenas():
                    self._arenas.take(mapped)
        return self._arenas.found

    def gone(self, now: float) -> str:
        """Whether it has ended."""
        return "the program has ended" if self.program.ended(now) else ""

    def close(self) -> None:
        """Close its arenas."""
        self._arenas.close()


def why_nothing(program: Program, mapped: bool) -> str:
    """Why there is nothing to be read in a process, and where there is."""
    if mapped:
        return f"the memory that {program.words} shares is open nowhere, so it cannot be read"
    for child in program.descent()[1:]:
        with suppress(AttachError):
            if child.arenas():
                return f"{program.words} shares no arrays; {child.words} does: give {child.pid}"
    return f"{program.words} shares no arrays; --list shows the processes that do"


class Started(Alone):
    """A program that is started to be watched, with everything that it starts itself."""

    def __init__(self, command: Sequence[str]) -> None:
        self._command = list(command)
        self.words = " ".join(command)[:60]
        self._process: subprocess.Popen[bytes] | None = None
        self._arenas = Arenas()
        self._looked = -LOOK
        self.status = 0

    def begin(self) -> None:
        """Start it; AttachError where it cannot be."""
        try:
            self._process = subprocess.Popen(self._command)
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or error
            raise AttachError(f"{self._command[0]!r} cannot be started: {why}") from None

    def find(self, now: float) -> Sequence[Found]:
        """The arenas of all its processes, as they come."""
        if self._process and now - self._looked >= LOOK / 4:
            self._looked = now
            mapped: list[Arena] = []
            with suppress(AttachError):
                for program in Program(self._process.pid).descent():
                    with suppress(AttachError):
                        mapped += program.arenas()
            if mapped:  # else it is ending, and its last picture stays
                self._arenas.take(mapped)
        return self._arenas.found

    def waits(self) -> str:
        """Its first array."""
        return "" if self._arenas.found else f"{self.words} to share an array"

    def gone(self, now: float) -> str:
        """Whether it has ended."""
        if self._process is None or self._process.poll() is None:
            return ""
        code = self._process.returncode
        self.status = code if code >= 0 else 128 - code
        return f"the program has ended with {self.status}"

    def close(self) -> None:
        """End it, if it still runs, with all that it started."""
        self._arenas.close()
        process = self._process
        if process is None or process.poll() is not None:
            return
        left = started_by(process.pid)  # once it has gone, nobody could tell whose they were
        process.terminate()
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            left += started_by(process.pid)
            process.kill()
            process.wait()
        end_all(left, AFTER)


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
