"""A panel: a table of figures beside the scene, such as the leaderboard."""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import exp
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pygame import Rect

from game.frame import Frame, Integers
from game.view import tooltip as tips
from game.view.memory import Memory
from game.view.painter import Area, Painter
from game.view.text import NORMAL
from game.view.theme import Colour

ROW = 24  # [pt] from line to line
EDGE = 14  # [pt] between the border and the text
HEADINGS, TOP = 34, 48  # [pt] down to the headings, and to the first row
TIP = 270  # [pt] wide: what a tooltip says
MARK = 12  # [pt] left of a row's cells, for its agent's colour
FLAG = "\N{CHEQUERED FLAG}"  # a cell of this is drawn as one
CHECKS = (4, 3)  # squares of the flag, across and down
CHECK = 3  # [pt] wide
CURVE_GAP = 10  # [pt] left of a curve


class About(NamedTuple):
    """What a tooltip says of a column, or of the figures in a row."""

    name: str
    words: str


class Column(NamedTuple):
    """A column of a panel: its heading, where it ends, and how its figures are set."""

    title: str
    right: float  # of the panel's inner width, 0 to 1
    to_left: bool = False  # set from the column before on, not up to `right`
    lit: bool = False  # set in the accent colour
    curve: bool = False  # a curve in place of a figure
    about: About | None = None  # under the mouse
    fixed: bool = False  # of the place, not of its agent: it stays where rows glide


class Panel(NamedTuple):
    """What a scene wants to be read beside it: rows of text, each with an agent's colour."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[int, Sequence[str]]]  # the agent's number (-1: nobody's), its cells
    total: int  # how many rows there would be
    curves: Sequence[NDArray[np.float32]] = ()  # for each row, from 0 to 1; nan where none is
    about: Sequence[About] = ()  # of each row, under the mouse


def capacity(height: int) -> int:
    """How many rows a panel of this height [pt] has room for."""
    return max(0, (height - TOP - 32) // ROW)


def first(agents: Integers, rows: int, selected: int) -> list[int]:
    """The agents of the first rows; the last one is for the selected, if it is in none of them."""
    found: list[int] = agents[:rows].tolist()
    if found and selected > found[-1] and selected in agents:
        found[-1] = selected
    return found


def headings(frame: Frame, names: Sequence[str]) -> list[str]:
    """The headings of some fields' columns, with their units."""
    units = ((name, frame.fields[name]) for name in names)
    return [f"{name} [{unit}]" if unit else name for name, unit in units]


def left_out(fields: int) -> str:
    """What a table's title says of so many fields that it has no column for; "" of none."""
    return f", {fields} more field{'s' * (fields > 1)} (all: click)" if fields else ""


def figures(values: Sequence[float]) -> list[str]:
    """Values of fields that nobody knows more of than their units."""
    return [f"{value:z.4g}" for value in values]


def draw(
    painter: Painter,
    area: Area,
    panel: Panel,
    selected: int = -1,
    places: Mapping[int, float] = MappingProxyType({}),
    dead: Collection[int] = (),
    tint: Callable[[int], int] = int,
) -> None:
    """Draw a panel into its area; the row of the selected agent is set off, and so are those of
    agents whose process died. `tint` is the number of an agent's colour.

    `places` says of agents whose row is on its way to its place where it is now, counted in
    rows from the first.
    """
    painter.fill("panel", area)
    painter.write(
        painter.cut(panel.title, area.width - 2 * EDGE, NORMAL),
        area.x + EDGE,
        area.y + 10,
        "text",
        NORMAL,
    )
    titles = [column.title for column in panel.columns]
    _cells(painter, area, panel.columns, titles, area.y + HEADINGS, "dim")
    y = area.y + TOP + 8
    shown = [(places.get(row[0], place), place) for place, row in enumerate(panel.rows)]
    # A row on its way up passes before those on their way down.
    for at, place in sorted(shown, key=lambda row: row[1] - row[0], reverse=True):
        box = Rect(area.x, round(y - 4 + at * ROW), area.width, ROW)
        ink = "alarm" if panel.rows[place][0] in dead else "text"
        colour = painter.theme.tint(tint(panel.rows[place][0]))
        _row(painter, box, panel, place, selected, ink, colour, moves=at != place)
    fixed = any(column.fixed for column in panel.columns)
    for place, (_, cells) in enumerate(panel.rows if fixed else ()):  # after all: none hides it
        _cells(painter, area, panel.columns, cells, y + place * ROW, "text", fixed=True)
    y += ROW * len(panel.rows)
    more = panel.total - len(panel.rows)
    if more > 0:
        painter.write(f"and {more:,} more", area.x + EDGE, y, "dim")


def at(
    area: Area,
    panel: Panel,
    x: float,
    y: float,
    places: Mapping[int, float] = MappingProxyType({}),
) -> int:
    """The agent whose row is drawn at a place [pt]; -1 if there is none."""
    at = (y - (area.y + TOP + 4)) / ROW  # in rows
    if not area.collidepoint(x, y):
        return -1
    for place, (number, _) in enumerate(panel.rows):
        if 0 <= at - places.get(number, place) < 1:
            return number
    return -1


