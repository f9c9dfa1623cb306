"""The help: the table of keys over everything else, in as many columns and pages as it takes."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.keys import Key, KeyTable
from game.view.painter import Painter
from game.view.text import LARGE, NORMAL, SMALL

EDGE, GAP = 24, 14  # [pt] inside the frame; between a key and what it does
AROUND = 10  # [pt] at least, between the frame and the window
HEADING, FOOT = 52, 14  # [pt] above the first row, below the last one
SIZES = ((NORMAL, 26), (NORMAL, 22), (SMALL, 18))  # of text, and from row to row [pt]
MOST = 3  # columns


class Grid(NamedTuple):
    """How the keys share the room that there is."""

    size: int  # of text [pt]
    step: int  # from row to row [pt]
    column: int  # wide [pt]
    labels: int  # of it, for the keys themselves [pt]
    columns: int
    rows: int
    pages: int  # that it takes for all keys


class Help:
    """The keys, shown or not."""

    def __init__(self) -> None:
        self.open = False
        self.table = KeyTable()
        self.missing: Mapping[str, str] = {}  # parts that the session does not have, and why not
        self.page, self._pages = 0, 1

    def turn(self) -> None:
        """Show the keys; where they are shown, the next page; after the last one, nothing."""
        if not self.open:
            self.open, self.page = True, 0
        elif self.page + 1 < self._pages:
            self.page += 1
        else:
            self.open = False

    def draw(self, painter: Painter) -> None:
        """Draw the page that is turned up in the middle of the window."""
        grid = arrange(painter, self.table.keys)
        self._pages = grid.pages
        self.page = min(self.page, grid.pages - 1)  # the window may have grown
        many = grid.columns * grid.rows
        keys = self.table.keys[self.page * many : (self.page + 1) * many]
        area = Rect(0, 0, grid.columns * grid.column + EDGE, HEADING + grid.rows * grid.step + FOOT)
        area.center = (painter.size[0] // 2, painter.size[1] // 2)
        painter.fill("shade", area, round_by=8)
        painter.frame("line", area, round_by=8)
        painter.write("Keys", area.x + EDGE, area.y + 14, "text", LARGE)
        page = f"{self.page + 1} of {grid.pages}     H: " if grid.pages > 1 else "H: "
        what = "next" if self.page + 1 < grid.pages else "close"
        painter.write(page + what, area.right - EDGE, area.y + 18, "dim", across=1.0)
        _rows(painter, grid, area, keys, self.missing)


def _rows(
    painter: Painter, grid: Grid, area: Rect, keys: tuple[Key, ...], missing: Collection[str]
) -> None:
    for number, key in enumerate(keys):
        column, row = divmod(number, grid.rows)
        x, y = area.x + EDGE + column * grid.column, area.y + HEADING + row * grid.step
        there = key.needs not in missing
        painter.write(key.label, x, y, "accent" if there else "dim", grid.size)
        room = min(grid.column, area.width - EDGE) - grid.labels - EDGE
        does = painter.cut(key.does, room, grid.size)
        painter.write(does, x + grid.labels, y, "text" if there else "dim", grid.size)


def arrange(painter: Painter, keys: Sequence[Key]) -> Grid:
    """The largest text with which all keys are in sight, else the smallest, on several pages."""
    width, height = painter.size
    for size, step in SIZES:
        labels = round(max(painter.width(key.label, size) for key in keys)) + GAP
        column = round(max(painter.width(key.does, size) for key in keys)) + 2 + labels + EDGE
        room = width - 2 * AROUND - EDGE
        columns = max(1, min(MOST, room // column))
        most = max(1, (height - 2 * AROUND - HEADING - FOOT) // step)
        pages = -(-len(keys) // (columns * most))
        rows = -(-len(keys) // (columns * pages))
        if pages == 1 and column <= room:
            break
    return Grid(size, step, min(column, room), labels, columns, rows, pages)
