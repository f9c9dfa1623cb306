"""Density: very many agents as a picture of how many stand in each small cell of it.

Owned by scenes, which give it a canvas to draw on. Works on whole arrays, only when a row has
moved, and on a part of the agents in each frame: a picture of a million takes two frames, of ten
million ten, and no frame waits for it. Every agent is counted, exactly once.

Counting is `follow`'s: `draw` shows the last picture. Only of a part of the ground that was not
shown before, drawing itself counts the first part of the agents, which stands for all until the
next frames have counted the others.
"""

from functools import lru_cache
from math import floor
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Floats, Frame, Integers
from game.view import legend
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.pixel_colours import Masks, PixelColours, as_pixels
from game.view.theme import Theme

A_FRAME = 500_000  # agents counted in one frame at the most, or
FRAMES = 10  # as many as it takes to count all of them in so many frames
AT_ONCE = 32_768  # of them in each step: what fits into a core's own cache
STEPS = 256  # colours of the scale
LEVELS = 65_536  # agents in a cell that are told apart: more look alike
COARSE, FINE = 2, 1  # [pt] a cell that agents are counted in: as large as a dot, while there is
CROWDED = 0.5  # [pt, an area] of the ground for each agent at least; with less, fine


class Grid(NamedTuple):
    """The cells that are counted in: a part of the ground."""

    scale: float  # [cells/m]
    left: int  # [cells] from the ground's origin, to the right
    bottom: int  # [cells] upwards
    width: int  # [cells]
    height: int  # [cells]
    side: int = 1  # [px] of a cell


