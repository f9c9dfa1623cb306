"""The viewer: a window on one's own arrays, opened by the program that owns them.

    the program ──arrays, described──> pipe ──> viewer, a program of its own
                <──what it has found── pipe <──

Runs in somebody's program: light, and it starts no thread. The viewer is no child of it, so that
its `os.wait()` never sees one, and none of its own code runs in it: it is started by a shell that
goes at once. Whatever becomes of the viewer, the program notices nothing.
"""

import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Self

from game.attach import AttachError
from game.attach.shared_object import Handed

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Files of the current folder, and of the program's, take the place of nothing.
PROGRAM = f"import sys; sys.path.append({ROOT!r}); from game.__main__ import command; "
PROGRAM += "sys.exit(command())"
IN_BACKGROUND = '"$@" &'
CLOSING = 5.0  # [s] that `close` waits for the window to go


class Viewer:
    """A window on arrays of this program. It stays when this object is forgotten."""

    def __init__(self, to_it: int, from_it: int) -> None:
        """`to_it`, `from_it` are the ends of two pipes."""
        self._to, self._from = to_it, from_it
        self.told: dict[str, Any] = {}  # what it has found, by name
        self._rest = b""
        _OPEN.append(self)  # nobody else may hold it

    @property
    def running(self) -> bool:
        """Whether the viewer is there."""
        self._hear(0.0)
        return self._from >= 0

    @property
    def violations(self) -> int:
        """How often the check was seen not to hold, so far."""
        self._hear(0.0)
        return int(self.told.get("violations", 0))

    @property
    def first_violation(self) -> dict[str, Any] | None:
        """The first one: `time` [s since the viewer began], `cells` that had changed, with their
        values `before` and `after`; None while there is none."""
        self._hear(0.0)
        return self.told.get("first_violation")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the viewer is gone, at most `timeout` [s]; whether it is."""
        while self._from >= 0:
            if not self._hear(timeout) and timeout is not None:
                break
        return self._from < 0

    def close(self) -> None:
        """Close the viewer, and wait a moment for it to go."""
        if self._to >= 0:
            with suppress(OSError):
                os.write(self._to, b"close\n")
            self.wait(CLOSING)
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _hear(self, timeout: float | None) -> bool:
        """Take in what the viewer says, waiting at most `timeout` [s] for it; whether it did."""
        if self._from < 0:
            return False
        waits = select.poll()
        waits.register(self._from, select.POLLIN)
        if not waits.poll(None if timeout is None else timeout * 1000):
            return False
        words = os.read(self._from, 1 << 16)
        if not words:
            self._let_go()
        *lines, self._rest = (self._rest + words).split(b"\n")
        for line in lines:
            self.told.update(json.loads(line))
        return True

    def _let_go(self) -> None:
        """Close the pipes: there is nobody at the other end."""
        for descriptor in (self._to, self._from):
            if descriptor >= 0:
                os.close(descriptor)
        self._to = self._from = -1
        if self in _OPEN:
            _OPEN.remove(self)


_OPEN: list[Viewer] = []


def open_viewer(
    scene: str, arrays: Mapping[str, Handed], described: Mapping[str, Any], words: Sequence[str]
) -> Viewer:
    """Open a viewer on some arrays, by name; AttachError where it cannot be started.

    `described` is what the program says of all of them, `words` are for its command line.
    """
    if not sys.executable:
        raise AttachError("there is no Python program here that could show the arrays")
    locks = any(handed.lock for handed in arrays.values())
    # The value of a lock stands in this program's own memory, and is looked at there.
    memory = os.open("/proc/self/mem", os.O_RDONLY) if locks else -1
    told = {
        **described,
        "pid": os.getpid(),
        "memory": memory,
        "arrays": [{"name": name, **handed._asdict()} for name, handed in arrays.items()],
    }
    try:
        passed = [*(handed.descriptor for handed in arrays.values()), memory]
        return start(scene, told, words, passed)
    finally:
        if memory >= 0:
            os.close(memory)


def close_all(handed: Sequence[Handed]) -> None:
    """Close what was opened for a viewer."""
    for one in handed:
        os.close(one.descriptor)


def start(
    scene: str, told: Mapping[str, Any], words: Sequence[str], passed: Sequence[int]
) -> Viewer:
    """Start the viewer, with descriptors of its own."""
    its_input, to_it = os.pipe()
    from_it, its_output = os.pipe()
    try:
        os.write(to_it, json.dumps(told).encode() + b"\n")
        terminal = sys.stderr is not None and os.isatty(2)
        subprocess.run(
            [
                *("/bin/sh", "-c", IN_BACKGROUND, "sh", sys.executable, "-P", "-c", PROGRAM),
                *(scene, "--handed", f"{its_input},{its_output}", *words),
            ],
            pass_fds=(its_input, its_output, *(one for one in passed if one >= 0)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if terminal else subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
        return Viewer(to_it, from_it)
    except (OSError, subprocess.SubprocessError) as error:
        for descriptor in (to_it, from_it):
            os.close(descriptor)
        raise AttachError(f"the viewer could not be started: {error}") from None
    finally:
        for descriptor in (its_input, its_output):
            os.close(descriptor)
