"""What the road's source adds to each Frame: how the array is shared, and how that goes."""

from collections.abc import Mapping
from typing import NamedTuple


class KeptOut(NamedTuple):
    """Reads that another process kept out: they found the lock in its hands, and had to wait.

    Times are those in which it had the lock meanwhile; what the scheduler took to wake the reader
    up is not in them. Without a lock (none, seqlock) there is nothing to be kept out of.
    """

    reads: int = 0  # those that wait still, or gave up, included
    begun: int = 0  # all reads that were begun
    total: float = 0.0  # [ms]
    longest: float = 0.0  # [ms] of a read

    @property
    def share(self) -> float:
        """Of all reads that were begun."""
        return self.reads / self.begun if self.begun else 0.0


class SyncFigures(NamedTuple):
    """What one way of sharing the array has cost and let through."""

    reads: int
    torn: int  # reads that caught a pass half done
    missed: int  # frames without a read, because it was not done in time
    median: float  # [ms] from asking for a copy to having it, whatever it took
    p99: float  # [ms]
    most: float  # [ms]
    passes: float  # [1/s] that the writer made
    kept_out: KeptOut = KeptOut()
    retried: int = 0  # reads that were made again, because the writer was in the middle
    call: float = 0.0  # [ms] that a read took without the waiting, the median

    @property
    def tried(self) -> bool:
        """Whether the way was shown at all."""
        return bool(self.reads or self.missed or self.passes)


class Conditions(NamedTuple):
    """What figures depend on besides the way to share; those of different ones are not mixed."""

    stress: bool = False  # the writer runs flat out
    delay: float = 0.0  # [ms] between two elements of a pass
    vehicles: int = 0  # 0: none has been seen yet


class Run(NamedTuple):
    """The figures of every mode, under the same conditions."""

    conditions: Conditions
    figures: Mapping[str, SyncFigures]


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
    read_in: str = ""  # the mode in which the values were read; "": they are a start
    earlier: Run | None = None  # the run before this one, if there was one
    inside: int = 0  # elements done of the pass in which the writer is paused; 0: in none
