"""The nursery, seen from the window: what it is asked, what it tells, and what if it dies.

    start() -> link -> the nursery forks -> Started -> poll()
    it dies -> its movers become this process's own children -> a new one is started

The window is a subreaper: movers whose nursery has died are handed to it, so that it can go on
signalling and reaping them.
"""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

from game.child.children import LOOK, Children, adopt_orphans, children
from game.child.job import Job
from game.child.messages import (
    Arm,
    Armed,
    End,
    Ended,
    Refused,
    Signal,
    Start,
    Started,
    Suspend,
    Withdraw,
    Withdrawn,
)
from game.crew.launcher import Report, Trouble
from game.crew.nursery_link import END, LAST, Link, wait_for
from game.shared.table import Table

NAME = "the nursery"
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
        self._clock = clock
        self._new_link = partial(Link, context, table, job, clock)
        self._link: Link | None = None
        self._waiting: dict[int, Start] = {}  # asked for, and not answered
        self._pids: dict[int, int] = {}  # slot -> pid, of the movers that run
        self._frozen: set[int] = set()  # slots that were told to stand still
        self._adopted = Children()  # those of a nursery that has died
        self._arming: set[int] = set()  # pids that the new one has not armed yet
        self._buried: list[BaseProcess] = []  # the pipes of the dead end their movers with us
        self._deaths: deque[float] = deque(maxlen=AGAIN)  # [s]
        self._told: list[Report] = []  # heard, and not handed on yet
        self._closing = False
        adopt_orphans()
        with suppress(OSError, EOFError):  # it is tried again, and told, when there is a wish
            self._link = self._new_link()

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have a mover forked."""
        self._waiting[slot] = Start(slot, generation, name)
        if self._link:
            self._link.start(self._waiting[slot])

    def withdraw(self, slot: int) -> None:
        """Have a mover not forked after all."""
        if self._link:
            self._link.send(Withdraw(slot))
        elif self._waiting.pop(slot, None):
            self._told.append(Withdrawn(slot))

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Have a signal sent to a mover, or to its whole group."""
        if number == signal.SIGSTOP:
            self._frozen.add(slot)
        elif number == signal.SIGCONT:
            self._frozen.discard(slot)
        if slot in self._adopted.pids:
            self._adopted.signal(slot, number, group)
        elif slot in self._pids and self._link:
            self._link.send(Signal(slot, number, group))

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """Have everybody stand still, or go on; wait at most some seconds until it is done."""
        for slot in self._adopted.pids.keys() - frozen:
            self._adopted.signal(slot, signal.SIGSTOP if on else signal.SIGCONT, group=True)
        if self._link:
            self._link.send(Suspend(on, frozen))
            if self._link.loading:  # it has forked nobody yet, and will hear this before it does
                return
            self._told += self._taken_in(self._link.settle(seconds)[1])

    # A frame.

    def poll(self) -> list[Report]:
        """What the nursery has told, and what became of those who have lost theirs."""
        if self._link:
            lives = self._link.look()
            self._told += self._taken_in(self._link.hear())
            if not lives:
                self._told += self._take_over(self._link)
        elif self._waiting and not self._closing:
            self._told += self._open_again()
        self._told += self._reap_adopted()
        reports, self._told = self._told, []
        return reports

    def _taken_in(self, told: list[Any]) -> Iterator[Report]:
        """Note what the nursery tells, and hand on what the crew is to know."""
        for message in told:
            match message:
                case Started(pids):
                    self._pids.update(pids)
                    self._answered(*(slot for slot, _ in pids))
                case Refused(slots):
                    self._answered(*slots)
                case Withdrawn(slot):
                    self._answered(slot)
                case Ended(slot):
                    self._note_end(slot)
                case Armed(pid):
                    self._arming.discard(pid)
                    continue
            yield message

    def _answered(self, *slots: int) -> None:
        for slot in slots:
            self._waiting.pop(slot, None)

    def _note_end(self, slot: int) -> int:
        """Forget the process of a slot; returns its pid."""
        self._frozen.discard(slot)
        if self._link:
            self._link.signals(slot)
        return self._pids.pop(slot, 0)

    def _reap_adopted(self) -> Iterator[Report]:
        if not self._adopted.busy:
            self._buried.clear()
            return
        self._adopted.reap(set(self._adopted.pids.values()) - self._arming)
        for ended in self._adopted.ended():
            pid = self._note_end(ended.slot)
            if self._link:
                self._link.send(Arm(pid, on=False))
            yield ended

    # When it dies.

    def _take_over(self, dead: Link) -> Iterator[Report]:
        """Be the parent of a dead nursery's movers, and start another one."""
        self._bury(dead)
        left = self._pids.keys() - self._adopted.pids.keys()
        for slot in left:
            self._adopt(slot, dead)
        # It may have forked somebody of whom it could not tell any more.
        self._adopted.end_strangers(lambda: of_session(dead.pid))
        self._adopted.reap(self._adopted.pids.values())  # else one that is long gone is armed
        if self._closing:
            yield from told_silent(dead)
            yield from self._refuse("the run has ended")
            return
        why = f"died{dead.failure}; {len(left):,} movers run on without it"
        self._deaths.append(self._clock())
        if len(self._deaths) == AGAIN and self._clock() - self._deaths[0] < WITHIN:
            yield Trouble(NAME, f"{why}; it died {AGAIN} times within {WITHIN:g} s")
            yield from self._refuse(f"the nursery dies again and again{dead.failure}")
            return
        refused = list(self._open_again())
        if self._link:
            yield Trouble(NAME, f"{why}, and a new one is started")
        else:
            yield Trouble(NAME, f"{why}; no new one could be started: {self._no_room}")
        yield from refused

    def _adopt(self, slot: int, dead: Link) -> None:
        """Take a mover on, and send it what its nursery may not have passed on.

        With its nursery its group has become an orphan: the kernel has woken it, if it stood still.
        """
        self._adopted.add(slot, self._pids[slot])
        for wish in dead.signals(slot):
            self._adopted.signal(*wish)
        if slot in self._frozen:
            self._adopted.signal(slot, signal.SIGSTOP)

    def _bury(self, dead: Link, patience: float = 0.0) -> None:
        dead.bury(patience)
        self._buried.append(dead.process)
        self._link = None

    def _open_again(self) -> Iterator[Report]:
        """Start a nursery, and ask it for all that is to be done."""
        try:
            self._link = self._new_link()
        except (OSError, EOFError) as error:
            self._no_room = words(error)
            yield from self._refuse(self._no_room)
            return
        for pid in self._adopted.pids.values():
            self._arming.add(pid)
            self._link.send(Arm(pid, on=True))
        for wish in self._waiting.values():
            self._link.send(wish)

    def _refuse(self, why: str) -> Iterator[Report]:
        self._arming.clear()
        if self._waiting:
            yield Refused(tuple(self._waiting), why)
            self._waiting.clear()

    # The end.

    def wait(self, seconds: float) -> None:
        """Wait until something may have been found out, at most some seconds."""
        wait_for(self._link, min(seconds, LOOK) if self._adopted.busy else seconds)

    def leave(self) -> None:
        """Start nobody any more, no nursery either."""
        if not self._closing and self._link:
            self._link.hurry()
        self._closing = True

    def close(self) -> list[Trouble]:
        """End the nursery, and whoever is left."""
        self.leave()
        trouble: list[Trouble] = []
        if link := self._link:
            answers, _ = link.settle(LAST)
            if answers:
                link.send(End())
            else:
                link.silence()
            self._bury(link, END if answers else 0.0)
            trouble += told_silent(link)
            self._adopted.end_strangers(lambda: of_session(link.pid))
        self._adopted.end()
        self._buried.clear()
        adopt_orphans(False)
        return trouble


def told_silent(link: Link) -> Iterator[Trouble]:
    """That a nursery was killed at the end, if it had been silent for longer than that takes."""
    if link.silent > LAST:
        yield Trouble(NAME, f"gave no answer for {link.silent:.0f} s, and was killed")


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
