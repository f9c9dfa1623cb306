"""What the publisher and a node's program say to each other, one Request and one Answer at a time.

    publisher: Request(controls, wishes, rows of the others) -> node
    node: Answer(reports, rows, notes, ...) -> publisher

And what the publisher tells the launcher besides the messages of game.child.messages. Nothing is
ever asked for a single agent, and nothing waits in a queue: what is not told now is told newer.
"""

from typing import Any, NamedTuple


class Row(NamedTuple):
    """A slot as it stands in a table: all of one moment."""

    slot: int
    cells: bytes  # of the control block, (ROW,) int64
    values: bytes  # (per_process * fields,) float64
    age: float = 0.0  # [s] since it was written, as far as that is known


class Begin(NamedTuple):
    """Start a mover, in a slot that has to be opened first."""

    slot: int
    generation: int  # that its choices depend on
    name: str
    agents: int
    row_generation: int  # that its row is to tell


class Request(NamedTuple):
    """What a node is to know and to do."""

    control: bytes  # the commands of the window's table, (ROW,) int64
    keys: bytes  # its arrow keys
    way: float  # [s] that this takes until it has arrived, about
    wishes: tuple[Any, ...] = ()  # Begin, and of game.child.messages: Withdraw, Signal, Suspend
    rows: tuple[Row, ...] = ()  # of slots that other nodes hold, or nobody
    files: bytes = b""  # the files of its movers, as they are now: a parcel
    end: bool = False  # everybody is to end


class Answer(NamedTuple):
    """What has become of a node since its last answer."""

    reports: tuple[Any, ...]  # what its launcher tells: see game.crew.launcher
    rows: tuple[Row, ...]  # that are new
    notes: tuple[tuple[int, bytes], ...]  # slot and note, where that is new
    cells: tuple[tuple[int, bytes], ...]  # slot, and what a scene has its process share besides
    look: tuple[int, bytes] | None  # slot, and what its selected agent looked at
    said: bytes  # what movers printed for the program's stdout
    asks: bool  # somebody there has asked for the rows of the others


class Hello(NamedTuple):
    """What a node runs."""

    host: str
    python: str
    numpy: str  # "": there is none


# What the publisher tells the launcher besides.


class Joined(NamedTuple):
    """The cluster is there, and movers can be started."""

    nodes: tuple[str, ...]  # their names


class Gone(NamedTuple):
    """There is no cluster, or no more."""

    why: str


class Said(NamedTuple):
    """Lines of movers for the program's stdout."""

    lines: bytes


class Suspended(NamedTuple):
    """Everybody stands still, or goes on, as was wished."""
