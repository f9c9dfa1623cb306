"""A member of the crew: one mover process, from its start to its last trace.

Called by the crew alone, but for start(). Nothing else here waits.
"""

import os
import signal
from collections import deque
from contextlib import suppress
from multiprocessing.process import BaseProcess

from game.crew.starting import start
from game.parts import Standing

UNKNOWN = 255  # the exit code that multiprocessing gives when the forkserver is gone
RESTARTS, WITHIN = 3, 10.0  # at most so many restarts in so many seconds
CAN_FREEZE = hasattr(signal, "SIGSTOP")


class Member:
    """One mover process and the slot that it holds."""

    def __init__(self, slot: int, name: str, agents: int, process: BaseProcess) -> None:
        self.slot = slot
        self.name = name
        self.agents = agents
        self.standing = Standing.WAITING
        self.why = ""  # it left, in words
        self._restarts: deque[float] = deque(maxlen=RESTARTS)  # [s] the last ones
        self.take(process)

    def take(self, process: BaseProcess) -> None:
        """Stand for a new process, which is yet to start."""
        self.process = process
        self.pid = 0  # 0 until it is started
        self.exitcode: int | None = None
        self.standing = Standing.WAITING
        self._pidfd: int | None = None  # the kernel's word for it when the forkserver is gone

    def start(self) -> None:
        """Start the process; OSError or EOFError where the system has no room for it.

        In the starter's thread: it touches nothing but the process.
        """
        start(self.process)

    def note_start(self) -> None:
        """Count as running from now on."""
        self.pid = self.process.pid or 0
        if not self.leaving:
            self.standing = Standing.RUNNING

    @property
    def leaving(self) -> bool:
        """Whether it was asked to leave, and has not yet."""
        return self.standing is Standing.LEAVING

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self.pid > 0 and self.exitcode is None

    @property
    def gone(self) -> bool:
        """Whether the process has ended, asked of multiprocessing: under spawn it looks itself."""
        return self._pidfd is None and self.process.exitcode is not None

    @property
    def watched(self) -> bool:
        """Whether its forkserver lives, and would tell its exit code."""
        return self._pidfd is None

    @property
    def sentinel(self) -> int:
        """A descriptor that becomes readable when the process ends."""
        return self.process.sentinel if self._pidfd is None else self._pidfd

    def send(self, number: int) -> None:
        """Send a signal to the process, if there is one."""
        if self.running:
            # By hand: Process.kill() does nothing once the forkserver is gone.
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send(getattr(signal, "SIGKILL", signal.SIGTERM))

    def freeze(self) -> None:
        """Stop the process where it stands, or let it go on."""
        if self.running and self.standing is Standing.FROZEN:
            self.send(signal.SIGCONT)
            self.standing = Standing.RUNNING
        elif self.running:
            self.send(signal.SIGSTOP)
            if not self.leaving:
                self.standing = Standing.FROZEN

    def reap(self) -> bool:
        """Take leave of a process whose sentinel is readable.

        False if it runs on: then its forkserver has died, which would have told of its end, and
        `sentinel` is another one from now on.
        """
        if self._pidfd is None:
            self.process.join()
            if self.process.exitcode == UNKNOWN and self._runs_on():
                return False
        else:
            os.close(self._pidfd)
        self.exitcode = self.process.exitcode
        self.process.close()  # not before: a mover dies when its parent's end of the pipe closes
        return True

    def _runs_on(self) -> bool:
        """Whether the process is there in spite of its exit code; if so, have the kernel tell."""
        try:
            self._pidfd = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return False
        except (AttributeError, OSError):  # no such call, no descriptor: nobody would tell its end
            self.kill()
            return False
        return True

    def may_restart(self, now: float) -> bool:
        """Whether a restart at `now` [s] is within what is allowed; if so, it is counted."""
        if len(self._restarts) == RESTARTS and now - self._restarts[0] < WITHIN:
            return False
        self._restarts.append(now)
        return True


def exit_words(exitcode: int, known: bool) -> str:
    """The exit code of a process that has ended, or the signal that ended it."""
    if not known:
        return "unknown"  # the forkserver that would have told is gone, or it never started
    if exitcode >= 0:
        return f"code {exitcode}"
    try:
        return f"signal {-exitcode}, {signal.Signals(-exitcode).name}"
    except ValueError:
        return f"signal {-exitcode}"


def reason(exitcode: int | None, headline: str, watched: bool = True) -> str:
    """Why a process ended, in a few words: its exception, the signal's name or the exit code."""
    if headline:
        return headline
    if not watched:
        return "ended, with an exit code that nobody knows"
    if exitcode is not None and exitcode < 0:
        try:
            return f"killed: {signal.Signals(-exitcode).name}"
        except ValueError:
            return f"killed by signal {-exitcode}"
    return f"left with exit code {exitcode}"
