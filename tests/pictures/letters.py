"""Letters from a picture: the same on every machine, where fonts are set a little differently.

`letters.png` holds CHARACTERS in white, side by side; a dot in its first line marks where each
begins. It was made from pygame's own font.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from unittest import mock

import numpy as np
import pygame

from game.view import text
from game.view.theme import Colour

CHARACTERS = "".join(map(chr, range(32, 127))) + "…\xd7·\u2013Δ"
FILE = Path(__file__).with_name("letters.png")
DRAWN = 40  # [px] the size of the font that they were made from


class Letters:
    """Stands in for a pygame.font.Font of `size` [px]."""

    def __init__(self, size: int) -> None:
        self._scale = size / DRAWN

    def get_height(self) -> int:
        """How high a line is [px]."""
        return round(pictures()["?"].get_height() * self._scale)

    def size(self, words: str) -> tuple[int, int]:
        """How wide and high a line of text is [px]."""
        wide = sum(letter(character).get_width() for character in words)
        return round(wide * self._scale), self.get_height()

    def render(self, words: str, smooth: bool, colour: Colour) -> pygame.Surface:
        """A picture of a line of text."""
        letters = [letter(character) for character in words]
        line = pygame.Surface(
            (sum(one.get_width() for one in letters), letters[0].get_height()), pygame.SRCALPHA
        )
        x = 0
        for one in letters:
            line.blit(one, (x, 0))
            x += one.get_width()
        picture = pygame.transform.smoothscale(line, self.size(words))
        pygame.surfarray.pixels3d(picture)[:] = colour
        return picture


def letter(character: str) -> pygame.Surface:
    """The picture of a character, or of a question mark."""
    return pictures().get(character, pictures()["?"])


@cache
def pictures() -> dict[str, pygame.Surface]:
    """Each character's picture."""
    sheet = pygame.image.load(FILE)
    starts = np.flatnonzero(pygame.surfarray.array_alpha(sheet)[:, 0]).tolist()
    ends = [*starts[1:], sheet.get_width()]
    height = sheet.get_height() - 1
    return {
        character: sheet.subsurface((start, 1, end - start, height))
        for character, start, end in zip(CHARACTERS, starts, ends, strict=True)
    }


@contextmanager
def in_use() -> Iterator[None]:
    """Let all text be written with these letters meanwhile, and nothing from before or after."""
    forget()
    try:
        with mock.patch.object(text, "font", lru_cache(Letters)):
            yield
    finally:
        forget()


def forget() -> None:
    """Empty every cache of the game's functions: pictures of text may be in any of them."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "game":
            for cached in vars(module).values():
                if clear := getattr(cached, "cache_clear", None):
                    clear()


def make() -> None:
    """Make the picture of the letters from pygame's own font."""
    font = pygame.font.Font(None, DRAWN)
    drawn = [font.render(character, True, (255, 255, 255)) for character in CHARACTERS]
    width = sum(one.get_width() for one in drawn)
    sheet = pygame.Surface((width, font.get_height() + 1), pygame.SRCALPHA)
    x = 0
    for one in drawn:
        sheet.blit(one, (x, 1))
        sheet.set_at((x, 0), (255, 255, 255))
        x += one.get_width()
    pygame.image.save(sheet, FILE)
