"""Density: very many agents as a picture of how many stand in each pixel.

Owned by scenes, which give it a canvas to draw on. Works on whole arrays, only when a row has
moved, and on a part of the agents in each frame: a picture of a million takes two frames, of ten
million ten, and no frame waits for it. Every agent is counted, exactly once.
"""

from functools import lru_cache
from math import floor
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshot import Floats, Integers, Snapshot
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.theme import Theme

A_FRAME = 500_000  # agents counted in one frame at the most, or
FRAMES = 10  # as many as it takes to count all of them in so many frames
AT_ONCE = 32_768  # of them in each step: what fits into a core's own cache
STEPS = 256  # colours of the scale


class Grid(NamedTuple):
    """The pixels that are counted in: a part of the ground, `scale` [px/m] large."""

    scale: float
    left: int  # [px] from the ground's origin, to the right
    bottom: int  # [px] upwards
    width: int  # [px]
    height: int  # [px]


class Density:
    """Draws the agents of a snapshot as a density, and keeps the picture while nothing moves."""

    def __init__(self) -> None:
        self._grid: Grid | None = None
        self._theme: Theme | None = None
        self._agents: Integers | None = None  # those that are counted
        self._counts: Integers = np.zeros(0, np.int64)  # of each pixel, so far
        self._counted = 0  # agents so far
        self._stale = False  # there are newer rows than those that were counted
        self._picture: pygame.Surface | None = None  # of the last count that was finished
        self._pixels = np.empty(0, np.int64)  # (A_FRAME,) the pixel of each agent, row by row

    def draw(self, canvas: Canvas, snapshot: Snapshot, ground: Bounds) -> None:
        """Show how many agents lie in each pixel, of as much of `ground` [m] as is in view.

        Until the first count is finished, and in every frame while the camera moves, the
        first part of the agents stands for all.
        """
        canvas.drawn = np.zeros((0, 2)), np.zeros(0, np.int64)  # nobody to point at
        grid = visible(canvas, ground)
        if not grid.width * grid.height:
            return
        self._stale |= bool(snapshot.fresh.any())
        # With other agents, the numbers of those that were counted mean others.
        if grid != self._grid or canvas.theme is not self._theme:
            self._grid, self._theme, self._picture = grid, canvas.theme, None
            self._begin(snapshot)
        elif snapshot.agents is not self._agents or (self._stale and self._finished):
            self._begin(snapshot)
        if not self._finished:
            self._go_on(snapshot, grid)
            if self._finished or self._picture is None:
                counts = self._counts.reshape(grid.height, grid.width)
                self._picture = picture(counts, canvas.theme)
        if self._picture is not None:
            left = round(canvas.camera.x) + grid.left
            top = round(canvas.camera.y) - grid.bottom - grid.height
            canvas.surface.blit(self._picture, (left, top))

    @property
    def _finished(self) -> bool:
        return self._agents is not None and self._counted >= len(self._agents)

    def _begin(self, snapshot: Snapshot) -> None:
        """Begin a new count."""
        self._agents, self._counted, self._stale = snapshot.agents, 0, False

    def _go_on(self, snapshot: Snapshot, grid: Grid) -> None:
        """Count the next agents, each where it stands in this frame."""
        all_ = len(snapshot.agents)
        many = min(all_ - self._counted, max(A_FRAME, -(-all_ // FRAMES)))
        if len(self._pixels) < many:
            self._pixels = np.empty(many, np.int64)
        places = snapshot.rows(self._counted, self._counted + many)
        found = find_pixels(places, grid, self._pixels)
        counts = np.bincount(self._pixels[:found], minlength=grid.width * grid.height)
        self._counts = self._counts + counts if self._counted else counts
        self._counted += many


def visible(canvas: Canvas, ground: Bounds) -> Grid:
    """The pixels of the part of `ground` [m] that is in view, of no size if there is none.

    It reaches a pixel over the ground's right and upper edge, where agents stand, too.
    """
    camera, (left, top, width, height) = canvas.camera, canvas.view
    x, y = round(camera.x), round(camera.y)
    first = max(floor(ground.left * camera.scale), left - x)
    last = min(floor(ground.right * camera.scale), left + width - 1 - x)
    lowest = max(floor(ground.bottom * camera.scale), y - top - height)
    highest = min(floor(ground.top * camera.scale), y - 1 - top)
    size = max(last - first + 1, 0), max(highest - lowest + 1, 0)
    return Grid(camera.scale, first, lowest, *size)


def count(places: Floats, ground: Bounds, size: tuple[int, int]) -> Integers:
    """How many places (n, 2) [m] lie in each cell of a square ground of `size` (width, height)
    cells, (height, width)."""
    # A hair less than it is: those on the right and the upper edge are in the last cell.
    scale = size[0] / (ground.right - ground.left) * (1 - 1e-12)
    grid = Grid(scale, floor(ground.left * scale), floor(ground.bottom * scale), *size)
    cells = np.empty(len(places), np.int64)
    found = find_pixels(places, grid, cells)
    return np.bincount(cells[:found], minlength=size[0] * size[1]).reshape(size[::-1])


def find_pixels(places: Floats, grid: Grid, found: Integers) -> int:
    """Write the pixel of each place (n, 2+) [m] in the grid into `found`, numbered row by row
    from the upper left; returns how many there are. Others are left out, and those that are not
    finite."""
    scaled = np.empty((min(len(places), AT_ONCE), 2))
    whole = np.empty(scaled.shape, np.int32)
    lower = max(grid.left, grid.bottom)
    upper = min(grid.left + grid.width, grid.bottom + grid.height)
    count = 0
    for first in range(0, len(places), AT_ONCE):
        part = places[first : first + AT_ONCE, :2]
        pixels = np.multiply(part, grid.scale, out=scaled[: len(part)])
        if not (pixels.min() >= lower and pixels.max() < upper):  # false for nan, too
            pixels = pixels[inside(pixels, grid)]
        cells = whole[: len(pixels)]
        np.copyto(cells, np.floor(pixels, out=pixels), casting="unsafe")
        numbers = found[count : count + len(cells)]
        np.multiply(cells[:, 1], -grid.width, out=numbers)
        numbers += cells[:, 0]
        numbers += (grid.bottom + grid.height - 1) * grid.width - grid.left
        count += len(cells)
    return count


def inside(pixels: Floats, grid: Grid) -> NDArray[np.bool_]:
    """Which places (n, 2) [px] lie in the grid."""
    x, y = pixels[:, 0], pixels[:, 1]
    within: NDArray[np.bool_] = (x >= grid.left) & (x < grid.left + grid.width)
    within &= (y >= grid.bottom) & (y < grid.bottom + grid.height)
    return within


def picture(counts: NDArray[np.int64], theme: Theme) -> pygame.Surface:
    """The counts through the theme's scale, which is logarithmic; where nobody is, the floor."""
    scale = ramp(theme)
    most = max(int(counts.max()), 1)
    levels = np.arange(min(most, 1 << 16) + 1)
    share = np.log1p(levels) / np.log1p(most)
    steps = np.where(levels == 0, 0, 1 + (share * (STEPS - 2)).astype(int))
    if most >= len(levels):
        counts = np.minimum(counts, len(levels) - 1)
    shades = scale[steps][counts]
    height, width = counts.shape
    buffer: Any = shades  # as it lies in memory
    return pygame.image.frombuffer(buffer, (width, height), "RGBA").convert()


@lru_cache(maxsize=4)
def ramp(theme: Theme) -> NDArray[np.uint32]:
    """The floor's colour and the scale's, as pixels of red, green, blue and 255 in memory."""
    stops = np.array(theme.density, float)
    at = np.linspace(0, len(stops) - 1, STEPS - 1)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, part]) for part in range(3)]
    colours = np.vstack((theme["floor"], np.column_stack(mixed)))
    bytes_ = np.column_stack((colours.round(), np.full(STEPS, 255))).astype(np.uint8)
    return np.ascontiguousarray(bytes_).view(np.uint32).ravel()
