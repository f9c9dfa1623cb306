"""Density: very many agents as a picture of how many stand in each pixel.

Called by scenes with a canvas to draw on. Works on whole arrays, and only when a row has moved:
the picture of the frame before is kept.
"""

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshot import Floats, Snapshot
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.theme import Theme

FROM = 50_000  # agents from which a scene shows their density
STEPS = 256  # colours of the scale


def draw(canvas: Canvas, places: Floats, snapshot: Snapshot, ground: Bounds) -> None:
    """Show how many of `places` (n, 2) [m] lie in each pixel of `ground`."""
    left, top = canvas.camera.pixel(ground.left, ground.top)
    right, bottom = canvas.camera.pixel(ground.right, ground.bottom)
    x, y = round(left), round(top)
    size = max(1, round(right) - x), max(1, round(bottom) - y)
    key = (size, len(places))
    if canvas.kept.get(key) is None or snapshot.fresh.any():
        counts = count(places, ground, size)
        canvas.kept = {key: picture(counts, canvas.theme)}
    canvas.surface.blit(canvas.kept[key], (x, y))


def count(places: Floats, ground: Bounds, size: tuple[int, int]) -> NDArray[np.int64]:
    """How many places (n, 2) [m] lie in each pixel, (height, width); others are left out."""
    width, height = size
    columns = pixels(places[:, 0], ground.left, ground.right, width)
    rows = pixels(places[:, 1], ground.top, ground.bottom, height)
    if columns is None or rows is None:
        inside = np.isfinite(places).all(axis=1)
        inside &= (places[:, 0] >= ground.left) & (places[:, 0] <= ground.right)
        inside &= (places[:, 1] >= ground.bottom) & (places[:, 1] <= ground.top)
        kept = places[inside]
        return count(kept, ground, size) if len(kept) else np.zeros((height, width), np.int64)
    rows *= width
    rows += columns
    return np.bincount(rows, minlength=width * height).reshape(height, width)


def pixels(values: Floats, low: float, high: float, size: int) -> NDArray[np.int32] | None:
    """The pixel of each value between `low` and `high`; None if one is not between them."""
    # In single precision, which is finer than a pixel and half the memory to move.
    scaled = np.empty(len(values), np.float32)
    np.subtract(values, low, out=scaled, casting="same_kind")
    scaled *= np.float32(size / (high - low))
    if not (scaled.min() >= 0 and scaled.max() <= size):  # false for nan, too
        return None
    found = scaled.astype(np.int32)
    np.minimum(found, size - 1, out=found)
    return found


def picture(counts: NDArray[np.int64], theme: Theme) -> pygame.Surface:
    """The counts through the theme's scale, which is logarithmic; where nobody is, the floor."""
    scale = ramp(theme)
    most = max(int(counts.max()), 1)
    levels = np.arange(min(most, 1 << 16) + 1)
    share = np.log1p(levels) / np.log1p(most)
    steps = np.where(levels == 0, 0, 1 + (share * (STEPS - 2)).astype(int))
    shades = scale[steps][np.minimum(counts, len(levels) - 1)]
    height, width = counts.shape
    return pygame.image.frombuffer(shades.tobytes(), (width, height), "RGBA").convert()


def ramp(theme: Theme) -> NDArray[np.uint32]:
    """The floor's colour and the scale's, as pixels of red, green, blue and 255 in memory."""
    stops = np.array(theme.density, float)
    at = np.linspace(0, len(stops) - 1, STEPS - 1)
    mixed = [np.interp(at, np.arange(len(stops)), stops[:, part]) for part in range(3)]
    colours = np.vstack((theme["floor"], np.column_stack(mixed)))
    bytes_ = np.column_stack((colours.round(), np.full(STEPS, 255))).astype(np.uint8)
    return np.ascontiguousarray(bytes_).view(np.uint32).ravel()
