"""What the road's source adds to each Frame: how the array is shared, and how that goes."""

from collections.abc import Mapping
from typing import NamedTuple


class SyncFigures(NamedTuple):
    """What one way of sharing the array has cost and let through."""

    reads: int
    torn: int  # reads that caught a pass half done
    missed: int  # frames without a read, because it was not done in time
    median: float  # [ms] from asking for a copy to having it
    p99: float  # [ms]
    most: float  # [ms]
    passes: float  # [1/s] that the writer made


class SyncView(NamedTuple):
    """How the array of a Frame is shared."""

    mode: str
    figures: Mapping[str, SyncFigures]  # of every mode so far
    torn: bool  # the values were caught half-way
    stress: bool  # the writer runs flat out
    delay: float  # [ms] between two elements of a pass
    waiting: float  # [s] that the read under way has taken so far; 0: none is
    alarm: str  # what is wrong at this moment
    notice: str  # what was done about the last thing that was
    inside: int = 0  # elements done of the pass in which the writer is paused; 0: in none
