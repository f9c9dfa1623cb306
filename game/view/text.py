"""Text on the screen: pictures of lines, made once and kept while they are in use."""

from functools import lru_cache

import pygame

from game.view.theme import Colour

SMALL, NORMAL, LARGE = 13, 16, 22  # [px]
LONGEST = 400  # characters of a line that can matter on a screen


@lru_cache(maxsize=16)
def font(size: int) -> pygame.font.Font:
    """pygame's own font, so that a picture looks the same on every machine."""
    return pygame.font.Font(None, round(size * 1.3))


@lru_cache(maxsize=4096)
def line(text: str, size: int, colour: Colour) -> pygame.Surface:
    """A picture of one line of text, of any characters at all."""
    shown = printable(text)
    if not font(size).size(shown)[0]:
        return pygame.Surface((1, font(size).get_height()), pygame.SRCALPHA, 32)
    return font(size).render(shown, True, colour)


def printable(text: str) -> str:
    """The text, at most LONGEST characters of it, with a mark for what a font cannot draw."""
    shown = text[:LONGEST]
    return shown if shown.isprintable() else "".join(c if c.isprintable() else "?" for c in shown)


@lru_cache(maxsize=4096)
def width(text: str, size: int) -> int:
    """How wide a line is [px]."""
    return font(size).size(printable(text))[0]


@lru_cache(maxsize=1024)
def cut(text: str, size: int, room: int) -> str:
    """The text, shortened with an ellipsis to fit into `room` [px]."""
    if len(text) <= LONGEST and width(text, size) <= room:
        return text
    low, high = 0, min(len(text), LONGEST)
    while low < high:  # as many characters as fit
        middle = (low + high + 1) // 2
        fits = font(size).size(printable(text[:middle]) + "…")[0] <= room
        low, high = (middle, high) if fits else (low, middle - 1)
    return text[:low] + "…"


def wrap(text: str, size: int, room: int) -> list[str]:
    """The text in lines that fit into `room` [px], broken between words; of a very long one the
    beginning, and an ellipsis."""
    lines: list[str] = []
    for word in text[: 4 * LONGEST].split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(text) > 4 * LONGEST:
        lines.append("…")
    return lines
