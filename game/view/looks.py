"""What the selected agent looked at in its last step: a light behind each that it saw, and the
circle in which it looked.

Called by scenes before they draw their agents.
"""

from collections.abc import Sequence

import numpy as np
import pygame

from game.frame import Floats, Frame
from game.view.canvas import Canvas
from game.view.theme import Colour

HALO = 0.72  # of an agent's size: the radius of the light behind it
SHINE = 0.45  # how much of the light's colour is over the ground's
WIDEST = 8.0  # views: a circle that is larger shows no edge
THIN = 1.5  # [pt] of the circle


def draw(canvas: Canvas, frame: Frame, places: Floats, size: float) -> None:
    """Show what the selected agent of a frame looked at, if it did.

    `places` (n, 2) [m] are those of the agents shown, which are `size` [pt] large.
    """
    looked = frame.looked
    if looked is None or looked.agent != canvas.selected:
        return
    middle = found(frame, places, (looked.agent,))
    if not len(middle):
        return
    radius, most = looked.radius / canvas.point * canvas.scale, WIDEST * max(canvas.view[2:])
    if 0 < radius < most:
        pixel = canvas.camera.pixels(*middle.T)[0].tolist()
        thick = max(1, round(THIN * canvas.scale))
        pygame.draw.circle(canvas.surface, canvas.theme["accent"], pixel, radius, thick)
    light(canvas, found(frame, places, looked.numbers), size)


def light(canvas: Canvas, places: Floats, size: float) -> None:
    """Put a light behind agents at places (n, 2) [m], which are `size` [pt] large."""
    pixels = canvas.camera.pixels(*places.T)
    radius = max(HALO * size, 5.0) * canvas.scale
    picture = halo(round(radius), canvas.theme["accent"])
    for x, y in pixels[canvas.inside(pixels)].tolist():
        canvas.surface.blit(picture, (round(x - radius), round(y - radius)))


def halo(radius: int, colour: Colour) -> pygame.Surface:
    """A round light of so many pixels, with an edge."""
    side = 2 * radius + 1
    picture = pygame.Surface((side, side), pygame.SRCALPHA, 32)
    middle = radius, radius
    pygame.draw.circle(picture, (*colour, round(255 * SHINE)), middle, radius)
    pygame.draw.circle(picture, colour, middle, radius, 1)
    return picture


def found(frame: Frame, places: Floats, numbers: Sequence[int]) -> Floats:
    """The places (n, 2) [m] of those of some agents that are shown."""
    wanted = np.array(numbers, np.int64)
    at = np.searchsorted(frame.agents, wanted)
    there = at < len(frame.agents)
    there[there] = frame.agents[at[there]] == wanted[there]
    return places[at[there]]
