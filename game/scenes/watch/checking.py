"""The check: an invariant of somebody's arrays, looked at flat out in a process of its own.

    arrays ──> checking process ──Report, ten a second──> Checker ──CheckView──> Frame

Used by the reader that watches.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from typing import Any, NamedTuple

import numpy as np

from game.attach import state
from game.attach.elements import Elements
from game.invariant.verdicts import Verdict, badness, summed_up
from game.invariant.violations import Violation, save
from game.scenes.watch.attached import Attached
from game.scenes.watch.check_process import Kept, Piece, Report, run

PATIENCE = 1.0  # [s] for the last report
TICKS = 1000  # marks on the strip along time, the newest
KEPT = ("first", "last", "worst")
SHOWN = 4  # of its cells that stand in a line
CELLS = 20  # of a violation that are told in words


class CheckView(NamedTuple):
    """How the check of a Frame stands."""

    text: str  # the expression
    report: Report | None  # None: the process has not begun yet
    kept: Kept = Kept()
    died: bool = False  # the checking process did: nobody looks any more
    ticks: tuple[float, ...] = ()  # [s] when violations were reported, on the session's clock
    shown: str = ""  # which of KEPT stands in place of what is there now; "": none

    @property
    def violation(self) -> Violation | None:
        """The one that is shown in place of what is there now."""
        found: Violation | None = getattr(self.kept, self.shown) if self.shown else None
        return found


class Checker:
    """The checking process, seen from the reader. It follows what the arrays are taken for."""

    def __init__(self, text: str, settled: float, handle: int = -1) -> None:
        """`settled` is how long it has to be violated to count [s]; `handle` is the state of a
        program that is to be told (see game.attach.state), -1 where there is none."""
        self.text, self._settled, self._handle = text, settled, handle
        self._of: dict[str, Elements] = {}  # what the process looks at
        self._ending, self._now = False, 0.0
        self._process: Any = None
        self._reports: Any = None
        self._ticks: list[float] = []
        self._seen = 0  # violations
        self.report: Report | None = None
        self.kept = Kept()
        self.died = False
        self.shown = ""
        self._before: Report | None = None  # of the processes before, that looked at other elements

    @property
    def violations(self) -> int:
        """How many there were so far."""
        return self.report.violations if self.report else 0

    @property
    def amiss(self) -> bool:
        """Whether a run with this check has failed: it was violated, or never worked out, or
        nobody looked any more."""
        report = self.report
        worked = report is not None and report.checks > report.errors
        return self.violations > 0 or self.died or not worked

    def follow(self, arrays: Mapping[str, Attached], now: float) -> None:
        """Look at these arrays, and take in what was found; never waits."""
        of = {name: array.elements for name, array in arrays.items()}
        self._hear(now)
        if of != self._of and not self.died:
            self.close()
            self._of, self._before = of, self.report
            self._start(arrays)

    def _hear(self, now: float, wait: float = 0.0) -> None:
        """Take in what was reported, and whether nobody reports any more."""
        try:
            while self._reports and self._reports.poll(wait):
                self._take(self._reports.recv(), now)
        except (EOFError, OSError):
            self.died = not self._ending
            self.close()

    def figures(self) -> dict[str, Any]:
        """What was found, for --stats."""
        report = self.report
        return {
            "check": self.text,
            "checks": report.checks if report else 0,
            "locked": report.counts[Verdict.LOCKED] if report else 0,
            "violations": self.violations,
            "first_violation": described(self.kept.first) if self.kept.first else None,
        }

    def finish(self) -> None:
        """Have the process end, and take in its last report, within a moment."""
        self._ending = True
        if self._reports:
            with suppress(OSError):
                self._reports.send("end")
            self._hear(self._now, PATIENCE)

    def next_kept(self) -> str:
        """Show the next violation that is kept in place of what is there; returns which."""
        there = ["", *(which for which in KEPT if getattr(self.kept, which))]
        at = there.index(self.shown) if self.shown in there else 0
        self.shown = there[(at + 1) % len(there)]
        return self.shown

    def saver(self) -> Callable[[str], None] | None:
        """What writes the violations that were kept to a path; None where there are none."""
        if self.kept.first is None:
            return None
        kept = {which: getattr(self.kept, which) for which in KEPT}

        def write(path: str) -> None:
            with open(path, "wb") as file:
                save(file, self.text, kept)

        return write

    def view(self) -> CheckView:
        """How it stands."""
        ticks = tuple(self._ticks)
        return CheckView(self.text, self.report, self.kept, self.died, ticks, self.shown)

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join(PATIENCE)
            self._reports.close()
            self._process = self._reports = None

    def _start(self, arrays: Mapping[str, Attached]) -> None:
        context = get_context("spawn")
        self._reports, child = context.Pipe()
        pieces = [piece(name, array) for name, array in arrays.items()]
        self._process = context.Process(
            target=run, args=(pieces, self.text, self._settled, child), daemon=True
        )
        self._process.start()
        child.close()

    def _take(self, report: Report, now: float) -> None:
        self._now = now
        self.kept = joined(self.kept, report.kept)
        self.report = report = added(self._before, report)
        if report.violations > self._seen:
            self._ticks = [*self._ticks, now][-TICKS:]
        self._seen = report.violations
        self._tell()

    def _tell(self) -> None:
        """Tell the program how the check stands, and never wait for it."""
        if self._handle >= 0:
            with suppress(OSError):
                state.write(self._handle, self.figures())


def added(before: Report | None, now: Report) -> Report:
    """A report that counts what the processes before have found as well."""
    if before is None:
        return now
    counts = {verdict: before.counts[verdict] + now.counts[verdict] for verdict in now.counts}
    raised = before.raised or now.raised
    return now._replace(counts=counts, rows=before.rows + now.rows, raised=raised)


def joined(before: Kept, news: Kept | None) -> Kept:
    """The first of all violations, the last, and the worst."""
    if news is None or news.first is None:
        return before
    worst = news.worst
    if before.worst and worst and badness(before.worst) >= badness(worst):
        worst = before.worst
    return Kept(before.first or news.first, news.last, worst)


def stands(view: CheckView) -> str:
    """How often it was violated, and as whom that was seen."""
    report = view.report
    if report is None:
        return f"{view.text}: never looked at"
    return summed_up(view.text, report.violations, report.checks, report.lock_known)


def result(view: CheckView) -> str:
    """What a run says of its check at the end, with the first violation, in a line."""
    words, report, first = stands(view), view.report, view.kept.first
    if view.died:
        words += "; the checking process died"
    if report is not None and report.errors:
        words += f"; {report.errors:,} times it raised: {report.raised}"
    if first is None:
        return words
    cells = ", ".join(
        f"{cell['array']}{cell['cell']} {was(cell['before'])}{cell['after']}"
        for cell in described(first)["cells"][:SHOWN]
    )
    return f"{words}; the first after {first.time:.3f} s: {cells}"


def was(before: Any) -> str:
    """What a value was before, where that is known."""
    return "" if before is None else f"{before} -> "


def described(violation: Violation) -> dict[str, Any]:
    """A violation in plain values: when, and the first cells that had changed; where it never
    held before, the first of all."""
    cells = []
    for name, after in violation.after.items():
        changed = violation.changed(CELLS).get(name)
        every = np.argwhere(np.ones(after.shape, np.bool_)) if changed is None else changed
        for place in map(tuple, every[:CELLS].tolist()):
            before = violation.before[name][place] if violation.before else None
            values = {"before": plain(before), "after": plain(after[place])}
            cells.append({"array": name, "cell": list(place), **values})
    return {"time": round(violation.time, 6), "cells": cells[:CELLS]}


def plain(value: Any) -> Any:
    """A value of numpy's as JSON has it: a number, or else text."""
    found = value.item() if hasattr(value, "item") else value
    return found if isinstance(found, int | float | bool | None) else str(found)


def piece(name: str, array: Attached) -> Piece:
    """An array as it travels to the process."""
    lock = array.semaphore
    return Piece(
        name,
        DupFd(array.memory.descriptor),
        array.elements,
        DupFd(lock.memory.descriptor) if lock else None,
        lock.address if lock else 0,
    )
