"""The inspector: everything about the selected agent's process, in the lower part of the panel."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view.painter import Area, Painter
from game.view.text import NORMAL

EDGE = 14  # [pt] between the border and the text
LINE = 18  # [pt] from line to line
LABELS = 64  # [pt] wide
TOP, TITLE = 10, 26  # [pt] above the title, and from it to the first fact
BAND = 4  # [pt] of the process's colour, at the left
GAP = 9  # [pt] between the facts and the last words
LONGEST = 3  # lines of a fact
FOLDERS = re.compile(r'File "[^"]*[/\\\\]')


class Inspection(NamedTuple):
    """What is known of a process."""

    title: str
    slot: int  # of the process, for the colour
    facts: Sequence[tuple[str, str]]  # label and value, the more important the earlier
    last_words: str  # printed lines, the traceback
    hint: str
    ended: bool = False  # from then on its last words matter most


def shorten(line: str) -> str:
    """A line of a traceback with its file's name alone: the line number has to be in sight."""
    return FOLDERS.sub('File "', line.replace("\t", "    "))


def draw(painter: Painter, area: Area, inspection: Inspection, tint: int | None = None) -> None:
    """Draw it into its area: as many facts and, below, last words as it has room for.

    `tint` is the number of the agent's colour; None: it has that of its process."""
    painter.fill("shade", area)
    colour = painter.theme.agent(inspection.slot) if tint is None else painter.theme.tint(tint)
    painter.fill(colour, Rect(area.x, area.y, BAND, area.height))
    x, y, room = area.x + EDGE, area.y + TOP, area.width - 2 * EDGE
    painter.write(painter.cut(inspection.title, room, NORMAL), x, y, "text", NORMAL)
    y += TITLE
    bottom = area.bottom - LINE - TOP // 2
    if bottom > y:
        painter.write(painter.cut(inspection.hint, room), x, bottom, "dim")
    lines = max(0, bottom - y) // LINE
    said = last_lines(painter, inspection.last_words, room, lines)
    kept = kept_for_words(lines, len(said), inspection.ended)
    y = _facts(painter, Rect(x, y, room, (lines - kept) * LINE), inspection.facts)
    left = (bottom - y - GAP) // LINE
    if said and left > 0:
        _words(painter, Rect(x, y + GAP, room, left * LINE), said[-left:])


def kept_for_words(lines: int, words: int, ended: bool) -> int:
    """How many of its lines facts must leave to the last words, and the gap above them."""
    if not words:
        return 0
    share = (lines + 1) // 2 if ended else lines // 3
    return min(words + 1, share)


def _facts(painter: Painter, area: Area, facts: Sequence[tuple[str, str]]) -> int:
    """Write labels and values; returns where the next line would stand [pt]."""
    y, room = area.y, area.width - LABELS
    for number, (label, value) in enumerate(facts):
        left = (area.bottom - y) // LINE
        if left < 1:
            break
        more = len(facts) - number
        if left == 1 and more > 1:
            words = painter.cut(f"and {more} more: make the window higher", area.width)
            painter.write(words, area.x, y, "dim")
            return y + LINE
        painter.write(painter.cut(label, LABELS - 6), area.x, y, "dim")
        pieces = painter.wrap(value, room)
        fit = min(left, LONGEST)
        if len(pieces) > fit:
            pieces = [*pieces[: fit - 1], " ".join(pieces[fit - 1 :])]
        for piece in pieces or [""]:
            painter.write(painter.cut(piece, room), area.x + LABELS, y)
            y += LINE
    return y


def _words(painter: Painter, area: Area, lines: Sequence[str]) -> None:
    """Write what the process said last, under a line."""
    painter.fill("line", Rect(area.x, area.y - GAP // 2 - 1, area.width, 1))
    for number, line in enumerate(lines):
        painter.write(line, area.x, area.y + number * LINE, "accent")


def last_lines(painter: Painter, words: str, room: float, most: int) -> list[str]:
    """The end of what a process said, in at most `most` lines of `room` [pt]."""
    lines: list[str] = []
    for line in reversed(words.rstrip().splitlines() if most else []):
        line = shorten(line)
        indent = line[: len(line) - len(line.lstrip())]
        pieces = [painter.cut(indent + piece, room) for piece in painter.wrap(line, room - 12)]
        lines[:0] = pieces or [""]
        if len(lines) >= most:
            break
    return lines[-most:] if most else []


def draw_error(painter: Painter, area: Area, trace: str) -> None:
    """Draw a traceback over an area: the end of it, which says what is wrong."""
    room = area.width - 2 * EDGE
    lines = last_lines(painter, trace, room, max(1, (area.height - 2 * TOP - TITLE) // LINE))
    box = Rect(area.x, 0, area.width, 2 * TOP + TITLE + len(lines) * LINE)
    box.bottom = area.bottom
    painter.fill("alarm_ground", box)
    title = painter.cut(
        "The scene could not be drawn. Save its file to load it anew.", room, NORMAL
    )
    painter.write(title, box.x + EDGE, box.y + TOP, "alarm_text", NORMAL)
    for number, line in enumerate(lines):
        painter.write(line, box.x + EDGE, box.y + TOP + TITLE + number * LINE, "alarm_text")
