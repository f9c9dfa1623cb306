"""The check: an invariant of somebody's arrays, looked at flat out in a process of its own.

    arrays ──> checking process ──Report, ten a second──> Checker ──CheckView──> Frame

Used by the reader that watches.
"""

import json
import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.reduction import DupFd
from typing import Any, NamedTuple

from game.attach.elements import Elements
from game.invariant.verdicts import Verdict
from game.invariant.violations import Violation, save
from game.scenes.watch.attached import Attached
from game.scenes.watch.check_process import Piece, Report, run

PATIENCE = 1.0  # [s] for the last report
TICKS = 1000  # marks on the strip along time, the newest
KEPT = ("first", "last", "worst")
SHOWN = 4  # of its cells that stand in a line
CELLS = 20  # of a violation that are told in words


class CheckView(NamedTuple):
    """How the check of a Frame stands."""

    text: str  # the expression
    report: Report | None  # None: the process has not begun yet
    ticks: tuple[float, ...] = ()  # [s] when violations were reported, on the session's clock
    shown: str = ""  # which of KEPT stands in place of what is there now; "": none

    @property
    def violation(self) -> Violation | None:
        """The one that is shown in place of what is there now."""
        found: Violation | None = getattr(self.report, self.shown) if self.shown else None
        return found


class Checker:
    """The checking process, seen from the reader. It follows what the arrays are taken for."""

    def __init__(self, text: str, settled: float, handle: int = -1) -> None:
        """`settled` is how long it has to be violated to count [s]; `handle` is a pipe to a
        program that is to be told, -1 where there is none."""
        self.text, self._settled, self._handle = text, settled, handle
        self._of: dict[str, Elements] = {}  # what the process looks at
        self._told = 0  # violations that the program knows of
        self._process: Any = None
        self._reports: Any = None
        self._ticks: list[float] = []
        self._seen = 0  # violations
        self.report: Report | None = None
        self.shown = ""

    @property
    def violations(self) -> int:
        """How many there were so far."""
        return self.report.violations if self.report else 0

    def follow(self, arrays: Mapping[str, Attached], now: float) -> None:
        """Look at these arrays, and take in what was found; never waits."""
        of = {name: array.elements for name, array in arrays.items()}
        if of != self._of:
            self.close()
            self._of = of
            self._start(arrays)
        with suppress(EOFError, OSError):
            while self._reports and self._reports.poll():
                self._take(self._reports.recv(), now)

    def figures(self) -> dict[str, Any]:
        """What was found, for --stats."""
        report = self.report
        return {
            "check": self.text,
            "checks": report.checks if report else 0,
            "locked": report.counts[Verdict.LOCKED] if report else 0,
            "violations": self.violations,
            "first_violation": described(report.first) if report and report.first else None,
        }

    def finish(self) -> None:
        """Have the process end, and take in its last report, within a moment."""
        end = time.monotonic() + PATIENCE
        with suppress(EOFError, OSError):
            if self._reports:
                self._reports.send("end")
                while self._reports.poll(max(0.0, end - time.monotonic())):
                    self._take(self._reports.recv(), 0.0)

    def next_kept(self) -> str:
        """Show the next violation that is kept in place of what is there; returns which."""
        there = ["", *(which for which in KEPT if getattr(self.report, which, None))]
        at = there.index(self.shown) if self.shown in there else 0
        self.shown = there[(at + 1) % len(there)]
        return self.shown

    def saver(self) -> Callable[[str], None] | None:
        """What writes the violations that were kept to a path; None where there are none."""
        report = self.report
        if report is None or report.first is None:
            return None
        kept = {which: getattr(report, which) for which in KEPT}

        def write(path: str) -> None:
            with open(path, "wb") as file:
                save(file, self.text, kept)

        return write

    def view(self) -> CheckView:
        """How it stands."""
        return CheckView(self.text, self.report, tuple(self._ticks), self.shown)

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
        self.report = report
        if report.violations > self._seen:
            self._ticks = [*self._ticks, now][-TICKS:]
        self._seen = report.violations
        self._tell()

    def _tell(self) -> None:
        """Tell the program of new violations, and never wait for it."""
        if self._handle < 0 or self.violations == self._told:
            return
        line = json.dumps(self.figures()).encode() + b"\n"
        with suppress(OSError):  # it does not listen: the next report says more
            if os.write(self._handle, line) == len(line):
                self._told = self.violations


def result(view: CheckView) -> str:
    """What a run says of its check at the end, with the first violation, in a line."""
    report = view.report
    if report is None:
        return f"{view.text}: never looked at"
    if report.first is None:
        return report.words + (f"; it raised: {report.raised}" if report.raised else "")
    cells = ", ".join(
        f"{cell['array']}{cell['cell']} {cell['before']} -> {cell['after']}"
        for cell in described(report.first)["cells"][:SHOWN]
    )
    return f"{report.words}; the first after {report.first.time:.3f} s: {cells or 'from the start'}"


def described(violation: Violation) -> dict[str, Any]:
    """A violation in plain values: when, and the first cells that had changed."""
    cells = []
    for name, places in violation.changed(CELLS).items():
        for place in map(tuple, places.tolist()):
            after = violation.after[name][place]
            before = violation.before[name][place] if violation.before else None
            values = {"before": plain(before), "after": plain(after)}
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
