"""The card: everything about the selected agent's process, in the lower part of the panel."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import pygame

from game.view import text
from game.view.theme import Theme

EDGE = 14  # [px] between the border and the text
LINE = 18  # [px] from line to line
LABELS = 86  # [px] wide
FOLDERS = re.compile(r'File "[^"]*[/\\\\]')
SHARE = 0.58  # of the panel's height


class Card(NamedTuple):
    """What is known of a process."""

    title: str
    colour: int  # the agent's number
    facts: Sequence[tuple[str, str]]
    last_words: str  # printed lines, the traceback
    hint: str


def shorten(line: str) -> str:
    """A line of a traceback with its file's name alone: the line number has to be in sight."""
    return FOLDERS.sub('File "', line.replace("\t", "    "))


def draw(surface: pygame.Surface, area: pygame.Rect, card: Card, theme: Theme) -> None:
    """Draw a card into its area; of the last words, as many lines as it has room for."""
    surface.fill(theme["shade"], area)
    surface.fill(theme.agent(card.colour), (area.x, area.y, 4, area.height))
    x, y, room = area.x + EDGE, area.y + 10, area.width - 2 * EDGE
    title = text.cut(card.title, text.NORMAL, room)
    surface.blit(text.line(title, text.NORMAL, theme["text"]), (x, y))
    y += 26
    for label, value in card.facts:
        surface.blit(text.line(label, text.SMALL, theme["dim"]), (x, y))
        for piece in text.wrap(value, text.SMALL, room - LABELS)[:3] or [""]:
            piece = text.cut(piece, text.SMALL, room - LABELS)
            surface.blit(text.line(piece, text.SMALL, theme["text"]), (x + LABELS, y))
            y += LINE
    bottom = area.bottom - LINE - 8
    lines = card.last_words.rstrip().splitlines()
    fit = max(0, (bottom - y - 8) // LINE)
    for line in lines[-fit:] if fit else ():
        shown = text.cut(shorten(line), text.SMALL, room)
        surface.blit(text.line(shown, text.SMALL, theme["accent"]), (x, y + 8))
        y += LINE
    hint = text.cut(card.hint, text.SMALL, room)
    surface.blit(text.line(hint, text.SMALL, theme["dim"]), (x, bottom))
