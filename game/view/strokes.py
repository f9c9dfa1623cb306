"""Strokes: very many short lines at once, with smooth edges, mixed into what is there already.

Works on whole arrays: every column of pixels that a line crosses (every row, where the line is
steep) becomes a few pixels across it, each covered in part.

      line   ___---        column by column: how far is the middle of each pixel from the
       ___---              line? Within half its width, it is covered; beyond, it is not.
"""

import numpy as np
import pygame
from numpy.typing import NDArray

from game.snapshot import Floats
from game.view.canvas import Canvas, Inks

PAIR = np.uint32(0x00FF00FF)  # two of the four parts of a pixel, with room above each to multiply
WHOLE = 256  # the share of a colour that covers all


def draw(
    canvas: Canvas, starts: Floats, ends: Floats, inks: Inks, shares: Floats, wide: float
) -> None:
    """Draw a line from each start to each end, (n, 2) [px], `wide` [px] across.

    `shares` (n,) is how much each covers, from 0 to 1. Where lines meet, the last one counts.
    """
    seen = canvas.seen(starts, ends)
    if not seen.any():
        return
    columns, rows, line, cover = pixels(starts[seen], ends[seen], wide)
    left, top, width, height = canvas.view
    inside = (columns >= left) & (columns < left + width) & (rows >= top) & (rows < top + height)
    columns, rows, line = columns[inside], rows[inside], line[inside]
    share = (shares[seen][line] * cover[inside] * WHOLE).astype(np.uint32)
    target = pygame.surfarray.pixels2d(canvas.surface)
    target[columns, rows] = mixed(target[columns, rows], inks[seen][line], share)


def pixels(
    starts: Floats, ends: Floats, wide: float
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], Floats]:
    """The pixels that lines touch: columns, rows, which line each belongs to, how much of it is
    covered; those in the middle of a line come last."""
    way = ends - starts
    steep = np.abs(way[:, 1]) > np.abs(way[:, 0])
    # From here on a line goes along its longer side, and `aside` is the other direction.
    along = np.where(steep, starts[:, 1], starts[:, 0])
    aside = np.where(steep, starts[:, 0], starts[:, 1])
    far = np.where(steep, way[:, 1], way[:, 0])
    slope = np.where(steep, way[:, 0], way[:, 1]) / np.where(far == 0, 1.0, far)
    first = np.floor(np.minimum(along, along + far)).astype(np.int64)
    many = np.floor(np.maximum(along, along + far)).astype(np.int64) - first + 1
    line = np.repeat(np.arange(len(many)), many)
    step = first[line] + np.arange(len(line)) - np.repeat(np.cumsum(many) - many, many)
    middle = aside[line] + slope[line] * (step + 0.5 - along[line])
    upright = 1 / np.hypot(1.0, slope)[line]  # a pixel aside is so far from the line
    # Of a thin line the nearest pixel in each column is enough: such lines come in thousands.
    far_aside = int(wide * 0.75 + 0.5) if wide > 1 else 0
    reach = np.array(sorted(range(-far_aside, far_aside + 1), key=abs, reverse=True))
    nearest = np.floor(middle).astype(np.int64)
    away = nearest + 0.5 - middle + reach[:, None]
    cover = np.minimum(wide / 2 + 0.5 - np.abs(away) * upright, 1.0).ravel()
    kept = np.flatnonzero(cover > 0)
    index = kept % len(line)
    across, step, line = nearest[index] + reach[kept // len(line)], step[index], line[index]
    columns, rows = np.where(steep[line], (across, step), (step, across))
    return columns, rows, line, cover[kept]


def mixed(under: Inks, over: Inks, share: Inks) -> Inks:
    """Colours between two, part by part: `share` of WHOLE is how much of the upper one shows."""
    rest = np.uint32(WHOLE) - share
    eight = np.uint32(8)
    low = ((under & PAIR) * rest + (over & PAIR) * share) >> eight & PAIR
    high = ((under >> eight & PAIR) * rest + (over >> eight & PAIR) * share) & ~PAIR
    found: Inks = low | high
    return found
