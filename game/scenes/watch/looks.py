"""What a watching source adds to each Frame: the arrays of somebody else, as they were read.

Made by the reader, drawn by the scene. A Look never changes; one with a greater `number` is a
new copy of the same memory.
"""

from typing import Any, NamedTuple

from numpy.typing import NDArray


class Lock(NamedTuple):
    """How often the lock of an array was looked at (never taken), and how often it was held."""

    looks: int
    held: int


class Look(NamedTuple):
    """One array as it was read last."""

    name: str  # what its program, or the person, calls it
    data: NDArray[Any]  # the copy, read-only, typed and shaped as watched; may be structured
    number: int  # how many whole copies were made so far, 0 for none yet
    at: float  # [s] on the session's clock, when the copy was made
    offset: int = 0  # [bytes] of the first element from the start of the memory
    columns: tuple[str, ...] = ()  # names along the last axis, or the fields of a structure
    limits: tuple[float, ...] = ()  # x0, x1, y0, y1 of points, or low, high of values; () to fit
    view: str = ""  # one of VIEWS that the person asked for; "": chosen by its shape
    guessed: str = ""  # what of it is a guess, such as "type and length"; "" when all is known
    mid_write: int = 0  # of the copies: those caught in the middle of writing
    lock: Lock | None = None  # None: it has none, or none that can be looked at


class WatchView(NamedTuple):
    """All arrays that are watched, of which one is shown."""

    looks: tuple[Look, ...]
    shown: int = 0  # which of them
    program: str = ""  # whose memory it is, in words: "bank.py, process 4711"
    gone: str = ""  # why nothing new will come: "the program has ended"; "" while it may
    check: Any = None  # a CheckView, see game.scenes.watch.checking; None: nothing is checked
    waits: str = ""  # what is waited for before there is anything; "" when it is there

    @property
    def look(self) -> Look | None:
        """The one that is shown."""
        return self.looks[self.shown] if self.looks else None
