"""The plot: a part of the ground that can be looked at from nearer, and axes along it.

Everything here is in pixels. At first a view's picture fills its area; the wheel and the mouse
move the canvas's camera, and the picture goes with it, cut off at the area's edges.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Floats
from game.scenes.watch.ticks import ticks
from game.view import text
from game.view.canvas import Canvas
from game.view.pixel_colours import PixelColours

LINE = 17  # [pt] from line to line of small text
LEFT, BELOW, RIGHT = 52, 20, 24  # [pt] that the numbers of axes take
ACROSS, UP = 90, 30  # [pt] from one number of an axis to the next, at least


class Lens(NamedTuple):
    """How the picture is enlarged: a place p of the whole is seen at `shift + p * nearness`."""

    nearness: float
    x: float  # [px] shift
    y: float

    def place(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Where a place of the whole picture is seen [px]."""
        return self.x + x * self.nearness, self.y + y * self.nearness

    def back(self, x: Any, y: Any) -> tuple[Any, Any]:
        """What place of the whole picture is seen there [px]."""
        return (x - self.x) / self.nearness, (y - self.y) / self.nearness


def lens(canvas: Canvas) -> Lens:
    """The lens of a canvas: from all of its ground to what its camera shows of it."""
    whole, now = canvas.whole, canvas.camera
    nearness = now.scale / whole.scale
    return Lens(nearness, now.x - whole.x * nearness, now.y - whole.y * nearness)


class Axes(NamedTuple):
    """Where numbers are seen: from x0 to x1 across an area, from y0 up to y1."""

    area: pygame.Rect  # [px]
    lens: Lens
    x0: float
    x1: float
    y0: float
    y1: float

    def pixels(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The place [px] of numbers."""
        area = self.area
        across = area.left + (x - self.x0) * (area.width / (self.x1 - self.x0))
        return self.lens.place(
            across, area.bottom - (y - self.y0) * (area.height / (self.y1 - self.y0))
        )

    def numbers(self, x: Any, y: Any) -> tuple[Any, Any]:
        """The numbers at a place [px]."""
        area = self.area
        x, y = self.lens.back(x, y)
        return (
            self.x0 + (x - area.left) * ((self.x1 - self.x0) / area.width),
            self.y0 + (area.bottom - y) * ((self.y1 - self.y0) / area.height),
        )

    def draw(self, canvas: Canvas, across: str = "", up: str = "", least_step: float = 0.0) -> None:
        """Draw lines at round numbers, which stand at the area's left and lower edges.

        `across` and `up` are what the numbers are, at the ends of the axes; those across are no
        nearer to each other than `least_step`.
        """
        area, scale, grid = self.area, canvas.scale, canvas.theme["grid_ten"]
        (left, low), (right, high) = self.numbers(*area.bottomleft), self.numbers(*area.topright)
        thick = thin(canvas)
        most = max(1, int(area.width / (ACROSS * scale)))
        if least_step:
            most = max(1, min(most, int((right - left) / least_step)))
        values, words = ticks(left, right, most, large=1e9)
        for x, label in zip(self.pixels(np.array(values), self.y0)[0], words, strict=True):
            canvas.surface.fill(grid, pygame.Rect(round(x), area.y, thick, area.height).clip(area))
            write(canvas, label, x, area.bottom + 3 * scale, "dim", across=0.5, down=0.0)
        values, words = ticks(low, high, max(1, int(area.height / (UP * scale))))
        for y, label in zip(self.pixels(self.x0, np.array(values))[1], words, strict=True):
            row = pygame.Rect(area.x, round(y) - (y >= area.bottom - 1), area.width, thick)
            canvas.surface.fill(grid, row.clip(area))
            write(canvas, label, area.x - 5 * scale, y, "dim", across=1.0, down=0.5)
        if up:
            write(canvas, up, area.x + 5 * scale, area.y + 2 * scale, "dim")
        if across and area.width >= 320 * scale:
            write(
                *(canvas, across, area.right - 4 * scale, area.bottom - 3 * scale, "dim"),
                across=1.0,
                down=1.0,
            )


def framed(canvas: Canvas, area: pygame.Rect) -> pygame.Rect:
    """What is left of an area [px] for a plot with numbers at its left and below it."""
    left, below, scale = LEFT, BELOW, canvas.scale
    if area.width < 320 * scale:
        left = 40
    made = pygame.Rect(area)
    made.x += round(left * scale)
    made.width -= round((left + RIGHT) * scale)
    made.y += round(8 * scale)
    made.height -= round((below + 8) * scale)
    made.size = max(made.width, 8), max(made.height, 8)
    return made


@contextmanager
def inside(canvas: Canvas, area: pygame.Rect) -> Iterator[None]:
    """Let nothing be drawn outside an area [px] meanwhile."""
    before = canvas.surface.get_clip()
    canvas.surface.set_clip(area.clip(before))
    try:
        yield
    finally:
        canvas.surface.set_clip(before)


def write(
    canvas: Canvas,
    words: str,
    x: float,
    y: float,
    ink: str,
    across: float = 0.0,
    down: float = 0.0,
    size: int = text.SMALL,
) -> float:
    """Write words at a place [px], `size` [pt] high; returns how wide they are [px].

    `across` and `down` are which part of them stands there: 0 left and top, 1 right and bottom.
    """
    picture = text.line(words, round(size * canvas.scale), canvas.theme[ink])
    width, height = picture.get_size()
    canvas.surface.blit(picture, (round(x - width * across), round(y - height * down)))
    return width


def cut(canvas: Canvas, words: str, room: float, size: int = text.SMALL) -> str:
    """The words, shortened to fit into `room` [px]."""
    return text.cut(words, round(size * canvas.scale), max(0, int(room)))


def thin(canvas: Canvas) -> int:
    """How thick a thin line is [px]."""
    return max(1, round(canvas.scale))


def paint(canvas: Canvas, area: pygame.Rect, colours: PixelColours) -> None:
    """Put pixels (height, width) at the place of an area of that size [px]."""
    surface = canvas.surface
    buffer: Any = surface.get_buffer()
    rows: NDArray[np.uint32] = np.frombuffer(buffer, np.uint32).reshape(-1, canvas.pitch)
    shown = area.clip(surface.get_clip())
    left, top = shown.x - area.x, shown.y - area.y
    rows[shown.top : shown.bottom, shown.left : shown.right] = colours[
        top : top + shown.height, left : left + shown.width
    ]


def indices(start: float, pitch: float, first: int, end: int) -> tuple[NDArray[np.int64], Floats]:
    """In which cell each pixel from `first` to `end` lies, and how far into it [px], where cells
    of `pitch` [px] begin at `start`."""
    away = np.arange(first, end) + 0.5 - start
    cells = np.floor(away / pitch)
    return cells.astype(np.int64), away - cells * pitch
