"""The density's picture: how many stand in each cell, and who, as pixels.

A cell has the colour of the process of one who stands there, as if dots had been drawn over each
other; the more stand there, the more of the colour and the less of the floor. Called by
game.view.density.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Integers
from game.view.pixel_colours import Masks, PixelColours, as_pixels
from game.view.theme import Theme

STEPS = 256  # shades of a colour, the first one the floor
LEVELS = 65_536  # agents in a cell that are told apart: more look alike
AT_ONCE = 16_384  # cells that are painted at once: what fits into a core's own cache
FAINTEST = 0.35  # of the colour: where there is one, and are many more elsewhere

Marks = NDArray[np.uint8]  # which of the theme's colours of agents


def picture(counts: Integers, owners: Marks, theme: Theme, side: int) -> pygame.Surface:
    """A picture of the counts and the owners (height, width), each cell `side` [px] large;
    where nobody is, the floor."""
    height, width = counts.shape
    made = pygame.Surface((width, height), 0, 32)
    levels, colours = steps(int(counts.max())), ramps(theme, made.get_masks())
    buffer: Any = made.get_buffer()
    pixels = np.frombuffer(buffer, np.uint32).reshape(height, width)
    high = max(1, AT_ONCE // width)
    for top in range(0, height, high):
        band = slice(top, top + high)
        shades = np.take(levels, counts[band], mode="clip")  # more than LEVELS: the last
        shades += np.multiply(owners[band], STEPS, dtype=np.int64)
        np.take(colours, shades, out=pixels[band], mode="clip")
    return pygame.transform.scale(made, (width * side, height * side)) if side > 1 else made


def steps(most: int) -> Integers:
    """The shade of each count, by its logarithm: 0 of nobody, the last one of `most`."""
    levels = np.arange(min(max(most, 1), LEVELS) + 1)
    share = np.log1p(levels) / np.log1p(levels[-1])
    return np.where(levels == 0, 0, 1 + (share * (STEPS - 2)).astype(np.int64))


@lru_cache(maxsize=4)
def ramps(theme: Theme, masks: Masks) -> PixelColours:
    """The shades of every colour that agents have, one after the other, as pixels of a surface
    with these masks, (tints * STEPS,)."""
    colours = np.array([theme.tint(n) for n in range(theme.tints)], float)[:, None]
    share = np.concatenate(([0.0], np.linspace(FAINTEST, 1.0, STEPS - 1)))[:, None]
    floor = np.array(theme["floor"], float)
    return as_pixels((floor + (colours - floor) * share).round().reshape(-1, 3), masks)


def scales(theme: Theme, owners: Sequence[int], most: int) -> pygame.Surface:
    """A picture of the shades of some owners' colours, a row of pixels for each: from that of one
    agent in a cell to that of `most`."""
    first = int(steps(most)[1])
    made = pygame.Surface((STEPS - first, len(owners)), 0, 32)
    buffer: Any = made.get_buffer()
    pixels = np.frombuffer(buffer, np.uint32).reshape(len(owners), -1)
    pixels[:] = ramps(theme, made.get_masks()).reshape(-1, STEPS)[list(owners), first:]
    return made
