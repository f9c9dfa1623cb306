"""The legend of a density: how many agents a colour stands for, in the corner of the ground.

Called by game.view.density.
"""

from functools import lru_cache

import numpy as np
import pygame

from game.view.canvas import Canvas
from game.view.density_picture import scales
from game.view.numbers import abbreviated
from game.view.painter import Painter
from game.view.theme import Theme

WIDE, HIGH, AWAY = 156, 50, 8  # [pt] of its box, and from the corner
EDGE, BAR, TINY = 9, 8, 11  # [pt] inside the box; the height of the scale; of its figures
OWNERS = 4  # whose colours there is room for
SHARE = 0.5  # of the ground's width and height that it takes at the most


def draw(canvas: Canvas, owners: tuple[int, ...], most: int, cell: float) -> None:
    """Draw the logarithmic scale from 1 to `most` agents in a cell of `cell` [m], in the colours of
    the first few `owners`, above each other.

    Where the ground is too small for it, the canvas is told so.
    """
    left, top, width, height = canvas.view
    if SHARE * width < WIDE * canvas.scale or SHARE * height < HIGH * canvas.scale:
        canvas.left_out.append("legend")
        return
    away = round(AWAY * canvas.scale)
    made = picture(canvas.theme, canvas.scale, owners[:OWNERS], most, f"{cell:.2g}")
    canvas.surface.blit(made, (left + away, top + away))


@lru_cache(maxsize=4)
def picture(
    theme: Theme, scale: float, owners: tuple[int, ...], most: int, cell: str
) -> pygame.Surface:
    """The legend as it is laid over the ground."""
    made = pygame.Surface((round(WIDE * scale), round(HIGH * scale)), pygame.SRCALPHA, 32)
    painter = Painter(made, theme, scale)
    painter.fill("shade", pygame.Rect(0, 0, WIDE, HIGH), round_by=4)
    painter.write(f"agents in {cell} x {cell} m", EDGE, 5, "text", TINY)
    bar = pygame.Rect(EDGE, 20, WIDE - 2 * EDGE, BAR)
    area = painter.pixels(bar)
    if owners:
        made.blit(pygame.transform.scale(scales(theme, owners, most), area.size), area)
    for share, figure in figures(most):
        x = bar.x + share * bar.width
        painter.write(abbreviated(figure), x, bar.bottom + 4, "text", TINY, across=share)
    return made


def figures(most: int) -> list[tuple[float, int]]:
    """Where on the scale, 0 to 1, stand which figures: its ends, and one between them."""
    found = [(0.0, 1)]
    middle = round(np.sqrt(most))
    if 1 < middle < most:
        found.append((place(middle, most), middle))
    return [*found, (1.0, most)] if most > 1 else found


def place(figure: int, most: int) -> float:
    """Where a figure stands on a scale that ends at `most`: as densities are coloured."""
    first, last = np.log1p([1, max(most, 2)])
    return float((np.log1p(figure) - first) / (last - first))
