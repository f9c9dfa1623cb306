"""Cells: each element a cell, as it lies in memory; when it changed last is its colour.

    +-------+-------+-------+        few      a cell each, wide enough for its value
    |  12.5 |   nan |     3 |        many     a cell each, down to 2 pixels
    +-------+-------+-------+        crowds   a cell for several, of which the newest change counts
      0       1       2

A change is a light line along a cell (of a small one: all of it) that is gone in 80 ms. The
colour fades for ten seconds more. What was never written is hollow.
"""

import numpy as np
import pygame

from game.frame import Flags, Floats
from game.scenes.watch.elements import Elements, Numbers
from game.scenes.watch.plot import Lens, indices, inside, lens, paint
from game.scenes.watch.statistics import Seconds
from game.scenes.watch.views import NOTHING, View
from game.scenes.watch.views.cell_layout import Layout, lay_out
from game.scenes.watch.views.cell_values import write_values
from game.scenes.watch.watched import Watched
from game.view.canvas import Canvas
from game.view.pixel_colours import PixelColours, as_pixels

GAP_FROM = 5  # [pt] of a cell with a gap beside it
HOLLOW_FROM = 7  # [pt] of a cell from which one that was never written has a rim
FLASH, FADES, STEPS = 0.08, 10.0, 48  # [s] of a flash; until the colour is old; shades of it
LINE_HIGH = 3  # [pt] of the line that flashes
FLASHES = 8  # steps of a flash
NEVER, NAN = STEPS, STEPS + 1  # shades
BODY, LINE, RIMMED = 0, 1, 2  # lots of colours
NONE = np.zeros(0, np.int64)


