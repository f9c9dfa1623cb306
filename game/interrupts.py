"""The signals that the person or the system sends to the program: noted, and obeyed between frames;
raised while a film is made.

Made by the app, before there is a window.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

ENDINGS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None))
STOP, WAKE = getattr(signal, "SIGTSTP", None), getattr(signal, "SIGCONT", None)


class Interrupted(BaseException):
    """A signal asked the program to end, in the middle of something."""

    def __init__(self, number: int) -> None:
        self.status = 128 + number  # of the program


@contextmanager
def raised() -> Iterator[None]:
    """Have those signals raise Interrupted, so that what is under way is left tidy; a second one
    ends the program at once."""
    before: dict[int, Any] = {}

    def give_up(number: int, frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, signal.SIG_DFL)
        raise Interrupted(number)

    for number in ENDINGS:
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            before[number] = signal.signal(number, give_up)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Interrupts:
    """Notes the signal that asks the program to end, or to stand still; the main loop looks.

    Standing still is noted once there are movers that do so as well, see `note_stops`; until then
    the system stops the program at once. A signal that was ignored when the program started stays
    ignored: nohup.
    """

    def __init__(self) -> None:
        self.signal = 0
        self.count = 0  # of those that ask to end
        self.stop = False  # Ctrl-Z was pressed, and nobody has woken the program since
        self._before: dict[int, Any] = {}
        self._listen(*ENDINGS)

    def note_stops(self) -> None:
        """Note Ctrl-Z as well from now on."""
        self._listen(STOP, WAKE)

    def _listen(self, *numbers: int | None) -> None:
        for number in numbers:
            if number is not None and signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number in (STOP, WAKE):
            self.stop = number == STOP
            return
        if self.count and number == signal.SIGINT:  # Ctrl-C once more: whatever is under way
            os._exit(128 + number)  # the movers end with us, however we end
        self.signal = number
        self.count += 1

    def stand_still(self) -> None:
        """Do what Ctrl-Z asks for, as it would be without us; returns when the shell wakes us."""
        self.stop = False
        if STOP is not None:
            signal.signal(STOP, signal.SIG_DFL)
            os.kill(os.getpid(), STOP)
            signal.signal(STOP, self._note)

    def restore(self) -> None:
        """Give the signals back to whoever had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
