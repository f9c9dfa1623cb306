"""The table: one shared Array of values, and one small Array of bookkeeping, the control block.

    values   agent 0      agent 1      agent 2          float64: the tutorial's array,
             x     y      x     y      x     y   ...    positions[robot_id * 2]

    control  commands | slot 0 | slot 1 | slot 2 | ...  int64: a row of 8 cells each
    notes             | slot 0 | slot 1 | slot 2 | ...  text: what a process said last
    looks             | slot 0 | slot 1 | slot 2 | ...  int64: what an agent looked at, see looks
    keys     which arrow keys the person holds, a cell each; written by the window's side
    cells    what a scene shares besides, if it does; whoever made it knows who writes what

A *slot* belongs to one mover process, which drives `per_process` agents. Every cell has one
writer. A mover writes its own slice of the values, its note, its look, and SEQUENCE, UPDATES,
STATE, PID, ASKED and NOTICE of its row. The window's side writes the commands, and a slot's row
only while no process holds it. Nobody takes a lock: publish() and the reader's check of SEQUENCE
(a seqlock with one writer for each slot) keep half-written rows off the screen.

SEQUENCE only grows, also when a slot is cleared and handed on, and is odd exactly while its row
is being written; GENERATION says how many processes have held the slot. So whoever reads a row,
in whatever process, finds out whether it was whole, and whose it is.
"""

import ctypes
from collections.abc import Mapping
from enum import IntEnum
from multiprocessing.context import BaseContext
from typing import Any, NamedTuple

from game.shared.beat import Beat
from game.shared.fence import fence
from game.shared.keys import KeyCells, Keys
from game.shared.looks import LOOK
from game.shared.origins import Origins

ROW = 8  # cells of a row of the control block: 64 bytes, one cache line for each writer
SEQUENCE, UPDATES, GENERATION, STATE, PID, AGENTS = range(6)  # cells of a slot's row
ASKED = 6  # 1: the slot's process has asked what the others have published
NOTICE = 7  # how many notices a slot's process has left: then the note begins with the last one
# Cells of the commands. SELECTED is 1 + the agent that the window has selected, 0: none; RELOADS
# is how many times movers were told to load their behaviour anew.
PACE, STEPS, SELECTED, RELOADS = range(4)
PACE_ONE = 1_000_000  # the PACE cell at normal speed; 0 means paused
NOTE = 4096  # [bytes] a slot's note


class State(IntEnum):
    """What has become of a slot's process."""

    FREE = 0  # nobody's
    STARTING = 1  # a process is on its way and has published nothing
    RUNNING = 2  # it publishes
    DONE = 3  # it did all that it was asked for, and left
    FAILED = 4  # it raised, exited or was killed: the values are its last ones


class Shared(NamedTuple):
    """The shared arrays, as they travel to another process."""

    values: Any  # ctypes array of c_double, slots * per_process * fields
    control: Any  # ctypes array of c_int64, (1 + slots) * ROW
    notes: Any  # ctypes array of c_char, slots * NOTE
    looks: Any  # ctypes array of c_int64, slots * LOOK


