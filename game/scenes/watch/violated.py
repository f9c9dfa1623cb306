"""What the scene shows of a check: its figures, and a violation that was kept.

A kept violation stands in the place of the array: as it was right before, then as it was found,
so that what changed between is marked as any change is.
"""

from game.invariant.violations import Violation
from game.scenes.watch.check_process import Report
from game.scenes.watch.checking import CheckView, stands
from game.scenes.watch.looks import Look, WatchView
from game.scenes.watch.watched import Watched
from game.view.numbers import abbreviated

SHARERS = 3  # of those who share the array, that stand in the table


class Kept:
    """The violation that is shown in place of what is there now."""

    def __init__(self) -> None:
        self.watched: Watched | None = None  # None: what is there now is shown
        self._of: Violation | None = None

    def follow(self, view: WatchView, now: float) -> None:
        """Take in which one is to be shown, if any."""
        check: CheckView | None = view.check
        violation = check.violation if check else None
        if check is None or violation is None or view.look is None:
            self.watched = self._of = None
            return
        if violation is not self._of:
            self._of, self.watched = violation, Watched()
            for number, look in enumerate(looks(violation, view.look, check.shown), 1):
                self.watched.follow(look._replace(number=number, at=now), now)
        elif self.watched and self.watched.look:
            self.watched.follow(self.watched.look, now)


def looks(violation: Violation, live: Look, which: str) -> list[Look]:
    """The array before a violation, where that is known, and in it."""
    name = live.name if live.name in violation.after else next(iter(violation.after))
    shown = live._replace(name=f"{live.name}, the {which} violation", data=violation.after[name])
    before = violation.before
    return [*([shown._replace(data=before[name])] if before else []), shown]


def rows(check: CheckView) -> list[tuple[str, str]]:
    """The check's figures, for the table."""
    report: Report | None = check.report
    if report is None:
        return [("checks", "not begun yet")]
    found = [
        ("checks", abbreviated(report.checks)),
        ("  a second", abbreviated(report.rate)),
        ("violations", abbreviated(report.violations)),
        ("  times", abbreviated(report.rows)),
    ]
    if report.locked:
        found.append(("  not while locked", abbreviated(report.locked)))
    return found


def words(check: CheckView) -> tuple[str, str]:
    """How the check stands, in words and their colour."""
    report: Report | None = check.report
    if check.died:
        return f"check {check.text}: the checking process died, nobody looks any more", "alarm"
    if report is None:
        return f"check {check.text}", "dim"
    if report.raised and report.checks == report.errors:
        return f"check {check.text}: {report.raised}", "alarm"
    sharers = "; ".join(sharer.words for sharer in report.sharers[:SHARERS])
    said = f"check {stands(check)}" + (f". Sharing it then: {sharers}" if sharers else "")
    return said, "alarm" if report.violations else "dim"
