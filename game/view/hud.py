"""The head-up display: the header with its figures, the footer with messages and events.

Drawn by the screen around every scene; the session fills in the Status.
"""

from collections import deque
from collections.abc import Collection, Sequence
from typing import NamedTuple

from pygame import Rect

from game.parts import Progress
from game.view.curves import Moment
from game.view.numbers import ago
from game.view.painter import Area, Painter
from game.view.text import LARGE, NORMAL, SMALL
from game.view.timeline import Timeline

EDGE = 14  # [pt] between the border and the text
GAP = 18  # [pt] between two figures
PAUSED, OVER, MORE = "paused", "over", "…"
LASTS = 5.0  # [s] a message stays
EVENTS = 8  # that are kept to be shown
NEW = 3.0  # [s] an event counts as new
LEAST, MOST = 120, 360  # [pt] that an event is worth showing in, and that it gets
TINY = 11  # [pt] high: what has no room, where the window is narrow
LINE = 14  # [pt] from the middle of the footer's line to that of the one above it
BAR = 3  # [pt] high: how far something is that takes a while


class Onlooker(NamedTuple):
    """A process that only reads."""

    who: str
    line: str  # what it printed last


class Status(NamedTuple):
    """What the header tells of the run at this moment."""

    title: str
    detail: str
    figures: tuple[str, ...]
    pace: str  # "" at normal speed
    moment: Moment = Moment(0.0, 0.0, 0.0, 0.0)  # for the curves
    progress: Progress | None = None  # of a start that takes a while
    hint: str = ""  # the keys that matter most here, if they are not those of every scene
    onlooker: Onlooker | None = None
    timeline: Timeline | None = None  # of what is played; None: what is shown is there now