class Density:
    """Draws the agents of a frame as a density, and keeps the picture while nothing moves."""

    def __init__(self) -> None:
        self._grid: Grid | None = None  # that was asked for last
        self._theme: Theme | None = None
        self._agents: Integers | None = None  # those that are counted
        self._counts: Integers = np.zeros(0, np.int64)  # of each cell, so far
        self._counted = 0  # agents so far
        self._moves = 0  # pictures in a row of another part of the ground, which count themselves
        self._stale = False  # there are newer rows than those that were counted
        self._picture: pygame.Surface | None = None  # of the last count that was finished,
        self._most = 1  # and how many agents are in a cell of it at the most
        self._cells = np.empty(0, np.int64)  # (A_FRAME,) the cell of each agent, row by row

    def follow(self, frame: Frame) -> None:
        """Go on counting where the last picture was drawn, if it was drawn at all."""
        self._stale |= bool(frame.fresh.any())
        if self._grid is None or self._moves > 1:
            return
        # With other agents, the numbers of those that were counted mean others.
        if frame.agents is not self._agents or (self._stale and self._finished):
            self._begin(frame)
        if not self._finished:
            self._go_on(frame, self._grid)

    def rest(self) -> None:
        """Count no longer: the agents are drawn as something else."""
        self._grid = self._picture = None

    def draw(self, canvas: Canvas, frame: Frame, ground: Bounds) -> None:
        """Show how many agents lie in each cell, of as much of `ground` [m] as is in view.

        Until the first count is finished, and in every frame while the camera moves, the
        first part of the agents stands for all.
        """
        canvas.drawn = np.zeros((0, 2)), np.zeros(0, np.int64)  # nobody to point at
        grid = visible(canvas, ground, side(canvas, ground, len(frame.agents)))
        if not grid.width * grid.height:
            return
        another = grid != self._grid
        self._moves = self._moves + 1 if another and self._grid else 0
        if another or canvas.theme is not self._theme:
            self._grid, self._theme, self._picture = grid, canvas.theme, None
            self._begin(frame)
            self._go_on(frame, grid)
        if self._picture is not None:
            left = round(canvas.camera.x) + grid.left * grid.side
            top = round(canvas.camera.y) - (grid.bottom + grid.height) * grid.side
            # At the edges of the view a cell may be cut in two.
            clip = canvas.surface.get_clip()
            canvas.surface.set_clip(clip.clip(canvas.view))
            canvas.surface.blit(self._picture, (left, top))
            legend.draw(canvas, self._colours(canvas), self._most, grid.side / canvas.camera.scale)
            canvas.surface.set_clip(clip)

    def _colours(self, canvas: Canvas) -> PixelColours:
        """The colours that the picture has, from one agent in a cell up to the most."""
        whole = ramp(canvas.theme, pygame.Surface((1, 1), 0, 32).get_masks())
        return whole[steps(self._most)[1] :]

    @property
    def _finished(self) -> bool:
        return self._agents is not None and self._counted >= len(self._agents)

    def _begin(self, frame: Frame) -> None:
        """Begin a new count."""
        self._agents, self._counted, self._stale = frame.agents, 0, False

    def _go_on(self, frame: Frame, grid: Grid) -> None:
        """Count the next agents, each where it stands in this frame."""
        all_ = len(frame.agents)
        many = min(all_ - self._counted, max(A_FRAME, -(-all_ // FRAMES)))
        if len(self._cells) < many:
            self._cells = np.empty(many, np.int64)
        places = frame.rows(self._counted, self._counted + many)
        found = find_cells(places, grid, self._cells)
        counts = np.bincount(self._cells[:found], minlength=grid.width * grid.height)
        self._counts = self._counts + counts if self._counted else counts
        self._counted += many
        if self._theme and (self._finished or self._picture is None):
            cells = self._counts.reshape(grid.height, grid.width)
            self._most = max(int(cells.max(initial=0)), 1)
            self._picture = picture(cells, self._theme, grid.side)


def side(canvas: Canvas, ground: Bounds, agents: int) -> int:
    """How large a cell is [px] where so many agents share `ground` [m]."""
    area = (ground.right - ground.left) * (ground.top - ground.bottom) / canvas.point**2
    points = COARSE if area >= CROWDED * agents else FINE
    return max(1, round(points * canvas.scale))


def visible(canvas: Canvas, ground: Bounds, side: int = 1) -> Grid:
    """The cells of `side` [px] in the part of `ground` [m] that is in view, none if nothing is.

    They reach a cell over the ground's right and upper edge, where agents stand, too.
    """
    camera, (left, top, width, height) = canvas.camera, canvas.view
    x, y, scale = round(camera.x), round(camera.y), camera.scale / side
    first = max(floor(ground.left * scale), (left - x) // side)
    last = min(floor(ground.right * scale), (left + width - 1 - x) // side)
    lowest = max(floor(ground.bottom * scale), (y - top - height) // side)
    highest = min(floor(ground.top * scale), (y - 1 - top) // side)
    size = max(last - first + 1, 0), max(highest - lowest + 1, 0)
    return Grid(scale, first, lowest, *size, side)


def count(places: Floats, ground: Bounds, size: tuple[int, int]) -> Integers:
    """How many places (n, 2) [m] lie in each cell of a square ground of `size` (width, height)
    cells, (height, width)."""
    # A hair less than it is: those on the right and the upper edge are in the last cell.
    scale = size[0] / (ground.right - ground.left) * (1 - 1e-12)
    grid = Grid(scale, floor(ground.left * scale), floor(ground.bottom * scale), *size)
    cells = np.empty(len(places), np.int64)
    found = find_cells(places, grid, cells)
    return np.bincount(cells[:found], minlength=size[0] * size[1]).reshape(size[::-1])


def find_cells(places: Floats, grid: Grid, found: Integers) -> int:
    """Write the cell of each place (n, 2+) [m] in the grid into `found`, numbered row by row
    from the upper left; returns how many there are. Others are left out, and those that are not
    finite."""
    room = np.empty((min(len(places), AT_ONCE), 2))
    lower = max(grid.left, grid.bottom)
    upper = min(grid.left + grid.width, grid.bottom + grid.height)
    first_cell = (grid.bottom + grid.height - 1) * grid.width - grid.left
    count = 0
    for first in range(0, len(places), AT_ONCE):
        part = places[first : first + AT_ONCE, :2]
        with np.errstate(over="ignore"):  # of what is no place, and is left out below
            cells = np.multiply(part, grid.scale, out=room[: len(part)])
        if not (cells.min() >= lower and cells.max() < upper):  # false for nan, too
            cells = cells[inside(cells, grid)]
        np.floor(cells, out=cells)
        column, row = cells.T
        row *= -grid.width  # whole numbers all the while, and exact as such
        row += column
        numbers = found[count : count + len(cells)]
        np.add(row, first_cell, out=numbers, casting="unsafe")
        count += len(cells)
    return count


def inside(places: Floats, grid: Grid) -> NDArray[np.bool_]:
    """Which places (n, 2) [cells] lie in the grid."""
    x, y = places[:, 0], places[:, 1]
    within: NDArray[np.bool_] = (x >= grid.left) & (x < grid.left + grid.width)
    within &= (y >= grid.bottom) & (y < grid.bottom + grid.height)
    return within


def picture(counts: NDArray[np.int64], theme: Theme, side: int) -> pygame.Surface:
    """The counts through the theme's scale, which is logarithmic, each cell `side` [px] large;
    where nobody is, the floor."""
    height, width = counts.shape
    made = pygame.Surface((width, height), 0, 32)
    scale = ramp(theme, made.get_masks())
    buffer: Any = made.get_buffer()
    pixels = np.frombuffer(buffer, np.uint32).reshape(height, width)
    np.take(
        scale[steps(max(int(counts.max()), 1))], counts, out=pixels, mode="clip"
    )  # more than LEVELS: the last
    return pygame.transform.scale(made, (width * side, height * side)) if side > 1 else made


def steps(most: int) -> Integers:
    """The step of the scale for each number of agents in a cell, from 0 to `most`; at most
    LEVELS are told apart."""
    levels = np.arange(min(most, LEVELS) + 1)
    share = np.log1p(levels) / np.log1p(levels[-1])
    found: Integers = np.where(levels == 0, 0, 1 + (share * (STEPS - 2)).astype(int))
    return found


@lru_cache(maxsize=4)
def ramp(theme: Theme, masks: Masks) -> PixelColours:
    """The floor's colour and the scale's, as pixels of a surface with these masks, (STEPS,)."""
    stops = np.array(theme.density, float)
    at = np.linspace(0, len(stops) - 1, STEPS - 1)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, part]) for part in range(3)]
    colours = np.vstack((theme["floor"], np.column_stack(mixed)))
    return as_pixels(colours.round(), masks)
