"""Colours as they stand in the pixels of a surface, for what is painted many at once."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.view.theme import Theme

PixelColours = NDArray[np.uint32]
Masks = tuple[int, int, int, int]  # which bits of a pixel are red, green, blue, alpha


def as_pixels(colours: NDArray[Any], masks: Masks) -> PixelColours:
    """Colours (n, 3) as pixels of a surface with these masks, (n,)."""
    shifts = np.array([(mask & -mask).bit_length() - 1 for mask in masks[:3]], np.uint32)
    pixels: PixelColours = (colours.astype(np.uint32) << shifts).sum(axis=1, dtype=np.uint32)
    return pixels


@lru_cache(maxsize=8)
def palette(theme: Theme, masks: Masks) -> PixelColours:
    """All colours of agents by their numbers, as pixels of a surface with these masks, (n,)."""
    return as_pixels(np.array([theme.tint(n) for n in range(theme.tints)]), masks)
