"""An outlet: a text stream into which nobody waits to write, because a thread does.

    print() ──> Outlet ──line──> queue, at most ROOM ──> thread ──> stdout or stderr
                                   │ full
                                   v
                          dropped, and told how many once the reader reads again

A pipe whose reader does not read holds up whoever writes into it. Made by the terminal.
"""

import io
import os
import signal
import time
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread
from typing import TextIO

from game.crew.starting import held

ROOM = 4_000_000  # [characters] that wait to be written: ten thousand deaths with their words
PIECE = 4096  # [characters] that lines are put together to: what a pipe takes in one piece
GLANCE = 0.02  # [s] between two looks at whether to go on waiting
AGAIN = 0.01  # [s] between two tries at a pipe that says it is full instead of waiting

Stop = Callable[[float, float], bool]  # of seconds waited, and since anything was read


class Outlet(io.TextIOBase):
    """A text stream into which nobody waits to write: a thread does.

    Lines stay whole: none is written in two pieces unless it is longer than a pipe takes.
    """

    def __init__(
        self, stream: TextIO, tell: Callable[[str], object] | None = None, room: int = ROOM
    ) -> None:
        """Stand for `stream`, which has a descriptor; `tell` is told of dropped lines, by default
        they are told of in the stream itself."""
        self.error: OSError | None = None  # nothing can be written any more
        self._stream = stream
        self._descriptor = stream.fileno()
        self._tell = tell
        self._room = room
        # Of all threads, under the lock:
        self._changed = Condition()
        self._begun = ""  # a line that has not ended
        self._waiting: deque[str] = deque()
        self._held = 0  # [characters] that wait, or are being written
        self._dropped = 0  # lines, since the last ones that were told of
        self._closed = False
        self._thread: Thread | None = None
        self._moved = time.monotonic()  # [s] when something was read last, written by the thread

    # As a stream.

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return self._stream.isatty()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the stream."""
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Take the text; returns its length."""
        with self._changed:
            if self._closed:  # somebody has kept it
                return self._stream.write(text)
            lines, end, self._begun = (self._begun + text).rpartition("\n")
            self._put(lines + end)
            if len(self._begun) > PIECE:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Take what was written as it is, though its line has not ended."""
        with self._changed:
            begun, self._begun = self._begun, ""
            self._put(begun)

    # What waits to be written.

    def _put(self, text: str) -> None:
        if not text or self.error:
            return
        full = self._held > 0 and self._held + len(text) > self._room
        if full or self._dropped:  # until those that wait are written: the gap is in one place
            self._dropped += max(1, text.count("\n"))
        else:
            self._waiting.append(text)
            self._held += len(text)
        self._start()
        self._changed.notify_all()

    @property
    def full(self) -> bool:
        """Whether more would be dropped."""
        return self._held >= self._room // 2 or self._dropped > 0

    def wait(self, stop: Stop, enough: Callable[[], bool] | None = None) -> bool:
        """Wait until all is written, or `enough`; whether it is. `stop` ends the wait before."""
        began = time.monotonic()
        with self._changed:
            while not (self.error or (enough() if enough else self._all_written)):
                now = time.monotonic()
                if stop(now - began, now - max(began, self._moved)):
                    return False
                self._start()
                self._changed.wait(GLANCE)
        return self.error is None

    @property
    def _all_written(self) -> bool:
        return not (self._held or self._dropped)

    def close(self) -> None:
        """Write no more than what waits; what comes later goes to the stream itself."""
        self.flush()
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    # The thread.

    def _start(self) -> None:
        if self._thread or self._closed or self.error:
            return
        thread = Thread(target=self._work, name=f"outlet {self._descriptor}", daemon=True)
        with held(signal.SIGINT):  # which the thread inherits: signals are the main thread's
            try:
                thread.start()
            except RuntimeError:  # the system has no room for it now
                return
        self._thread = thread

    def _work(self) -> None:
        while (text := self._next()) is not None:
            try:
                self._write(text)
            except OSError as error:  # nobody reads any more, or there is no room
                with self._changed:
                    self.error = error
                    self._waiting.clear()
                    self._held = self._dropped = 0
                    self._changed.notify_all()
                return
            with self._changed:
                self._held -= len(text)
                self._changed.notify_all()

    def _next(self) -> str | None:
        """The next lines to write, or None at the end."""
        with self._changed:
            while not self._waiting:
                if self._dropped:
                    self._tell_dropped()
                elif self._closed:
                    return None
                else:
                    self._changed.wait()
            text = self._waiting.popleft()
            while self._waiting and len(text) + len(self._waiting[0]) <= PIECE:
                text += self._waiting.popleft()
            return text

    def _tell_dropped(self) -> None:
        """Say how many lines are missing, now that those before them are written."""
        number, self._dropped = self._dropped, 0
        words = "1 line was" if number == 1 else f"{number:,} lines were"
        line = f"game: {words} dropped: nobody read in time\n"
        if self._tell:
            self._tell(line)
            self._changed.notify_all()
        else:
            self._put(line)

    def _write(self, text: str) -> None:
        errors = self._stream.errors or "strict"
        text = text.replace("\n", os.linesep)
        try:
            data = text.encode(self._stream.encoding, errors)
        except UnicodeError:
            data = text.encode(self._stream.encoding, "backslashreplace")
        left = memoryview(data)
        while left:
            try:
                left = left[os.write(self._descriptor, left) :]
            except BlockingIOError:  # somebody has made the pipe one that never waits
                time.sleep(AGAIN)
                continue
            self._moved = time.monotonic()


def outlet(stream: TextIO | None, tell: Callable[[str], object] | None = None) -> Outlet | None:
    """An outlet for a stream; None where there is none, or it is none of the system's."""
    try:
        return Outlet(stream, tell) if stream else None
    except (OSError, ValueError):
        return None
