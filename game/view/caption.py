"""The caption: what a scene wants to be read under its picture, with lines of Python beside it."""

from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.painter import Area, Painter
from game.view.text import NORMAL

EDGE = 14  # [pt] between the border and the text
LINE = 19  # [pt] from line to line
INDENT = " " * 8  # a space is narrow in this font
CODE_FROM = 0.56  # of the width, where the code begins


class Lesson(NamedTuple):
    """One of several ways to do something, in a sentence or two and in Python."""

    says: str
    code: tuple[str, ...]


class Caption(NamedTuple):
    """Words about the picture."""

    title: str
    says: str
    code: Sequence[str]
    alarm: str  # what is wrong at this moment, "" if nothing
    notice: str  # what was done about the last thing that was wrong


def draw(painter: Painter, area: Area, caption: Caption) -> None:
    """Draw a caption into its area; an alarm takes the place of the explanation."""
    painter.fill("alarm_ground" if caption.alarm else "panel", area)
    split = round(area.width * CODE_FROM)
    room = split - EDGE
    x, y = area.x + EDGE, area.y + 10
    painter.write(painter.cut(caption.title, room, NORMAL), x, y, "text", NORMAL)
    y += 26
    if caption.alarm:
        for line in painter.wrap(caption.alarm, room, NORMAL):
            painter.write(line, x, y, "alarm_text", NORMAL)
            y += LINE + 3
    else:
        for words, ink in ((caption.says, "dim"), (caption.notice, "accent")):
            for line in painter.wrap(words, room):
                painter.write(line, x, y, ink)
                y += LINE
            y += 4
    _code(
        painter,
        Rect(area.x + split + EDGE, area.y + 10, area.width - split - 2 * EDGE, area.height - 20),
        caption.code,
    )


def _code(painter: Painter, area: Area, lines: Sequence[str]) -> None:
    painter.fill("shade", area)
    for number, line in enumerate(lines):
        line = painter.cut(line.replace("    ", INDENT), area.width - 16, NORMAL)
        painter.write(line, area.x + 12, area.y + 10 + number * (LINE + 3), "text", NORMAL)
