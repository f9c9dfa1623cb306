"""The viewer: a window on one's own arrays, opened by the program that owns them.

    the program ──what it hands over──> state <──what was found, the newest── viewer,
                ──close─────────────── socket ───────────its pid────────────  a program of its own

Runs in somebody's program: light, and it starts no thread. The viewer is no child of it, so that
its `os.wait()` never sees one, and none of its own code runs in it: it is started by a shell that
goes at once. Whatever becomes of the viewer, the program notices nothing.
"""

import errno
import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from game.attach import AttachError, state
from game.attach.shared_object import Handed, above

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Our folder comes before the first that has a `game` too, and before nothing else: its other
# modules take the place of none. It stays there for the processes that the viewer starts.
PROGRAM = f"""
import sys
from importlib.machinery import PathFinder
there = [at for at, path in enumerate(sys.path) if PathFinder.find_spec("game", [path])]
sys.path.insert(min(there, default=len(sys.path)), {ROOT!r})
from game.__main__ import command
sys.exit(command())
"""
IN_BACKGROUND = '"$@" &'
CLOSING = 5.0  # [s] that `close` waits for the window to go
LONGEST = 3600.0  # [s] of one wait of the system's


class Viewer:
    """A window on arrays of this program. It stays when this object is forgotten."""

    def __init__(self, link: int, told: int) -> None:
        """`link` is this program's end of the socket, `told` the state."""
        os.set_blocking(link, False)
        self.told: dict[str, Any] = {}  # what it has found, by name
        self._link, self._state, self._process = link, told, -1
        self._pid = 0  # 0: not said yet, and the state is not the viewer's
        self._open = [link, told]
        _OPEN.append(self)  # nobody else may hold it

    @property
    def running(self) -> bool:
        """Whether the viewer is there."""
        self.hear(0.0)
        return bool(self._open)

    @property
    def violations(self) -> int:
        """How often the check was seen not to hold, so far."""
        self.hear(0.0)
        return int(self.told.get("violations", 0))

    @property
    def first_violation(self) -> dict[str, Any] | None:
        """The first one: `time` [s since the viewer began], `cells` that had changed, with their
        values `before` and `after`; None while there is none."""
        self.hear(0.0)
        return self.told.get("first_violation")

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the viewer is gone, at most `timeout` [s]; whether it is."""
        end = None if timeout is None else time.monotonic() + timeout
        while self._open:
            left = LONGEST if end is None else end - time.monotonic()
            self.hear(min(max(left, 0.0), LONGEST))
            if left <= 0:
                break
        return not self._open

    def close(self) -> None:
        """Close the viewer, and wait a moment for it to go."""
        if self._open:
            with suppress(OSError):
                send(self._link, b"close\n")
            self.wait(CLOSING)
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def hear(self, timeout: float) -> None:
        """Take in what the viewer says, waiting at most `timeout` [s] for it."""
        if not self._open:
            return
        waits = select.poll()
        for descriptor in (self._link, self._process):
            if descriptor >= 0:
                waits.register(descriptor, select.POLLIN)
        ready = [descriptor for descriptor, _ in waits.poll(timeout * 1000)]
        gone = self._process in ready
        if self._link in ready:
            gone |= not self._greeted()
        with suppress(OSError):
            if self._pid:
                self.told = state.read(self._state) or self.told
        if gone:
            self._let_go()

    def _greeted(self) -> bool:
        """Take in the viewer's pid, all that comes on the socket; whether it is there.

        A child of this program that was forked while the viewer started holds the viewer's end of
        the socket as well, so that its end is not seen: the process itself is waited for too.
        """
        try:
            words = os.read(self._link, 64)
        except BlockingIOError:
            return True  # another thread has read it
        except OSError:
            return False
        if not words:
            return False
        self._pid = int(words)
        if hasattr(os, "pidfd_open"):
            try:
                self._process = above(os.pidfd_open(self._pid))
                self._open.append(self._process)
            except OSError as error:
                return error.errno != errno.ESRCH
        return True

    def _let_go(self) -> None:
        """Close everything, each once whoever calls: there is nobody at the other end."""
        with suppress(IndexError):
            while True:
                os.close(self._open.pop())
        with suppress(ValueError):
            _OPEN.remove(self)


_OPEN: list[Viewer] = []


def send(link: int, words: bytes) -> None:
    """Send on a socket, without a SIGPIPE where nobody is at the other end."""
    end = socket.socket(fileno=link)
    try:
        end.send(words, socket.MSG_NOSIGNAL)
    finally:
        end.detach()


def open_viewer(
    scene: str, arrays: Mapping[str, Handed], described: Mapping[str, Any], words: Sequence[str]
) -> Viewer:
    """Open a viewer on some arrays, by name; AttachError where it cannot be started.

    `described` is what the program says of all of them, `words` are for its command line.
    """
    if not sys.executable:
        raise AttachError("there is no Python program here that could show the arrays")
    for viewer in list(_OPEN):
        viewer.hear(0.0)  # those that are gone hold descriptors
    opened: list[int] = []
    try:
        if any(handed.lock for handed in arrays.values()):
            opened += own_memory()
        told = {
            **described,
            "pid": os.getpid(),
            "memory": opened[0] if opened else -1,
            "arrays": [{"name": name, **handed._asdict()} for name, handed in arrays.items()],
        }
        passed = [*(handed.descriptor for handed in arrays.values()), *opened]
        return start(scene, told, words, passed)
    except (OSError, subprocess.SubprocessError) as error:
        raise AttachError(f"the viewer could not be started: {error}") from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def own_memory() -> list[int]:
    """This program's own memory, where the values of its locks stand; none where that is denied."""
    with suppress(PermissionError, FileNotFoundError):
        return [above(os.open("/proc/self/mem", os.O_RDONLY | os.O_CLOEXEC))]
    return []


def close_all(handed: Sequence[Handed]) -> None:
    """Close what was opened for a viewer."""
    for one in handed:
        os.close(one.descriptor)


def start(
    scene: str, told: Mapping[str, Any], words: Sequence[str], passed: Sequence[int]
) -> Viewer:
    """Start the viewer, with descriptors of its own."""
    with channel() as (link, its_link, its_state):
        state.write(its_state, told)
        terminal = sys.stderr is not None and os.isatty(2)
        subprocess.run(
            [
                *("/bin/sh", "-c", IN_BACKGROUND, "sh", sys.executable, *flags(), "-c", PROGRAM),
                *(scene, "--handed", f"{its_link},{its_state}", *words),
            ],
            pass_fds=(its_link, its_state, *passed),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=None if terminal else subprocess.DEVNULL,
            start_new_session=True,
            check=True,
        )
        return Viewer(link, its_state)


@contextmanager
def channel() -> Iterator[tuple[int, int, int]]:
    """The two ends of a socket, and a state; the viewer's end is closed afterwards, all of them
    where it was not started."""
    opened: list[int] = []
    try:
        ends = [end.detach() for end in socket.socketpair()]
        opened += ends
        for at, descriptor in enumerate(ends):
            opened[at] = above(descriptor)
        opened.append(above(os.memfd_create("viewer", os.MFD_CLOEXEC)))
        yield opened[0], opened[1], opened[2]
        del opened[0], opened[1]
    finally:
        for descriptor in opened:
            os.close(descriptor)


def flags() -> list[str]:
    """What the viewer's Python takes from its surroundings: no more than this one does."""
    if sys.flags.isolated:
        return ["-I"]
    return ["-P", "-E"] if sys.flags.ignore_environment else ["-P"]
