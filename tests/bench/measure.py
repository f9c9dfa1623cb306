"""Measuring in turn: ours, the other, ours, the other; and the median of each.

Every figure is a cost (a time, a memory), so less is better and `theirs / ours` above 1 means
that ours is the better one. A rate is measured as the time that one of a thing takes.
"""

from collections.abc import Callable, Iterator, Mapping
from statistics import median
from time import perf_counter
from typing import NamedTuple

SECOND, MILLI, MICRO = 1.0, 1e3, 1e6  # what a time in seconds is multiplied by
UNITS = {SECOND: "s", MILLI: "ms", MICRO: "us"}
CLOSE = 1.05  # ratios nearer to 1 than this are called even

Once = Callable[[], float]  # measures once, about a twentieth of a second; its cost


class Missing(Exception):
    """Something cannot be measured here; the text says why."""


class Row(NamedTuple):
    """One line of the table."""

    name: str  # of the group, as --row takes it
    case: str
    unit: str
    ours: float | None
    peer: str
    theirs: float | None  # None: not measured, and the note says why
    note: str = ""
    contest: bool = True  # whether one of the two is the better one

    @property
    def ratio(self) -> float | None:
        """theirs / ours, above 1 where ours is better; None where one was not measured."""
        if not self.ours or self.theirs is None:
            return None
        return self.theirs / self.ours

    @property
    def verdict(self) -> str:
        """Whether ours wins or loses, in a word."""
        if self.ratio is None or not self.contest:
            return ""
        if 1 / CLOSE <= self.ratio <= CLOSE:
            return "even"
        return "ours wins" if self.ratio > 1 else "OURS LOSES"


def alternate(contenders: Mapping[str, Once], rounds: int) -> dict[str, float]:
    """Measure each in turn, `rounds` times over; the median cost of each."""
    costs: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, once in contenders.items():
            costs[name].append(once())
    return {name: median(found) for name, found in costs.items()}


def compare(
    name: str,
    case: str,
    contenders: Mapping[str, Once],
    rounds: int,
    scale: float = MILLI,
    note: str = "",
) -> Iterator[Row]:
    """A row for each contender after the first one, which is ours. Costs are in seconds."""
    found = alternate(contenders, rounds)
    ours, *others = found
    for peer in others:
        costs = found[ours] * scale, found[peer] * scale
        yield Row(name, case, UNITS[scale], costs[0], peer, costs[1], note)


def each(call: Callable[[], object], before: Callable[[], object], seconds: float = 0.05) -> Once:
    """Time calls one by one, with `before` done untimed ahead of each; the mean [s]."""

    def once() -> float:
        spent, calls, end = 0.0, 0, perf_counter() + seconds
        while not calls or perf_counter() < end:
            before()
            began = perf_counter()
            call()
            spent += perf_counter() - began
            calls += 1
        return spent / calls

    return once


def batch(call: Callable[[], object], seconds: float = 0.05) -> Once:
    """Time calls of a microsecond or so, very many at once; the mean [s]."""

    def once() -> float:
        calls, spent = 100, 0.0
        while spent < seconds:
            calls *= 2
            turns = range(calls)
            began = perf_counter()
            for _ in turns:
                call()
            spent = perf_counter() - began
        return spent / calls

    return once


def nothing() -> None:
    """What is done before a call that needs no preparation."""


def timed(call: Callable[[], object]) -> Once:
    """Time a single call [s]."""
    return each(call, nothing, 0.0)