class Cells(View):
    """All elements as cells."""

    def fits(self, elements: Elements) -> bool:
        """Anything is made of cells."""
        return True

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the cells that are in sight, and the values of those that have room for it."""
        elements, statistics = watched.elements, watched.statistics
        if elements is None or statistics.elements is None:
            return ""
        layout, glass = lay_out(elements, area, canvas.scale, statistics.per), lens(canvas)
        with inside(canvas, area):
            self._paint(canvas, area, watched, layout, glass)
            if layout.per == 1:
                write_values(canvas, area, watched, elements, layout, glass)
        self._mark(canvas, layout, glass, elements)
        each = "" if layout.per == 1 else f"a cell is {layout.per:,} elements, "
        return f"{each}{layout.row:,} a row; colour: when it changed last, now to 10 s ago"

    def _mark(self, canvas: Canvas, layout: Layout, glass: Lens, elements: Elements) -> None:
        """Tell the canvas where the first elements are drawn, to be pointed out."""
        number = np.arange(min(elements.many, 1000) if layout.per == 1 else 0)
        x = layout.left + (number % layout.row + 0.5) * layout.wide
        y = layout.top + (number // layout.row + 0.5) * layout.high
        canvas.drawn = np.column_stack(glass.place(x, y)), number

    def _paint(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, layout: Layout, glass: Lens
    ) -> None:
        """Paint the cells that are in sight, each pixel by the cell that it lies in."""
        per = max(watched.statistics.per, int(layout.per / glass.nearness))
        per -= per % watched.statistics.per
        left, top = glass.place(layout.left, layout.top)
        wide = layout.wide * glass.nearness * per / layout.per
        high = layout.high * glass.nearness
        columns, x = indices(left, wide, area.left, area.right)
        rows, y = indices(top, high, area.top, area.bottom)
        held = (columns >= 0) & (columns < -(-layout.row // per))
        seen = (rows >= 0) & (rows < layout.rows)
        if not held.any() or not seen.any():
            return
        first, end = int(rows[seen][0]), int(rows[seen][-1]) + 1
        lots, never = self._colours(canvas, watched, layout, per, (first, end), high)
        gap, tall = gap_of(wide, canvas.scale), gap_of(high, canvas.scale)
        rim = 1.0 if min(wide, high) >= HOLLOW_FROM * canvas.scale else 0.0
        lot = np.where(y >= high - max(2.0, LINE_HIGH * canvas.scale), LINE, BODY)
        lot[(y < tall + rim) | (y >= high - rim)] += RIMMED
        across = np.clip(columns, 0, lots.shape[2] - 1)
        down = np.clip(rows - first, 0, end - first - 1)
        pixels = lots[lot, down].take(across, axis=1)
        edges = np.flatnonzero(held & ((x < gap + rim) | (x >= wide - rim))) if rim else NONE
        part = pixels[:, edges]
        part[never[down].take(across[edges], axis=1)] = self._ink(canvas, "cell_rim")
        pixels[:, edges] = part
        floor = self._ink(canvas, "floor")
        pixels[:, ~held | (x < gap)] = floor
        pixels[~seen | (y < tall)] = floor
        paint(canvas, area, pixels)

    def _ink(self, canvas: Canvas, name: str) -> int:
        return canvas.surface.map_rgb(canvas.theme[name])

    def _colours(
        self,
        canvas: Canvas,
        watched: Watched,
        layout: Layout,
        per: int,
        rows: tuple[int, int],
        high: float,
    ) -> tuple[PixelColours, Flags]:
        """The colours of the cells of some rows, (lots, rows, cells), and which of these were
        never written, (rows, cells). Lots: BODY, LINE, and RIMMED more for the edges."""
        statistics = watched.statistics
        block = statistics.per
        row, many = layout.row // block, rows[1] - rows[0]
        part = slice(rows[0] * row, rows[1] * row)

        def cells(values: Numbers, how: np.ufunc, missing: float) -> Numbers:
            values = values[part]
            full = np.full(many * row, missing, values.dtype)
            full[: len(values)] = values
            table = full.reshape(many, row)
            step = per // block
            return table if step == 1 else how.reduceat(table, np.arange(0, row, step), axis=1)

        newest: Seconds = cells(statistics.newest, np.maximum, -np.inf)
        age = np.float32(watched.ago) - newest
        shades = recency(age)
        shades[cells(statistics.written, np.add, 0) == 0] = NEVER
        shades[cells(statistics.nans, np.add, 0) > 0] = NAN
        there = cells(np.ones(len(statistics.newest), np.int8), np.maximum, 0) > 0
        inks = palette(canvas)
        lit = np.clip(1 - age / FLASH, 0, 1)
        levels = (lit * FLASHES).astype(np.int64)
        body, line = inks[0][shades], inks[levels, shades]
        body[~there] = line[~there] = self._ink(canvas, "floor")
        never = (shades == NEVER) & there
        if high < 3 * LINE_HIGH * canvas.scale:
            body = line = inks[levels // 2, shades]
            body[~there] = self._ink(canvas, "floor")
        lots = np.stack((body, line, body, line))
        lots[RIMMED:, never] = self._ink(canvas, "cell_rim")
        return lots, never

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The elements of the cell, or of the part of one that can be told apart, at a place."""
        elements = watched.elements
        if elements is None:
            return NOTHING
        layout = lay_out(elements, area, canvas.scale, watched.statistics.per)
        glass = lens(canvas)
        x, y = glass.back(*place)
        across = (x - layout.left) / layout.wide * layout.per  # elements
        row = int((y - layout.top) // layout.high)
        per = max(1, int(layout.per / glass.nearness))
        if not (0 <= across < layout.row and 0 <= row < layout.rows):
            return NOTHING
        first = row * layout.row + int(across) // per * per
        end = min(first + per, (row + 1) * layout.row, elements.many)
        return range(first, max(first, end))

    def box(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, element: int
    ) -> pygame.Rect | None:
        """Where the cell of an element is."""
        if watched.elements is None:
            return None
        layout = lay_out(watched.elements, area, canvas.scale, watched.statistics.per)
        glass = lens(canvas)
        row, across = divmod(element, layout.row)
        x = layout.left + across // layout.per * layout.wide
        left, top = glass.place(x, layout.top + row * layout.high)
        right, bottom = glass.place(x + layout.wide, layout.top + (row + 1) * layout.high)
        return pygame.Rect(round(left), round(top), round(right - left), round(bottom - top))


def gap_of(side: float, scale: float) -> float:
    """How much of a cell's side stays empty [px]."""
    if side < GAP_FROM * scale:
        return 0.0
    return max(1.0, round(scale)) * (2.0 if side > 28 * scale else 1.0)


def recency(age: Floats | Seconds) -> Numbers:
    """The shade of a cell by the age of its last change [s]: 0 for now, STEPS - 1 for old.

    Logarithmic: a tenth of a second and a whole one are as different as a second and ten.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.log10(np.maximum(age, FLASH) / FLASH) / np.log10(FADES / FLASH)
    shades: Numbers = np.minimum(share * (STEPS - 1), STEPS - 1).astype(np.uint8)
    return shades


def palette(canvas: Canvas) -> PixelColours:
    """The colours of all shades at each step of a flash, (FLASHES + 1, shades), as pixels."""
    theme = canvas.theme
    new, old = (np.array(theme[name], float) for name in ("cell_new", "cell_old"))
    share = np.linspace(0, 1, STEPS)[:, None]
    shades = np.vstack((new + (old - new) * share, theme["cell_never"], theme["nan"]))
    lit = np.linspace(0, 1, FLASHES + 1)[:, None, None]
    mixed = shades + (np.array(theme["text"], float) - shades) * lit
    masks = canvas.surface.get_masks()
    return as_pixels(mixed.reshape(-1, 3).round(), masks).reshape(FLASHES + 1, -1)
