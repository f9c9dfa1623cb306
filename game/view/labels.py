"""Labels: the name of each agent beside it, as far as names have room.

Called by the crowd.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pygame

from game.snapshot import Floats, Integers
from game.view import text
from game.view.canvas import Canvas
from game.view.theme import Colour

MOST = 300  # labels at the same time
GAP, ROOM = 1, 4  # [pt] from the agent to its label; in the label, beside the words
BEHIND = 170  # of 255: how much of the ground the label's shade covers


def draw(
    canvas: Canvas,
    pixels: Floats,
    numbers: Integers,
    size: int,
    name: Callable[[int], str],
    selected: int,
) -> None:
    """Write the names of agents of `size` [px] at `pixels` (n, 2), the selected one's first.

    A name stands to the right, or to the left where the view ends; one that would cover
    another one is left out, and so is everybody beyond the first MOST.
    """
    view = pygame.Rect(canvas.view)
    order = np.argsort(numbers != selected, kind="stable")[:MOST]
    placed: list[pygame.Rect] = []
    pictures = []
    shade, ink = canvas.theme["shade"], canvas.theme["text"]
    beside = size / 2 + GAP * canvas.scale
    for index in order.tolist():
        x, y = pixels[index].tolist()
        picture = plate(name(int(numbers[index])), shade, ink, canvas.scale)
        area = picture.get_rect()
        area.midleft = round(x + beside), round(y)
        if area.right > view.right:
            area.midright = round(x - beside), round(y)
        if area.collidelist(placed) < 0:
            placed.append(area)
            pictures.append((picture, area))
    canvas.surface.blits(pictures, False)


@lru_cache(maxsize=2048)
def plate(words: str, shade: Colour, ink: Colour, scale: float) -> pygame.Surface:
    """A picture of some words on a shade that lets the ground shine through."""
    line = text.line(words, round(text.SMALL * scale), ink)
    room = round(ROOM * scale)
    width, height = line.get_size()
    made = pygame.Surface((width + 2 * room, height + room // 2), pygame.SRCALPHA)
    pygame.draw.rect(made, (*shade, BEHIND), made.get_rect(), border_radius=room)
    made.blit(line, (room, (made.get_height() - height) // 2))
    return made
