"""What a mover prints: the last of it is kept in its note, where the window can read it.

    print() -> Printed -> the note            conclude(): last words -> the note, which then stays

Stands for stdout and stderr in a mover's process. Nothing goes to the terminal, and nothing can
fill up: a hundred movers may print as much as they like. What a mover starts can print to
nowhere at all, and never holds the program's stdout open.
"""

import io
import os
import time
from contextlib import suppress
from threading import RLock

from game.child.log import Log
from game.child.words import harmless, is_harmless
from game.shared.table import NOTE, Slice

KEPT = NOTE // 2  # [characters]
PATIENCE = 0.5  # [s] that last words wait for a thread that is printing


class Printed(io.TextIOBase):
    """A text stream that keeps its end in the note of a slice."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, part: Slice, log: Log | None = None) -> None:
        """`log` keeps all of it."""
        self.text = ""
        self._log = log
        self._clean = True  # there is nothing in it that could steer a terminal
        self._part = part
        self._concluded = self._forked = False
        self._lock = RLock()  # what is freed while something is printed may print as well
        self._turns: Turns | None = None  # where there are processes that the mover has forked
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._expect_fork, after_in_child=self._note_fork)

    def _expect_fork(self) -> None:
        if not self._turns:
            with suppress(OSError, ImportError, AttributeError):
                self._turns = Turns()

    def _note_fork(self) -> None:
        self._forked = True
        self._lock = RLock()  # another thread may have held it, which is not here

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Take the text; returns its length."""
        with self._lock:
            self._clean = self._clean and is_harmless(text)
            self.text = (self.text + text)[-KEPT:]
            if self._forked:
                self._write_in_turn()
            elif not self._concluded:
                self._part.leave_note("", self._shown())
            self._keep(text)
        return len(text)

    def _keep(self, text: str) -> None:
        """Keep all of it; tell once where that cannot be."""
        if self._log and not self._log.why:
            self._log.write(text)
            if self._log.why and not (self._forked or self._concluded):
                self._part.tell(self._log.why)

    def _shown(self) -> str:
        """The text without what could steer a terminal, which may have come in pieces."""
        if self._clean:
            return self.text
        shown = harmless(self.text)
        self._clean = shown == self.text  # nothing is left of what was amiss
        return shown

    def _write_in_turn(self) -> None:
        """In a process that the mover has forked: keep what it printed, until the mover's end."""
        if self._turns:
            with suppress(OSError), self._turns:  # where the behaviour has not closed its file
                if not self._turns.over:
                    self._part.leave_note("", self._shown())

    def conclude(self, headline: str, words: str) -> None:
        """Leave the last words, behind what was printed.

        Nothing that is printed afterwards changes the note: by a thread, by what is freed, by a
        process that was forked.
        """
        held = self._lock.acquire(timeout=PATIENCE)  # a thread may be frozen in the middle
        if self._turns:
            self._turns.take_last()
        try:
            self._concluded = True
            printed = self._shown()
            between = "" if printed.endswith("\n") or not printed else "\n"
            self._part.leave_note(headline, printed + between + words)
            if self._log:
                self._log.write(between + (words or f"{headline}\n"))
        finally:
            if held:
                self._lock.release()


class Turns:
    """Turns at writing the note, of a mover and the processes that it has forked: Linux.

    The kernel gives a turn back when its process ends.
    """

    def __init__(self) -> None:
        import fcntl
        import mmap

        self._file = os.memfd_create("turns")
        self._fcntl = fcntl
        self._over = mmap.mmap(-1, 1)  # of all of them

    @property
    def over(self) -> bool:
        """Whether the mover has taken the last one."""
        return self._over[0] > 0

    def __enter__(self) -> None:
        self._fcntl.lockf(self._file, self._fcntl.LOCK_EX)

    def __exit__(self, *error: object) -> None:
        self._fcntl.lockf(self._file, self._fcntl.LOCK_UN)

    def take_last(self) -> None:
        """Take the turn until the end of this process; one who is frozen is waited for no longer
        than PATIENCE."""
        self._over[0] = 1  # so that nobody comes before it again and again
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self._fcntl.lockf(self._file, self._fcntl.LOCK_EX | self._fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(0)
            except OSError:  # the behaviour has closed it, so nobody can take a turn
                return
            else:
                return


_stdout = 1  # where say() writes


def keep_stdout_private(log: str = "") -> None:
    """Keep the program's stdout for say(); for everything else 0, 1 and 2 lead to nowhere, or 1
    and 2 to a log: what a program prints that the mover starts, or code in C."""
    global _stdout
    nowhere = os.open(os.devnull, os.O_RDWR)
    _stdout = os.dup(1)
    file = os.fstat(_stdout)
    for descriptor in range(3):
        os.dup2(nowhere, descriptor)
    if log:
        with suppress(OSError):
            kept = os.open(log, os.O_WRONLY | os.O_APPEND)
            os.dup2(kept, 1)
            os.dup2(kept, 2)
            os.close(kept)
    if nowhere > 2:
        os.close(nowhere)

    def let_go() -> None:
        with suppress(OSError):
            if os.path.samestat(os.fstat(_stdout), file):  # else the behaviour has closed it
                os.close(_stdout)

    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=let_go)


def say(*lines: str) -> None:
    """Print lines to the program's stdout, all in one write: those of two processes never mix."""
    with suppress(OSError):  # nobody reads any more, as with `| head -1`
        os.write(_stdout, "".join(line + "\n" for line in lines).encode())
