"""Bars: each element as high as its value; of very many, columns from the least to the most."""

import numpy as np
import pygame

from game.frame import Floats
from game.scenes.watch.elements import Elements
from game.scenes.watch.history import widened
from game.scenes.watch.plot import Axes, framed, inside, lens
from game.scenes.watch.statistics import FARTHEST, Statistics
from game.scenes.watch.views import NOTHING, View
from game.scenes.watch.watched import Watched
from game.view.canvas import Canvas

NARROWEST = 3  # [px] of a bar; with less room, columns take the place of bars
AIR = 0.06  # of the scale, above the highest
GAPPED, GAP = 6, 0.2  # [px] of a bar from which there is a gap, of its width
WIDEST = 90  # [pt] of a bar


class Bars(View):
    """A chart of all elements, side by side."""

    def fits(self, elements: Elements) -> bool:
        """Any numbers."""
        return True

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the axes, and a bar or a column for every element, or for several."""
        elements, statistics = watched.elements, watched.statistics
        if elements is None or statistics.elements is None:
            return ""
        axes = self._axes(canvas, area, watched, elements)
        what = "element" if len(elements.shape) < 2 else "element, row by row"
        axes.draw(canvas, what, least_step=1.0)
        left, right = (axes.numbers(x, 0)[0] + 0.5 for x in (axes.area.left, axes.area.right))
        first, end = max(0, int(left)), min(elements.many, int(right) + 1)
        if end <= first:
            return ""
        wide = (axes.pixels(1.0, 0)[0] - axes.pixels(0.0, 0)[0]) or 1.0
        with inside(canvas, axes.area):
            if wide >= NARROWEST:
                bars(canvas, axes, elements, range(first, end))
                return "each element from zero"
            columns(canvas, axes, statistics, elements, zero=wide >= 1)
        if wide >= 1:
            return "each element from zero"
        return f"a column is {round(1 / wide):,} elements, from the least to the most of them"

    def _axes(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, elements: Elements
    ) -> Axes:
        assert watched.look is not None
        plot = framed(canvas, area)
        limits = watched.look.limits
        low, high = limits[-2:] if len(limits) in (2, 4) else watched.ranges.of("values")
        low, high = widened(low, high)
        many = max(elements.many, 1)
        if len(limits) not in (2, 4):
            if plot.width >= many:  # a bar begins at zero
                low, high = min(low, 0.0), max(high, 0.0)
            air = (high - low) * AIR
            low, high = low - air * (low < 0), high + air * (high > 0)
        places = max(many, plot.width / (WIDEST * canvas.scale))  # a few bars are no walls
        return Axes(plot, lens(canvas), -0.5, places - 0.5, low, high)

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The element, or those of the column, at a place."""
        elements = watched.elements
        if elements is None:
            return NOTHING
        axes = self._axes(canvas, area, watched, elements)
        if not axes.area.collidepoint(place):
            return NOTHING
        first, end = (int((axes.numbers(place[0] + beyond, 0)[0] + 0.5) // 1) for beyond in (0, 1))
        if not 0 <= first < elements.many:
            return NOTHING
        return range(first, min(max(end, first + 1), elements.many))


def bars(canvas: Canvas, axes: Axes, elements: Elements, shown: range) -> None:
    """Draw a bar for each element, in its colour."""
    flat = elements.flat
    for element in shown:
        left, right = (round(axes.pixels(x, 0.0)[0]) for x in (element - 0.5, element + 0.5))
        if right - left >= GAPPED:
            right -= max(1, round((right - left) * GAP))
        value = float(flat[element])
        if value != value:
            box = pygame.Rect(left, axes.area.top, right - left, axes.area.height)
            canvas.surface.fill(canvas.theme["nan"], box)
            continue
        far = 10.0 * axes.area.height
        ends = [
            round(min(max(axes.pixels(0.0, y)[1], axes.area.top - far), axes.area.bottom + far))
            for y in (0.0, min(max(value, -FARTHEST), FARTHEST))
        ]
        top, bottom = min(ends), max(ends)
        box = pygame.Rect(left, top, right - left, max(1, bottom - top))
        canvas.surface.fill(canvas.theme.agent(element), box.clip(axes.area))


def columns(
    canvas: Canvas,
    axes: Axes,
    statistics: Statistics,
    elements: Elements,
    zero: bool,
) -> None:
    """Fill a column for each pixel, from the least to the most of its elements, or with `zero`
    from there."""
    area = axes.area
    edges = axes.numbers(np.arange(area.left, area.right + 1), 0)[0] + 0.5
    edges = np.clip(edges, 0, elements.many)
    blocks = np.minimum((edges // statistics.per).astype(np.int64), len(statistics.low) - 1)
    starts, held = blocks[:-1], edges[1:] > edges[:-1]
    # Of what is beyond the last column nothing belongs to it.
    known = slice(0, int(blocks[-1]) + 1)
    low, high = (
        fold.reduceat(values[known].astype(np.float64), starts)
        for fold, values in ((np.fmin, statistics.low), (np.fmax, statistics.high))
    )
    if zero:
        low, high = np.minimum(low, 0.0), np.maximum(high, 0.0)
    top, bottom = (heights(axes, values) for values in (high, low))
    row = np.arange(area.top, area.bottom)[:, None]
    filled = (row >= top) & (row <= np.maximum(bottom, top)) & held & np.isfinite(low)
    ink = canvas.surface.map_rgb(canvas.theme["accent"])
    pixels = pygame.surfarray.pixels2d(canvas.surface)
    part = pixels[area.left : area.right, area.top : area.bottom]
    part[filled.T] = ink


def heights(axes: Axes, values: Floats) -> Floats:
    """Where values are [px], as far as the area goes and no number beyond it."""
    y = axes.pixels(0.0, np.clip(np.nan_to_num(values), -FARTHEST, FARTHEST))[1]
    found: Floats = np.clip(np.rint(y), axes.area.top - 2, axes.area.bottom + 2)
    return found
