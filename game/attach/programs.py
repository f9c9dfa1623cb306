"""Programs whose memory is watched from outside: one that runs already, one that is started.

Both are Subjects; see game.attach.subjects.
"""

import subprocess
from collections.abc import Sequence
from contextlib import suppress

from game.attach import AttachError
from game.attach.arenas import Arena, open_arena
from game.attach.program import Program, end_all, started_by
from game.attach.subjects import LOOK, Alone, Found

GRACE = 3.0  # [s] that a program has to end when it is asked to
AFTER = 1.0  # [s] that what it had started has, then


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
