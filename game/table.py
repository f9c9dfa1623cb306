"""The table: one shared Array of values, and one small Array of bookkeeping.

    values   agent 0      agent 1      agent 2          float64: the tutorial's array,
             x     y      x     y      x     y   ...    positions[robot_id * 2]

    books    world | slot 0 | slot 1 | slot 2 | ...     int64: a row of 8 cells each
    notes          | slot 0 | slot 1 | slot 2 | ...     text: what a process said last

A *slot* belongs to one mover process, which drives `per_process` agents. Every cell has one
writer. A mover writes its own slice of the values, its note, and SEQUENCE, UPDATES, STATE and
PID of its row. The reader's side writes the world's row, and a slot's row only while no
process holds it. Nobody takes a lock: publish() and the reader's check of SEQUENCE (a seqlock
with one writer for each slot) keep half-written rows off the screen.
"""

import _thread
import ctypes
from collections.abc import Mapping, Sequence
from enum import IntEnum
from multiprocessing.context import BaseContext
from typing import Any, NamedTuple, cast

ROW = 8  # cells of a bookkeeping row: 64 bytes, one cache line for each writer
SEQUENCE, UPDATES, STATE, PID, AGENTS, HOLDS, WRITES = range(7)  # cells of a slot's row
PACE, STEPS, MODE, STRESS, LENS, TRAP = range(6)  # cells of the world's row; the road's from MODE
PACE_ONE = 1000  # the PACE cell at normal speed; 0 means paused
NOTE = 4096  # [bytes] a slot's note


class State(IntEnum):
    """What has become of a slot's process."""

    FREE = 0  # nobody's
    STARTING = 1  # a process is on its way and has published nothing
    RUNNING = 2  # it publishes
    DONE = 3  # it made all its updates, or finished its race, and left
    FAILED = 4  # it raised, exited or was killed: the values are its last ones


class Shared(NamedTuple):
    """The three shared arrays, as they travel to another process."""

    values: Any  # ctypes array of c_double, slots * per_process * fields
    books: Any  # ctypes array of c_int64, (1 + slots) * ROW
    notes: Any  # ctypes array of c_char, slots * NOTE


