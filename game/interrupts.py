"""The signals that the person or the system sends to the program: noted, and obeyed between frames.

Made by the app, before there is a window.
"""

import os
import signal
from types import FrameType

ENDINGS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None))
STOP = getattr(signal, "SIGTSTP", None)


class Interrupts:
    """Notes the signal that asks the program to end, or to stand still; the main loop looks.

    A signal that was ignored when the program started stays ignored: nohup.
    """

    def __init__(self) -> None:
        self.signal = 0
        self.count = 0  # of those that ask to end
        self.stop = False  # Ctrl-Z was pressed
        self._before = {
            number: signal.signal(number, self._note)
            for number in (*ENDINGS, STOP)
            if number is not None and signal.getsignal(number) != signal.SIG_IGN
        }

    def _note(self, number: int, frame: FrameType | None) -> None:
        if number == STOP:
            self.stop = True
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
