"""The launcher of --debug: the one mover is this very process, so that a person can debug it.

    app ──work()──> the mover's own loop: step, publish, wait ──> the window's frames, meanwhile

The loop is the one of every mover; only its pace is another one: it makes frames while it waits.
Time passes in these alone: while the mover is at work, or at a breakpoint, all clocks stand still,
and nobody is called silent or late for it. Signals and the terminal are the mover's then, and its
debugger's.
"""

import os
import pdb
import signal
import sys
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any

from game.child.job import Job
from game.child.messages import Ended, Started
from game.child.mover_process import drive
from game.child.pace import Pace
from game.child.words import account, exit_account
from game.crew.launcher import Report, Trouble
from game.parts import KILL
from game.shared.table import PID, Slice, Table

OURS = ("__main__", "child", "crew", "session", "shared", "sources", "view")  # no debugger's
CHILD = os.path.dirname(os.path.abspath(account.__code__.co_filename)) + os.sep
# What signals do while the mover is at work.
ITS_OWN = {
    name: signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGTSTP")
    if hasattr(signal, name)
}

Drive = Callable[[Slice, Pace, int], None]  # of a slot and its generation, until its work is done


class Over(BaseException):
    """The mover is to leave: raised while it waits."""


class HeldClock:
    """A clock that can be held."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._behind = 0.0  # [s] that it was held so far
        self._since: float | None = None  # [s] when it was held; None while it runs

    def __call__(self) -> float:
        return (self._clock() if self._since is None else self._since) - self._behind

    def hold(self) -> None:
        """Stand still."""
        if self._since is None:
            self._since = self._clock()

    def go_on(self) -> None:
        """Run again, as if no time had passed."""
        if self._since is not None:
            self._behind += self._clock() - self._since
            self._since = None


class FramePace(Pace):
    """A mover's pace that makes the window's frames while it waits."""

    def __init__(self, table: Table, clock: HeldClock, wait: Callable[[], None]) -> None:
        """`wait` makes a frame, or several; it raises Over when the mover is to leave."""
        super().__init__(table, clock)
        self._wait = wait

    def pause(self, seconds: float) -> None:
        """Make a frame if there is something to wait for; time passes in frames alone."""
        if seconds > 0:
            self._wait()


class OwnProcess:
    """Launches the only mover right here."""

    method = "debug"

    def __init__(self, table: Table, drive: Drive, clock: HeldClock) -> None:
        self.quit = False  # the person has left the debugger, and wants no more
        self._table, self._drive, self._clock = table, drive, clock
        self._wanted: tuple[int, int] | None = None  # slot and generation to be driven
        self._slot = -1  # that is driven, or is to be; -1: none
        self._at_work = False
        self._asked = 0  # the signal that ends it
        self._frozen = False
        self._reports: list[Report] = []

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have the mover driven from the next frame on."""
        self._wanted, self._slot, self._asked, self._frozen = (slot, generation), slot, 0, False
        self._reports.append(Started(((slot, os.getpid()),)))

    def withdraw(self, slot: int) -> None:
        """It is too late: it counts as started at once."""

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Do what the signal would do to a process of its own."""
        if number in (getattr(signal, "SIGSTOP", 0), getattr(signal, "SIGCONT", 0)):
            self._frozen = number == signal.SIGSTOP
        elif number in (signal.SIGTERM, KILL) and slot == self._slot:
            self._asked = number
            if not self._at_work:
                self._end(-number)

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """It stands still with this process."""

    def poll(self) -> list[Report]:
        """What has become of it."""
        reports, self._reports = self._reports, []
        return reports

    def wait(self, seconds: float) -> None:
        """There is nothing to wait for."""

    def leave(self) -> None:
        """Nobody is started any more: work() is over."""

    def close(self) -> list[Trouble]:
        """There is nobody left."""
        return []

    # The run.

    def work(self, frame: Callable[[], None], going: Callable[[], bool]) -> None:
        """Make frames as long as `going`, and let the mover work between them."""
        while going() and not self.quit:
            if self._wanted:
                (slot, generation), self._wanted = self._wanted, None
                self._work(slot, generation, frame, going)
            else:
                frame()

    def _work(
        self, slot: int, generation: int, frame: Callable[[], None], going: Callable[[], bool]
    ) -> None:
        part = Slice(self._table, slot)
        part.row[PID] = os.getpid()
        theirs = Signals()
        hook, sys.breakpointhook = sys.breakpointhook, breakpoint_hook()

        def wait() -> None:
            """Make frames: once, or for as long as the mover is frozen."""
            trace = sys.gettrace()
            sys.settrace(None)  # a debugger has nothing to see in them
            theirs.swap()
            self._clock.go_on()
            try:
                frame()
                while self._frozen and going() and not self._asked:
                    frame()
            finally:
                self._clock.hold()
                theirs.swap()
                sys.settrace(trace)
            if self._asked or not going():
                raise Over

        self._at_work = True
        code: int | None = 0
        self._clock.hold()
        theirs.swap()
        try:
            self._drive(part, FramePace(self._table, self._clock, wait), generation)
        except BaseException as error:
            code = self._code(error, part)
        finally:
            sys.settrace(None)
            theirs.swap()
            self._clock.go_on()
            sys.breakpointhook = hook
            self._at_work = False
        if code is not None:
            self._end(code)
        if code == -signal.SIGINT:  # which is the person's wish to end, as it is between steps
            signal.raise_signal(signal.SIGINT)

    def _code(self, error: BaseException, part: Slice) -> int | None:
        """The exit code that a process of its own would have; None if the run is over."""
        if isinstance(error, Over):
            return -self._asked if self._asked else None
        if isinstance(error, KeyboardInterrupt):
            return -signal.SIGINT
        if is_quit(error):
            self.quit = True
            return None
        if isinstance(error, SystemExit):
            status, headline, words = exit_account(error)
        else:
            status, (headline, words) = 1, account(error.with_traceback(behind_ours(error)))
        part.leave_note(headline, words)
        return status

    def _end(self, code: int) -> None:
        self._reports.append(Ended(self._slot, code))
        self._wanted, self._slot = None, -1


def debug(table: Table, job: Job, definition: Any, clock: Callable[[], float]) -> OwnProcess:
    """The launcher of a run with --debug; its clock is held best where it is everybody's."""
    held = clock if isinstance(clock, HeldClock) else HeldClock(clock)

    def one(part: Slice, pace: Pace, generation: int) -> None:
        drive(table, part, pace, job, definition, generation)

    return OwnProcess(table, one, held)