class Table:
    """The shared memory of a run, with the layout that both sides agree on."""

    def __init__(
        self, context: BaseContext, fields: Mapping[str, str], capacity: int, per_process: int = 1
    ) -> None:
        """Lay out room for `capacity` agents, `per_process` of them in a slot.

        `fields` maps each value's name to its unit, in the order of an agent's slice. The
        capacity is rounded up to whole slots.
        """
        self.fields = dict(fields)
        self.per_process = per_process
        self.slots = -(-capacity // per_process)
        self.shared = Shared(
            # Without a lock of its own: rule 3, a killed mover must not be able to hold one.
            context.Array("d", self.slots * per_process * len(fields), lock=False),
            context.Array("q", (1 + self.slots) * ROW, lock=False),
            context.Array("c", self.slots * NOTE, lock=False),
        )
        self.lock: Any = None  # only where the scene is about one: nothing else may use it
        self._map()
        self.set_pace(1.0)

    def _map(self) -> None:
        # A ctypes array's own memoryview has the format "<d", which cannot be indexed.
        self.values = memoryview(self.shared.values).cast("B").cast("d")
        self.books = memoryview(self.shared.books).cast("B").cast("q")
        self.notes = memoryview(self.shared.notes).cast("B")

    def __getstate__(self) -> dict[str, Any]:
        views = ("values", "books", "notes")
        return {name: value for name, value in self.__dict__.items() if name not in views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    @property
    def capacity(self) -> int:
        """The most agents that the table has room for."""
        return self.slots * self.per_process

    def row(self, slot: int) -> "memoryview[int]":
        """The bookkeeping cells of a slot, (ROW,) int64, writable."""
        return self.books[(slot + 1) * ROW : (slot + 2) * ROW]

    def slice(self, slot: int) -> "memoryview[float]":
        """The values of a slot's agents, (per_process * fields,) float64, writable."""
        size = self.per_process * len(self.fields)
        return self.values[slot * size : (slot + 1) * size]

    def note(self, slot: int) -> tuple[str, str]:
        """What the slot's process died of: the exception in a line, and its traceback."""
        text = bytes(self.notes[slot * NOTE : (slot + 1) * NOTE]).partition(b"\0")[0]
        headline, _, rest = text.decode(errors="replace").partition("\n")
        return headline, rest

    # The reader's side: the world's row, and the rows that no process holds.

    def set_pace(self, pace: float) -> None:
        """Let simulated time run at `pace` times normal; 0 pauses every mover."""
        self.books[PACE] = round(pace * PACE_ONE)

    def grant_step(self) -> None:
        """Grant every mover one more update, paused or not."""
        self.books[STEPS] += 1

    def open(self, slot: int, agents: int) -> None:
        """Clear a slot that nobody holds and make it ready for a process of `agents` agents."""
        self.clear(slot)
        row = self.row(slot)
        row[AGENTS], row[STATE] = agents, State.STARTING

    def clear(self, slot: int) -> None:
        """Empty a slot. Only after its process is reaped: it may still write until then."""
        row, size = self.row(slot), self.slice(slot).nbytes
        if not any(row):
            return  # nobody has held it, and its values may be many megabytes
        row[:] = memoryview(bytes(ROW * 8)).cast("q")
        ctypes.memset(ctypes.addressof(self.shared.values) + slot * size, 0, size)
        self.notes[slot * NOTE : (slot + 1) * NOTE] = bytes(NOTE)

    def mark(self, slot: int, state: State) -> None:
        """Say what became of a slot whose process is reaped."""
        self.row(slot)[STATE] = state


class View:
    """A read-only view of the table, for a process that only looks on.

    `values` and `books` are those of the table; a write through them raises TypeError.
    """

    def __init__(self, table: Table) -> None:
        self.values: memoryview[float] = cast(Any, table.values.toreadonly())
        self.books = table.books.toreadonly()
        self._fields = len(table.fields)
        self._per_process = table.per_process

    def published(self) -> bool:
        """Whether every slot whose process lives has published a first row, and one has."""
        rows = self._rows().values()
        published = [bool(row[UPDATES]) for row in rows if row[STATE] != State.FAILED]
        return bool(published) and all(published)

    def agents(self) -> list[tuple[float, ...]]:
        """The values of every agent that has published, each slot's read whole."""
        found: list[tuple[float, ...]] = []
        for slot, row in self._rows().items():
            if row[UPDATES]:
                values = self._read(slot, row)
                found += zip(*[iter(values)] * self._fields, strict=True)
        return found

    def _rows(self) -> "dict[int, memoryview[int]]":
        """The rows of the slots in use."""
        rows = {at // ROW - 1: self.books[at : at + ROW] for at in range(ROW, len(self.books), ROW)}
        return {slot: row for slot, row in rows.items() if row[STATE]}

    def _read(self, slot: int, row: "memoryview[int]") -> Sequence[float]:
        """One slot's values. A row that is never whole (its writer died) is given as it is."""
        first = slot * self._per_process * self._fields
        values: Sequence[float] = ()
        for _ in range(1000):
            before = row[SEQUENCE]
            fence()
            values = self.values[first : first + row[AGENTS] * self._fields].tolist()
            fence()
            if before % 2 == 0 and before == row[SEQUENCE]:
                break
        return values


class Slice:
    """A mover's own part of the table: the only cells that its process may write."""

    def __init__(self, table: Table, slot: int) -> None:
        self.first_agent = slot * table.per_process
        self.row = table.row(slot)
        self.agents = self.row[AGENTS]
        self.size = self.agents * len(table.fields)
        self._values = table.slice(slot)[: self.size]
        self._note = table.notes[slot * NOTE : (slot + 1) * NOTE]

    def publish(self, values: "memoryview[float]") -> None:
        """Write all values at once, so that the reader sees either all or none of them.

        `values` is (agents * fields,) float64. The sequence number is odd meanwhile; a reader
        that finds it odd, or changed under its copy, keeps the row it had.
        """
        row = self.row
        row[SEQUENCE] += 1
        fence()
        self._values[:] = values
        row[UPDATES] += 1
        fence()
        row[SEQUENCE] += 1

    def leave_note(self, headline: str, text: str) -> None:
        """Keep a line, and the end of `text`, where the reader finds them when this process is
        gone."""
        head = headline.replace("\0", "?").encode(errors="replace")[: NOTE // 4] + b"\n"
        tail = text.replace("\0", "?").encode(errors="replace")[-(NOTE - 1 - len(head)) :]
        self._note[:] = (head + tail).ljust(NOTE, b"\0")


_lock = _thread.allocate_lock()


def fence() -> None:
    """Keep the memory accesses before it apart from those after it.

    Python has no fence. x86-64 keeps stores in order anyway, ARM64 does not: there the
    acquire and release of a private lock are barriers in one direction each, and two pairs
    of them let nothing across (see CPython's own seqlock, gh-121368).
    """
    with _lock:
        pass
    with _lock:
        pass
