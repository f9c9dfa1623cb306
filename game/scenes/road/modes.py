"""Four ways to share one array between a writer and a reader, to see what a lock does.

              writer                            reader                 what one learns
    none      element by element                plain copy             torn
    element   a[j] += 1 as the Array does it    list(a)                the lock guards one access
    lock      the pass inside a.get_lock()      the copy inside it     never torn, the reader waits
    seqlock   a copy, published at once         copy and check         never torn, nobody waits

The writer's process and the reader's each make a mode of their own over the shared table, whose
one slot holds all vehicles, and whose cells have the Array's lock. What the Array would do by
itself (the lock around each access, in `element`) they do by hand: so the writer can publish when
it has the lock, at no more cost, and the reader need not wait for ever.
"""

from array import array
from collections.abc import Callable
from time import perf_counter

from game.scenes.road.lock import ReaderLock, WriterLock
from game.shared.fence import fence
from game.shared.table import SEQUENCE, UPDATES, Table

Copy = array  # of float64, one for each vehicle
Between = Callable[[int], None]  # told how many elements of a pass are done
LOOKS = 64  # at a sequence number in a read; a write that is under way ends after a few


class Mode:
    """One way to write a pass and to read the array. What follows is the same for all four."""

    name = ""

    def __init__(self, table: Table) -> None:
        self.row = table.row(0)
        self.values = table.slice(0)
        self.writer_lock, self.reader_lock = WriterLock(table.cells), ReaderLock(table.cells)
        self.retries = 0  # copies and looks of the read under way that were in vain

    def begin(self) -> None:
        """Begin another read; what was read so far, and noted, is forgotten."""
        self.retries = 0
        self.reader_lock.begin()

    def write(self, vehicles: int, step: float, between: Between) -> None:
        """Move the first `vehicles` by `step` [m], one after the other: one pass."""
        raise NotImplementedError

    def read(self, vehicles: int, patience: float) -> "Copy[float] | None":
        """A copy of the first `vehicles` positions, or None if it takes more than `patience` [s].

        Asked again, it goes on with the same read.
        """
        raise NotImplementedError


class Unguarded(Mode):
    """No lock, no check: each element is whole, the pass is not."""

    name = "none"

    def write(self, vehicles: int, step: float, between: Between) -> None:
        values = self.values
        for j in range(vehicles):
            values[j] += step
            between(j + 1)
        self.row[UPDATES] += 1

    def read(self, vehicles: int, patience: float) -> "Copy[float] | None":
        return array("d", self.values[:vehicles].tobytes())


class ElementWise(Mode):
    """As in the tutorial: the Array takes its lock for each access by itself."""

    name = "element"

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._read: Copy[float] = array("d")  # as far as the read under way has come

    def begin(self) -> None:
        super().begin()
        self._read = array("d")

    def write(self, vehicles: int, step: float, between: Between) -> None:
        # As a[j] += step does, which takes the lock to read and once more to write.
        lock, values = self.writer_lock, self.values
        for j in range(vehicles):
            with lock:
                position = values[j]
            with lock:
                values[j] = position + step
            between(j + 1)
        self.row[UPDATES] += 1

    def read(self, vehicles: int, patience: float) -> "Copy[float] | None":
        # As list(a) does, but not for ever: behind a writer that runs flat out it can take seconds,
        # one that was killed or frozen may have the lock in its hands, and the window has keys
        # to answer.
        read, end = self._read, perf_counter() + patience
        while len(read) < vehicles:
            left = end - perf_counter()
            if left <= 0 or not self.reader_lock.take(left):
                return None
            try:
                read.append(self.values[len(read)])
            finally:
                self.reader_lock.release()
        self._read = array("d")
        return read[:vehicles]


class Locked(Mode):
    """The whole pass and the whole copy inside the Array's lock."""

    name = "lock"

    def write(self, vehicles: int, step: float, between: Between) -> None:
        with self.writer_lock:
            for j in range(vehicles):
                self.values[j] += step
                between(j + 1)
        self.row[UPDATES] += 1

    def read(self, vehicles: int, patience: float) -> "Copy[float] | None":
        if not self.reader_lock.take(patience):
            return None
        try:
            return array("d", self.values[:vehicles].tobytes())
        finally:
            self.reader_lock.release()


class Seqlock(Mode):
    """The arena's own way: one copy between two steps of a sequence number."""

    name = "seqlock"

    def write(self, vehicles: int, step: float, between: Between) -> None:
        private = array("d", self.values[:vehicles].tobytes())
        for j in range(vehicles):
            private[j] += step
            between(j + 1)
        self.row[SEQUENCE] += 1
        fence()
        between(0)  # the worst moment to be killed at
        self.values[:vehicles] = memoryview(private)
        self.row[UPDATES] += 1
        fence()
        self.row[SEQUENCE] += 1

    def read(self, vehicles: int, patience: float) -> "Copy[float] | None":
        # A few looks, and it has the last whole copy to fall back on: it waits for nobody.
        end = perf_counter() + patience
        for _ in range(LOOKS):
            before = self.row[SEQUENCE]
            if before & 1 == 0:
                fence()
                copy = array("d", self.values[:vehicles].tobytes())
                fence()
                if before == self.row[SEQUENCE]:
                    return copy
            self.retries += 1
            if perf_counter() > end:
                break
        return None


MODES: tuple[type[Mode], ...] = (Unguarded, ElementWise, Locked, Seqlock)
NAMES = tuple(mode.name for mode in MODES)


def make(table: Table) -> list[Mode]:
    """All four modes over one table, in the order of `NAMES`."""
    return [mode(table) for mode in MODES]
