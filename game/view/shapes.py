"""Shapes: circles and polygons on the ground, filled, with an edge.

Scenes paint their backgrounds with them, thousands at a time. pygame goes through every line of a
shape that it is given, in view or not, and takes no place beyond 32 bits: what reaches far out of
the view is cut off here.
"""

from collections.abc import Sequence

import numpy as np
import pygame

from game.frame import Floats
from game.view.canvas import Canvas

EDGE = 1.5  # [pt] wide
ROOM = 100.0  # [px] around the view that is drawn into
LARGE = 10_000.0  # [px] a circle's radius, beyond which it is drawn as a polygon
FINE = 4096  # corners of that polygon


def circles(canvas: Canvas, given: Floats, colour: str, edge: str) -> None:
    """Draw circles (n, 3): x, y, radius [m]."""
    pixels = canvas.camera.pixels(given[:, 0], given[:, 1])
    radii, wide = given[:, 2] * canvas.camera.scale, edge_width(canvas)
    seen = canvas.seen(pixels - radii[:, None], pixels + radii[:, None])
    ink, line = canvas.theme[colour], canvas.theme[edge]
    for place, radius in zip(pixels[seen].tolist(), radii[seen].tolist(), strict=True):
        if radius > LARGE:
            turn = np.linspace(0.0, 2 * np.pi, FINE, endpoint=False)
            around = np.column_stack((np.cos(turn), np.sin(turn))) * radius
            polygon(canvas, around + place, colour, edge)
            continue
        pygame.draw.circle(canvas.surface, line, place, max(radius, 1.0))
        if radius > wide:
            pygame.draw.circle(canvas.surface, ink, place, radius - wide)


def polygons(canvas: Canvas, given: Sequence[Floats], colour: str, edge: str) -> None:
    """Draw polygons, each of corners (n, 2) [m]."""
    if not given:
        return
    ends = np.cumsum([len(corners) for corners in given])
    every = np.concatenate(given)
    pixels = canvas.camera.pixels(every[:, 0], every[:, 1])
    starts = np.concatenate(([0], ends[:-1]))
    low, high = np.minimum.reduceat(pixels, starts), np.maximum.reduceat(pixels, starts)
    for index in np.flatnonzero(canvas.seen(low, high)).tolist():
        polygon(canvas, pixels[starts[index] : ends[index]], colour, edge)


def polygon(canvas: Canvas, pixels: Floats, colour: str, edge: str) -> None:
    """Draw one of corners (n, 2) [px]."""
    corners = cut(pixels, canvas.view)
    if len(corners) > 2:
        pygame.draw.polygon(canvas.surface, canvas.theme[colour], corners)
        wide = max(1, round(edge_width(canvas)))
        pygame.draw.lines(canvas.surface, canvas.theme[edge], True, corners, wide)


def edge_width(canvas: Canvas) -> float:
    """How wide an edge is [px]."""
    return EDGE * canvas.point * canvas.camera.scale


def cut(pixels: Floats, view: tuple[int, int, int, int]) -> list[tuple[float, float]]:
    """The corners (n, 2) [px] of the part of a polygon that is near the view, each side of which
    cuts in turn (I. E. Sutherland, G. W. Hodgman, 1974, https://doi.org/10.1145/360767.360802)."""
    left, top, width, height = view
    corners: list[tuple[float, float]] = [(x, y) for x, y in pixels.tolist()]
    limits = ((0, 1, left - ROOM), (0, -1, left + width + ROOM), (1, 1, top - ROOM))
    for axis, way, limit in (*limits, (1, -1, top + height + ROOM)):
        if all(way * corner[axis] >= way * limit for corner in corners):
            continue
        kept = []
        for before, corner in zip((corners[-1], *corners[:-1]), corners, strict=True):
            inside, was = (way * c[axis] >= way * limit for c in (corner, before))
            if inside != was:
                part = (limit - before[axis]) / (corner[axis] - before[axis])
                x, y = (a + (b - a) * part for a, b in zip(before, corner, strict=True))
                kept.append((limit, y) if axis == 0 else (x, limit))
            if inside:
                kept.append(corner)
        corners = kept
    return corners
