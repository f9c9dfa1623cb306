"""Labels: the name of each agent beside it, as far as names have room.

Called by game.view.agents.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pygame

from game.frame import Floats, Integers
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

    A name stands to the right of its agent, or else to the left. One that would cover an agent
    or another name on either side is left out, and so is everybody beyond the first MOST.
    """
    order = np.argsort(numbers != selected, kind="stable")[:MOST]
    view, taken = pygame.Rect(canvas.view), boxes(pixels[order], size)
    pictures = []
    for index, agent in zip(order.tolist(), list(taken), strict=True):
        picture = plate(
            name(int(numbers[index])), canvas.theme["shade"], canvas.theme["text"], canvas.scale
        )
        for area in beside(agent, picture, round(GAP * canvas.scale)):
            free = view.contains(area) and area.collidelist(taken) < 0
            if free or (numbers[index] == selected and view.contains(area)):
                taken.append(area)
                pictures.append((picture, area))
                break
    canvas.surface.blits(pictures, False)


def boxes(pixels: Floats, size: int) -> list[pygame.Rect]:
    """What agents of `size` [px] cover, corners left out."""
    side = max(2, round(size * 0.7))
    corners = (pixels - side / 2).round().astype(int).tolist()
    return [pygame.Rect(x, y, side, side) for x, y in corners]


def beside(
    agent: pygame.Rect, picture: pygame.Surface, gap: int
) -> tuple[pygame.Rect, pygame.Rect]:
    """The places for a label: right of the agent, left of it."""
    gap += round(agent.width * 0.25)  # the nose
    right, left = picture.get_rect(), picture.get_rect()
    right.midleft = agent.right + gap, agent.centery
    left.midright = agent.left - gap, agent.centery
    return right, left


@lru_cache(maxsize=2048)
def plate(words: str, shade: Colour, ink: Colour, scale: float) -> pygame.Surface:
    """A picture of some words on a shade that lets the ground shine through."""
    line = text.line(words, round(text.SMALL * scale), ink)
    room = round(ROOM * scale)
    width, height = line.get_size()
    made = pygame.Surface((width + 2 * room, height + room // 2), pygame.SRCALPHA, 32)
    pygame.draw.rect(made, (*shade, BEHIND), made.get_rect(), border_radius=room)
    made.blit(line, (room, (made.get_height() - height) // 2))
    return made
