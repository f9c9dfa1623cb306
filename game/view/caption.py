"""The caption: what a scene wants to be read under its picture, with lines of Python beside it."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from game.view import text
from game.view.theme import Theme

HEIGHT = 168  # [px]
EDGE = 14  # [px] between the border and the text
LINE = 19  # [px] from line to line
INDENT = " " * 8  # a space is narrow in this font
CODE_FROM = 0.56  # of the width, where the code begins


class Caption(NamedTuple):
    """Words about the picture."""

    title: str
    says: str
    code: Sequence[str]
    alarm: str  # what is wrong at this moment, "" if nothing
    notice: str  # what was done about the last thing that was wrong


def draw(surface: pygame.Surface, area: pygame.Rect, caption: Caption, theme: Theme) -> None:
    """Draw a caption into its area; an alarm takes the place of the explanation."""
    surface.fill(theme["alarm_ground" if caption.alarm else "panel"], area)
    split = round(area.width * CODE_FROM)
    words = caption.alarm or caption.says
    room = split - EDGE
    y = area.y + 10
    surface.blit(text.line(caption.title, text.NORMAL, theme["text"]), (area.x + EDGE, y))
    y += 26
    for line in text.wrap(words, text.NORMAL if caption.alarm else text.SMALL, room):
        size, ink = (text.NORMAL, "text") if caption.alarm else (text.SMALL, "dim")
        surface.blit(text.line(line, size, theme[ink]), (area.x + EDGE, y))
        y += LINE + 3 * bool(caption.alarm)
    if not caption.alarm:
        for line in text.wrap(caption.notice, text.SMALL, room):
            surface.blit(text.line(line, text.SMALL, theme["accent"]), (area.x + EDGE, y + 4))
            y += LINE
    code = pygame.Rect(area.x + split + EDGE, area.y + 10, area.width - split - 2 * EDGE, 0)
    code.height = area.height - 20
    surface.fill(theme["shade"], code)
    for number, line in enumerate(caption.code):
        picture = text.line(line.replace("    ", INDENT), text.NORMAL, theme["text"])
        surface.blit(picture, (code.x + 12, code.y + 10 + number * (LINE + 3)))
