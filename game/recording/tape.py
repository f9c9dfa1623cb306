"""A tape: messages by number, from wherever they are kept.

Kept in memory (game.recording.memory) or in a file (game.recording.file). Numbers count updates
from 0; those of a tape in memory begin later and later.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from game.recording import RecordingError
from game.recording.changes import Decoder
from game.recording.plain import restored
from game.recording.update import Update, Updates


class Mark(NamedTuple):
    """Something that happened, for the timeline."""

    time: float  # [s] on the tape's clock
    kind: str  # one of game.recording.marks.KINDS
    words: str


class Tape(Protocol):
    """Updates that were kept. Their times count from the first one that there ever was [s]."""

    @property
    def first(self) -> int:
        """The number of the first update from which the following can be made: a whole one."""

    @property
    def last(self) -> int:
        """The number of the last one; below `first` where there is none."""

    def time(self, number: int) -> float:
        """When an update was shown [s]."""

    def at(self, time: float) -> int:
        """The last update that had been shown by then, or the first one."""

    def message(self, number: int) -> bytes | None:
        """An update as it was kept; None where it is gone meanwhile."""

    def whole(self, number: int) -> int:
        """The last whole update up to a number."""

    def checkpoint(self, number: int) -> tuple[int, Any] | None:
        """The last checkpoint up to a number: after which update, and what the screen remembered;
        None where there is none."""

    @property
    def marks(self) -> Sequence[Mark]:
        """What happened, in the order of time."""


class Gone(Exception):
    """An update is no longer kept."""


class Playing:
    """Reads a tape update by update: the next one is cheap."""

    def __init__(self, tape: Tape) -> None:
        self.tape = tape
        self._at = -1  # the number of the one that was taken last
        self._decoder, self._updates = Decoder(), Updates()

    def through(self, first: int, last: int) -> Iterator[Update]:
        """The updates of these numbers, both included; Gone where one is no longer kept."""
        if first != self._at + 1:
            start = self.tape.whole(first)
            for number in range(start, first):
                self._take(number)
        for number in range(first, last + 1):
            self._take(number)
            try:
                update = self._updates.update(self._decoder.plain, self._decoder.arrays)
            except Exception:
                raise self._broken(number) from None
            yield update

    def _take(self, number: int) -> None:
        message = self.tape.message(number)
        if message is None:
            self._at = -2
            raise Gone
        try:
            self._decoder.take(message)
        except Exception:  # whatever bytes there are in the place of a message
            self._at = -2
            raise self._broken(number) from None
        self._at = number

    def _broken(self, number: int) -> RecordingError:
        return RecordingError(f"the recording is broken at {self.tape.time(number):.1f} s")


def state_of(message: bytes) -> Any:
    """What a screen remembered, as a message of one checkpoint holds it."""
    decoder = Decoder()
    decoder.take(message)
    return restored(decoder.plain["state"], decoder.arrays)
