"""Two pictures side by side: how much they differ, as a person would see it."""

import numpy as np
import pygame
from numpy.typing import NDArray

BLOCK = 4  # [px] along the side of the squares whose mean colours are compared
SEEN = 25.0  # of 255: two colours differ from here on
FEW = 2  # squares may differ: lines are not the same to the pixel in every pygame
FAINT = 0.4  # of 255 that all squares may differ on average: another ground, of nearly the colour
GAP = 8  # [px] between the pictures


def alike(one: pygame.Surface, other: pygame.Surface) -> bool:
    """Whether two pictures show the same."""
    if one.get_size() != other.get_size():
        return False
    far = difference(one, other)
    return int((far > SEEN).sum()) <= FEW and float(far.mean()) <= FAINT


def difference(one: pygame.Surface, other: pygame.Surface) -> NDArray[np.float64]:
    """How far the squares of two pictures of one size are apart, of 255, (columns, rows)."""
    far: NDArray[np.float64] = np.abs(means(one) - means(other)).max(axis=2)
    return far


def means(picture: pygame.Surface) -> NDArray[np.float64]:
    """The mean colour of each square, (columns, rows, 3)."""
    pixels = pygame.surfarray.array3d(picture).astype(float)
    columns, rows = (length // BLOCK for length in picture.get_size())
    cut = pixels[: columns * BLOCK, : rows * BLOCK]
    return cut.reshape(columns, BLOCK, rows, BLOCK, 3).mean(axis=(1, 3))


def beside(reference: pygame.Surface, now: pygame.Surface) -> pygame.Surface:
    """The reference, the picture of now, and that in grey with what differs in red."""
    width, height = (max(a, b) for a, b in zip(reference.get_size(), now.get_size(), strict=True))
    sheet = pygame.Surface((3 * width + 2 * GAP, height))
    sheet.fill((255, 0, 255))
    sheet.blit(reference, (0, 0))
    sheet.blit(now, (width + GAP, 0))
    if reference.get_size() == now.get_size():
        sheet.blit(marked(now, difference(reference, now) > SEEN), (2 * (width + GAP), 0))
    return sheet


def marked(picture: pygame.Surface, squares: NDArray[np.bool_]) -> pygame.Surface:
    """The picture in grey, with some of its squares in red."""
    pixels = pygame.surfarray.array3d(picture)
    pixels[:] = (pixels.mean(axis=2, keepdims=True) / 2).astype(np.uint8)
    red = squares.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)
    pixels[: red.shape[0], : red.shape[1]][red] = (255, 60, 60)
    return pygame.surfarray.make_surface(pixels)
