"""The starter: a thread that spawns processes, so that no frame waits for a new interpreter.

    put() -> queue -> thread: start it -> answers -> answers()

A start is a few milliseconds of waiting for another process, with Python's own lock (the GIL)
let go. The thread touches the process and nothing else, and asks the table only whether the last
ones have arrived; everything else is decided in the thread that makes the frames. It lives as
long as there is somebody to start, and no longer. Owned by the spawner.

A new process has milliseconds of work before its first row. Were all started as fast as can be,
they would queue for the cores, and the frames behind them: so few are on their way at once.

A frame of many agents seldom lets go of Python's own lock by itself, and each start needs it a
few times: so it is asked for more often while the thread lives.
"""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from threading import Lock, Thread
from typing import NamedTuple, Protocol

from game.crew.starting import held

AT_ONCE = 2 * (os.cpu_count() or 1)  # processes on their way; with more, frames wait longer
HOLD_UP = 0.05  # [s] that one which takes its time holds up the next
RULE = sys.getswitchinterval()  # [s] that a thread waits for Python's lock
SWITCH = RULE / 10  # [s] that this one does
GLANCE = 0.0005  # [s] between two looks at those on their way
PATIENCE = 1.0  # [s] that close() gives a start under way


class Startable(Protocol):
    """What the starter starts."""

    @property
    def slot(self) -> int:
        """The slot that it is to hold."""

    def start(self) -> None:
        """Start it; OSError or RuntimeError where the system has no room for it."""


class Answer(NamedTuple):
    """What became of a start."""

    process: Startable
    error: Exception | None  # why there is no process
    others: list[Startable]  # that were not tried either: there is no room for them


class Starter:
    """Starts processes one after another, in the order in which they were put."""

    def __init__(self, arrived: Callable[[Startable], bool]) -> None:
        """`arrived` says whether a process that was started has its first moments behind it."""
        self._arrived = arrived
        self._closed = False  # written by one thread alone
        # Of both threads, under the lock:
        self._lock = Lock()
        self._queue: deque[Startable] = deque()
        self._answers: list[Answer] = []
        self._thread: Thread | None = None

    def put(self, process: Startable) -> None:
        """Have a process started; its answer comes later."""
        with self._lock:
            self._queue.append(process)
            if self._thread or self._closed:
                return
            self._thread = Thread(target=self._work, name="starter", daemon=True)
            sys.setswitchinterval(SWITCH)
        with held(signal.SIGINT):  # which the thread inherits: Ctrl-C is the main thread's
            try:
                self._thread.start()
            except RuntimeError as error:  # where no process fits any more, no thread may, either
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """Answer all that wait: the first cannot be started, and the others are not tried."""
        with self._lock:
            self._rest()
            first, *others = self._queue
            self._queue.clear()
            self._answers.append(Answer(first, error, others))

    def withdraw(self, process: Startable) -> bool:
        """Take a process back; False if that is too late, and its answer comes."""
        with self._lock:
            if process not in self._queue:
                return False
            self._queue.remove(process)
        return True

    def answers(self) -> list[Answer]:
        """The answers that have come since the last call."""
        with self._lock:
            found, self._answers = self._answers, []
        return found

    def close(self) -> None:
        """Start nobody any more, and wait for the one whose start is under way."""
        self._closed = True
        with self._lock:
            thread = self._thread
            self._queue.clear()
        if thread:
            thread.join(PATIENCE)

    def _rest(self) -> None:
        """Be without a thread. Under the lock: the next one must find its own switch interval."""
        self._thread = None
        sys.setswitchinterval(RULE)

    def _work(self) -> None:
        under_way: deque[tuple[float, Startable]] = deque()  # and when they were started [s]
        while True:
            while len(under_way) >= AT_ONCE:
                began, first = under_way[0]
                if self._closed or self._arrived(first) or time.monotonic() - began > HOLD_UP:
                    under_way.popleft()
                else:
                    time.sleep(GLANCE)
            with self._lock:
                if not self._queue:
                    self._rest()
                    return
                process = self._queue.popleft()
            error: Exception | None = None
            try:
                process.start()
            except Exception as caught:
                error = caught
            with self._lock:
                others = list(self._queue) if error else []
                if error:
                    self._queue.clear()
                self._answers.append(Answer(process, error, others))
            if not error:
                under_way.append((time.monotonic(), process))
