"""The head-up display: the header with its figures, the footer with messages and events.

Drawn by the stage around every scene.
"""

from collections import deque
from typing import NamedTuple

from pygame import Rect

from game.view.curves import Moment
from game.view.pen import Area, Pen
from game.view.text import LARGE, NORMAL, SMALL

EDGE = 14  # [pt] between the border and the text
GAP = 18  # [pt] between two figures
PAUSED = "paused"
LASTS = 5.0  # [s] a message stays
EVENTS = 8  # that are kept to be shown
NEW = 3.0  # [s] an event counts as new
LEAST, MOST = 120, 360  # [pt] that an event is worth showing in, and that it gets
BAR = 3  # [pt] high: how far something is that takes a while


class Progress(NamedTuple):
    """How far something is that takes longer than a moment."""

    done: int
    total: int
    what: str  # such as "starting"


class Facts(NamedTuple):
    """What the header tells of the run at this moment."""

    title: str
    detail: str
    figures: tuple[str, ...]
    pace: str  # "" at normal speed
    progress: Progress | None = None  # of something that takes a while, if something does
    moment: Moment | None = None  # for the curves
    hint: str = ""  # the keys that matter most here, if they are not those of every scene


class Hud:
    """The frame of text around the scene."""

    def __init__(self) -> None:
        self.message = ""
        self._ink = "accent"
        self._told = -LASTS  # [s] when the message was told
        self._events: deque[tuple[float, str]] = deque(maxlen=EVENTS)  # [s] and words, newest first

    def tell(self, message: str, now: float, alarm: bool = False) -> None:
        """Show a message for some seconds: an answer to the person, or an alarm."""
        self.message, self._told, self._ink = message, now, "alarm" if alarm else "accent"

    def forget(self) -> None:
        """Forget what happened: everything begins anew."""
        self._events.clear()

    def note(self, event: str, now: float) -> None:
        """Keep something that happened for the line of events."""
        self._events.appendleft((now, event))

    def header(self, pen: Pen, area: Area, facts: Facts) -> None:
        """Draw the title, what goes on, and at the right as many figures as there is room for."""
        pen.fill("panel", area)
        middle = area.centery
        x = float(area.x + EDGE)
        title = pen.cut(facts.title, area.width // 2, LARGE)
        x += pen.write(title, x, middle, "text", LARGE, down=0.5) + 14
        if facts.pace:
            x += pen.write(facts.pace, x, middle, "alarm", NORMAL, down=0.5) + 14
        if facts.progress:
            x += self._progress(pen, area, facts.progress, x)
        figures, start = fitting(pen, facts.figures, area.right - EDGE - x)
        start = area.right - EDGE - start
        room = start - x - 20
        if room > 60:
            pen.write(pen.cut(facts.detail, room), x, middle + 1, "dim", down=0.5)
        for words in figures:
            start += pen.write(words, start, middle, "dim", down=0.5) + GAP

    def _progress(self, pen: Pen, area: Area, progress: Progress, x: float) -> float:
        """Write how far something is, with a bar along the header; returns how wide it is."""
        done, total, what = progress
        words = pen.cut(f"{what} {done:,} of {total:,}", area.right - EDGE - x)
        share = min(max(done / max(total, 1), 0.0), 1.0)
        pen.fill("line", Rect(area.x, area.bottom - BAR, area.width, BAR))
        pen.fill("accent", Rect(area.x, area.bottom - BAR, round(area.width * share), BAR))
        return pen.write(words, x, area.centery, "accent", SMALL, down=0.5) + 14

    def footer(self, pen: Pen, area: Area, facts: Facts, now: float) -> None:
        """Draw the message, or else the hint at the keys; at the right, what happened last."""
        pen.fill("panel", area)
        if now - self._told < LASTS:
            words, ink = self.message, self._ink
        else:
            space = "go on" if facts.pace == PAUSED else "pause"
            keys = facts.hint or "+  -  add, remove"
            words, ink = f"H  all keys     {keys}     Space  {space}", "dim"
        words = pen.cut(words, area.width - 2 * EDGE)
        x = float(area.x + EDGE)
        x += pen.write(words, x, area.centery, ink, down=0.5) + 2 * GAP
        self._news(pen, area, x, now)

    def _news(self, pen: Pen, area: Area, left: float, now: float) -> None:
        """Write the last events, the newest at the right, as far as there is room."""
        right = float(area.right - EDGE)
        for when, words in self._events:
            if words == self.message and now - self._told < LASTS:
                continue  # it stands in full at the left
            room = min(right - left, MOST)
            if room < LEAST:
                return
            ink, past = "text" if now - when < NEW else "dim", f", {ago(now - when)}"
            line = pen.cut(words, room - pen.width(past)) + past
            right -= pen.write(line, right, area.centery, ink, across=1.0, down=0.5) + GAP


def fitting(pen: Pen, figures: tuple[str, ...], room: float) -> tuple[list[str], float]:
    """The first figures that fit into `room` [pt] beside each other, and how wide they are."""
    fit: list[str] = []
    wide = -GAP * 1.0
    for words in figures:
        more = pen.width(words) + GAP
        if wide + more > room:
            break
        wide += more
        fit.append(words)
    return fit, max(wide, 0.0)


def ago(seconds: float) -> str:
    """How long ago something was."""
    if seconds < 1:
        return "now"
    return f"{seconds:.0f} s ago" if seconds < 100 else f"{seconds / 60:.0f} min ago"
