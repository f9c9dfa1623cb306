"""The nursery, seen from the window: what it is asked, what it tells, and what if it dies.

    start() -> channel -> the nursery forks -> Started -> poll()
    it dies -> its movers become this process's own children -> a new one is started

The window is a subreaper: movers whose nursery has died are handed to it, so that it can go on
signalling and reaping them. A nursery that does not answer is killed first.
"""

import multiprocessing.context
import os
import select
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
    Ping,
    Pong,
    Refused,
    Signal,
    Start,
    Started,
    Withdraw,
    Withdrawn,
)
from game.child.children import Children, adopt_orphans, children
from game.child.job import Job, Loaded
from game.child.nursery_process import run
from game.crew.launcher import Report, Trouble
from game.crew.starting import start
from game.shared.table import Table

NAME = "the nursery"
EVERY = 1.0  # [s] between two questions whether it lives
ANSWER = 3.0  # [s] within which it answers, however busy the machine is
AWAY = 0.5  # [s] between two polls from which this process was itself away
END = 2.0  # [s] that it has for its own end
AGAIN, WITHIN = 3, 10.0  # so many deaths in so many seconds, and no new one is started by itself


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
        self._signalled: dict[int, Signal] = {}  # the last signal that each was to be sent
        self._adopted = Children()  # those of a nursery that has died
        self._arming: set[int] = set()  # pids that the new one has not armed yet
        self._lock: Any = None  # the last one that it was told of
        self._locks: list[tuple[int, Any]] = []  # those that it may not have yet, and their pings
        self._buried: list[BaseProcess] = []  # the pipes of the dead end their movers with us
        self._deaths: deque[float] = deque(maxlen=AGAIN)  # [s]
        self._polled = self._asked = self._heard = clock()  # [s]
        self._pings = self._pong = 0  # the last question, and the last answer
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
        self._heard = self._clock()
        self._keep(getattr(self._table.cells, "lock", None))

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have a mover forked."""
        wish = Start(slot, generation, name, self._new_lock())
        self._waiting[slot] = wish
        if self._process:
            self._channel.send(wish)

    def _new_lock(self) -> bytes:
        """The scene's lock, pickled, if it is another one than the nursery has."""
        lock = getattr(self._table.cells, "lock", None)
        if lock is self._lock:
            return b""
        self._keep(lock)
        return pickled(lock)

    def _keep(self, lock: Any) -> None:
        """Keep a lock until the nursery has opened it by its name, which is gone with the lock."""
        self._lock = lock
        self._ping()
        self._locks.append((self._pings, lock))

    def withdraw(self, slot: int) -> None:
        """Have a mover not forked after all."""
        if self._process and slot in self._waiting:
            self._channel.send(Withdraw(slot))

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Have a signal sent to a mover, or to its whole group."""
        if slot in self._adopted.pids:
            self._adopted.signal(slot, number, group)
        elif slot in self._pids:
            self._signalled[slot] = Signal(slot, number, group)
            self._channel.send(self._signalled[slot])

    # A frame.

    def poll(self) -> list[Report]:
        """What the nursery has told, and what became of those who have lost theirs."""
        reports, self._told = self._told, []
        if self._process:
            dead = not self._process.is_alive()  # and what it told before is still to be heard
            self._channel.flush()
            reports += self._hear()
            self._question()
            if dead or self._channel.closed:
                reports += self._take_over()
        elif self._waiting and not self._closing:
            reports += self._open_again()
        if self._adopted.busy:
            reaped = self._adopted.reap(set(self._adopted.pids.values()) - self._arming)
            self._pids = {s: p for s, p in self._pids.items() if s not in {e.slot for e in reaped}}
            reports += reaped
        elif self._buried:
            self._buried.clear()
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
                    self._pids.pop(slot, None)
                    self._signalled.pop(slot, None)
                case Armed(pid):
                    self._arming.discard(pid)
                case Pong(number):
                    self._pong = number
                    if not self._waiting:
                        self._locks = [kept for kept in self._locks if kept[0] > number]
            if not isinstance(told, Armed | Pong):
                yield told

    def _question(self) -> None:
        """See whether the nursery answers; kill it when it does not."""
        now = self._clock()
        if now - self._polled > AWAY:  # so was this process itself
            self._heard = now
        self._polled = now
        if now - self._asked > EVERY:
            self._ping()
        if now - self._heard > (EVERY if self._closing else EVERY + ANSWER):
            assert self._process is not None
            self._process.kill()

    def _ping(self) -> None:
        self._asked, self._pings = self._clock(), self._pings + 1
        if self._process:
            self._channel.send(Ping(self._pings))

    # When it dies.

    def _take_over(self) -> Iterator[Report]:
        """Be the parent of the dead nursery's movers, and start another one."""
        session = self._bury()
        living = self._pids.keys() - self._adopted.pids.keys()
        for slot in living:
            self._adopted.add(slot, self._pids[slot])
            if slot in self._signalled:  # which it may not have passed on
                self._adopted.signal(*self._signalled.pop(slot))
        # It may have forked somebody of whom it could not tell any more.
        self._adopted.end_strangers(lambda: of_session(session))
        why = f"died; {len(living):,} movers run on without it"
        if self._closing:
            return
        self._deaths.append(self._clock())
        if len(self._deaths) == AGAIN and self._clock() - self._deaths[0] < WITHIN:
            yield Trouble(NAME, f"{why}; it died {AGAIN} times within {WITHIN:g} s")
            yield from self._refuse("the nursery dies again and again")
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
        """Ask a new nursery for all that is to be done. It has the newest lock already."""
        for pid in self._adopted.pids.values():
            self._arming.add(pid)
            self._channel.send(Arm(pid))
        for wish in self._waiting.values():
            self._channel.send(wish._replace(lock=b""))

    def _refuse(self, why: str) -> Iterator[Report]:
        self._arming.clear()
        if self._waiting:
            yield Refused(tuple(self._waiting), why)
            self._waiting.clear()

    # The end.

    def settle(self, seconds: float) -> None:
        """Wait until the nursery has done all that it was asked for, at most some seconds."""
        if self._process is None:
            return
        self._ping()
        end = self._clock() + seconds
        while self._pong < self._pings and not self._channel.closed and self._clock() < end:
            self.wait(0.01)
            self._channel.flush()
            self._told += self._hear()

    def leave(self) -> None:
        """Start nobody any more, and have less patience with a nursery that does not answer."""
        self._closing = True

    def wait(self, seconds: float) -> None:
        """Wait until the nursery tells something, at most some seconds."""
        watched = [self._channel] if self._process else []
        with suppress(OSError):
            select.select(watched, [], [], min(seconds, 0.005) if self._adopted.busy else seconds)

    def close(self) -> None:
        """End the nursery, and whoever is left."""
        self._closing = True
        if self._process:
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
