"""The program on a node: a table and a launcher as the window has them, and who looks after them.

    actor ──Request──> open slots, start, signal; controls; rows of the others ──> table ── movers
          <──Answer──  what the launcher tells; rows and notes that are new     <──

Executed by the node's actor, and alone: it serves as long as it is asked. When the other end of its
socket closes, or nothing has come for SILENT, everybody ends, and so does it: a node that is cut
off drives on for nobody.
"""

import os
import pickle
import select
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from typing import Any

from game import scenes
from game.child.children import be_called
from game.child.messages import Ended, Refused, Signal, Suspend, Withdraw, Withdrawn
from game.cluster import parcel
from game.cluster.host import receive, send
from game.cluster.messages import Answer, Begin, Request, Row
from game.cluster.rows import collect, put_whole
from game.cluster.versions import hello
from game.crew.launcher import Launcher, launch
from game.crew.starting import make_room, our_path, spawning
from game.shared.looks import LOOK
from game.shared.table import ASKED, GENERATION, NOTE, ROW, Table

SILENT = 4.0  # [s] without a request, after which nobody is there to ask any more
STILL = 0.5  # [s] that all movers may take to stand still, or to go on


class Node:
    """The movers of one node, and the table that they write."""

    def __init__(
        self, table: Table, launcher: Launcher, load: parcel.Load, folder: str, said: int
    ) -> None:
        """`folder` is where the parcel was unpacked; from `said` comes what movers print for the
        program's stdout."""
        self.held: dict[int, int] = {}  # slots that are ours, and their agents
        self.over = False
        self._table, self._launcher = table, launcher
        self._load, self._folder = load, folder
        self._sent: dict[int, bytes] = {}
        self._notes: dict[int, bytes] = {}
        self._cells: dict[int, bytes] = {}
        self._said = said
        self._asks = False  # somebody has asked what the others have published

    def exchange(self, request: Request) -> Answer:
        """Do what is wished, and tell what is new."""
        self._take_in(request)
        for wish in request.wishes:
            self._do(wish)
        reports = tuple(self._launcher.poll())
        rows = tuple(collect(self._table, self.held, self._sent))
        self._asks = self._asks or any(memoryview(row.cells).cast("q")[ASKED] for row in rows)
        answer = Answer(
            reports,
            rows,
            tuple(self._new_notes()),
            tuple(self._new_cells()),
            self._look(),
            self._printed(),
            self._asks,
        )
        for report in reports:
            self._forget(report)
        return answer

    def _take_in(self, request: Request) -> None:
        """Make what the window says known to the movers."""
        table = self._table
        if request.files:
            parcel.unpack_files(request.files, self._folder)
        table.control[:ROW] = memoryview(request.control).cast("q")
        table.keys.state = request.keys
        for row in request.rows:
            if row.slot not in self.held:
                self._put(row, request.way)
        self.over = request.end

    def _put(self, row: Row, way: float) -> None:
        put_whole(self._table, row)
        assert self._table.origins is not None
        self._table.origins.note(row.slot, row.age + way)

    def _do(self, wish: Any) -> None:
        match wish:
            case Begin():
                self._begin(wish)
            case Withdraw(slot):
                self._launcher.withdraw(slot)
            case Signal():
                self._launcher.signal(*wish)
            case Suspend(on, frozen):
                self._launcher.suspend(on, frozen, STILL)

    def _begin(self, wish: Begin) -> None:
        table, slot = self._table, wish.slot
        assert table.origins is not None
        table.origins.forget(slot)
        table.open(slot, wish.agents)
        table.row(slot)[GENERATION] = wish.row_generation
        self.held[slot] = wish.agents
        self._launcher.start(slot, wish.generation, wish.name)

    def _forget(self, report: Any) -> None:
        match report:
            case Refused(slots):
                ended: Iterable[int] = slots
            case Ended(slot) | Withdrawn(slot):
                ended = (slot,)
            case _:
                return
        for slot in ended:
            for known in (self.held, self._sent, self._notes, self._cells):
                known.pop(slot, None)

    # What is new besides the rows.

    def _new_notes(self) -> Iterable[tuple[int, bytes]]:
        for slot in self.held:
            if self._table.notes[slot * NOTE] or slot in self._notes:
                note = bytes(self._table.notes[slot * NOTE : (slot + 1) * NOTE])
                if note != self._notes.get(slot):
                    self._notes[slot] = note
                    yield slot, self._as_there(note)

    def _as_there(self, note: bytes) -> bytes:
        """A note that names a person's files by the places where they came from."""
        text = note.partition(b"\0")[0]
        for there, here in self._load.places.items():
            text = text.replace(here.encode(), there.encode())
        return text

    def _new_cells(self) -> Iterable[tuple[int, bytes]]:
        cells = self._table.cells
        if cells is None:
            return
        for slot, agents in self.held.items():
            given = cells.give(slot * self._table.per_process, agents)
            if given != self._cells.get(slot):
                self._cells[slot] = given
                yield slot, given

    def _look(self) -> tuple[int, bytes] | None:
        slot = self._table.selected // self._table.per_process
        return (slot, bytes(self._table.look(slot)[:LOOK])) if slot in self.held else None

    def _printed(self) -> bytes:
        found = b""
        with suppress(BlockingIOError):
            while piece := os.read(self._said, 1 << 16):
                found += piece
        return found

    def close(self) -> None:
        """End everybody."""
        self._launcher.leave()
        self._launcher.close()


def own_stdout() -> int:
    """Make stdout a pipe, which movers inherit; returns its other end, which never waits."""
    read, write = os.pipe()
    os.dup2(write, 1)
    os.close(write)
    os.set_blocking(read, False)
    return read


def serve(folder: str) -> int:
    """Serve whoever started this program, over the socket that is its stdin."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        be_called("node of array-arena")
    actor = socket.socket(fileno=os.dup(0))
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)
    with ExitStack() as ends:
        ends.callback(shutil.rmtree, folder, ignore_errors=True)
        node = open_node(folder, ends)
        with suppress(OSError, EOFError):
            send(actor, pickle.dumps(hello()))
            while not node.over and select.select([actor], [], [], SILENT)[0]:
                answer = node.exchange(pickle.loads(receive(actor)))
                send(actor, pickle.dumps(answer))
    return 0


def open_node(folder: str, ends: ExitStack) -> Node:
    """The node of a parcel that was unpacked into a folder; closed with `ends`."""
    load = parcel.load(folder)
    job = load.job
    definition = scenes.find_for_movers(job.scene, job.fields)
    ends.enter_context(our_path())
    make_room(load.capacity // job.per_process)
    context = spawning()
    own_cells = None if definition.path.endswith(".py") else definition.offers("cells", "Cells")
    cells = own_cells(context) if own_cells else None
    if cells and hasattr(cells, "make_room"):
        cells.make_room(load.capacity)
    table = Table(context, job.fields, load.capacity, job.per_process, cells, remote=True)
    said = own_stdout()  # before the launcher has a process that inherits it
    node = Node(table, launch(load.method, context, table, job), load, folder, said)
    ends.callback(node.close)
    return node
