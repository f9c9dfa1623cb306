"""Strokes: very many short lines at once, with smooth edges, mixed into what is there already.

Works on whole arrays: every column of pixels that a line crosses (every row, where the line is
steep) becomes a few pixels across it, each covered in part.

      line   ___---        column by column: how far is the middle of each pixel from the
       ___---              line? Within half its width, it is covered; beyond, it is not.

Which pixels a line touches is found once; they can be painted as often as the camera rests.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.frame import Floats, Integers
from game.view.canvas import Canvas
from game.view.pixel_colours import PixelColours

PAIR = np.uint32(0x00FF00FF)  # two of the four parts of a pixel, with room above each to multiply
WHOLE = 256  # the share of a colour that covers all


class Touched(NamedTuple):
    """Pixels that some lines touch, each (n,); none twice by the same line."""

    places: Integers  # of each pixel, counted row by row in the surface
    pixel_colours: PixelColours  # the line's colour
    cover: NDArray[np.float32]  # how much of the pixel the line covers, times WHOLE


def find(
    canvas: Canvas, pixel_colours: PixelColours, starts: Floats, ends: Floats, wide: float
) -> list[Touched]:
    """The pixels in view that lines from starts to ends (n, 2) [px] touch.

    The lines have the colours `pixel_colours` (n,) and are `wide` [px] across. Pixels at their
    edges come first, those in their middle last: in this order they are to be painted. A line
    with an end that is not finite is none.
    """
    seen = np.flatnonzero(canvas.seen(starts, ends))
    pixel_colours, starts, way = pixel_colours[seen], starts[seen], ends[seen] - starts[seen]
    steep = np.abs(way[:, 1]) > np.abs(way[:, 0])
    # From here on a line goes along its longer side, and `aside` is the other direction.
    along = np.where(steep, starts[:, 1], starts[:, 0])
    aside = np.where(steep, starts[:, 0], starts[:, 1])
    far = np.where(steep, way[:, 1], way[:, 0])
    slope = np.where(steep, way[:, 0], way[:, 1]) / np.where(far == 0, 1.0, far)
    first = np.floor(np.minimum(along, along + far)).astype(np.int32)
    many = np.floor(np.maximum(along, along + far)).astype(np.int32) - first + 1
    line = np.repeat(np.arange(len(many), dtype=np.int32), many)
    step = np.arange(len(line), dtype=np.int32) + (first - (np.cumsum(many) - many))[line]
    middle = (aside + slope * (0.5 - along))[line] + slope[line] * step
    upright = (1 / np.hypot(1.0, slope))[line]  # a pixel aside is so far from the line
    # Of a thin line the nearest pixel in each column is enough: such lines come in thousands.
    reach = int(wide * 0.75 + 0.5) if wide > 1 else 0
    nearest = np.floor(middle).astype(np.int32)
    found = []
    for beside in sorted(range(-reach, reach + 1), key=abs, reverse=True):
        away = np.abs(nearest + (beside + 0.5) - middle)
        cover = np.minimum(wide / 2 + 0.5 - away * upright, 1.0)
        across = nearest + np.int32(beside)
        columns, rows = np.where(steep[line], (across, step), (step, across))
        kept = np.flatnonzero((cover > 0) & canvas.holds(columns, rows))
        places = rows[kept].astype(np.int64) * canvas.pitch + columns[kept]
        share = (cover[kept] * WHOLE).astype(np.float32)
        found.append(Touched(places, pixel_colours[line[kept]], share))
    return found


def paint(canvas: Canvas, strokes: Sequence[tuple[Touched, float]]) -> None:
    """Paint pixels, with how much of its colour each lot shows, from 0 to 1.

    Where lines meet, the last one counts.
    """
    places = np.concatenate([touched.places for touched, _ in strokes])
    pixel_colours = np.concatenate([touched.pixel_colours for touched, _ in strokes])
    cover = np.concatenate([touched.cover * np.float32(share) for touched, share in strokes])
    buffer: Any = canvas.surface.get_buffer()
    target: PixelColours = np.frombuffer(buffer, np.uint32)
    target[places] = mixed(target[places], pixel_colours, cover.astype(np.uint32))


def mixed(under: PixelColours, over: PixelColours, share: PixelColours) -> PixelColours:
    """Colours between two, part by part: `share` of WHOLE is how much of the upper one shows."""
    rest = np.uint32(WHOLE) - share
    eight = np.uint32(8)
    low = ((under & PAIR) * rest + (over & PAIR) * share) >> eight & PAIR
    high = ((under >> eight & PAIR) * rest + (over >> eight & PAIR) * share) & ~PAIR
    found: PixelColours = low | high
    return found
