"""The colour map: numbers as colours, for images and points; and the scale that explains it.

Equal steps of a value look equal, in grey as well: see game.scenes.watch.colours.
"""

from functools import lru_cache

import numpy as np
import pygame

from game.frame import Floats
from game.scenes.watch.elements import Numbers
from game.scenes.watch.plot import LINE, thin, write
from game.scenes.watch.ticks import ticks
from game.view.canvas import Canvas
from game.view.pixel_colours import Masks, PixelColours, as_pixels
from game.view.theme import Theme

STOPS = "map_0", "map_1", "map_2", "map_3", "map_4", "map_5", "map_6", "map_7", "map_8"
STEPS = 255  # colours; the one after them is that of what is no number
SCALE = 74  # [pt] wide: the scale beside a picture, with its numbers
BAND = 14  # [pt] of it are colours


@lru_cache(maxsize=8)
def colours(theme: Theme) -> Floats:
    """All colours of the map, (STEPS, 3) of 0 to 255."""
    stops = np.array([theme[name] for name in STOPS], float)
    at = np.linspace(0, len(stops) - 1, STEPS)
    return np.column_stack([np.interp(at, np.arange(len(stops)), part) for part in stops.T])


@lru_cache(maxsize=8)
def palette(theme: Theme, masks: Masks) -> PixelColours:
    """The map and the colour of nan, as pixels of a surface with these masks, (STEPS + 1,)."""
    return as_pixels(np.vstack((colours(theme), theme["nan"])).round(), masks)


def steps(numbers: Numbers, low: float, high: float) -> Numbers:
    """Which of the map's colours each number has between two that are the darkest and lightest."""
    with np.errstate(over="ignore", invalid="ignore"):
        share = (numbers.astype(np.float32) - np.float32(low)) * np.float32(
            (STEPS - 1) / (high - low)
        )
        np.clip(share + np.float32(0.5), 0, STEPS - 1, out=share)
    if numbers.dtype.kind == "f":
        share[np.isnan(share)] = STEPS
    return share.astype(np.uint8)


def pixels(canvas: Canvas, numbers: Numbers, low: float, high: float) -> PixelColours:
    """The colours of numbers as the canvas's pixels, shaped as they are."""
    return palette(canvas.theme, canvas.surface.get_masks())[steps(numbers, low, high)]


def draw_scale(canvas: Canvas, area: pygame.Rect, low: float, high: float) -> None:
    """Draw the scale into an area [px]: colours from the lowest up, with numbers beside them."""
    band = pygame.Rect(area.x, area.y, round(BAND * canvas.scale), area.height)
    column = pygame.Surface((1, STEPS), 0, canvas.surface)
    for row, colour in enumerate(colours(canvas.theme)[::-1].round().astype(int).tolist()):
        column.set_at((0, row), colour)
    canvas.surface.blit(pygame.transform.scale(column, band.size), band)
    pygame.draw.rect(canvas.surface, canvas.theme["line"], band.inflate(2, 2), 1)
    values, words = ticks(low, high, max(2, int(band.height / (2 * LINE * canvas.scale))))
    for value, label in zip(values, words, strict=True):
        y = band.bottom - 1 - (value - low) / (high - low) * (band.height - 1)
        tick = pygame.Rect(band.right, round(y), round(4 * canvas.scale), thin(canvas))
        canvas.surface.fill(canvas.theme["dim"], tick)
        write(canvas, label, band.right + 7 * canvas.scale, y, "dim", down=0.5)
