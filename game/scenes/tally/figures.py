"""What the tally's source adds to each Frame: what was added, what the cell says."""

from collections.abc import Mapping
from typing import NamedTuple


class Count(NamedTuple):
    """What was added in one way to share, and what of it was counted."""

    added: int = 0  # by all processes, as each of them counts for itself
    counted: int = 0  # by the shared cell, or (own) by all cells together
    set_aside: int = 0  # additions in which a process was killed: nobody knows whether they arrived
    seconds: float = 0.0  # [s] in which somebody added

    @property
    def lost(self) -> int:
        """Additions that the cell does not have: exact when everybody has stopped."""
        return max(0, self.added - self.counted)

    @property
    def rate(self) -> float:
        """Additions a second, of all processes."""
        return self.added / self.seconds if self.seconds else 0.0

    def plus(self, other: "Count") -> "Count":
        """Both together."""
        return Count(
            self.added + other.added,
            self.counted + other.counted,
            self.set_aside + other.set_aside,
            self.seconds + other.seconds,
        )


class TallyView(NamedTuple):
    """How the tally of a Frame stands."""

    mode: str
    counts: Mapping[str, Count]  # of every mode so far, the one that is shown included
    now: Count  # of this stretch in the mode that is shown
    exact: bool  # everybody has stopped between two additions; else the figures are a moment old
    waiting: str  # who has not stopped yet, though asked to
    killed: str  # who was killed in the middle of an addition
    alarm: str  # what is wrong at this moment
    notice: str  # what was done about the last thing that was
