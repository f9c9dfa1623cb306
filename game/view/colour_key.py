"""The colour key: which colour stands for which behaviour or node, or for which value.

It is in the upper right corner of the ground.

Called by the screen, after the scene has drawn, where colours do not stand for processes.
"""

from collections.abc import Sequence
from functools import lru_cache

import pygame
from pygame import Rect

from game.view.canvas import Canvas
from game.view.colouring import ByField, ByName
from game.view.numbers import axis_value
from game.view.painter import Painter
from game.view.text import SMALL
from game.view.theme import SHADES, Theme

AWAY, EDGE = 8, 9  # [pt] from the corner; inside the box
ROW, SWATCH, GAP = 17, 9, 6  # [pt] from row to row; a square of a colour, and beside it
WIDEST = 220  # [pt] of the box
SHARE = 0.5  # of the ground's width and height that it takes at the most
BAR = 8  # [pt] high: the scale


def draw(canvas: Canvas) -> None:
    """Draw the key of the canvas's colouring, if it needs one; where the ground is too small, the
    canvas is told so."""
    _, top, width, height = canvas.view
    room = SHARE * width / canvas.scale, SHARE * height / canvas.scale
    made = None
    if isinstance(canvas.colouring, ByName):
        rows = int((room[1] - 2 * EDGE) // ROW)
        names = tuple(canvas.colouring.names)
        made = names_key(canvas.theme, canvas.scale, names, round(min(room[0], WIDEST)), rows)
    elif isinstance(canvas.colouring, ByField):
        by = canvas.colouring
        title = f"{by.choice.field} [{by.unit}]" if by.unit else by.choice.field
        ends = axis_value(by.low), axis_value(by.high)
        made = scale(canvas.theme, canvas.scale, title, ends)
        if made.get_width() > SHARE * width or made.get_height() > SHARE * height:
            made = None
    else:
        return
    if made is None:
        canvas.left_out.append("legend")
        return
    right = canvas.view[0] + width - round(AWAY * canvas.scale)
    canvas.surface.blit(made, (right - made.get_width(), top + round(AWAY * canvas.scale)))


@lru_cache(maxsize=4)
def names_key(
    theme: Theme, scale: float, names: Sequence[str], widest: int, rows: int
) -> pygame.Surface | None:
    """The key of what has names, at most so many rows; None without room for two."""
    if rows < min(2, len(names)) or widest < 2 * EDGE + SWATCH + GAP + 20:
        return None
    measure = Painter(pygame.Surface((1, 1)), theme, scale)
    shown = list(names) if len(names) <= rows else list(names[: rows - 1])
    rest = len(names) - len(shown)
    words = [*shown, f"and {rest} more"] if rest else shown
    text = max(measure.width(word, SMALL) for word in words)
    width = min(round(text) + 2 * EDGE + SWATCH + GAP + 2, widest)
    painter = box(theme, scale, width, len(words) * ROW + EDGE)
    for number, word in enumerate(words):
        y = EDGE // 2 + number * ROW
        if number < len(shown):
            square = Rect(EDGE, y + (ROW - SWATCH) // 2, SWATCH, SWATCH)
            painter.fill(theme.agent(number), square, round_by=2)
        x = EDGE + SWATCH + GAP
        line = painter.cut(word, width - x - EDGE + 2, SMALL)
        painter.write(line, x, y + ROW // 2, "text", SMALL, down=0.5)
    return painter.surface


@lru_cache(maxsize=4)
def scale(theme: Theme, scale: float, title: str, ends: tuple[str, str]) -> pygame.Surface:
    """The key of a field's values: its scale, from the least to the largest."""
    painter = box(theme, scale, 156, 52)
    painter.write(painter.cut(title, 156 - 2 * EDGE, SMALL), EDGE, 5, "text", SMALL)
    area = painter.pixels(Rect(EDGE, 22, 156 - 2 * EDGE, BAR))
    line = pygame.Surface((SHADES, 1), 0, 32)
    for level in range(SHADES):
        line.set_at((level, 0), theme.tint(theme.different + level))
    painter.surface.blit(pygame.transform.scale(line, area.size), area)
    painter.write(ends[0], EDGE, 34, "text", SMALL)
    painter.write(ends[1], 156 - EDGE, 34, "text", SMALL, across=1.0)
    return painter.surface


def box(theme: Theme, scale: float, width: int, height: int) -> Painter:
    """An empty box of a size [pt], to be written in."""
    size = round(width * scale), round(height * scale)
    painter = Painter(pygame.Surface(size, pygame.SRCALPHA, 32), theme, scale)
    painter.fill("shade", Rect(0, 0, width, height), round_by=4)
    return painter
