"""The nursery, seen from the window: what it is asked, what it tells, and what if it dies.

    start() -> channel -> the nursery forks -> Started -> poll()
    it dies -> its movers become this process's own children -> a new one is started

The window is a subreaper: movers whose nursery has died are handed to it, so that it can go on
signalling and reaping them. A nursery that does not answer is killed first.
"""

import multiprocessing.context
import os
import select
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from multiprocessing.reduction import ForkingPickler
from time import monotonic
from typing import Any

from game.child.channel import (
    Arm,
    Armed,
    Channel,
    End,
    Ended,
    Failed,
    NewLock,
    Ping,
    Pong,
    Refused,
    Signal,
    Start,
    Started,
    Suspend,
    Withdraw,
    Withdrawn,
)
from game.child.children import Children, adopt_orphans, children
from game.child.job import Job, Loaded
from game.child.nursery_entry import run
from game.crew.launcher import Report, Trouble
from game.crew.starting import start
from game.shared.table import Table

NAME = "the nursery"
EVERY = 1.0  # [s] between two questions whether it lives
ANSWER = 3.0  # [s] within which it answers, however busy the machine is
LOADING = 60.0  # [s] until its first answer: it loads the scene
AWAY = 0.5  # [s] between two polls from which this process was itself away
END = 6.0  # [s] that it has for the end of all
AGAIN, WITHIN = 3, 10.0  # so many deaths in so many seconds, and no new one is started by itself


class Unanswered:
    """What the nursery may not have taken in: kept until it answers a question behind it."""

    def __init__(self) -> None:
        self.asked = 0  # the number of the last question
        self.answered = 0
        self._locks: list[tuple[int, Any]] = []  # and the number of the next question
        self._signals: dict[int, list[tuple[int, Signal]]] = {}  # by slot, and the same number

    def keep_lock(self, lock: Any) -> None:
        """Keep a lock that is being sent."""
        self._locks.append((self.asked + 1, lock))

    def keep_signal(self, wish: Signal) -> None:
        """Keep a signal that is asked for."""
        self._signals.setdefault(wish.slot, []).append((self.asked + 1, wish))

    def note(self, number: int) -> None:
        """Take in an answer."""
        self.answered = number
        self._locks = [kept for kept in self._locks if kept[0] > number]
        for slot, kept in list(self._signals.items()):
            self._signals[slot] = [wish for wish in kept if wish[0] > number]
            if not self._signals[slot]:
                del self._signals[slot]

    def signals(self, slot: int) -> list[Signal]:
        """The signals to the mover of a slot, in their order; they are kept no longer."""
        return [wish for _, wish in self._signals.pop(slot, [])]


