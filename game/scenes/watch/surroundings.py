"""What stands around the view of a watched array: words above it, the strip of changes below."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pygame

from game.scenes.watch import violated
from game.scenes.watch.elements import Elements
from game.scenes.watch.history import SPAN, TICK
from game.scenes.watch.looks import WatchView
from game.scenes.watch.plot import LINE, cut, write
from game.scenes.watch.watched import Watched
from game.scenes.watch.words import measured_words, standing_words, title_words
from game.view import text
from game.view.canvas import Canvas
from game.view.numbers import abbreviated
from game.view.theme import Colour

EDGE, TOP = 14, 8  # [pt] to the words
TITLE = 22  # [pt] from the title to the line below it
STRIP, STRIP_FROM = 50, 230  # [pt] high; of a view that has room for it
LINES_FROM = 300  # [pt] of a view with room for all lines of words
MARKS = range(60, 0, -15)  # [s] ago, written under the strip
GAP = 16  # [pt] between words on the same line


class Ground(NamedTuple):
    """The parts of the ground [px]."""

    words: pygame.Rect
    view: pygame.Rect
    strip: pygame.Rect | None


def divide(canvas: Canvas) -> Ground:
    """Share the ground out; a low one has no strip, and fewer words."""
    scale, whole = canvas.scale, pygame.Rect(canvas.view)
    high = whole.height / scale
    lines = 2 if high >= LINES_FROM else 1
    words = pygame.Rect(whole.x, whole.y, whole.width, round((TOP + TITLE + lines * LINE) * scale))
    strip = None
    if high >= STRIP_FROM:
        strip = pygame.Rect(whole.x, 0, whole.width, round(STRIP * scale))
        strip.bottom = whole.bottom
    bottom = strip.top if strip else whole.bottom
    view = pygame.Rect(whole.x, words.bottom, whole.width, max(8, bottom - words.bottom))
    return Ground(words, view, strip)


def draw_words(
    canvas: Canvas, ground: Ground, view: WatchView, elements: Elements | None, said: str
) -> None:
    """Write what the array is and how it stands with it; `said` is about the picture."""
    scale, area = canvas.scale, ground.words
    left, right = area.x + EDGE * scale, area.right - EDGE * scale
    look = view.look
    if look is None or elements is None or not elements.many:
        write_alone(canvas, view)
        return
    y = area.y + TOP * scale
    title = title_words(look, elements)
    x = left + write(
        canvas, cut(canvas, title, right - left, text.NORMAL), left, y, "text", size=text.NORMAL
    )
    y += TITLE * scale
    standing = standing_words(view)
    for words, ink in standing:
        room = right - x - GAP * scale
        if room > 60 * scale:
            x += GAP * scale
            x += write(canvas, cut(canvas, words, room), x, area.y + (TOP + 2) * scale, ink)
    check = [violated.words(view.check)] if view.check else []
    lines = [*check, (said, "dim"), ("     ".join(measured_words(look)), "dim")]
    for words, ink in lines[: round((area.bottom - y) / (LINE * scale))]:
        write(canvas, cut(canvas, words, right - left), left, y, ink)
        y += LINE * scale


def write_alone(canvas: Canvas, view: WatchView) -> None:
    """Write in the middle why there is nothing to see."""
    x, y, width, height = canvas.view
    lines = standing_words(view) or [("nothing has been read yet", "text")]
    top = y + height / 2 - len(lines) * LINE * canvas.scale / 2
    for number, (words, ink) in enumerate(lines):
        place = x + width / 2, top + number * 1.3 * LINE * canvas.scale
        fitting = cut(canvas, words, width - 2 * EDGE * canvas.scale, text.NORMAL)
        write(canvas, fitting, *place, ink, across=0.5, down=0.5, size=text.NORMAL)


def draw_strip(
    canvas: Canvas, area: pygame.Rect, watched: Watched, ticks: Sequence[float] = ()
) -> None:
    """Draw how many changes there were in each moment of the last minute, and a red mark where a
    check was violated, `ticks` [s]."""
    scale, theme = canvas.scale, canvas.theme
    canvas.surface.fill(theme["line"], (area.x, area.y, area.width, max(1, round(scale))))
    changes = watched.strip.changes
    peak = float(changes.max()) if len(changes) else 0.0
    words = f"{abbreviated(watched.strip.rate(watched.now))} changes/s"
    if peak:
        words += f", at most {abbreviated(peak / TICK)} in the last minute"
    left, right = area.x + EDGE * scale, area.right - EDGE * scale
    write(canvas, cut(canvas, words, right - left), left, area.y + 4 * scale, "dim")
    plot = pygame.Rect(round(left), round(area.y + 18 * scale), round(right - left), 0)
    plot.height = max(1, area.bottom - round(14 * scale) - plot.y)
    edges = np.linspace(plot.left, plot.right, len(changes) + 1).round().astype(int).tolist()
    for place, count in enumerate(changes.tolist()):
        if count:
            high = max(1, round(plot.height * count / peak))
            column = pygame.Rect(edges[place], plot.bottom - high, 0, high)
            column.width = max(1, edges[place + 1] - edges[place] - (plot.width > 700))
            canvas.surface.fill(ink(canvas), column)
    for tick in ticks:
        if (gone := watched.now - tick) < SPAN:
            mark = round(plot.right - plot.width * gone / SPAN)
            wide = max(1, round(2 * scale))
            canvas.surface.fill(theme["alarm"], (mark, plot.top, wide, plot.height))
    for ago in MARKS:
        x = plot.right - plot.width * ago / SPAN
        write(
            canvas,
            f"-{ago} s",
            x,
            plot.bottom + 1,
            "dim",
            across=0.0 if ago == SPAN else 0.5,
            size=11,
        )
    write(canvas, "now", plot.right, plot.bottom + 1, "dim", across=1.0, size=11)


def ink(canvas: Canvas) -> Colour:
    """The strip's colour."""
    return canvas.theme["accent"]