class Hud:
    """The frame of text around the scene."""

    def __init__(self) -> None:
        self.message = ""
        self.standing = ""  # an alarm that lasts, shown whenever there is no message
        self._ink = "accent"
        self._told = -LASTS  # [s] when the message was told
        self.events: deque[tuple[float, str]] = deque(maxlen=EVENTS)  # [s] and words, newest first

    def tell(self, message: str, now: float, alarm: bool = False) -> None:
        """Show a message for some seconds: an answer to the person, or an alarm."""
        self.message, self._told, self._ink = message, now, "alarm" if alarm else "accent"

    def carry(self, seconds: float) -> None:
        """What is shown has leapt by so much [s]: a message stands on for as long as it would."""
        self._told += seconds

    def fall_silent(self) -> None:
        """Show no message any longer."""
        self._told = -LASTS

    def forget(self) -> None:
        """Forget what happened: everything begins anew."""
        self.events.clear()

    def note(self, event: str, now: float) -> None:
        """Keep something that happened for the line of events."""
        self.events.appendleft((now, event))

    def header(self, painter: Painter, area: Area, status: Status, note: str = "") -> None:
        """Draw the title, what goes on, what is to be known about the picture, and at the right
        as many figures as there is room for."""
        painter.fill("panel", area)
        middle = area.centery
        x = float(area.x + EDGE)
        title = painter.cut(status.title, area.width // 2, LARGE)
        x += painter.write(title, x, middle, "text", LARGE, down=0.5) + 14
        if status.pace:
            x += painter.write(status.pace, x, middle, "alarm", NORMAL, down=0.5) + 14
        if status.progress:
            x += self._progress(painter, area, status.progress, x)
        if note and x < area.right - EDGE:
            words = painter.cut(note, area.right - EDGE - x)
            x += painter.write(words, x, middle + 1, "accent", down=0.5) + 14
        figures, start = fitting(painter, status.figures, area.right - EDGE - x)
        start = area.right - EDGE - start
        room = start - x - 20
        if room > 60:
            painter.write(painter.cut(status.detail, room), x, middle + 1, "dim", down=0.5)
        for words in figures:
            start += painter.write(words, start, middle, "dim", down=0.5) + GAP

    def _progress(self, painter: Painter, area: Area, progress: Progress, x: float) -> float:
        """Write how far something is, with a bar along the header; returns how wide it is."""
        done, total = progress
        words = painter.cut(f"starting {done:,} of {total:,}", area.right - EDGE - x)
        share = min(max(done / max(total, 1), 0.0), 1.0)
        painter.fill("line", Rect(area.x, area.bottom - BAR, area.width, BAR))
        painter.fill("accent", Rect(area.x, area.bottom - BAR, round(area.width * share), BAR))
        return painter.write(words, x, area.centery, "accent", SMALL, down=0.5) + 14

    def footer(
        self,
        painter: Painter,
        area: Area,
        status: Status,
        now: float,
        missing: Collection[str] = (),
        no_room: Sequence[str] = (),
    ) -> None:
        """Draw the message, or else the hint at the keys; at the right, what happened last.

        Keys that need a part of the session that is `missing` are not hinted at. What the window
        has `no_room` for, in words of which the first that fit are taken, stands above that in a
        footer of two lines, else before the hint.
        """
        painter.fill("panel", area)
        x, middle = float(area.x + EDGE), area.centery
        two = area.height > 2 * LINE
        if no_room:
            lines = max(1, area.height // LINE - 2)
            above = area.y + LINE if two else middle
            wide = _notice(painter, no_room, Rect(x, above, area.width - 2 * EDGE, lines * LINE))
            x, middle = (x, area.bottom - LINE) if two else (x + wide + 2 * GAP, middle)
        if 0 <= now - self._told < LASTS:
            words, ink = self.message, self._ink
        elif self.standing:
            words, ink = self.standing, "alarm"
        else:
            words, ink = hints(status, missing), "accent" if status.pace == OVER else "dim"
        words = painter.cut(words, max(0.0, area.right - EDGE - x))
        x += painter.write(words, x, middle, ink, down=0.5) + 2 * GAP
        self._recent(painter, area, x, middle, now)

    def _recent(self, painter: Painter, area: Area, left: float, middle: int, now: float) -> None:
        """Write the last events, the newest at the right, as far as there is room."""
        right = float(area.right - EDGE)
        for when, words in self.events:
            if words == self.message and now - self._told < LASTS:
                continue  # it stands in full at the left
            room = min(right - left, MOST)
            if room < LEAST:
                return
            ink, past = "text" if now - when < NEW else "dim", f", {ago(now - when)}"
            line = painter.cut(words, room - painter.width(past)) + past
            right -= painter.write(line, right, middle, ink, across=1.0, down=0.5) + GAP


def _notice(painter: Painter, wordings: Sequence[str], area: Area) -> float:
    """Write the first wording that fits into a line, in small letters or in smaller ones, or else
    the last one in as many lines as there are; returns how wide it is [pt].

    The first line's middle is at the area's upper edge.
    """
    for words in wordings:
        for size in (SMALL, TINY):
            if painter.width(words, size) <= area.width:
                return painter.write(words, area.x, area.y, "text", size, down=0.5)
    many = max(1, area.height // LINE)
    lines = painter.wrap(wordings[-1], area.width, TINY)
    lines = [*lines[: many - 1], " ".join(lines[many - 1 :])]
    for number, line in enumerate(lines):
        words = painter.cut(line, area.width, TINY)
        painter.write(words, area.x, area.y + number * LINE, "text", TINY, down=0.5)
    return float(area.width)


def hints(status: Status, missing: Collection[str]) -> str:
    """The keys that matter most."""
    if status.pace == OVER:
        return status.hint
    if status.timeline:
        return status.hint
    keys = status.hint or ("" if "cast" in missing else "+  -  add, remove")
    space = "go on" if status.pace == PAUSED else "pause"
    pause = "" if "time" in missing else f"Space  {space}"
    return "     ".join(words for words in ("H  all keys", keys, pause) if words)


def fitting(painter: Painter, figures: tuple[str, ...], room: float) -> tuple[list[str], float]:
    """The first figures that fit into `room` [pt] beside each other, and how wide they are; with
    an ellipsis where there are more."""
    for many in range(len(figures), -1, -1):
        fit = [*figures[:many], *([MORE] if many < len(figures) else [])]
        wide = sum(painter.width(words) + GAP for words in fit) - GAP
        if wide <= room:
            return fit, max(wide, 0.0)
    return [], 0.0
