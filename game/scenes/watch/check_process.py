"""What runs in the checking process: looks at the arrays flat out, and judges each look.

Started by checking.Checker, in a fresh process, so that no frame waits for it. It only reads.
"""

import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from operator import is_
from time import monotonic
from typing import Any, NamedTuple

import numpy as np

from game.attach.elements import Elements
from game.attach.memory import Identity, Memory
from game.attach.sharers import Sharer, sharers
from game.invariant.expression import Expression
from game.invariant.verdicts import Look, Verdict, Verdicts
from game.invariant.violations import Violation

TELL = 0.1  # [s] between two reports
ASK = 1.0  # [s] between two looks at who shares the arrays
SENDING = 1e-6  # [s] for each byte of an array, between two times that it is sent
GENTLE = 5  # steps that it stands below others in the system's priority


class Piece(NamedTuple):
    """One array to look at, as it travels to the process."""

    name: str
    descriptor: Any  # multiprocessing's way to pass an open file on
    elements: Elements
    lock: Any = None  # the same, of its program's memory; None: it has no lock that is known
    address: int = 0  # of the lock's value there


class Kept(NamedTuple):
    """The violations that are kept, whole."""

    first: Violation | None = None
    last: Violation | None = None
    worst: Violation | None = None


class Report(NamedTuple):
    """How the check stands."""

    counts: dict[Verdict, int]
    rows: int  # how often it went wrong: violations in a row count once
    rate: float  # [looks/s]
    raised: str  # what the check raised first; "" if it never did
    lock_known: bool
    kept: Kept | None  # None: the same as in the report before
    sharers: tuple[Sharer, ...]  # how those who share the arrays stood, right after a violation

    @property
    def violations(self) -> int:
        """Looks at which it did not hold."""
        return self.counts[Verdict.VIOLATION]

    @property
    def locked(self) -> int:
        """Looks while the lock was held: nothing is checked then."""
        return self.counts[Verdict.LOCKED]

    @property
    def errors(self) -> int:
        """Looks at which the check could not be worked out."""
        return self.counts[Verdict.RAISED]

    @property
    def checks(self) -> int:
        """Looks that say something."""
        return (
            sum(self.counts.values()) - self.counts[Verdict.LOCKED] - self.counts[Verdict.MID_WRITE]
        )


class Watcher:
    """One array, with room for the copies of a look."""

    def __init__(self, piece: Piece) -> None:
        self.name, self._elements = piece.name, piece.elements
        self._memory = Memory(piece.descriptor.detach())
        self._lock = Memory(piece.lock.detach()) if piece.lock else None
        self._address, self._value = piece.address, bytearray(4)
        size = piece.elements.size
        self._copies = [np.empty(size, np.uint8) for _ in range(3)]
        self.array = self._copies[0].view(piece.elements.dtype).reshape(piece.elements.shape)

    def copy(self, which: int) -> bool:
        """Make one of the copies; whether the memory is still as long as the array."""
        size = self._memory.read(self._copies[which], self._elements.offset)
        return size == self._elements.size

    def agrees(self, which: int) -> bool:
        """Whether a later copy is the same as the first."""
        return np.array_equal(self._copies[0], self._copies[which])

    @property
    def identity(self) -> Identity:
        """Which memory it is in."""
        return self._memory.identity

    @property
    def has_lock(self) -> bool:
        """Whether it has a lock that can be looked at."""
        return self._lock is not None

    def held(self) -> bool:
        """Whether its lock is held at this moment: a look, which takes nothing."""
        if self._lock is None:
            return False
        there = self._lock.read(self._value, self._address)
        return there == len(self._value) and not any(self._value)


class Looker:
    """Looks at all arrays at once."""

    def __init__(self, watchers: list[Watcher]) -> None:
        self._watchers = watchers
        self._arrays = {watcher.name: watcher.array for watcher in watchers}
        self._locked = any(watcher.has_lock for watcher in watchers)
        self._began = monotonic()

    def look(self) -> Look:
        """Two copies, and how the locks stood before, between and after them."""
        time, before = monotonic() - self._began, self._held()
        whole = self._copy(0)
        between = self._held()
        whole = self._copy(1) and whole
        locked = (before, between, self._held()) if self._locked else ()
        return Look(time, self._arrays, whole and self._agree(1), locked, self._still)

    def _still(self) -> bool:
        if self._held():
            return False
        return self._copy(2) and not self._held() and self._agree(2)

    def _held(self) -> bool:
        return any(watcher.held() for watcher in self._watchers)

    def _copy(self, which: int) -> bool:
        whole = True
        for watcher in self._watchers:
            whole = watcher.copy(which) and whole
        return whole

    def _agree(self, which: int) -> bool:
        return all(watcher.agrees(which) for watcher in self._watchers)


def run(pieces: list[Piece], text: str, settled: float, report: Connection) -> None:
    """Look flat out, and report, until nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started it ends it
    if hasattr(os, "nice"):
        os.nice(GENTLE)
    watchers = [Watcher(piece) for piece in pieces]
    expression = Expression(text, tuple(watcher.name for watcher in watchers))
    verdicts = Verdicts(expression, settled)
    identities = {watcher.identity for watcher in watchers}
    judging = Judging(verdicts, lambda: tuple(sharers(identities)))
    with suppress(BrokenPipeError, ConnectionResetError, EOFError):
        judging.go_on(Looker(watchers).look, report.send, report.poll)


class Judging:
    """Judges look after look, and says now and then how the check stands."""

    def __init__(
        self,
        verdicts: Verdicts,
        sharers: Callable[[], tuple[Sharer, ...]],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._verdicts, self._sharers, self._clock = verdicts, sharers, clock
        self._seen: tuple[Sharer, ...] = ()  # who shared the arrays at a violation, and how
        self._asked = -ASK  # [s]
        self._kept, self._due = Kept(), 0.0  # as they were sent last; [s] when they may be again

    def go_on(
        self,
        look: Callable[[], Look],
        send: Callable[[Report], None],
        asked: Callable[[], bool],
    ) -> None:
        """Look flat out; send a report now and then, until `asked` to end."""
        due = 0.0
        while True:
            verdict = self._verdicts.take(look())
            now = self._clock()
            if verdict is Verdict.VIOLATION and now - self._asked >= ASK:
                self._asked, self._seen = now, self._sharers()
            if now < due:
                continue
            ends = asked()
            send(self._report(now, ends))
            if ends:
                return
            due = now + TELL

    def _news(self, now: float, last: bool) -> Kept | None:
        """The violations that are kept, where there are others than were sent; large ones are
        sent less often, but with the last report."""
        verdicts = self._verdicts
        kept = Kept(verdicts.first, verdicts.last, verdicts.worst)
        same = all(map(is_, kept, self._kept))
        if same or (now < self._due and not last and self._kept.first):
            return None
        size = sum(array.nbytes for array in kept.first.after.values()) if kept.first else 0
        self._kept, self._due = kept, now + size * SENDING
        return kept

    def _report(self, now: float, last: bool) -> Report:
        """How the check stands at this moment."""
        verdicts = self._verdicts
        return Report(
            dict(verdicts.counts),
            verdicts.rows,
            verdicts.rate,
            verdicts.raised_first or "",
            verdicts.lock_known,
            self._news(now, last),
            self._seen,
        )