class Nursery:
    """The launcher that has its movers forked."""

    method = "forkserver"

    def __init__(
        self,
        context: BaseContext,
        table: Table,
        job: Job,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._context, self._table, self._job, self._clock = context, table, job, clock
        self._process: BaseProcess | None = None
        self._waiting: dict[int, Start] = {}  # asked for, and not answered
        self._pids: dict[int, int] = {}  # slot -> pid, of the movers that run
        self._adopted = Children()  # those of a nursery that has died
        self._arming: set[int] = set()  # pids that the new one has not armed yet
        self._buried: list[BaseProcess] = []  # the pipes of the dead end their movers with us
        self._deaths: deque[float] = deque(maxlen=AGAIN)  # [s]
        self._unanswered = Unanswered()
        self._told: list[Report] = []  # heard, and not handed on yet
        self._closing = False
        adopt_orphans()
        with suppress(OSError, EOFError):  # it is tried again, and told, when there is a wish
            self._open()

    def _open(self) -> None:
        """Start a nursery; OSError where there is no room for it."""
        ours, theirs = self._context.Pipe()
        process: BaseProcess = self._context.Process(  # type: ignore[attr-defined]
            target=run, name="nursery", args=(Parcel(self._table, self._job), theirs)
        )
        try:
            start(process)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self._process, self._channel = process, Channel(ours)
        self._lock = getattr(self._table.cells, "lock", None)  # the one that it gets
        self._unanswered = Unanswered()
        self._unanswered.keep_lock(self._lock)
        self._failure = ""  # why it died, if it could say so
        self._polled = self._heard = self._clock()  # [s]
        self._ping()

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have a mover forked."""
        self._waiting[slot] = Start(slot, generation, name)
        if self._process:
            self._send_new_lock()
            self._channel.send(self._waiting[slot])

    def _send_new_lock(self) -> None:
        """Give the nursery the scene's lock, if it is another one than it has.

        It opens it by its name, which is gone with the lock itself: so that is kept.
        """
        lock = getattr(self._table.cells, "lock", None)
        if lock is not self._lock:
            self._lock = lock
            self._unanswered.keep_lock(lock)
            self._channel.send(NewLock(pickled(lock)))

    def withdraw(self, slot: int) -> None:
        """Have a mover not forked after all."""
        if self._process:
            self._channel.send(Withdraw(slot))
        elif self._waiting.pop(slot, None):
            self._told.append(Withdrawn(slot))

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Have a signal sent to a mover, or to its whole group."""
        if slot in self._adopted.pids:
            self._adopted.signal(slot, number, group)
        elif slot in self._pids and self._process:
            wish = Signal(slot, number, group)
            self._unanswered.keep_signal(wish)
            self._channel.send(wish)

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """Have everybody stand still, or go on; wait at most some seconds until it is done."""
        for slot in self._adopted.pids.keys() - frozen:
            self._adopted.signal(slot, signal.SIGSTOP if on else signal.SIGCONT, group=True)
        if self._process:
            self._channel.send(Suspend(on, frozen))
            self._settle(seconds)

    def _settle(self, seconds: float) -> bool:
        """Wait until the nursery has done what it was asked for; whether it has."""
        self._ping()
        end, told = self._clock() + seconds, self._unanswered
        while told.answered < told.asked and not self._channel.closed and self._clock() < end:
            self.wait(0.01)
            self._channel.flush()
            self._told += self._hear()
        return told.answered == told.asked

    # A frame.

    def poll(self) -> list[Report]:
        """What the nursery has told, and what became of those who have lost theirs."""
        if self._process:
            dead = not self._process.is_alive()  # and what it told before is still to be heard
            self._channel.flush()
            self._told += self._hear()
            self._question(self._clock())
            if dead or self._channel.closed:
                self._told += self._take_over()
        elif self._waiting and not self._closing:
            self._told += self._open_again()
        self._told += self._reap_adopted()
        reports, self._told = self._told, []
        return reports

    def _hear(self) -> Iterator[Report]:
        for told in self._channel.receive():
            self._heard = self._clock()
            match told:
                case Started(pids):
                    self._pids.update(pids)
                    for slot, _ in pids:
                        self._waiting.pop(slot, None)
                case Refused(slots):
                    for slot in slots:
                        self._waiting.pop(slot, None)
                case Withdrawn(slot):
                    self._waiting.pop(slot, None)
                case Ended(slot):
                    self._note_end(slot)
                case Armed(pid):
                    self._arming.discard(pid)
                case Pong(number):
                    self._unanswered.note(number)
                case Failed(why):
                    self._failure = f": {why}"
            if isinstance(told, Started | Refused | Withdrawn | Ended):
                yield told

    def _note_end(self, slot: int) -> int:
        """Forget the process of a slot; returns its pid."""
        self._unanswered.signals(slot)
        return self._pids.pop(slot, 0)

    def _question(self, now: float) -> None:
        """See whether the nursery answers; kill it when it does not."""
        if now - self._polled > AWAY:  # so was this process itself
            self._heard = now
        self._polled = now
        if now - self._asked > EVERY:
            self._ping()
        patience = EVERY + (ANSWER if self._unanswered.answered else LOADING)
        if now - self._heard > patience:
            assert self._process is not None
            self._process.kill()

    def _ping(self) -> None:
        self._asked = self._clock()
        self._unanswered.asked += 1
        self._channel.send(Ping(self._unanswered.asked))

    def _reap_adopted(self) -> Iterator[Report]:
        if not self._adopted.busy:
            self._buried.clear()
            return
        self._adopted.reap(set(self._adopted.pids.values()) - self._arming)
        for ended in self._adopted.ended():
            pid = self._note_end(ended.slot)
            if self._process:
                self._channel.send(Arm(pid, on=False))
            yield ended

    # When it dies.

    def _take_over(self) -> Iterator[Report]:
        """Be the parent of the dead nursery's movers, and start another one."""
        left = self._pids.keys() - self._adopted.pids.keys()
        session = self._bury()
        for slot in left:
            self._adopted.add(slot, self._pids[slot])
            for wish in self._unanswered.signals(slot):  # which it may not have passed on
                self._adopted.signal(*wish)
        # It may have forked somebody of whom it could not tell any more.
        self._adopted.end_strangers(lambda: of_session(session))
        self._adopted.reap(self._adopted.pids.values())  # else one that is long gone is armed
        if self._closing:
            yield from self._refuse("the run has ended")
            return
        why = f"died{self._failure}; {len(left):,} movers run on without it"
        self._deaths.append(self._clock())
        if len(self._deaths) == AGAIN and self._clock() - self._deaths[0] < WITHIN:
            yield Trouble(NAME, f"{why}; it died {AGAIN} times within {WITHIN:g} s")
            yield from self._refuse(f"the nursery dies again and again{self._failure}")
            return
        try:
            self._open()
        except (OSError, EOFError) as error:
            yield Trouble(NAME, f"{why}; no new one could be started: {words(error)}")
            yield from self._refuse(words(error))
            return
        yield Trouble(NAME, f"{why}, and a new one is started")
        self._ask_again()

    def _bury(self) -> int:
        """Reap the nursery; returns its pid, which is its movers' session."""
        assert self._process is not None
        pid = self._process.pid or 0
        self._process.kill()  # it has closed its channel, and may have done no more than that
        self._process.join(END)
        self._buried.append(self._process)
        self._process = None
        self._channel.close()
        return pid

    def _open_again(self) -> Iterator[Report]:
        """Start a nursery for those who came when there was none."""
        try:
            self._open()
        except (OSError, EOFError) as error:
            yield from self._refuse(words(error))
            return
        self._ask_again()

    def _ask_again(self) -> None:
        """Ask a new nursery for all that is to be done."""
        for pid in self._adopted.pids.values():
            self._arming.add(pid)
            self._channel.send(Arm(pid, on=True))
        for wish in self._waiting.values():
            self._channel.send(wish)

    def _refuse(self, why: str) -> Iterator[Report]:
        self._arming.clear()
        if self._waiting:
            yield Refused(tuple(self._waiting), why)
            self._waiting.clear()

    # The end.

    def wait(self, seconds: float) -> None:
        """Wait until the nursery tells something, at most some seconds."""
        poll = select.poll()
        if self._process:
            poll.register(self._channel, select.POLLIN)
        poll.poll(1000 * (min(seconds, 0.005) if self._adopted.busy else seconds))

    def leave(self) -> None:
        """Start nobody any more, no nursery either."""
        self._closing = True

    def close(self) -> None:
        """End the nursery, and whoever is left."""
        self._closing = True
        if self._process:
            if self._settle(ANSWER):
                self._channel.send(End())
                self._process.join(END)
            session = self._bury()
            self._adopted.end_strangers(lambda: of_session(session))
        self._adopted.end()
        self._buried.clear()
        adopt_orphans(False)


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


def of_session(session: int) -> list[int]:
    """This process's children that belong to a session."""
    found = []
    for pid in children():
        with suppress(ProcessLookupError):
            if os.getsid(pid) == session:
                found.append(pid)
    return found


def words(error: Exception) -> str:
    """An error in words."""
    return getattr(error, "strerror", None) or str(error) or "it gave no answer"
