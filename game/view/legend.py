"""The legend of a density: how many agents a colour stands for, in the corner of the ground.

Called by game.view.density.
"""

from typing import Any

import numpy as np
import pygame

from game.view.canvas import Canvas
from game.view.numbers import abbreviated
from game.view.painter import Painter
from game.view.pixel_colours import PixelColours

WIDE, HIGH, AWAY = 156, 50, 8  # [pt] of its box, and from the corner
EDGE, BAR, TINY = 9, 8, 11  # [pt] inside the box; the height of the scale; of its figures
SHARE = 0.5  # of the ground's width and height that it takes at the most


def draw(canvas: Canvas, colours: PixelColours, most: int, cell: float) -> None:
    """Draw the `colours` of a logarithmic scale from 1 to `most` agents in a cell of `cell` [m].

    Where the ground is too small for it, the canvas is told so.
    """
    painter = Painter(canvas.surface, canvas.theme, canvas.scale)
    left, top, width, height = (value / canvas.scale for value in canvas.view)
    if SHARE * width < WIDE or SHARE * height < HIGH:
        canvas.left_out.append("legend")
        return
    box = pygame.Rect(round(left) + AWAY, round(top) + AWAY, WIDE, HIGH)
    painter.fill("shade", box, round_by=4)
    painter.write(f"agents in {cell:.2g} x {cell:.2g} m", box.x + EDGE, box.y + 5, "text", TINY)
    scale = pygame.Rect(box.x + EDGE, box.y + 20, WIDE - 2 * EDGE, BAR)
    area = painter.pixels(scale)
    canvas.surface.blit(pygame.transform.scale(row(colours), area.size), area)
    for share, figure in figures(most):
        x = scale.x + share * scale.width
        painter.write(abbreviated(figure), x, scale.bottom + 4, "text", TINY, across=share)


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


def row(colours: PixelColours) -> pygame.Surface:
    """A picture of pixels side by side."""
    made = pygame.Surface((len(colours), 1), 0, 32)
    buffer: Any = made.get_buffer()
    np.frombuffer(buffer, np.uint32)[:] = colours
    return made