def tooltip(painter: Painter, area: Area, panel: Panel, place: tuple[int, int]) -> Rect | None:
    """Tell what the heading or the figure at a place [px] means, beside the panel; returns where
    the words are [pt], if there are any."""
    x, y = place[0] / painter.scale, place[1] / painter.scale
    if not area.collidepoint(x, y):
        return None
    column, row = _column_at(area, panel, x), int((y - (area.y + TOP + 4)) // ROW)
    if row < 0:
        about, figure = column.about if column and y >= area.y + HEADINGS else None, ""
    elif row < min(len(panel.about), len(panel.rows)):
        about, figure = panel.about[row], _figure(panel, row, column)
    else:
        return None
    if about is None:
        return None
    lines = [about.name + figure, *painter.wrap(about.words, TIP)]
    bottom = area.y + max(TOP + ROW * (row + 2), tips.height(lines) + EDGE)
    return tips.draw(painter, lines, area.x - TIP / 2 - 2 * EDGE, bottom)


def _column_at(area: Area, panel: Panel, x: float) -> Column | None:
    at = (x - area.x - EDGE - MARK) / (area.width - 2 * EDGE - MARK)  # of the inner width
    return next((column for column in panel.columns if at < column.right), None)


def _figure(panel: Panel, row: int, column: Column | None) -> str:
    """The figure of a row in a column, in words; "" where none is."""
    if column is None or column.to_left:
        return ""
    cell = panel.rows[row][1][list(panel.columns).index(column)]
    return f", {column.title}: {cell}" if cell else ""


class Rows(Memory):
    """Where the rows of a panel are that glide to their places, counted in rows."""

    REMEMBERS = ("room", "places", "_now")
    TIME_CONSTANT = 0.08  # [s]; nearly all of the way in 0.3 s

    def reset(self) -> None:
        """Forget where they are."""
        self.room = 0  # for so many: the panel as it was laid out last
        self.places: dict[int, float] = {}  # of each agent's row
        self._now = 0.0  # [s]

    @property
    def under_way(self) -> bool:
        """Whether a row is not at its place yet."""
        return any(at % 1 for at in self.places.values())

    def follow(self, panel: Panel, now: float) -> None:
        """Let the rows go on; one that is new is at its place at once."""
        share = 1 - exp(min(self._now - now, 0.0) / self.TIME_CONSTANT)
        before, self.places, self._now = self.places, {}, now
        for place, (number, _) in enumerate(panel.rows):
            if number >= 0:
                at = before.get(number, place)
                way = (place - at) * (1 - share)
                self.places[number] = place - way if abs(way) > 1 / ROW else place


def _row(
    painter: Painter,
    area: Area,
    panel: Panel,
    place: int,
    selected: int,
    ink: str,
    colour: Colour,
    moves: bool,
) -> None:
    number, cells = panel.rows[place]
    if moves:
        painter.fill("panel", Rect(area.x, area.y, area.width, ROW - 1))
    if number >= 0:
        if number == selected:
            painter.fill("line", Rect(area.x + 6, area.y, area.width - 12, ROW - 3), round_by=4)
        painter.fill(colour, Rect(area.x + EDGE, area.y + 2, 4, ROW - 7))
    curve = panel.curves[place] if place < len(panel.curves) else None
    _cells(painter, area, panel.columns, cells, area.y + 4, ink, curve, fixed=False)


def _cells(
    painter: Painter,
    area: Area,
    columns: Sequence[Column],
    cells: Sequence[str],
    y: int,
    ink: str,
    curve: NDArray[np.float32] | None = None,
    fixed: bool | None = None,
) -> None:
    """Write cells side by side: all of them, or only those of columns that are `fixed`, or not."""
    left = area.x + EDGE + MARK
    inner = area.width - 2 * EDGE - MARK
    start = 0.0
    for place, (column, cell) in enumerate(zip(columns, cells, strict=True)):
        begin, start = start, column.right
        if fixed is not None and column.fixed is not fixed:
            continue
        end = columns[-1].right if alone(cells, place) else column.right
        room = (end - begin) * inner
        at, across = (begin, 0.0) if column.to_left else (column.right, 1.0)
        if column.curve and curve is not None:
            _curve(painter, left + at * inner - room + CURVE_GAP, y - 1, room - CURVE_GAP, curve)
        elif cell == FLAG:
            _flag(painter, left + round(at * inner) - round(across * CHECKS[0] * CHECK), y + 3)
        else:
            words = painter.cut(cell, room - 4)
            painter.write(
                words, left + at * inner, y, "accent" if column.lit else ink, across=across
            )


def alone(cells: Sequence[str], place: int) -> bool:
    """Whether a cell is the first and only one of its row: it may run on over all columns."""
    return place == 0 and not any(cells[1:])


def _curve(painter: Painter, x: float, y: float, wide: float, curve: NDArray[np.float32]) -> None:
    """Draw a curve of samples from 0 to 1 into a row, the newest at the right end."""
    known = np.flatnonzero(np.isfinite(curve))
    if len(known) < 2:
        return
    across = x + known / (len(curve) - 1) * wide
    up = y + (1 - curve[known]) * (ROW - 9)
    painter.lines("dim", np.column_stack((across, up)).tolist())


def _flag(painter: Painter, x: int, y: int) -> None:
    """Draw a chequered flag."""
    across, down = CHECKS
    for column in range(across):
        for row in range(down):
            ink = "text" if (column + row) % 2 else "shade"
            painter.fill(ink, Rect(x + column * CHECK, y + row * CHECK, CHECK, CHECK))
