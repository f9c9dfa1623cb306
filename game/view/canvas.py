"""The canvas: draws what scenes say in metres, fast for a few agents and for very many.

Scenes call it; it turns metres into pixels with its camera and paints the pixels. All the
speed there is in drawing lives here.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshot import Flags, Floats, Integers, Snapshot
from game.view import sprites, text
from game.view.camera import Bounds, Camera, fit
from game.view.theme import Colour, Theme

SMOOTH = 2  # a background is painted so many times larger and shrunk, for smooth edges
SMALLEST_SPRITE = 9  # [px] below it, agents are dots
MOST_SPRITES = 3000  # above it, too
NUMBERED_FROM = 20  # [px] sprites of this size carry their number
MARKED = 200  # agents of a kind that are marked at the most
FADED, FADES, MOST_FADED = 5.0, 5, 0.75  # [s] until it has faded, in steps, to this share
SIZES = [round(9 * 2 ** (step / 4)) for step in range(25)]  # [px] that sprites come in

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
        self._centre(picture, *self.camera.pixel(x, y))

    # Agents, many at once.

    def crowd(
        self,
        sprite: str,
        places: Floats,
        headings: Floats,
        snapshot: Snapshot,
        size: float,
        odd: Flags,
        first: int = 0,
    ) -> None:
        """Draw the agents of a snapshot at `places` (n, 2) [m], facing `headings` (n,) [rad].

        They are sprites of `size` [px] in their own colours, or dots when there is no room or
        are too many for that. Their numbers count from `first`. A silent one fades and carries
        the age of its last update; one that is lost is crossed out; an `odd` one is named.
        """
        pixels = self.camera.pixels(places[:, 0], places[:, 1])
        numbers = snapshot.agents
        self.drawn = pixels, numbers
        # In steps, so that a crowd that grows does not want new pictures for every newcomer.
        whole = max((step for step in SIZES if step <= size), default=round(size))
        silent, inside = snapshot.silent, self._inside(pixels)
        if whole < SMALLEST_SPRITE or len(numbers) > MOST_SPRITES:
            self._dots(pixels[inside], numbers[inside], max(2, min(whole, 5)))
        else:
            faded = np.where(silent, np.minimum(snapshot.age / FADED, 1.0), 0.0)
            self._sprites(sprite, pixels, headings, numbers, faded, whole, inside)
            if whole >= NUMBERED_FROM:
                self._names(pixels[inside], numbers[inside] + first, whole)
        self._marks(pixels, snapshot, silent, odd, max(whole, SMALLEST_SPRITE), first)

    def _sprites(
        self,
        sprite: str,
        pixels: Floats,
        headings: Floats,
        numbers: Integers,
        faded: Floats,
        size: int,
        inside: Flags,
    ) -> None:
        turns = np.round(headings * (sprites.TURNS / (2 * np.pi))).astype(int) % sprites.TURNS
        steps = np.ceil(faded * FADES).astype(int)
        pictures = []
        columns = (numbers[inside], turns[inside], steps[inside], pixels[inside])
        for n, turn, step, (x, y) in zip(*(column.tolist() for column in columns), strict=True):
            colour = self.theme.agent(n)
            if step:
                colour = mix(colour, self.theme["faded"], MOST_FADED * step / FADES)
            picture = sprites.turned(sprite, colour, size, turn)
            width, height = picture.get_size()
            pictures.append((picture, (x - width / 2, y - height / 2)))
        self.surface.blits(pictures, False)

    def _names(self, pixels: Floats, numbers: Integers, size: int) -> None:
        """Write its number on each agent."""
        height = round(size * 0.38)
        for number, (x, y) in zip(numbers.tolist(), pixels.tolist(), strict=True):
            self._centre(text.line(str(number), height, self.theme["shade"]), x, y)

    def _marks(
        self, pixels: Floats, snapshot: Snapshot, silent: Flags, odd: Flags, size: int, first: int
    ) -> None:
        """What sets an agent apart: lost, silent, odd, selected. At most MARKED of a kind."""
        alarm, ground = self.theme["alarm"], self.theme["shade"]
        for x, y in pixels[snapshot.failed][:MARKED].tolist():
            for ink, thick in ((ground, 5), (alarm, 2)):
                for side in (size / 2, -size / 2):
                    ends = (x - size / 2, y - side), (x + size / 2, y + side)
                    pygame.draw.line(self.surface, ink, *ends, thick)
        for index in np.flatnonzero(silent)[:MARKED].tolist():
            self._under(pixels[index], f"{snapshot.age[index]:.1f} s", "alarm", size)
        for index in np.flatnonzero(odd)[:MARKED].tolist():
            pygame.draw.circle(self.surface, alarm, pixels[index].tolist(), size * 0.7, 2)
            self._under(pixels[index], f"{snapshot.agents[index] + first}: odd", "alarm", size)
        for place in pixels[snapshot.agents == snapshot.selected].tolist():
            pygame.draw.circle(self.surface, self.theme["accent"], place, size * 0.8 + 2, 2)

    def _under(self, pixel: Floats, words: str, colour: str, size: int) -> None:
        x, y = pixel.tolist()
        picture = text.line(words, text.SMALL, self.theme[colour])
        self._centre(picture, x, y + size * 0.8 + 6 + picture.get_height() / 2)

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
        pixels = pixels[self._inside(pixels)]
        ink = np.uint32(self.surface.map_rgb(self.theme[colour]))
        self._squares(pixels, np.full(len(pixels), ink), size)

    def rings(self, places: Floats, colour: str, size: float) -> None:
        """Draw a ring around each place (n, 2) [m]."""
        for x, y in self.camera.pixels(places[:, 0], places[:, 1]).tolist():
            pygame.draw.circle(self.surface, self.theme[colour], (x, y), size * 0.7, 2)

    def _inside(self, pixels: Floats) -> Flags:
        """Which places (n, 2) [px] lie in the view; one that is not finite never does."""
        left, top, width, height = self.view
        x, y = pixels[:, 0], pixels[:, 1]
        inside: Flags = (x >= left) & (x < left + width) & (y >= top) & (y < top + height)
        return inside

    def _dots(self, pixels: Floats, numbers: Integers, size: int) -> None:
        """Paint each agent as a square of `size` [px]."""
        palette = _palette(self.theme, self.surface.get_masks())
        self._squares(pixels, palette[numbers % len(palette)], size)

    def _squares(self, pixels: Floats, colours: NDArray[np.uint32], size: int) -> None:
        """Paint squares of `size` [px], each in its colour, straight into the pixels."""
        target = pygame.surfarray.pixels2d(self.surface)
        columns, rows = pixels.astype(np.int64).T
        for dx in range(size):
            for dy in range(size):
                x = np.minimum(columns + dx, target.shape[0] - 1)
                y = np.minimum(rows + dy, target.shape[1] - 1)
                target[x, y] = colours

    def _centre(self, picture: pygame.Surface, x: float, y: float) -> None:
        width, height = picture.get_size()
        self.surface.blit(picture, (round(x - width / 2), round(y - height / 2)))


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the other one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


@lru_cache(maxsize=8)
def _palette(theme: Theme, masks: tuple[int, int, int, int]) -> NDArray[np.uint32]:
    """The colours of the first agents as pixels of a surface with these masks, (n,) uint32."""
    shifts = [(mask & -mask).bit_length() - 1 for mask in masks[:3]]
    pixels = []
    for number in range(68):
        parts = zip(theme.agent(number), shifts, strict=True)
        pixels.append(sum(part << shift for part, shift in parts))
    return np.array(pixels, np.uint32)


__all__ = ["Bounds", "Camera", "Canvas"]
