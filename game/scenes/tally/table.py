"""The tally's table: what was added in each way to share, and what of it was counted, each figure
with what it means. For the drawing.

It counts no waiting: the lesson is what is lost. To note at each addition who waits for the lock
would take longer than the addition; what waiting costs stands in `added/s`.
"""

from collections.abc import Callable
from typing import NamedTuple

from game.scenes.tally.figures import Count, TallyView
from game.scenes.tally.words import LESSONS
from game.view.numbers import abbreviated, percent
from game.view.panel import About, Column, Panel

NOTHING = "-"  # where nothing was measured
TITLES = 0.24  # of the table's width: the names of its rows
FIGURE = 6  # letters' widths of a figure, which may be wider than its heading


class Row(NamedTuple):
    """A row of the table."""

    title: str
    figure: Callable[[Count], str]
    about: About


ROWS = (
    Row(
        "added",
        lambda count: abbreviated(count.added),
        About("added", "Additions that the processes have made, as each counts for itself."),
    ),
    Row(
        "counted",
        lambda count: abbreviated(count.counted),
        About("counted", "Additions that the shared cell has; in own, all cells together."),
    ),
    Row(
        "lost",
        lambda count: abbreviated(count.lost),
        About("lost", "Made, and not in the cell. Exact when everybody has stopped."),
    ),
    Row(
        "  share",
        lambda count: percent(count.lost, count.added),
        About("lost, share", "How many of all additions were lost."),
    ),
    Row(
        "set aside",
        lambda count: abbreviated(count.set_aside),
        About(
            "set aside",
            "Additions in whose middle a process was killed: nobody knows whether they arrived. "
            "They count on neither side.",
        ),
    ),
    Row(
        "added/s",
        lambda count: abbreviated(count.rate),
        About(
            "added a second",
            "By all processes together. What it costs to wait for the lock is seen here.",
        ),
    ),
)


def panel(tally: TallyView, rows: int) -> Panel:
    """The ways to share side by side, as far as they have been shown."""
    columns = [Column("", TITLES, to_left=True)]
    rooms = {mode: max(len(mode), FIGURE) for mode in LESSONS}
    for mode, room in rooms.items():
        end = columns[-1].right + (1 - TITLES) * room / sum(rooms.values())
        about = About(mode, LESSONS[mode].says)
        columns.append(Column(mode, end, lit=mode == tally.mode, about=about))
    counts = [tally.counts.get(mode, Count()) for mode in LESSONS]
    table = [
        (-1, (row.title, *(row.figure(count) if count.added else NOTHING for count in counts)))
        for row in ROWS
    ]
    abouts = [row.about for row in ROWS]
    return Panel("Four ways to add", columns, table[:rows], len(table), about=abouts)
