"""What came of the looks at an array under a check: counts, and the violations that are kept.

Used by whoever watches an array; it makes the looks and brings the time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from game.invariant.bounds import Arrays, CheckFailed
from game.invariant.expression import Expression
from game.invariant.violations import Array, Violation, copied

SPAN = 1.0  # [s] over which the rate is taken
NO_LOCK = "as a reader without a lock sees it"


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the arrays. They may be changed once it was taken: what is kept is copied."""

    time: float  # [s]
    arrays: Arrays
    agree: bool = True  # whether a second copy, made right after, was the same
    # Whether the lock was held, each time that it was looked at: before the first copy, between
    # the copies, after the last. Empty where it is not known.
    locked: tuple[bool, ...] = ()
    # Asked where the check does not hold: whether the array is the same yet, and its lock free.
    # Two copies that agree are not proof enough: of a program that moves 1 to and fro, both may
    # be made in the middle of a write, of two different writes. A third, after the check, is.
    still: Callable[[], bool] | None = None


class Verdict(Enum):
    """What a look came to. Each look comes to one of these."""

    PASSED = "passed"
    VIOLATION = "violations"
    UNSETTLED = "unsettled"  # it does not hold, but not for long enough yet
    MID_WRITE = "mid_write"  # copies differ, also one made after the check: it says nothing
    LOCKED = "locked"  # the lock was held: nothing is checked
    RAISED = "raised"  # the check could not be worked out


class Verdicts:
    """Judges looks in the order of their times.

    A look does not hold for good before `settled` seconds have passed since the first of those
    in a row that did not hold. Looks that say nothing (mid-write, locked, raised) do not end the
    row; one that passes does. How long the array was right between two looks cannot be known.

    Kept are the first violation, the last, and the worst: the one with the largest
    `Expression.distance`, or, where the check has none, the one at the end of the longest row.
    They and the arrays that were right last are all that is kept, however long it runs.
    """

    def __init__(self, expression: Expression, settled: float = 0.0) -> None:
        self.expression = expression
        self.settled = settled  # [s]
        self.counts = dict.fromkeys(Verdict, 0)
        self.rows = 0  # of looks that did not hold, with at least one violation in them
        self.raised_first: str | None = None
        self.rate = 0.0  # [looks/s], over the last second
        self.first: Violation | None = None
        self.last: Violation | None = None
        self.worst: Violation | None = None
        self.lock_known = False
        self._right: dict[str, Array] | None = None  # ours alone, until a row begins
        self._right_time: float | None = None  # [s]
        self._before: Arrays | None = None  # of the row that goes on
        self._since: float | None = None  # [s], when that row began
        self._in_row = 0  # violations of that row
        self._rate_from: tuple[float, int] | None = None  # [s], looks by then

    @property
    def looks(self) -> int:
        """How many looks there were."""
        return sum(self.counts.values())

    @property
    def checks(self) -> int:
        """How many of the looks say something: passed, violations, unsettled, raised."""
        return self.looks - self.counts[Verdict.MID_WRITE] - self.counts[Verdict.LOCKED]

    def take(self, look: Look) -> Verdict:
        """Judge one look and count it."""
        verdict = self._judge(look)
        self.counts[verdict] += 1
        self._measure(look.time)
        return verdict

    def _judge(self, look: Look) -> Verdict:
        self.lock_known = self.lock_known or bool(look.locked)
        if any(look.locked):
            return Verdict.LOCKED
        if not look.agree:
            return Verdict.MID_WRITE
        try:
            holds = self.expression.holds(look.arrays)
        except CheckFailed as error:
            self.raised_first = self.raised_first or str(error)
            return Verdict.RAISED
        if holds:
            return self._passed(look)
        if look.still is not None and not look.still():
            return Verdict.MID_WRITE
        return self._violated(look)

    def _passed(self, look: Look) -> Verdict:
        self._since, self._before, self._in_row = None, None, 0
        self._right = copied(look.arrays, self._right)
        self._right_time = look.time
        return Verdict.PASSED

    def _violated(self, look: Look) -> Verdict:
        if self._since is None:
            self._since = look.time
            self._before, self._right = self._right, None
        if look.time - self._since < self.settled:
            return Verdict.UNSETTLED
        self._in_row += 1
        self.rows += self._in_row == 1
        self._keep(look, self._since)
        return Verdict.VIOLATION

    def _keep(self, look: Look, since: float) -> None:
        distance = self.expression.distance(look.arrays)
        right = None if self._before is None else self._right_time
        after = copied(look.arrays)
        violation = Violation(look.time, since, right, self._before, after, distance)
        self.first = self.first or violation
        self.last = violation
        if self.worst is None or badness(violation) > badness(self.worst):
            self.worst = violation

    def _measure(self, now: float) -> None:
        """The rate, anew about every second."""
        looks = self.looks
        if self._rate_from is None:
            self._rate_from = (now, looks)
        then, before = self._rate_from
        if now - then >= SPAN:
            self.rate = (looks - before) / (now - then)
            self._rate_from = (now, looks)


def summed_up(text: str, violations: int, checks: int, lock_known: bool) -> str:
    """One line: how often a check was violated, and as whom that was seen."""
    words = f"{text}: {counted(violations, 'violation')} in {counted(checks, 'check')}"
    return words if lock_known else f"{words}, {NO_LOCK}"


def badness(violation: Violation) -> tuple[bool, float]:
    """What the worst violation has most of: distance, or else how long its row lasted [s]."""
    if violation.distance is not None:
        return (True, violation.distance)
    return (False, violation.time - violation.since)


def counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
