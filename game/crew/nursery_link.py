"""One nursery process as the window has it: started, spoken to, asked whether it lives, buried.

    open() -> send(), hear() ... -> it dies, or does not answer and is killed -> bury()

Made and owned by game.crew.nursery, which knows what it is asked for and what if it dies; and, for
the process that stands in its place on a cluster, by game.cluster.launcher.
"""

import multiprocessing.context
import select
import time
from collections.abc import Callable
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from typing import Any

from game.child import messages
from game.child.channel import Channel
from game.child.children import LOOK
from game.child.job import Job, Loaded
from game.child.lifeline import Lifeline
from game.child.nursery_entry import run
from game.child.parent_watch import STOPS
from game.crew.starting import held, start
from game.shared.table import Table

EVERY = 1.0  # [s] between two questions whether it lives
ANSWER = 3.0  # [s] within which it answers, however busy the machine is
LOADING = 60.0  # [s] until its first answer: it loads the scene
LAST = 2.0  # [s] within which it answers once the end is wanted
AWAY = 0.5  # [s] between two polls from which this process was itself away
END = 6.0  # [s] that it has for the end of all


class Link:
    """A nursery process, and what has been said to it."""

    def __init__(
        self,
        context: BaseContext,
        table: Table,
        job: Job,
        clock: Callable[[], float],
        be: Callable[..., Any] = run,
        name: str = "nursery",
        more: tuple[Any, ...] = (),
    ) -> None:
        """Start a nursery, or what else can `be` spoken to as one is, with `more` arguments;
        OSError where there is no room for it."""
        ours, theirs = context.Pipe()
        lifeline = Lifeline()
        process: BaseProcess = context.Process(  # type: ignore[attr-defined]
            target=be, name=name, args=(Parcel(table, job), theirs, lifeline, *more)
        )
        try:
            with held(*STOPS):  # until it has left the terminal's group
                start(process, lifeline)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self.process = process
        self.failure = ""  # why it died, if it could say so
        self.silent = 0.0  # [s] it had been when it was killed for that
        self._channel, self._cells, self._clock = Channel(ours), table.cells, clock
        self._lock = getattr(table.cells, "lock", None)  # the one that it gets
        self._unanswered = Unanswered()
        self._unanswered.locks.append((1, self._lock))
        self._polled = self._heard = clock()  # [s]
        self._hurried = 0.0  # [s] when the end was wanted; 0 until then
        self._ask()

    @property
    def pid(self) -> int:
        """Its pid, which is its movers' session as well."""
        return self.process.pid or 0

    def fileno(self) -> int:
        """What to wait for, until it tells something."""
        return self._channel.fileno()

    def send(self, message: Any) -> None:
        """Say something to it. A signal is kept until it has surely been passed on."""
        if isinstance(message, messages.Signal):
            self._unanswered.keep(message)
        self._channel.send(message)

    def start(self, wish: messages.Start) -> None:
        """Have a mover forked, with the scene's newest lock.

        The lock is opened by its name, which is gone with the lock itself: so that is kept.
        """
        lock = getattr(self._cells, "lock", None)
        if lock is not self._lock:
            self._lock = lock
            self._unanswered.locks.append((self._unanswered.asked + 1, lock))
            self._channel.send(messages.NewLock(pickled(lock)))
        self._channel.send(wish)

    def signals(self, slot: int) -> list[messages.Signal]:
        """The signals to a mover that may not have been passed on; they are kept no longer."""
        return [wish for _, wish in self._unanswered.signals.pop(slot, [])]

    def hear(self) -> list[Any]:
        """What it has told since the last call, but for its answers."""
        self._channel.flush()
        told = []
        for message in self._channel.receive():
            self._heard = self._clock()
            if isinstance(message, messages.Pong):
                self._unanswered.note(message.number)
            elif isinstance(message, messages.Failed):
                self.failure = f": {message.why}"
            else:
                told.append(message)
        return told

    def look(self) -> bool:
        """Whether it lives; one that does not answer is killed. What it told is still to hear."""
        now = self._clock()
        if now - self._polled > AWAY:  # so was this process itself
            self._heard = now
        self._polled = now
        if now - self._asked > EVERY:
            self._ask()
        if now - max(self._heard, self._hurried) > self._patience:
            self.silence()
        return self.process.is_alive() and not self._channel.closed

    @property
    def _patience(self) -> float:
        """How long it may be silent [s]."""
        if self._hurried:
            return LAST
        return EVERY + (LOADING if self.loading else ANSWER)

    @property
    def loading(self) -> bool:
        """Whether it has not answered yet: then it has forked nobody."""
        return not self._unanswered.answered

    def hurry(self) -> None:
        """Wait for its answers only LAST from now on, or not at all where it is loading."""
        self._hurried = self._clock()
        self._ask()
        if self.loading:
            self.silence()

    def silence(self) -> None:
        """Kill it, because it does not answer."""
        self.silent = self._clock() - self._heard
        self.failure = f": no answer for {self.silent:.0f} s"
        self.process.kill()

    def _ask(self) -> None:
        self._asked = self._clock()
        self._unanswered.asked += 1
        self._channel.send(messages.Ping(self._unanswered.asked))

    def settle(self, seconds: float) -> tuple[bool, list[Any]]:
        """Wait until it has done what it was asked for; whether it has, and what it told."""
        self._ask()
        end, told = self._clock() + seconds, self.hear()
        while not self._settled and not self._channel.closed and self._clock() < end:
            wait_for(self, 0.01)
            told += self.hear()
        return self._settled, told

    @property
    def _settled(self) -> bool:
        return self._unanswered.answered == self._unanswered.asked

    def bury(self, patience: float = 0.0) -> None:
        """Reap it, after so long [s] for an end of its own.

        The pipe that ends its movers with this process stays open as long as `process` is kept.
        """
        self._wait_for_end(patience)
        self.process.kill()
        self._wait_for_end(END)
        self._channel.close()

    def _wait_for_end(self, seconds: float) -> None:
        """Wait until it is reaped, at most so long; its movers hold what join() would wait for."""
        end = time.monotonic() + seconds
        while self.process.is_alive() and time.monotonic() < end:
            time.sleep(LOOK)


