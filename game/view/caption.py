"""The caption: what a scene wants to be read under its picture, with lines of Python beside it."""

from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.painter import Area, Painter
from game.view.text import NORMAL, SMALL

EDGE = 14  # [pt] between the border and the text
LINE = 19  # [pt] from line to line
TOP, TITLE = 10, 7  # [pt] above the title, and below it
PART = 4  # [pt] between what it says and what was done
SIZES = (NORMAL, SMALL, 11)  # [pt] of the code
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


def height(painter: Painter, width: int, caption: Caption) -> int:
    """How high an area of a width [pt] has to be for all of its words and its code."""
    room = round(width * CODE_FROM) - EDGE
    if caption.alarm:
        words = len(painter.wrap(caption.alarm, room, NORMAL)) * (LINE + 3)
    else:
        lines = painter.wrap(caption.says, room) + painter.wrap(caption.notice, room)
        words = len(lines) * LINE + PART
    code = len(caption.code) * (LINE + 3) + 2 * TOP if caption.code else 0
    title = len(painter.wrap(caption.title, room, NORMAL)) * LINE + TITLE
    return TOP + max(title + words, code) + TOP


def draw(painter: Painter, area: Area, caption: Caption) -> None:
    """Draw a caption into its area; an alarm takes the place of the explanation."""
    painter.fill("alarm_ground" if caption.alarm else "panel", area)
    split = round(area.width * CODE_FROM)
    room = split - EDGE
    x, y = area.x + EDGE, area.y + TOP
    for line in painter.wrap(caption.title, room, NORMAL):
        painter.write(line, x, y, "text", NORMAL)
        y += LINE
    y += TITLE
    if caption.alarm:
        for line in painter.wrap(caption.alarm, room, NORMAL):
            painter.write(line, x, y, "alarm_text", NORMAL)
            y += LINE + 3
    else:
        for words, ink in ((caption.says, "dim"), (caption.notice, "accent")):
            for line in painter.wrap(words, room):
                painter.write(line, x, y, ink)
                y += LINE
            y += PART
    code = Rect(area.x + split + EDGE, area.y + TOP, area.width - split - 2 * EDGE, 0)
    code.height = area.height - 2 * TOP
    _code(painter, code, caption.code)


def _code(painter: Painter, area: Area, lines: Sequence[str]) -> None:
    """Write lines of Python, in smaller letters where they would be cut."""
    painter.fill("shade", area)
    room = area.width - 16
    lines = [line.replace("    ", INDENT) for line in lines]
    widest = (max((painter.width(line, size) for line in lines), default=0.0) for size in SIZES)
    fits = (size for size, wide in zip(SIZES, widest, strict=True) if wide <= room)
    size = next(fits, SIZES[-1])
    for number, line in enumerate(lines):
        place = area.x + 12, area.y + TOP + number * (LINE + 3)
        painter.write(painter.cut(line, room, size), *place, "text", size)
