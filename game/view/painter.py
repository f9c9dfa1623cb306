"""The painter: text, areas and lines on a surface, in named colours and in points.

A point [pt] is one pixel on an ordinary display and `scale` pixels on a dense one. As the
camera is the only place where metres become pixels, this is the only one where points do.
Everything around the scene is drawn with it: header, panels, cards, bars.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from math import ceil

import pygame

from game.view import text
from game.view.text import SMALL
from game.view.theme import Colour, Theme
from game.view.thin_line import thin_line

Ink = str | Colour  # a colour's name in the theme, or an agent's own colour
Area = pygame.Rect  # x, y, width, height [pt]


class Painter:
    """Draws on one surface in the colours of one theme."""

    def __init__(self, surface: pygame.Surface, theme: Theme, scale: float = 1.0) -> None:
        self.surface = surface
        self.theme = theme
        self.scale = scale  # [px/pt]

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the surface [pt]."""
        width, height = self.surface.get_size()
        return ceil(width / self.scale), ceil(height / self.scale)

    def pixels(self, area: Area) -> pygame.Rect:
        """An area in pixels; areas that touch in points touch in pixels."""
        left, top = round(area.left * self.scale), round(area.top * self.scale)
        right, bottom = round(area.right * self.scale), round(area.bottom * self.scale)
        # A thin line is a pixel at least, however small a point is.
        width, height = max(right - left, area.width > 0), max(bottom - top, area.height > 0)
        return pygame.Rect(left, top, width, height)

    def colour(self, ink: Ink) -> Colour:
        """The colour that an ink stands for."""
        return self.theme[ink] if isinstance(ink, str) else ink

    def fill(self, ink: Ink, area: Area, round_by: int = 0) -> None:
        """Fill an area, its corners rounded by `round_by` [pt]."""
        if not round_by:  # four times as fast as draw.rect
            self.surface.fill(self.colour(ink), self.pixels(area))
            return
        radius = round(round_by * self.scale)
        pygame.draw.rect(self.surface, self.colour(ink), self.pixels(area), 0, radius)

    def frame(self, ink: Ink, area: Area, round_by: int = 0, width: int = 1) -> None:
        """Draw an area's outline, `width` [pt] wide."""
        thick, radius = max(1, round(width * self.scale)), round(round_by * self.scale)
        pygame.draw.rect(self.surface, self.colour(ink), self.pixels(area), thick, radius or -1)

    def lines(self, ink: Ink, places: Sequence[tuple[float, float]], width: float = 1.0) -> None:
        """Draw a line through two places [pt] or more."""
        thick = max(1, round(width * self.scale))
        ends = [(x * self.scale, y * self.scale) for x, y in places]
        if thick == 1:
            thin_line(self.surface, self.colour(ink), ends)
        else:
            pygame.draw.lines(self.surface, self.colour(ink), False, ends, thick)

    def write(
        self,
        words: str,
        x: float,
        y: float,
        ink: Ink = "text",
        size: int = SMALL,
        across: float = 0.0,
        down: float = 0.0,
    ) -> float:
        """Write a line of text at a place [pt]; returns how wide it is [pt].

        `across` is which part of the text stands at x: 0 its left end, 0.5 its middle, 1 its
        right end; `down` likewise: 0 its top, 1 its bottom.
        """
        picture = text.line(words, self._pixels(size), self.colour(ink))
        width, height = picture.get_size()
        left, top = x * self.scale - width * across, y * self.scale - height * down
        self.surface.blit(picture, (round(left), round(top)))
        return width / self.scale

    def width(self, words: str, size: int = SMALL) -> float:
        """How wide a line of text is [pt]."""
        return text.width(words, self._pixels(size)) / self.scale

    def cut(self, words: str, room: float, size: int = SMALL) -> str:
        """The text, shortened with an ellipsis to fit into `room` [pt]."""
        return text.cut(words, self._pixels(size), int(room * self.scale))

    def wrap(self, words: str, room: float, size: int = SMALL) -> list[str]:
        """The text in lines that fit into `room` [pt], broken between words."""
        return text.wrap(words, self._pixels(size), int(room * self.scale))

    @contextmanager
    def inside(self, area: Area) -> Iterator[None]:
        """Let nothing be drawn outside an area meanwhile."""
        before = self.surface.get_clip()
        self.surface.set_clip(self.pixels(area))
        try:
            yield
        finally:
            self.surface.set_clip(before)

    def _pixels(self, size: int) -> int:
        return max(1, round(size * self.scale))