class Unanswered:
    """What a nursery may not have taken in: kept until it answers a question behind it."""

    def __init__(self) -> None:
        self.asked = self.answered = 0  # the numbers of the last question, and the last answer
        # Each with the number of the next question:
        self.locks: list[tuple[int, Any]] = []
        self.signals: dict[int, list[tuple[int, messages.Signal]]] = {}  # by slot

    def keep(self, wish: messages.Signal) -> None:
        """Keep a signal that is asked for."""
        self.signals.setdefault(wish.slot, []).append((self.asked + 1, wish))

    def note(self, number: int) -> None:
        """Take in an answer."""
        self.answered = number
        self.locks = [kept for kept in self.locks if kept[0] > number]
        left = {slot: [w for w in kept if w[0] > number] for slot, kept in self.signals.items()}
        self.signals = {slot: kept for slot, kept in left.items() if kept}


class Parcel:
    """What the nursery loads, packed so that it arrives even where it cannot be loaded."""

    def __init__(self, table: Table, job: Job) -> None:
        self._table, self._job = table, job

    def __reduce__(self) -> Any:
        # While the nursery is being started: the shared memory travels along.
        packed = ForkingPickler.dumps((Loaded(self._job.scene), self._table, self._job))
        return bytes, (bytes(packed),)


def pickled(lock: Any) -> bytes:
    """A lock on its way to a process that runs already: it travels by its name."""
    multiprocessing.context.set_spawning_popen(lock)
    try:
        return bytes(ForkingPickler.dumps(lock))
    finally:
        multiprocessing.context.set_spawning_popen(None)


def wait_for(link: Link | None, seconds: float) -> None:
    """Wait until a nursery tells something, at most some seconds."""
    poll = select.poll()
    if link:
        poll.register(link, select.POLLIN)
    poll.poll(1000 * seconds)
