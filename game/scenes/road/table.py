"""The road's table: what each way to share has cost and let through, now and under the conditions
before, each figure with what it means. For the drawing."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from game.scenes.road.figures import Conditions, Run, SyncFigures, SyncView
from game.scenes.road.words import LESSONS
from game.view.numbers import abbreviated, brief, percent
from game.view.panel import About, Column, Panel

NOTHING = "-"  # where nothing was measured
TITLES = 0.22  # of the table's width: the names of its rows
FIGURE = 6  # letters' widths of a figure, which may be wider than its heading
APART = 2  # letters' widths between two columns


class Row(NamedTuple):
    """A row of the table."""

    title: str
    figure: Callable[[SyncFigures], str]
    about: About
    again: str = ""  # its title among those of the run before; "": it is not there


ROWS = (
    Row(
        "reads",
        lambda f: abbreviated(f.reads),
        About("reads", "Copies of the whole array that the reader has made."),
    ),
    Row(
        "torn",
        lambda f: abbreviated(f.torn),
        About("torn reads", "Copies that caught a pass half done: not all vehicles are level."),
    ),
    Row(
        "  share",
        lambda f: percent(f.torn, f.reads) if f.reads else NOTHING,
        About("torn, share", "How many of all reads were torn."),
        again="torn",
    ),
    Row(
        "kept out",
        lambda f: abbreviated(f.kept_out.reads),
        About(
            "reads kept out",
            "Reads that found the lock in the writer's hands and had to wait, those that wait "
            "still included. Without a lock there is nothing to wait for.",
        ),
    ),
    Row(
        "  share",
        lambda f: percent(f.kept_out.reads, f.kept_out.begun) if f.kept_out.begun else NOTHING,
        About("kept out, share", "How many of all reads were kept out by the writer."),
        again="kept out",
    ),
    Row(
        "  in all",
        lambda f: brief(f.kept_out.total),
        About(
            "kept out, in all",
            "For how long the writer had the lock while reads waited for it. What the system "
            "takes to wake the reader up is not counted: that is the scheduler's.",
        ),
        again="  in all",
    ),
    Row(
        "  longest",
        lambda f: brief(f.kept_out.longest),
        About("kept out, longest", "For how long the writer kept a single read out, at most."),
        again="  longest",
    ),
    Row(
        "retried",
        lambda f: abbreviated(f.retried),
        About(
            "reads retried",
            "Reads that were made again because the writer was in the middle. Nobody waits: "
            "where a few tries are in vain, the last whole copy stays.",
        ),
    ),
    Row(
        "a call",
        lambda f: brief(f.call) if f.reads else NOTHING,
        About("cost of a call", "What a read takes without any waiting: the median."),
        again="a call",
    ),
    Row(
        "missed",
        lambda f: abbreviated(f.missed),
        About("frames missed", "Frames that show an old picture: no read was done in time."),
    ),
    Row(
        "passes/s",
        lambda f: abbreviated(f.passes),
        About("passes a second", "How often the writer moves all vehicles by a step."),
    ),
)


def panel(sync: SyncView, rows: int) -> Panel:
    """The table, of at most so many rows."""
    columns = [Column("", TITLES, to_left=True)]
    rooms = [max(len(name), FIGURE) + APART for name in LESSONS]
    for name, room in zip(LESSONS, rooms, strict=True):
        end = columns[-1].right + (1 - TITLES) * room / sum(rooms)
        about = About(name, LESSONS[name].says)
        columns.append(Column(name, end, lit=name == sync.mode, about=about))
    cells = [(row.title, *figures(row, sync.figures)) for row in ROWS]
    abouts = [row.about for row in ROWS]
    if sync.earlier:
        cells += earlier(sync.earlier)
        abouts += [EARLIER, *(row.about for row in ROWS if row.again)]
    shown = [(-1, row) for row in cells[:rows]]
    return Panel("Four ways to share", columns, shown, len(cells), about=abouts)


EARLIER = About(
    "the run before",
    "Figures begin anew with every change of conditions, and with R. These are the last ones "
    "before that.",
)


def earlier(run: Run) -> list[tuple[str, ...]]:
    """The rows of the run before: under which conditions, and what came of it."""
    blank = [""] * len(LESSONS)
    rows = [(row.again, *figures(row, run.figures)) for row in ROWS if row.again]
    return [(f"before: {under(run.conditions)}", *blank), *rows]


def under(conditions: Conditions) -> str:
    """Conditions in a few words."""
    stress, delay, vehicles = conditions
    pace = "flat out" if stress else "at rate"
    return f"{pace}{f', {delay:g} ms lens' if delay else ''}, {abbreviated(vehicles)} vehicles"


def figures(row: Row, run: Mapping[str, SyncFigures]) -> list[str]:
    """A row's figure of each way."""
    return [row.figure(run[name]) if tried(run, name) else NOTHING for name in LESSONS]


def tried(run: Mapping[str, SyncFigures], name: str) -> bool:
    """Whether a way was shown at all."""
    return name in run and run[name].tried
