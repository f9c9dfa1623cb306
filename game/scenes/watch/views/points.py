"""Points: each row of a table at its x and y; a third column is its colour, a fourth its size.

What the scales go from and to is set by the array's limits, or fits the rows and glides there.
Of more rows than MOST every second, third, ... is shown.
"""

import numpy as np
import pygame

from game.frame import Flags, Floats, Integers
from game.scenes.watch import colour_map
from game.scenes.watch.elements import Elements
from game.scenes.watch.history import widened
from game.scenes.watch.plot import Axes, framed, inside, lens, write
from game.scenes.watch.views import NOTHING, View
from game.scenes.watch.watched import WIDEST, Watched
from game.view.canvas import Canvas
from game.view.pixel_colours import PixelColours

MOST = 100_000  # points that are drawn
ROUND = 400  # points up to which they are discs
NAMED = 40  # points up to which each has its index beside it
SIDES = ((400, 9), (3_000, 5), (30_000, 3), (70_000, 2))  # points up to which: [pt] wide
SIZES = 4, 22  # [pt] wide: the smallest and the largest, by the fourth column
AIR = 0.04  # of the scales, around all points
NEAR = 12  # [px] from a point: the mouse is on it


class Points(View):
    """A scatter plot."""

    wants = "points need two columns or more, x and y"

    def fits(self, elements: Elements) -> bool:
        """A table of two columns and two rows, or more."""
        rows, columns = elements.table.shape
        return rows >= 2 and 2 <= columns <= WIDEST and len(elements.shape) > 1

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the axes and the points in sight."""
        elements = watched.elements
        if elements is None:
            return ""
        axes, names = self._axes(canvas, area, watched, elements), elements.coordinates
        coloured = len(names) > 2
        axes.draw(canvas, elements.column_name(names[0]), elements.column_name(names[1]))
        rows, x, y = self._places(axes, elements)
        held = in_area(axes.area, x, y)
        rows, x, y = rows[held], x[held], y[held]
        with inside(canvas, axes.area):
            self._draw(canvas, axes.area, watched, elements, rows, x, y)
        every = stride(elements)
        said = [f"every {every}th row"] if every > 1 else []
        for column, what in zip(names[2:4], ("colour", "size"), strict=False):
            said.append(f"{what}: {elements.column_name(column)}")
        if coloured:
            beside = pygame.Rect(axes.area.right + round(12 * canvas.scale), axes.area.y, 0, 0)
            beside.height = axes.area.height
            colour_map.draw_scale(canvas, beside, *watched.ranges.of(f"column {names[2]}"))
        return ", ".join(said) or "x and y of each row"

    def _axes(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, elements: Elements
    ) -> Axes:
        assert watched.look is not None
        plot, limits = framed(canvas, area), watched.look.limits
        if elements.table.shape[1] > 2:
            plot.width = max(8, plot.width - round(colour_map.SCALE * canvas.scale))
        if len(limits) == 4:
            return Axes(plot, lens(canvas), *widened(*limits[:2]), *widened(*limits[2:]))
        ends: list[float] = []
        for column in elements.coordinates[:2]:
            low, high = watched.ranges.of(f"column {column}")
            air = (high - low) * AIR
            ends += [low - air, high + air]
        return Axes(plot, lens(canvas), *ends)

    def _places(self, axes: Axes, elements: Elements) -> tuple[Integers, Floats, Floats]:
        """The rows that may be drawn, and where [px]."""
        every, (across, up) = stride(elements), elements.coordinates[:2]
        table = elements.table[::every]
        with np.errstate(over="ignore", invalid="ignore"):
            x, y = axes.pixels(table[:, across].astype(float), table[:, up].astype(float))
        return np.arange(0, len(elements.table), every), x, y

    def _draw(
        self,
        canvas: Canvas,
        area: pygame.Rect,
        watched: Watched,
        elements: Elements,
        rows: Integers,
        x: Floats,
        y: Floats,
    ) -> None:
        """Draw the points of some rows at their places."""
        names, wide = elements.coordinates, elements.table.shape[1]
        colours = self._colours(canvas, watched, elements, rows)
        sides = self._sides(canvas, watched, elements, rows)
        canvas.drawn = np.column_stack((x, y)), rows * wide
        if len(rows) > ROUND:
            for side in sorted(set(sides.tolist())):
                which = sides == side
                squares(canvas, area, x[which], y[which], colours[which], side)
            return
        for px, py, side, colour in zip(
            x.tolist(), y.tolist(), sides.tolist(), colours.tolist(), strict=True
        ):
            ink = canvas.surface.unmap_rgb(colour)
            pygame.draw.circle(canvas.surface, ink, (round(px), round(py)), max(1, side / 2))
        if len(rows) <= NAMED and len(names) >= 2:
            for row, px, py, side in zip(
                rows.tolist(), x.tolist(), y.tolist(), sides.tolist(), strict=True
            ):
                write(canvas, str(row), px + side / 2 + 4, py, "dim", down=0.5)

    def _colours(
        self, canvas: Canvas, watched: Watched, elements: Elements, rows: Integers
    ) -> PixelColours:
        """The colour of each row's point: by its third column, else by its number."""
        names = elements.coordinates
        if len(names) < 3:
            wide = elements.table.shape[1]
            if len(elements.table) <= ROUND:
                return canvas.pixel_colours(rows * wide)
            return np.full(len(rows), canvas.surface.map_rgb(canvas.theme["accent"]), np.uint32)
        low, high = watched.ranges.of(f"column {names[2]}")
        return colour_map.pixels(canvas, elements.table[rows, names[2]], low, high)

    def _sides(
        self, canvas: Canvas, watched: Watched, elements: Elements, rows: Integers
    ) -> Integers:
        """How wide each row's point is [px]: by its fourth column, else by how many there are."""
        names, scale = elements.coordinates, canvas.scale
        if len(names) < 4:
            many = len(elements.table) // stride(elements)
            side = next((side for most, side in SIDES if many <= most), 1)
            return np.full(len(rows), max(1, round(side * scale)))
        low, high = watched.ranges.of(f"column {names[3]}")
        share = (elements.table[rows, names[3]].astype(float) - low) / (high - low)
        share = np.clip(np.nan_to_num(share), 0, 1)
        steps = np.rint((SIZES[0] + (SIZES[1] - SIZES[0]) * share) / 3) * 3
        if len(rows) > ROUND:
            steps = np.maximum(1, steps / 3)
        sides: Integers = np.rint(steps * scale).astype(np.int64)
        return sides

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The elements of the row whose point is nearest to a place."""
        elements = watched.elements
        if elements is None or not area.collidepoint(place):
            return NOTHING
        rows, x, y = self._places(self._axes(canvas, area, watched, elements), elements)
        far = np.nan_to_num((x - place[0]) ** 2 + (y - place[1]) ** 2, nan=np.inf)
        nearest = int(far.argmin())
        if far[nearest] > (NEAR * canvas.scale) ** 2:
            return NOTHING
        wide = elements.table.shape[1]
        return range(int(rows[nearest]) * wide, (int(rows[nearest]) + 1) * wide)


def stride(elements: Elements) -> int:
    """One row of how many is drawn."""
    return max(1, -(-len(elements.table) // MOST))


def in_area(area: pygame.Rect, x: Floats, y: Floats) -> Flags:
    """Which places [px] lie in an area; one that is not finite never does."""
    found: Flags = (x >= area.left) & (x < area.right) & (y >= area.top) & (y < area.bottom)
    return found


def squares(
    canvas: Canvas, area: pygame.Rect, x: Floats, y: Floats, colours: PixelColours, side: int
) -> None:
    """Paint squares of `side` [px] around places, none of them beyond an area."""
    side = min(side, area.width, area.height)
    corners = np.column_stack(
        (
            np.clip(x - side // 2, area.left, area.right - side),
            np.clip(y - side // 2, area.top, area.bottom - side),
        )
    )
    canvas.squares(corners, colours, side)
