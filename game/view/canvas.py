"""The canvas: draws what scenes say in metres, fast for a few agents and for very many.

Scenes call it; it turns metres into pixels with its camera and paints the pixels. All the
speed there is in drawing lives here.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshot import Flags, Floats, Integers
from game.view import text
from game.view.camera import Bounds, Camera, fit
from game.view.theme import Theme

SMOOTH = 2  # a background is painted so many times larger and shrunk, for smooth edges

Rect = tuple[int, int, int, int]


class Canvas:
    """A part of the window, with a camera on a scene's ground."""

    def __init__(
        self, surface: pygame.Surface, view: Rect, bounds: Bounds, theme: Theme, smooth: int = 1
    ) -> None:
        """Fit `bounds` [m] into `view` (x, y, width, height) [px] of the surface."""
        self.surface = surface
        self.view = view
        self.theme = theme
        self.bounds = bounds
        self.camera = fit(bounds, view)
        self.smooth = smooth  # how many of this canvas's pixels make one of the window's
        self.drawn: tuple[Floats, Integers] = (np.zeros((0, 2)), np.zeros(0, np.int64))
        self.kept: dict[object, pygame.Surface] = {}  # pictures that a drawing wants again
        self._backgrounds: dict[object, pygame.Surface] = {}

    @property
    def pixel(self) -> float:
        """The size of a pixel of the window on the ground [m]."""
        return self.smooth / self.camera.scale

    def background(self, paint: Callable[["Canvas"], None]) -> None:
        """Show what `paint` draws; it is called once and its picture kept."""
        if paint not in self._backgrounds:
            self._backgrounds[paint] = self._paint(paint)
        self.surface.blit(self._backgrounds[paint], self.view[:2])

    def _paint(self, paint: Callable[["Canvas"], None]) -> pygame.Surface:
        width, height = self.view[2:]
        large = pygame.Surface((width * SMOOTH, height * SMOOTH))
        large.fill(self.theme["background"])
        inner = Canvas(large, (0, 0, width, height), self.bounds, self.theme, SMOOTH)
        inner.camera = inner.camera.enlarged(SMOOTH)
        paint(inner)
        return pygame.transform.smoothscale(large, (width, height))

    # What scenes paint their grounds with. Coordinates in metres, widths in window pixels.

    def fill(self, colour: str) -> None:
        """Fill the whole view."""
        self.surface.fill(self.theme[colour], None if self.smooth > 1 else self.view)

    def box(self, bounds: Bounds, colour: str) -> None:
        """Fill a rectangle [m]."""
        left, top = self.camera.pixel(bounds.left, bounds.top)
        right, bottom = self.camera.pixel(bounds.right, bounds.bottom)
        area = (round(left), round(top), round(right) - round(left), round(bottom) - round(top))
        self.surface.fill(self.theme[colour], area)

    def line(self, points: Floats, colour: str, width: float = 1.0, closed: bool = False) -> None:
        """Draw a line through points (n, 2) [m], `width` [px] wide."""
        pixels = self.camera.pixels(points[:, 0], points[:, 1]).tolist()
        thick = max(1, round(width * self.smooth))
        pygame.draw.lines(self.surface, self.theme[colour], closed, pixels, thick)
        if thick > 2:  # pygame leaves wedges open between thick lines
            for pixel in pixels:
                pygame.draw.circle(self.surface, self.theme[colour], pixel, thick / 2)

    def strip(self, one: Floats, other: Floats, colours: Sequence[str]) -> None:
        """Fill the strip between two lines, (n, 2) [m] each: n - 1 pieces, coloured in turn."""
        a = self.camera.pixels(one[:, 0], one[:, 1]).tolist()
        b = self.camera.pixels(other[:, 0], other[:, 1]).tolist()
        for i in range(len(a) - 1):
            colour = self.theme[colours[i % len(colours)]]
            pygame.draw.polygon(self.surface, colour, (a[i], a[i + 1], b[i + 1], b[i]))

    def label(self, x: float, y: float, words: str, colour: str, size: int = text.SMALL) -> None:
        """Write a line of text, its middle at x, y [m]."""
        picture = text.line(words, size * self.smooth, self.theme[colour])
        self.centre(picture, *self.camera.pixel(x, y))

    # Agents, many at once; what they look like is game.view.crowd's.

    def at(self, x: float, y: float, reach: float = 24.0) -> int:
        """The agent drawn nearest to a pixel, at most `reach` [px] away; -1 if there is none."""
        pixels, numbers = self.drawn
        if not len(numbers):
            return -1
        far = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
        nearest = int(np.argmin(far))
        return int(numbers[nearest]) if far[nearest] <= reach else -1

    def points(self, places: Floats, colour: str, size: int) -> None:
        """Paint a square of `size` [px] at each place (n, 2) [m], all in one colour."""
        pixels = self.camera.pixels(places[:, 0], places[:, 1])
        pixels = pixels[self.inside(pixels)]
        ink = np.uint32(self.surface.map_rgb(self.theme[colour]))
        self.squares(pixels, np.full(len(pixels), ink), size)

    def rings(self, places: Floats, colour: str, size: float) -> None:
        """Draw a ring around each place (n, 2) [m]."""
        for x, y in self.camera.pixels(places[:, 0], places[:, 1]).tolist():
            pygame.draw.circle(self.surface, self.theme[colour], (x, y), size * 0.7, 2)

    def inside(self, pixels: Floats) -> Flags:
        """Which places (n, 2) [px] lie in the view; one that is not finite never does."""
        left, top, width, height = self.view
        x, y = pixels[:, 0], pixels[:, 1]
        inside: Flags = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
        return inside

    def squares(self, pixels: Floats, colours: NDArray[np.uint32], size: int) -> None:
        """Paint squares of `size` [px], each in its colour, straight into the pixels."""
        target = pygame.surfarray.pixels2d(self.surface)
        columns, rows = pixels.astype(np.int64).T
        for dx in range(size):
            for dy in range(size):
                x = np.minimum(columns + dx, target.shape[0] - 1)
                y = np.minimum(rows + dy, target.shape[1] - 1)
                target[x, y] = colours

    def centre(self, picture: pygame.Surface, x: float, y: float) -> None:
        width, height = picture.get_size()
        self.surface.blit(picture, (round(x - width / 2), round(y - height / 2)))


__all__ = ["Bounds", "Camera", "Canvas"]
