"""A panel: a table of figures beside the scene, such as the leaderboard."""

from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.pen import Area, Pen
from game.view.text import NORMAL

ROW = 24  # [pt] from line to line
EDGE = 14  # [pt] between the border and the text
TOP = 48  # [pt] down to the first row
MARK = 12  # [pt] left of a row's cells, for its agent's colour


class Column(NamedTuple):
    """A column of a panel: its heading, where it ends, and how its figures are set."""

    title: str
    right: float  # of the panel's inner width, 0 to 1
    to_left: bool = False  # set from the column before on, not up to `right`
    lit: bool = False  # set in the accent colour


class Panel(NamedTuple):
    """What a scene wants to be read beside it: rows of text, each with an agent's colour."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[int, Sequence[str]]]  # the agent's number (-1: nobody's), its cells
    total: int  # how many rows there would be


def capacity(height: int) -> int:
    """How many rows a panel of this height [pt] has room for."""
    return max(0, (height - TOP - 32) // ROW)


def draw(pen: Pen, area: Area, panel: Panel, selected: int = -1) -> None:
    """Draw a panel into its area; the row of the selected agent is set off."""
    pen.fill("panel", area)
    pen.write(
        pen.cut(panel.title, area.width - 2 * EDGE, NORMAL),
        area.x + EDGE,
        area.y + 10,
        "text",
        NORMAL,
    )
    titles = [column.title for column in panel.columns]
    _cells(pen, area, panel.columns, titles, area.y + 34, "dim")
    y = area.y + TOP + 8
    for number, cells in panel.rows:
        _row(pen, Rect(area.x, y - 4, area.width, ROW), panel.columns, number, cells, selected)
        y += ROW
    more = panel.total - len(panel.rows)
    if more > 0:
        pen.write(f"and {more:,} more", area.x + EDGE, y, "dim")


def at(area: Area, panel: Panel, x: float, y: float) -> int:
    """The agent whose row stands at a place [pt]; -1 if there is none."""
    row = (y - (area.y + TOP + 4)) // ROW
    if not area.collidepoint(x, y) or not 0 <= row < len(panel.rows):
        return -1
    return panel.rows[int(row)][0]


def _row(
    pen: Pen,
    area: Area,
    columns: Sequence[Column],
    number: int,
    cells: Sequence[str],
    selected: int,
) -> None:
    if number >= 0:
        if number == selected:
            pen.fill("line", Rect(area.x + 6, area.y, area.width - 12, ROW - 3), round_by=4)
        pen.fill(pen.theme.agent(number), Rect(area.x + EDGE, area.y + 2, 4, ROW - 7))
    _cells(pen, area, columns, cells, area.y + 4, "text")


def _cells(
    pen: Pen, area: Area, columns: Sequence[Column], cells: Sequence[str], y: int, ink: str
) -> None:
    left = area.x + EDGE + MARK
    inner = area.width - 2 * EDGE - MARK
    start = 0.0
    for column, cell in zip(columns, cells, strict=True):
        words = pen.cut(cell, (column.right - start) * inner - 4)
        at, across = (start, 0.0) if column.to_left else (column.right, 1.0)
        pen.write(words, left + at * inner, y, "accent" if column.lit else ink, across=across)
        start = column.right