class Table:
    """The shared memory of a run, with the layout that both sides agree on."""

    def __init__(
        self,
        context: BaseContext,
        fields: Mapping[str, str],
        capacity: int,
        per_process: int = 1,
        cells: Any = None,
        together: bool = False,
        remote: bool = False,
    ) -> None:
        """Lay out room for `capacity` agents, `per_process` of them in a slot.

        `fields` maps each value's name to its unit, in the order of an agent's slice. The
        capacity is rounded up to whole slots. `cells` travels along to every process. With
        `together` there is a beat, for movers that step together; with `remote` rows of other
        machines have a place in it, and it is known of which and how old they are.
        """
        self.fields = dict(fields)
        self.per_process = per_process
        self.slots = -(-capacity // per_process)
        self.cells = cells
        self.keys = KeyCells(context)
        self.shared = Shared(
            # Without a lock of its own: a killed mover must not be able to hold one.
            context.Array("d", self.slots * per_process * len(fields), lock=False),
            context.Array("q", (1 + self.slots) * ROW, lock=False),
            context.Array("c", self.slots * NOTE, lock=False),
            context.Array("q", self.slots * LOOK, lock=False),
        )
        size = per_process * len(fields)
        self.beat = Beat(context, self.slots, size) if together else None
        self.origins = Origins(context, self.slots) if remote else None
        self._map()
        self.set_pace(1.0)

    def _map(self) -> None:
        # A ctypes array's own memoryview has the format "<d", which cannot be indexed.
        self.values = memoryview(self.shared.values).cast("B").cast("d")
        self.control = memoryview(self.shared.control).cast("B").cast("q")
        self.notes = memoryview(self.shared.notes).cast("B")
        self.looks = memoryview(self.shared.looks).cast("B").cast("q")

    def __getstate__(self) -> dict[str, Any]:
        views = ("values", "control", "notes", "looks")
        return {name: value for name, value in self.__dict__.items() if name not in views}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._map()

    @property
    def capacity(self) -> int:
        """The most agents that the table has room for."""
        return self.slots * self.per_process

    def row(self, slot: int) -> "memoryview[int]":
        """The cells of a slot in the control block, (ROW,) int64, writable."""
        return self.control[(slot + 1) * ROW : (slot + 2) * ROW]

    def slice(self, slot: int) -> "memoryview[float]":
        """The values of a slot's agents, (per_process * fields,) float64, writable."""
        size = self.per_process * len(self.fields)
        return self.values[slot * size : (slot + 1) * size]

    def note(self, slot: int) -> tuple[str, str]:
        """What the slot's process died of: the exception in a line, and its traceback."""
        text = bytes(self.notes[slot * NOTE : (slot + 1) * NOTE]).partition(b"\0")[0]
        headline, _, rest = text.decode(errors="replace").partition("\n")
        return ("", f"{headline}\n{rest}") if self.row(slot)[NOTICE] else (headline, rest)

    def notice(self, slot: int) -> str:
        """The last notice of a slot's process, in a line; "" without one."""
        text = bytes(self.notes[slot * NOTE : (slot + 1) * NOTE]).partition(b"\0")[0]
        return text.decode(errors="replace").partition("\n")[0] if self.row(slot)[NOTICE] else ""

    def printed(self, slot: int) -> str:
        """What a slot's process has printed last; "" if that is nothing, or it has left its last
        words."""
        if not self.notes[slot * NOTE]:  # at the cost of a byte
            return ""
        headline, words = self.note(slot)
        if self.row(slot)[NOTICE]:
            return words.partition("\n")[2]
        return "" if headline else words

    def notices(self) -> list[int]:
        """How many notices the process of each slot has left."""
        return self.control[ROW + NOTICE :: ROW].tolist()

    def look(self, slot: int) -> "memoryview[int]":
        """The cells for what an agent of a slot looked at, (LOOK,) int64, writable."""
        return self.looks[slot * LOOK : (slot + 1) * LOOK]

    # The window's side: the commands, and the rows that no process holds.

    def set_pace(self, pace: float) -> None:
        """Let simulated time run at `pace` times normal; 0 pauses every mover."""
        self.control[PACE] = round(pace * PACE_ONE)

    def grant_step(self) -> None:
        """Grant every mover one more update, paused or not."""
        self.control[STEPS] += 1

    @property
    def selected(self) -> int:
        """The agent that the window has selected; -1: none."""
        return self.control[SELECTED] - 1

    def select(self, agent: int) -> None:
        """Have the process of an agent write down what that looks at; -1: of none."""
        self.control[SELECTED] = agent + 1

    def ask_to_reload(self) -> None:
        """Have every mover load its behaviour anew, between two steps."""
        self.control[RELOADS] += 1

    def open(self, slot: int, agents: int) -> None:
        """Clear a slot that nobody holds and make it ready for a process of `agents` agents."""
        self._empty(slot)
        if self.beat:
            self.beat.hand_on(slot)
        row = self.row(slot)
        row[GENERATION] += 1
        row[AGENTS], row[STATE] = agents, State.STARTING

    def clear(self, slot: int) -> None:
        """Empty a slot. Only after its process is reaped: it may still write until then."""
        self._empty(slot)
        if self.beat:
            self.beat.forget(slot)

    def _empty(self, slot: int) -> None:
        """Leave nothing of what the last process of a slot wrote."""
        row, size = self.row(slot), self.slice(slot).nbytes
        if row[STATE] == State.FREE:
            return  # it is empty, and its values may be many megabytes
        row[SEQUENCE] |= 1  # as it is already where its process died in the middle of a write
        fence()
        ctypes.memset(ctypes.addressof(self.shared.values) + slot * size, 0, size)
        self.notes[slot * NOTE : (slot + 1) * NOTE] = bytes(NOTE)
        self.look(slot)[:] = memoryview(bytes(LOOK * 8)).cast("q")
        row[UPDATES] = row[PID] = row[AGENTS] = row[NOTICE] = row[ASKED] = 0
        row[STATE] = State.FREE
        fence()
        row[SEQUENCE] += 1

    def mark(self, slot: int, state: State) -> None:
        """Say what became of a slot whose process is reaped."""
        self.row(slot)[STATE] = state


class Slice:
    """A mover's own part of the table: the only cells that its process may write."""

    def __init__(self, table: Table, slot: int) -> None:
        self.first_agent = slot * table.per_process
        self.keys = Keys(table.keys)  # which it may read
        self.row = table.row(slot)
        self.agents = self.row[AGENTS]
        self.size = self.agents * len(table.fields)
        self._values = table.slice(slot)[: self.size]
        self._note = table.notes[slot * NOTE : (slot + 1) * NOTE]
        self._notice = self._text = ""

    def publish(self, values: "memoryview[float]") -> None:
        """Write all values at once, so that the reader sees either all or none of them.

        `values` is (agents * fields,) float64. The sequence number is odd meanwhile; a reader
        that finds it odd, or changed under its copy, keeps the row it had. A wrong length or
        format is a ValueError, and leaves the row as it was.
        """
        row = self.row
        row[SEQUENCE] += 1
        fence()
        try:
            self._values[:] = values
            row[UPDATES] += 1
        finally:  # else every later row would be read while it is being written
            fence()
            row[SEQUENCE] += 1

    def leave_note(self, headline: str, text: str) -> None:
        """Keep a line, and the end of `text`, where the reader finds them when this process is
        gone. A notice stands in the line's place until there is one."""
        self._text = text
        if headline:
            self.row[NOTICE], self._notice = 0, ""
        headline = headline or self._notice
        head = headline.replace("\0", "?").encode(errors="replace")[: NOTE // 4] + b"\n"
        tail = text.replace("\0", "?").encode(errors="replace")[-(NOTE - 1 - len(head)) :]
        self._note[:] = (head + tail).ljust(NOTE, b"\0")

    def tell(self, notice: str) -> None:
        """Leave a notice, in a line: something that a person is to know while this process
        lives."""
        self._notice = notice
        self.leave_note("", self._text)
        self.row[NOTICE] += 1