class Signals:
    """What signals do while the mover is at work, and otherwise: the ones that do not hold now."""

    def __init__(self) -> None:
        numbers = {getattr(signal, name): handler for name, handler in ITS_OWN.items()}
        self._others: dict[int, Any] = {
            number: handler
            for number, handler in numbers.items()
            if signal.getsignal(number) not in (signal.SIG_IGN, None)
        }

    def swap(self) -> None:
        """Let the others hold; a debugger may have set one of its own."""
        for number, handler in self._others.items():
            self._others[number] = signal.signal(number, handler)


def breakpoint_hook() -> Callable[..., Any]:
    """What breakpoint() does: pdb, which does not lead through our own code."""
    if os.environ.get("PYTHONBREAKPOINT") is not None:
        return sys.breakpointhook

    def debug(*arguments: Any, **named: Any) -> None:
        caller: FrameType = sys._getframe(1)
        rooms = [f"game.{room}" for room in OURS]
        skip = [*rooms, *(f"{room}.*" for room in rooms), "game.app", "game.opening", "contextlib"]
        pdb.Pdb(skip=skip).set_trace(caller)

    return debug


def behind_ours(error: BaseException) -> TracebackType | None:
    """A traceback without the window's frames: as a mover's own process has it."""
    trace = error.__traceback__
    while trace and not trace.tb_frame.f_code.co_filename.startswith(CHILD):
        trace = trace.tb_next
    return trace or error.__traceback__


def is_quit(error: BaseException) -> bool:
    """Whether a person has left the debugger; some of them exit for that."""
    if type(error).__name__ == "BdbQuit":
        return True
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    inner = trace.tb_frame.f_code.co_filename if trace else ""
    return isinstance(error, SystemExit) and inner == pdb.__file__
