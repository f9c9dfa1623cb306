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
LARGEST = 5e6  # [px] of a view that is painted so; a larger one is fine enough as it is

Rect = tuple[int, int, int, int]


class Canvas:
    """A part of the window, with a camera on a scene's ground."""

    def __init__(
        self, surface: pygame.Surface, view: Rect, bounds: Bounds, theme: Theme, scale: float = 1.0
    ) -> None:
        """Fit `bounds` [m] into `view` (x, y, width, height) [px]; `scale` is in px/pt."""
        self.surface = surface
        self.view = view
        self.theme = theme
        self.scale = scale
        self.camera = fit(bounds, view)
        self.layers: frozenset[str] = frozenset()  # what the person wants to see besides
        self.drawn: tuple[Floats, Integers] = (np.zeros((0, 2)), np.zeros(0, np.int64))
        self.kept: dict[object, pygame.Surface] = {}  # pictures that a drawing wants again
        self._smooth = 1  # how many of this canvas's pixels make one of the window's
        self._moving = False
        self._background: tuple[object, pygame.Surface] | None = None

    @property
    def point(self) -> float:
        """The size of a point on the ground [m]."""
        return self._smooth * self.scale / self.camera.scale

    def look(self, camera: Camera) -> None:
        """Show from now on what `camera` shows; call it once for every picture."""
        self._moving = camera != self.camera
        self.camera = camera

    def background(self, paint: Callable[["Canvas"], None]) -> None:
        """Show what `paint` draws. Its picture is kept until the camera moves; while it moves,
        edges are less smooth."""
        wanted = (paint, self.camera)
        if self._moving and (self._background is None or self._background[0] != wanted):
            self.surface.fill(self.theme["background"], self.view)
            paint(self)
            return
        if self._background is None or self._background[0] != wanted:
            self._background = wanted, self._paint(paint)
        self.surface.blit(self._background[1], self.view[:2])

    def _paint(self, paint: Callable[["Canvas"], None]) -> pygame.Surface:
        left, top, width, height = self.view
        smooth = SMOOTH if width * height <= LARGEST else 1
        large = pygame.Surface((width * smooth, height * smooth))
        large.fill(self.theme["background"])
        inner = Canvas(large, (0, 0, *large.get_size()), Bounds(0, 0, 1, 1), self.theme, self.scale)
        inner.camera = self.camera.moved(-left, -top).enlarged(smooth)
        inner._smooth = smooth
        paint(inner)
        return large if smooth == 1 else pygame.transform.smoothscale(large, (width, height))

    # What scenes paint their grounds with. Coordinates in metres, widths in points.

    def fill(self, colour: str) -> None:
        """Fill the whole view."""
        self.surface.fill(self.theme[colour], self.view)

    def box(self, bounds: Bounds, colour: str) -> None:
        """Fill a rectangle [m]."""
        left, top = self.camera.pixel(bounds.left, bounds.top)
        right, bottom = self.camera.pixel(bounds.right, bounds.bottom)
        area = pygame.Rect(round(left), round(top), 0, 0)
        area.size = round(right) - area.left, round(bottom) - area.top
        self.surface.fill(self.theme[colour], area.clip(self.view))

    def line(self, points: Floats, colour: str, width: float = 1.0, closed: bool = False) -> None:
        """Draw a line through points (n, 2) [m], `width` [pt] wide."""
        ends = np.concatenate((points, points[:1])) if closed else points
        pixels = self.camera.pixels(ends[:, 0], ends[:, 1])
        thick, ink = max(1, round(width * self.scale * self._smooth)), self.theme[colour]
        for first, last in runs(self._seen(pixels[:-1], pixels[1:])):
            part = pixels[first : last + 2].tolist()
            if thick == 1:
                pygame.draw.aalines(self.surface, ink, False, part)
                continue
            pygame.draw.lines(self.surface, ink, False, part, thick)
            if thick > 2:  # pygame leaves wedges open between thick lines
                for pixel in part:
                    pygame.draw.circle(self.surface, ink, pixel, thick / 2)

    def strip(self, one: Floats, other: Floats, colours: Sequence[str]) -> None:
        """Fill the strip between two lines, (n, 2) [m] each: n - 1 pieces, coloured in turn."""
        a, b = (self.camera.pixels(side[:, 0], side[:, 1]) for side in (one, other))
        corners = np.stack((a[:-1], a[1:], b[1:], b[:-1]), axis=1)
        seen = self._seen(corners.min(axis=1), corners.max(axis=1))
        for i in np.flatnonzero(seen).tolist():
            colour = self.theme[colours[i % len(colours)]]
            pygame.draw.polygon(self.surface, colour, corners[i].tolist())

    def label(self, x: float, y: float, words: str, colour: str, size: int = text.SMALL) -> None:
        """Write a line of text, its middle at x, y [m], `size` [pt] high."""
        px, py = self.camera.pixel(x, y)
        left, top, width, height = self.view
        if left - width < px < left + 2 * width and top - height < py < top + 2 * height:
            high = round(size * self.scale * self._smooth)
            self.centre(text.line(words, high, self.theme[colour]), px, py)

    def _seen(self, one: Floats, other: Floats) -> Flags:
        """Which of the boxes between two corners each, (n, 2) [px], reach into the view."""
        left, top, width, height = self.view
        low, high = np.minimum(one, other), np.maximum(one, other)
        before = np.all(low < (left + width, top + height), axis=1)
        seen: Flags = before & np.all(high >= (left, top), axis=1)
        return seen

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
        """Paint a square of `size` [pt] at each place (n, 2) [m], all in one colour."""
        pixels = self.camera.pixels(places[:, 0], places[:, 1])
        pixels = pixels[self.inside(pixels)]
        ink = np.uint32(self.surface.map_rgb(self.theme[colour]))
        self.squares(pixels, np.full(len(pixels), ink), max(1, round(size * self.scale)))

    def rings(self, places: Floats, colour: str, size: float) -> None:
        """Draw a ring around each place (n, 2) [m], of something `size` [pt] large."""
        radius, thick = size * self.scale * 0.7, max(1, round(2 * self.scale))
        for x, y in self.camera.pixels(places[:, 0], places[:, 1]).tolist():
            pygame.draw.circle(self.surface, self.theme[colour], (x, y), radius, thick)

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


def runs(flags: Flags) -> list[tuple[int, int]]:
    """The first and the last index of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(int)))
    return [(first, last - 1) for first, last in edges.reshape(-1, 2).tolist()]
