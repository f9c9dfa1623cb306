"""The card: everything about the selected agent's process, in the lower part of the panel."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.pen import Area, Pen
from game.view.text import NORMAL

EDGE = 14  # [pt] between the border and the text
LINE = 18  # [pt] from line to line
LABELS = 64  # [pt] wide
TOP, TITLE = 10, 26  # [pt] above the title, and from it to the first fact
BAND = 4  # [pt] of the agent's colour, at the left
GAP = 9  # [pt] between the facts and the last words
LONGEST = 3  # lines of a fact
FOLDERS = re.compile(r'File "[^"]*[/\\\\]')


class Card(NamedTuple):
    """What is known of a process."""

    title: str
    agent: int  # its number, for the colour
    facts: Sequence[tuple[str, str]]  # label and value, the more important the earlier
    last_words: str  # printed lines, the traceback
    hint: str
    ended: bool = False  # from then on its last words matter most


def shorten(line: str) -> str:
    """A line of a traceback with its file's name alone: the line number has to be in sight."""
    return FOLDERS.sub('File "', line.replace("\t", "    "))


def draw(pen: Pen, area: Area, card: Card) -> None:
    """Draw a card into its area: as many facts and, below, last words as it has room for."""
    pen.fill("shade", area)
    pen.fill(pen.theme.agent(card.agent), Rect(area.x, area.y, BAND, area.height))
    x, y, room = area.x + EDGE, area.y + TOP, area.width - 2 * EDGE
    pen.write(pen.cut(card.title, room, NORMAL), x, y, "text", NORMAL)
    y += TITLE
    bottom = area.bottom - LINE - TOP // 2
    if bottom > y:
        pen.write(pen.cut(card.hint, room), x, bottom, "dim")
    lines = max(0, bottom - y) // LINE
    said = last_lines(pen, card.last_words, room, lines)
    kept = kept_for_words(lines, len(said), card.ended)
    y = _facts(pen, Rect(x, y, room, (lines - kept) * LINE), card.facts)
    left = (bottom - y - GAP) // LINE
    if said and left > 0:
        _words(pen, Rect(x, y + GAP, room, left * LINE), said[-left:])


def kept_for_words(lines: int, words: int, ended: bool) -> int:
    """How many of a card's lines facts must leave to its last words, and the gap above them."""
    if not words:
        return 0
    share = (lines + 1) // 2 if ended else lines // 3
    return min(words + 1, share)


def _facts(pen: Pen, area: Area, facts: Sequence[tuple[str, str]]) -> int:
    """Write labels and values; returns where the next line would stand [pt]."""
    y, room = area.y, area.width - LABELS
    for label, value in facts:
        left = (area.bottom - y) // LINE
        if left < 1:
            break
        pen.write(pen.cut(label, LABELS - 6), area.x, y, "dim")
        pieces = pen.wrap(value, room)
        fit = min(left, LONGEST)
        if len(pieces) > fit:
            pieces = [*pieces[: fit - 1], " ".join(pieces[fit - 1 :])]
        for piece in pieces or [""]:
            pen.write(pen.cut(piece, room), area.x + LABELS, y)
            y += LINE
    return y


def _words(pen: Pen, area: Area, lines: Sequence[str]) -> None:
    """Write what the process said last, under a line."""
    pen.fill("line", Rect(area.x, area.y - GAP // 2 - 1, area.width, 1))
    for number, line in enumerate(lines):
        pen.write(line, area.x, area.y + number * LINE, "accent")


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
