"""The timeline: where in a recording one is, and what happened when.

               x      ||        P
    0:12.3  ---|------|--O------|----------  1:00.0
              0:10      0:20      0:30

Drawn by the screen where a session plays a recording. A place on it is a moment.
"""

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple, Protocol

from pygame import Rect

from game.view import tooltip
from game.view.mark_signs import HALF, IMPORTANT, ink, sign
from game.view.numbers import clock
from game.view.painter import Area, Painter
from game.view.text import SMALL

EDGE = 14  # [pt] between the border and the times
GAP = 10  # [pt] between a time and the line
HEIGHT = 40  # [pt]
LINE = 20  # [pt] from the upper edge to the middle of the line
WIDE = 3  # [pt] of the line up to the moment; of the rest it is 1
SIGNS = 7  # [pt] from the upper edge to the middle of the signs
KNOB = (8, 14)  # [pt] wide and high
TICK = 4  # [pt] long
LABELS = 32  # [pt] from the upper edge to the middle of the times at ticks
TINY = 11  # [pt] high: these
APART = 64  # [pt] at least between two ticks
STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)  # [s]
MOST = 2000  # marks that are drawn
NEAR = 4.0  # [pt] of the mouse from a mark whose words are shown
TOLD = 5  # of such marks


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


class TimelinePart:
    """The timeline on the screen: it knows where it was drawn."""

    def __init__(self) -> None:
        self._shown: Timeline | None = None  # last
        self._area = self.line = Area(0, 0, 1, 1)  # [pt] all of it, and its line
        self._scale = 1.0  # [px] of a point

    def draw(
        self, painter: Painter, area: Area | None, shown: Timeline | None, mouse: tuple[int, int]
    ) -> None:
        """Draw it, and what there is to say about where the mouse is [px]."""
        self._shown = shown if area else None
        if not (area and shown):
            return
        draw(painter, area, shown)
        self._area, self.line, self._scale = area, along(painter, area, shown), painter.scale
        x, y = mouse[0] / painter.scale, mouse[1] / painter.scale
        if area.collidepoint(x, y) and (lines := tell(self.line, shown, x)):
            tooltip.draw(painter, lines, x, area.y - tooltip.BESIDE, Area(0, 0, *painter.size))

    def moment_at(self, place: tuple[int, int], beside: bool = False) -> float | None:
        """The moment at a place [px]; None where there is none, unless it may be beside it."""
        x, y = place[0] / self._scale, place[1] / self._scale
        if self._shown is None or not (beside or self._area.collidepoint(x, y)):
            return None
        return moment(self.line, self._shown, x)


def draw(painter: Painter, area: Area, shown: Timeline) -> None:
    """Draw the line, its marks and the moment."""
    painter.fill("panel", area)
    middle = area.y + LINE
    left, right = ends(shown)
    painter.write(left, area.x + EDGE, middle, "text", SMALL, down=0.5)
    painter.write(right, area.right - EDGE, middle, "dim", SMALL, across=1.0, down=0.5)
    line = along(painter, area, shown)
    _ticks(painter, line, shown)
    x = round(place(line, shown, shown.now))
    painter.fill("dim", Rect(line.x, middle, line.width, 1))
    painter.fill("accent", Rect(line.x, middle - WIDE // 2, max(0, x - line.x), WIDE))
    _marks(painter, line, shown)
    knob = Rect((0, 0), KNOB)
    knob.center = x, middle
    painter.fill("panel", knob.inflate(4, 4), round_by=6)
    painter.fill("accent", knob, round_by=4)


def _ticks(painter: Painter, line: Area, shown: Timeline) -> None:
    """Draw the ticks, with the time at each."""
    step, times = ticks(line, shown)
    for time in times:
        x, words = round(place(line, shown, time + shown.origin)), clock(time)
        words = words if step < 1 else words.removesuffix(".0")
        painter.fill("dim", Rect(x, line.y + LINE + WIDE, 1, TICK))
        painter.write(words, x, line.y + LABELS, "dim", TINY, across=0.5, down=0.5)


def ticks(line: Area, shown: Timeline) -> tuple[float, list[float]]:
    """How far apart round times along a line are [s], and these as they are written: as many as
    there is room for."""
    span = max(shown.end - shown.start, 1e-9)
    least = APART * span / line.width
    step = next((step for step in STEPS if step >= least), ceil(least / STEPS[-1]) * STEPS[-1])
    first, last = shown.start - shown.origin, shown.end - shown.origin
    return step, [number * step for number in range(ceil(first / step), floor(last / step) + 1)]


def _marks(painter: Painter, line: Area, shown: Timeline) -> None:
    """Draw each mark as a stem, with its sign above where no weightier one is in the way."""
    top, room = line.y + SIGNS, 2 * HALF + 1
    weight: dict[int, int] = {}  # of the weightiest mark at each place, 0 of a death
    for mark in shown.marks[-MOST:]:
        x, its = round(place(line, shown, mark.time)), IMPORTANT.get(mark.kind, len(IMPORTANT))
        weight[x] = min(its, weight.get(x, its))
    stem, kinds = line.y + LINE - top - HALF, (*IMPORTANT, "")
    taken: set[int] = set()
    for x in sorted(weight, key=lambda x: (weight[x], x)):
        kind = kinds[weight[x]]
        painter.fill(ink(kind), Rect(x, top + HALF, 1, stem))
        if taken.isdisjoint(range(x - room, x + room + 1)):
            taken.add(x)
            for places in sign(kind, x, top):
                painter.lines(ink(kind), places, 2)


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


def tell(line: Area, shown: Timeline, x: float) -> list[str]:
    """What there is to say about a place [pt]: the marks there, each with its time, or else which
    moment it is; [] beside the line."""
    if not line.x - NEAR <= x <= line.right + NEAR:
        return []
    near = [mark for mark in shown.marks if abs(place(line, shown, mark.time) - x) <= NEAR]
    if not near:
        return [clock(moment(line, shown, x) - shown.origin)]
    lines = [f"{clock(mark.time - shown.origin)}  {mark.words}" for mark in near[:TOLD]]
    return lines + [f"and {len(near) - TOLD:,} more"] * (len(near) > TOLD)
