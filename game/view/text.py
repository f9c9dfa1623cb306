"""Text on the screen: pictures of lines, made once and kept while they are in use."""

from functools import lru_cache

import pygame

from game.view.theme import Colour

SMALL, NORMAL, LARGE = 13, 16, 22  # [px]


@lru_cache(maxsize=16)
def font(size: int) -> pygame.font.Font:
    """pygame's own font, so that a picture looks the same on every machine."""
    return pygame.font.Font(None, round(size * 1.3))


@lru_cache(maxsize=4096)
def line(text: str, size: int, colour: Colour) -> pygame.Surface:
    """A picture of one line of text."""
    return font(size).render(text, True, colour)


def wrap(text: str, size: int, room: int) -> list[str]:
    """The text in lines that fit into `room` [px], broken between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and width(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def width(text: str, size: int) -> int:
    """How wide a line is [px]."""
    return font(size).size(text)[0]


def cut(text: str, size: int, room: int) -> str:
    """The text, shortened with an ellipsis to fit into `room` [px]."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"
