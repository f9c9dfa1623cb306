"""The timeline: where in a recording one is, and what happened when.

    0:12.3  |----|--x------O-----------|  1:00.0

Drawn by the screen where a session plays a recording. A place on it is a moment.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from pygame import Rect

from game.view.numbers import clock
from game.view.painter import Area, Painter
from game.view.text import SMALL

EDGE = 14  # [pt] between the border and the times
GAP = 10  # [pt] between a time and the line
HEIGHT = 34  # [pt]
WIDE = 3  # [pt] of the line
HIGH = 12  # [pt] of a mark
MOST = 2000  # marks that are drawn
INKS = {"death": "alarm", "violation": "alarm", "torn": "alarm", "freeze": "accent"}
# As a mark looks: also told apart without colour, by where it stands.
ABOVE = ("death", "violation", "torn")
NEAR = 4.0  # [pt] of the mouse from a mark whose words are shown


class Marked(Protocol):
    """Something that happened."""

    @property
    def time(self) -> float:
        """When [s]."""

    @property
    def kind(self) -> str:
        """What kind of thing."""

    @property
    def words(self) -> str:
        """What it was."""


class Timeline(NamedTuple):
    """What there is to be shown. Times in seconds."""

    start: float
    end: float
    now: float
    marks: Sequence[Marked] = ()
    origin: float = 0.0  # that the times which are written count from
    words: str = ""  # how it goes on
    live: bool = False  # the end is now, and moves on


def draw(painter: Painter, area: Area, shown: Timeline) -> None:
    """Draw the line, its marks and the moment."""
    painter.fill("panel", area)
    middle = area.centery
    left, right = ends(shown)
    painter.write(left, area.x + EDGE, middle, "text", SMALL, down=0.5)
    painter.write(right, area.right - EDGE, middle, "dim", SMALL, across=1.0, down=0.5)
    line = along(painter, area, shown)
    painter.fill("line", Rect(line.x, middle - WIDE // 2, line.width, WIDE))
    x = place(line, shown, shown.now)
    painter.fill("dim", Rect(line.x, middle - WIDE // 2, max(0, round(x) - line.x), WIDE))
    seen: set[tuple[int, str]] = set()
    for mark in shown.marks[-MOST:]:
        at = round(place(line, shown, mark.time))
        if (at, mark.kind) not in seen:
            seen.add((at, mark.kind))
            top = middle - HIGH if mark.kind in ABOVE else middle
            painter.fill(INKS.get(mark.kind, "text"), Rect(at - 1, top, 2, HIGH))
    knob = Rect(round(x) - 3, middle - HIGH // 2 - 3, 6, HIGH + 6)
    painter.fill("accent", knob, round_by=3)


def ends(shown: Timeline) -> tuple[str, str]:
    """What stands at the left and at the right."""
    end = "now" if shown.live else clock(shown.end - shown.origin)
    return clock(shown.now - shown.origin), end


def along(painter: Painter, area: Area, shown: Timeline) -> Area:
    """The part of the area that stands for time; as wide as long as the times have as many
    digits."""
    left, right = (max(painter.width("0" * len(words)), 40) for words in ends(shown))
    x = area.x + EDGE + round(left) + GAP
    return Rect(x, area.y, max(10, area.right - EDGE - round(right) - GAP - x), area.height)


def place(line: Area, shown: Timeline, time: float) -> float:
    """Where a moment stands [pt]."""
    span = max(shown.end - shown.start, 1e-9)
    return line.x + line.width * min(max((time - shown.start) / span, 0.0), 1.0)


def moment(line: Area, shown: Timeline, x: float) -> float:
    """The moment that a place [pt] stands for [s]."""
    share = min(max((x - line.x) / line.width, 0.0), 1.0)
    return shown.start + share * (shown.end - shown.start)


def near(line: Area, shown: Timeline, x: float) -> Marked | None:
    """The mark that the mouse is on at a place [pt]; None if there is none."""
    found = min(shown.marks, key=lambda m: abs(place(line, shown, m.time) - x), default=None)
    if found is None or abs(place(line, shown, found.time) - x) > NEAR:
        return None
    return found
