"""What is on a surface, for the tests that look at every picture of a run.

pygame.surfarray.array3d() takes three times as long for the colours, and twenty times as long
as it takes to know whether two pictures are the same.
"""

import numpy as np
import pygame
from numpy.typing import NDArray

RGB = 0xFFFFFF  # of a pixel's 32 bits: the others are nobody's


def pixels(surface: pygame.Surface) -> NDArray[np.uint8]:
    """The colours, (width, height, 3); they cannot be written to."""
    data = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
    return data.reshape(surface.get_height(), surface.get_width(), 3).swapaxes(0, 1)


def picture(surface: pygame.Surface) -> NDArray[np.uint32]:
    """A number for each pixel's colour, (width, height), to be compared with another picture."""
    assert surface.get_bitsize() == 32, "else a part of the colour would be left out"
    return pygame.surfarray.pixels2d(surface) & RGB
