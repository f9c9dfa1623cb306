"""The card: everything about the selected agent's process, in the lower part of the panel."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.pen import Area, Pen
from game.view.text import NORMAL

EDGE = 14  # [pt] between the border and the text
LINE = 18  # [pt] from line to line
LABELS = 72  # [pt] wide
FOLDERS = re.compile(r'File "[^"]*[/\\\\]')


class Card(NamedTuple):
    """What is known of a process."""

    title: str
    agent: int  # its number, for the colour
    facts: Sequence[tuple[str, str]]
    last_words: str  # printed lines, the traceback
    hint: str


def shorten(line: str) -> str:
    """A line of a traceback with its file's name alone: the line number has to be in sight."""
    return FOLDERS.sub('File "', line.replace("\t", "    "))


def draw(pen: Pen, area: Area, card: Card) -> None:
    """Draw a card into its area; of the last words, as many lines as it has room for."""
    pen.fill("shade", area)
    pen.fill(pen.theme.agent(card.agent), Rect(area.x, area.y, 4, area.height))
    x, y, room = area.x + EDGE, area.y + 10, area.width - 2 * EDGE
    pen.write(pen.cut(card.title, room, NORMAL), x, y, "text", NORMAL)
    y += 26
    bottom = area.bottom - LINE - 8
    for label, value in card.facts:
        if y + LINE > bottom:
            break
        pen.write(label, x, y, "dim")
        for piece in pen.wrap(value, room - LABELS)[:3] or [""]:
            pen.write(pen.cut(piece, room - LABELS), x + LABELS, y)
            y += LINE
    fit = max(0, (bottom - y - 8) // LINE)
    for line in last_lines(pen, card.last_words, room, fit):
        pen.write(line, x, y + 8, "accent")
        y += LINE
    pen.write(pen.cut(card.hint, room), x, bottom, "dim")


def last_lines(pen: Pen, words: str, room: float, most: int) -> list[str]:
    """The end of what a process said, in at most `most` lines of `room` [pt]."""
    lines: list[str] = []
    for line in reversed(words.rstrip().splitlines() if most else []):
        line = shorten(line)
        indent = line[: len(line) - len(line.lstrip())]
        pieces = [pen.cut(indent + piece, room) for piece in pen.wrap(line, room - 12)]
        lines[:0] = pieces or [""]
        if len(lines) >= most:
            break
    return lines[-most:] if most else []
