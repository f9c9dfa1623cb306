"""Records: what the road's reader has measured in each mode, under the same conditions."""

from dataclasses import dataclass
from typing import Any

from game.meters import Series, tidy
from game.scenes.road import modes
from game.scenes.road.figures import Conditions, KeptOut, Run, SyncFigures

WAITS = 20_000  # reads of a mode whose waits are kept, and
CALLS = 2000  # whose costs are


@dataclass
class Reading:
    """A read that is under way: it may be put off from frame to frame."""

    mode: modes.Mode  # that reads
    record: "Record"  # that it counts for
    asked: float  # [s] when it was begun
    spent: float = 0.0  # [s] in which it was worked on


class Record:
    """What was measured in one mode."""

    def __init__(self) -> None:
        self.missed = self.passes = 0
        self.seconds = 0.0  # the mode was shown and time was running
        self.torn = 0
        self._reads = self._retried = 0
        self._kept, self._kept_out, self._longest = 0, 0.0, 0.0  # reads, [s], [s]
        self._given_up = 0  # reads that were kept out and came to nothing
        self._waits = Series(WAITS)  # from asking for a copy to having it
        self._calls = Series(CALLS)  # of that, without waiting for the lock

    def add(self, reading: Reading, now: float, torn: bool) -> None:
        """Note a read that is done."""
        self._reads += 1
        self.torn += torn
        self._retried += reading.mode.retries > 0
        self._waits.add(now - reading.asked)
        self._calls.add(reading.spent - reading.mode.reader_lock.waited)
        self._note_wait(reading)

    def give_up(self, reading: Reading) -> None:
        """Note for how long a read was kept out that comes to nothing."""
        self._given_up += reading.mode.reader_lock.refused > 0
        self._note_wait(reading)

    def _note_wait(self, reading: Reading) -> None:
        lock = reading.mode.reader_lock
        if lock.refused:
            kept_out = lock.kept_out  # which may grow
            self._kept += 1
            self._kept_out += kept_out
            self._longest = max(self._longest, kept_out)

    def figures(self, waiting: Reading | None = None) -> SyncFigures:
        """The figures of the mode so far, with the read that still waits."""
        median, p99, most = (wait or 0.0 for wait in self._waits.summary().values())
        rate = self.passes / self.seconds if self.seconds else 0.0
        call = self._calls.summary()["median"] or 0.0
        kept = self._figures_kept(waiting)
        counts = self._reads, self.torn, self.missed
        return SyncFigures(*counts, median, p99, most, rate, kept, self._retried, call)

    def _figures_kept(self, waiting: Reading | None) -> KeptOut:
        reads, begun = self._kept, self._reads + self._given_up
        total, longest = self._kept_out, self._longest
        if waiting and waiting.record is self and waiting.mode.reader_lock.refused:
            still = waiting.mode.reader_lock.kept_out
            reads, begun, total, longest = reads + 1, begun + 1, total + still, max(longest, still)
        return KeptOut(reads, begun, total * 1000, longest * 1000)


class Records:
    """The records of all modes, under the same conditions."""

    def __init__(self, conditions: Conditions) -> None:
        self.conditions = conditions
        self.of = [Record() for _ in modes.NAMES]

    @property
    def seconds(self) -> float:
        """For how long it was measured [s]."""
        return sum(record.seconds for record in self.of)

    def run(self, waiting: Reading | None = None) -> Run:
        """The figures so far, with the read that still waits."""
        figures = [record.figures(waiting) for record in self.of]
        return Run(self.conditions, dict(zip(modes.NAMES, figures, strict=True)))


def told(run: Run) -> dict[str, Any]:
    """A run of figures as --stats writes it."""
    stress, delay, vehicles = run.conditions
    return {
        "sync": {name: told_of(figures) for name, figures in run.figures.items()},
        "sync_conditions": {"stress": stress, "lens_ms": delay, "vehicles": vehicles},
    }


def told_of(figures: SyncFigures) -> dict[str, Any]:
    """The figures of one way to share."""
    median, p99, most = (tidy(wait) for wait in (figures.median, figures.p99, figures.most))
    kept_out = figures.kept_out
    return {
        "reads": figures.reads,
        "torn": figures.torn,
        "missed": figures.missed,
        "wait_ms": {"median": median, "p99": p99, "max": most},
        "kept_out": {
            "reads": kept_out.reads,
            "share": tidy(kept_out.share),
            "total_ms": tidy(kept_out.total),
            "longest_ms": tidy(kept_out.longest),
        },
        "retried": figures.retried,
        "call_ms": tidy(figures.call) if figures.reads else None,
        "passes_per_s": tidy(figures.passes),
    }
