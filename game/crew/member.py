"""A member of the crew: one mover process, from its start to its last trace.

Used by the crew alone. Nothing here waits.
"""

import signal
from collections import deque
from collections.abc import Callable

from game.parts import KILL, Standing

UNKNOWN = 255  # the exit code of a process whose own nobody knows
RESTARTS, WITHIN = 3, 10.0  # at most so many restarts in so many seconds
CAN_FREEZE = hasattr(signal, "SIGSTOP")

Send = Callable[[int, int, bool], None]  # slot, signal's number, to the whole group


class Member:
    """One mover process and the slot that it holds."""

    def __init__(self, slot: int, name: str, agents: int, send: Send) -> None:
        """`send` sends a signal to the process of a slot, if it has one."""
        self.slot = slot
        self.name = name
        self.agents = agents
        self.why = ""  # it left, in words
        self._send = send
        self._restarts: deque[float] = deque(maxlen=RESTARTS)  # [s] the last ones
        self.renew()

    def renew(self) -> None:
        """Stand for a new process, which is yet to start."""
        self.pid = 0  # 0 until it is started
        self.host = ""  # the node that it is on: the pid is one of there; "": this machine
        self.exitcode: int | None = None
        self.known = True  # whether the exit code is what the process really ended with
        self.standing = Standing.WAITING

    def note_start(self, pid: int) -> None:
        """Count as running from now on."""
        self.pid = pid
        if not self.leaving:
            self.standing = Standing.RUNNING

    def note_end(self, exitcode: int | None) -> None:
        """Count as ended; None is an exit code that nobody knows."""
        self.known = exitcode is not None
        self.exitcode = UNKNOWN if exitcode is None else exitcode

    @property
    def leaving(self) -> bool:
        """Whether it was asked to leave, and has not yet."""
        return self.standing is Standing.LEAVING

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return self.pid > 0 and self.exitcode is None

    def send(self, number: int, group: bool = False) -> None:
        """Send a signal to the process, or to it and all that it has started."""
        if self.running:
            self._send(self.slot, number, group)

    def kill(self) -> None:
        """End the process, and all that it has started, at once."""
        self.send(KILL, group=True)

    def freeze(self) -> None:
        """Stop the process where it stands, or let it go on."""
        if self.running and self.standing is Standing.FROZEN:
            self.send(signal.SIGCONT)
            self.standing = Standing.RUNNING
        elif self.running:
            self.send(signal.SIGSTOP)
            if not self.leaving:
                self.standing = Standing.FROZEN

    def may_restart(self, now: float) -> bool:
        """Whether a restart at `now` [s] is within what is allowed; if so, it is counted."""
        if len(self._restarts) == RESTARTS and now - self._restarts[0] < WITHIN:
            return False
        self._restarts.append(now)
        return True


def exit_words(exitcode: int, known: bool) -> str:
    """The exit code of a process that has ended, or the signal that ended it."""
    if not known:
        return "unknown"  # the nursery that would have told is gone, or it never started
    if exitcode >= 0:
        return f"code {exitcode}"
    try:
        return f"signal {-exitcode}, {signal.Signals(-exitcode).name}"
    except ValueError:
        return f"signal {-exitcode}"


def reason(exitcode: int | None, headline: str, known: bool = True) -> str:
    """Why a process ended, in a few words: its exception, the signal's name or the exit code."""
    if headline:
        return headline
    if not known:
        return "ended, with an exit code that nobody knows"
    if exitcode is not None and exitcode < 0:
        try:
            return f"killed: {signal.Signals(-exitcode).name}"
        except ValueError:
            return f"killed by signal {-exitcode}"
    return f"left with exit code {exitcode}"
