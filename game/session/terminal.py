"""The terminal: what the program says, through an outlet for each stream.

While a session runs, an Outlet stands for stdout and for stderr, for everybody who prints in this
process: the session, a scene from outside, Python itself. So no frame waits for a pipe. At the end
the lines of the results are waited for as long as it takes, all others for a moment, and neither
once a signal has come. Made by the app.
"""

import sys
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, TextIO

from game.session.outlet import Stop, outlet

QUIET = 1.0  # [s] in which nothing was read, after which nobody is waited for at the end
MOST = 5.0  # [s] that the end after a signal may take, also where somebody reads


class Terminal:
    """The program's stdout and stderr, for as long as it is entered."""

    def __init__(self, signals: Callable[[], int], straight: bool = False) -> None:
        """`signals` is how many have come so far that ask the program to end; `straight` leaves
        both streams as they are, for a person who debugs at the terminal."""
        self._signals = signals
        self._before: tuple[TextIO, TextIO] = sys.stdout, sys.stderr
        self._said = False  # results
        self.errors = outlet(None if straight else sys.stderr)
        tell = self.errors.write if self.errors else None
        self.out = outlet(None if straight else sys.stdout, tell)

    def __enter__(self) -> Self:
        self._before = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = self.out or sys.stdout, self.errors or sys.stderr
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give the streams back; what could not be written by now is lost."""
        self._settle()
        sys.stdout, sys.stderr = self._before
        for each in (self.out, self.errors):
            if each:
                each.close()

    def results(self, lines: Iterable[str]) -> None:
        """Print lines; the next ones are asked for as soon as there is room for them."""
        self._settle()  # both may go to one place: first what was said before
        stop, out = self._stop(for_ever=True), self.out
        for line in lines:
            self._said = True
            print(line, flush=True)
            if out and out.full and not out.wait(stop, lambda: not out.full):
                return

    def deliver(self) -> str:
        """Wait until the results are written; why they were not, "" where nothing is amiss."""
        error = None
        if self.out:
            self.out.flush()
            self.out.wait(self._stop(for_ever=True))
            error = self.out.error
        # Nobody reads any more, as with `| head -1`: nothing is amiss.
        vain = self._said and error is not None and not isinstance(error, BrokenPipeError)
        return str(error) if vain else ""

    def _settle(self) -> None:
        if self.errors:
            self.errors.flush()
            self.errors.wait(self._stop(for_ever=False))

    def _stop(self, for_ever: bool) -> Stop:
        """When to wait no longer: another signal has come, or nobody reads."""
        before = self._signals()

        def stop(waited: float, quiet: float) -> bool:
            if self._signals() > before:
                return True
            if before:
                return quiet > QUIET or waited > MOST
            return quiet > QUIET and not for_ever

        return stop
