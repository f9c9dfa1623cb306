"""The canvas: draws what scenes say in metres, fast for a few agents and for very many.

Scenes call it; it turns metres into pixels with its camera and paints the pixels. All the
speed there is in drawing lives here.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Flags, Floats, Integers
from game.view import text
from game.view.camera import Bounds, Camera, fit
from game.view.colouring import Colouring
from game.view.pixel_colours import PixelColours, palette
from game.view.theme import Colour, Theme
from game.view.thin_line import thin_line

SMOOTH = 2  # a background is painted so many times larger and shrunk, for smooth edges
LARGEST = 5e6  # [px] of a view that is painted so; a larger one is fine enough as it is
REST = 0.15  # [s] without a move, after which the camera counts as at rest

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
        self.camera = self.whole = fit(bounds, view)  # what it shows, and all of the ground
        self.layers: frozenset[str] = frozenset()  # what the person wants to see besides,
        self.colouring = Colouring()  # what the colours of agents stand for,
        self.selected = -1  # which agent is selected (-1: none),
        self.pointed = range(0)  # and which ones the mouse is on
        self.drawn: tuple[Floats, Integers] = (np.zeros((0, 2)), np.zeros(0, np.int64))
        self.left_out: list[str] = []  # what had no room in this picture, for the person to know
        self.written: list[pygame.Rect] = []  # [px] where the ground of this picture has words
        self._smooth = 1  # how many of this canvas's pixels make one of the window's
        self._moved = -REST  # [s] when the camera did so last
        self._now = 0.0  # [s]
        self._words: list[tuple[pygame.Surface, float, float]] | None = None  # to write at the end
        self._background: tuple[object, pygame.Surface, list[pygame.Rect]] | None = None

    @property
    def point(self) -> float:
        """The size of a point on the ground [m]."""
        return self._smooth * self.scale / self.camera.scale

    @property
    def pitch(self) -> int:
        """How far it is from a pixel to the one below it [px], as they lie in memory."""
        return self.surface.get_pitch() // 4

    @property
    def sight(self) -> Bounds:
        """The part of the ground that the view shows [m]."""
        left, top, width, height = self.view
        upper = self.camera.ground(left, top)
        lower = self.camera.ground(left + width, top + height)
        return Bounds(upper[0], lower[1], lower[0], upper[1])

    def look(self, camera: Camera, now: float) -> None:
        """Show from now on [s] what `camera` shows; call it once for every picture."""
        if camera != self.camera:
            self._moved = now
        self.camera, self._now = camera, now
        self.left_out, self.written = [], []

    def background(self, paint: Callable[["Canvas"], None], slanted: bool = True) -> None:
        """Show what `paint` draws. Its picture is kept until the camera moves.

        A ground with `slanted` lines gets smooth edges as soon as the camera rests; one without
        looks the same either way.
        """
        smooth = SMOOTH if slanted and self._now - self._moved >= REST else 1
        smooth = smooth if self.view[2] * self.view[3] <= LARGEST else 1
        wanted = (paint, self.camera, smooth)
        if self._background is None or self._background[0] != wanted:
            self._background = wanted, *self._paint(paint, smooth)
        _, picture, words = self._background
        self.surface.blit(picture, self.view[:2])
        self.written.extend(words)

    def _paint(
        self, paint: Callable[["Canvas"], None], smooth: int
    ) -> tuple[pygame.Surface, list[pygame.Rect]]:
        """The picture of a background, and where it has words [px] on this canvas."""
        left, top, width, height = self.view
        large = pygame.Surface((width * smooth, height * smooth), 0, self.surface)
        large.fill(self.theme["background"])
        inner = Canvas(large, (0, 0, *large.get_size()), Bounds(0, 0, 1, 1), self.theme, self.scale)
        inner.camera = self.camera.moved(-left, -top).enlarged(smooth)
        inner._smooth, inner._words = smooth, []
        paint(inner)
        if smooth > 1:
            large = pygame.transform.smoothscale(large, (width, height))
        written = []
        for words, x, y in inner._words:  # as they are: shrunk letters are hard to read
            size = words.get_size()
            place = round(x / smooth - size[0] / 2), round(y / smooth - size[1] / 2)
            written.append(large.blit(words, place).move(left, top))
        return large, written

    # What scenes paint their grounds with. Coordinates in metres, widths in points.

    def fill(self, colour: str) -> None:
        """Fill the whole view."""
        self.surface.fill(self.theme[colour], self.view)

    def box(self, bounds: Bounds, colour: str | Colour) -> None:
        """Fill a rectangle [m] in a colour of the theme, or in one of an agent's."""
        ink = self.theme[colour] if isinstance(colour, str) else colour
        self.surface.fill(ink, self._area(bounds).clip(self.view))

    def _area(self, bounds: Bounds) -> pygame.Rect:
        """A rectangle [m] in pixels, its edges on those of the window's."""
        corners = (bounds.left, bounds.top), (bounds.right, bounds.bottom)
        ends = [value / self._smooth for corner in corners for value in self.camera.pixel(*corner)]
        left, top, right, bottom = (round(value) * self._smooth for value in ends)
        return pygame.Rect(left, top, right - left, bottom - top)

    @contextmanager
    def within(self, bounds: Bounds) -> Iterator[None]:
        """Draw nothing outside of a rectangle [m] meanwhile."""
        clip = self.surface.get_clip()
        self.surface.set_clip(self._area(bounds).clip(clip))
        try:
            yield
        finally:
            self.surface.set_clip(clip)

    def line(self, points: Floats, colour: str, width: float = 1.0, closed: bool = False) -> None:
        """Draw a line through points (n, 2) [m], `width` [pt] wide."""
        ends = np.concatenate((points, points[:1])) if closed else points
        pixels = self.camera.pixels(ends[:, 0], ends[:, 1])
        thick, ink = max(1, round(width * self.scale * self._smooth)), self.theme[colour]
        for first, last in runs(self.seen(pixels[:-1], pixels[1:])):
            part = pixels[first : last + 2].tolist()
            if thick > 2:
                pygame.draw.lines(self.surface, ink, False, part, thick - 1)
            # Thick lines of pygame have steps, so several thin ones lie side by side.
            for beside in alongside(pixels[first : last + 2], thick):
                thin_line(self.surface, ink, beside.tolist())

    def rules(self, places: Floats, colour: str, bounds: Bounds, upright: bool) -> None:
        """Draw straight lines across `bounds` [m], sharp: at each x [m] if `upright`, else y."""
        ink, thick = self.theme[colour], max(1, round(self.scale)) * self._smooth
        box = self._area(bounds)
        ends = self.camera.pixel(places, places)[0 if upright else 1]
        for pixel in (np.rint(ends / self._smooth) * self._smooth).astype(int).tolist():
            area = (pixel, box.y, thick, box.h) if upright else (box.x, pixel, box.w, thick)
            self.surface.fill(ink, pygame.Rect(area).clip(self.view))

    def strip(self, one: Floats, other: Floats, colours: Sequence[str]) -> None:
        """Fill the strip between two lines, (n, 2) [m] each: n - 1 pieces, coloured in turn."""
        a, b = (self.camera.pixels(side[:, 0], side[:, 1]) for side in (one, other))
        corners = np.stack((a[:-1], a[1:], b[1:], b[:-1]), axis=1)
        seen = self.seen(corners.min(axis=1), corners.max(axis=1))
        for i in np.flatnonzero(seen).tolist():
            colour = self.theme[colours[i % len(colours)]]
            pygame.draw.polygon(self.surface, colour, corners[i].tolist())

    def label(
        self, x: float, y: float, words: str, colour: str, size: int = text.SMALL, on: str = ""
    ) -> None:
        """Write a line of text, its middle at x, y [m], `size` [pt] high; `on` is the colour of
        a ground of its own, where it has one."""
        px, py = self.camera.pixel(x, y)
        left, top, width, height = self.view
        if left - width < px < left + 2 * width and top - height < py < top + 2 * height:
            picture = text.line(words, round(size * self.scale), self.theme[colour])
            if on:
                ground = pygame.Surface(picture.get_size(), 0, self.surface)
                ground.fill(self.theme[on])
                ground.blit(picture, (0, 0))
                picture = ground
            if self._words is None:
                self.written.append(self.centre(picture, px, py))
            else:
                self._words.append((picture, px, py))

    def seen(self, one: Floats, other: Floats) -> Flags:
        """Which of the boxes between two corners each, (n, 2) [px], reach into the view."""
        left, top, width, height = self.view
        low, high = np.minimum(one, other), np.maximum(one, other)
        before = np.all(low < (left + width, top + height), axis=1)
        seen: Flags = before & np.all(high >= (left, top), axis=1)
        return seen

    # Agents, many at once; what they look like is for game.view.agents.

    def at(self, x: float, y: float, reach: float = 24.0) -> int:
        """The agent drawn nearest to a pixel, at most `reach` [px] away; -1 if there is none."""
        pixels, numbers = self.drawn
        if not len(numbers):
            return -1
        far = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
        nearest = int(np.nanargmin(far)) if np.isfinite(far).any() else 0
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
        return self.holds(pixels[:, 0], pixels[:, 1])

    def holds(self, x: NDArray[Any], y: NDArray[Any]) -> Flags:
        """Which places x, y (n,) [px] lie in the view; one that is not finite never does."""
        left, top, width, height = self.view
        inside: Flags = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
        return inside

    def pixel_colours(self, slots: Integers) -> PixelColours:
        """The colours of the slots' processes as they stand in the surface's pixels, (n,)."""
        colours = palette(self.theme, self.surface.get_masks())
        return colours[slots % self.theme.different]

    def tints(self, agents: Integers, per_process: int) -> Integers:
        """The numbers of the colours of some agents, (n,), by the colouring that is chosen."""
        return self.colouring.of(agents, per_process, self.theme.different)

    def tinted(self, tints: Integers) -> PixelColours:
        """Colours by their numbers as they stand in the surface's pixels, (n,)."""
        return palette(self.theme, self.surface.get_masks())[tints]

    def squares(self, pixels: Floats, colours: PixelColours, size: int) -> None:
        """Paint squares of `size` [px], each in its colour, straight into the pixels."""
        buffer: Any = self.surface.get_buffer()
        target: PixelColours = np.frombuffer(buffer, np.uint32)
        row, (left, top, width, height) = self.pitch, self.view
        size = min(size, width, height)
        x = np.minimum(pixels[:, 0].astype(np.int32), left + width - size)
        y = np.minimum(pixels[:, 1].astype(np.int32), top + height - size)
        # One number for each square's first pixel; the others lie at a fixed way from it.
        first = y.astype(np.int64) * row + x
        for down in range(size):
            for right in range(size):
                target[first + (down * row + right)] = colours

    def centre(self, picture: pygame.Surface, x: float, y: float) -> pygame.Rect:
        """Lay a picture over the surface, its middle at x, y; returns where it is [px]."""
        width, height = picture.get_size()
        return self.surface.blit(picture, (round(x - width / 2), round(y - height / 2)))


def alongside(pixels: Floats, thick: int) -> list[Floats]:
    """Lines beside each other, a pixel apart, that make one of `thick` [px] through places
    (n, 2) [px]."""
    way = np.gradient(pixels, axis=0)
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
    aside = np.column_stack((-way[:, 1], way[:, 0])) / length[:, None]
    return [pixels + aside * (number - (thick - 1) / 2) for number in range(thick)]


def runs(flags: Flags) -> list[tuple[int, int]]:
    """The first and the last index of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], flags, [False])).astype(int)))
    return [(first, last - 1) for first, last in edges.reshape(-1, 2).tolist()]
