"""The head-up display: the header with its figures, the footer with messages and events, the help.

Drawn by the stage around every scene.
"""

from collections import deque
from typing import NamedTuple

from pygame import Rect

from game.view.keys import KEYS
from game.view.pen import Area, Pen
from game.view.text import LARGE, NORMAL, SMALL

EDGE = 14  # [pt] between the border and the text
GAP = 18  # [pt] between two figures
PAUSED = "paused"
LASTS = 5.0  # [s] a message stays
EVENTS = 8  # that are kept to be shown
NEW = 3.0  # [s] an event counts as new
LABELS, DOES = 24, 132  # [pt] from the help's edge to the keys, and to what they do
ENTRY = 400  # [pt] wide: a column of the help


class Facts(NamedTuple):
    """What the header tells of the run at this moment."""

    title: str
    detail: str
    figures: tuple[str, ...]
    pace: str  # "" at normal speed
    progress: str  # of something that takes a while; "" if nothing does


class Hud:
    """The frame of text around the scene."""

    def __init__(self) -> None:
        self.help = False
        self.message = ""
        self._told = -LASTS  # [s] when the message was told
        self._events: deque[tuple[float, str]] = deque(maxlen=EVENTS)  # [s] and words, newest first

    def tell(self, message: str, now: float) -> None:
        """Answer the person: show a message for some seconds."""
        self.message, self._told = message, now

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
            words = pen.cut(facts.progress, area.right - EDGE - x)
            x += pen.write(words, x, middle, "accent", SMALL, down=0.5) + 14
        figures, start = fitting(pen, facts.figures, area.right - EDGE - x)
        start = area.right - EDGE - start
        room = start - x - 20
        if room > 60:
            pen.write(pen.cut(facts.detail, room), x, middle + 1, "dim", down=0.5)
        for words in figures:
            start += pen.write(words, start, middle, "dim", down=0.5) + GAP

    def footer(self, pen: Pen, area: Area, facts: Facts, now: float) -> None:
        """Draw the message, or else the hint at the keys; at the right, what happened last."""
        pen.fill("panel", area)
        if now - self._told < LASTS:
            words, ink = self.message, "accent"
        else:
            space = "go on" if facts.pace == PAUSED else "pause"
            words, ink = f"H  all keys     +  -  add, remove     Space  {space}", "dim"
        words = pen.cut(words, area.width - 2 * EDGE)
        x = float(area.x + EDGE)
        x += pen.write(words, x, area.centery, ink, down=0.5) + 2 * GAP
        self._news(pen, area, x, now)

    def _news(self, pen: Pen, area: Area, left: float, now: float) -> None:
        """Write the last events, the newest at the right, as far as there is room."""
        right = float(area.right - EDGE)
        for when, words in self._events:
            line = f"{ago(now - when)}  {words}"
            if words == self.message and now - self._told < LASTS:
                continue  # it stands in full at the left
            room = right - left
            if room < 120:
                return
            ink = "text" if now - when < NEW else "dim"
            right -= pen.write(pen.cut(line, room), right, area.centery, ink, across=1, down=0.5)
            right -= GAP

    def help_over(self, pen: Pen) -> None:
        """Draw the table of keys in the middle of the window, in two columns if it is wide."""
        width, height = pen.size
        columns = 2 if width >= 2 * ENTRY + 40 else 1
        rows = -(-len(KEYS) // columns)
        step = min(26, (height - 20) // (rows + 2))
        size = SMALL if step < 22 else NORMAL
        area = Rect(0, 0, min(ENTRY * columns, width - 20), step * (rows + 2))
        area.center = (width // 2, height // 2)
        pen.fill("shade", area, round_by=8)
        pen.frame("line", area, round_by=8)
        for number, key in enumerate(KEYS):
            column, row = divmod(number, rows)
            x, y = area.x + column * ENTRY, area.y + step * (row + 1)
            pen.write(key.label, x + LABELS, y, "accent", size)
            pen.write(pen.cut(key.does, ENTRY - DOES - 8, size), x + DOES, y, "text", size)


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
    """How long ago something was, in a word."""
    if seconds < 1:
        return "now"
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
