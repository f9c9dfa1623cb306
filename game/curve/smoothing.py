"""How a closed line bends: its curvature, whatever the file that it comes from does to its points.

A file rounds its points to centimetres. At a point a metre, the bend from one edge to the next is
then mostly rounding. So the points are first fitted by a smooth curve: cubic B-splines on an even
grid, with a penalty on their third derivative (P. H. C. Eilers, B. D. Marx, "Flexible Smoothing
with B-splines and Penalties", 1996, https://doi.org/10.1214/ss/1038425655),

    sum of w (point - curve(s))^2  +  (cut / 2 pi)^6 * integral of |curve'''|^2 ds

where w [m] is the way that a point stands for, so that it does not matter how many there are.
Waves that are much longer than `cut` stay, shorter ones go; at `cut` itself half is left. On rare
points the penalty makes the curve between them. Used by Track, and for racing lines.
"""

import math
from collections.abc import Sequence

from game.curve.banded import Column, solve

NODES = 6  # of the grid in the shortest wave that is kept
MOST, FEWEST = 4_000, 24  # nodes of the grid
PENALTY = (20.0, -15.0, 6.0, -1.0)  # a row of the squared third differences, from the middle on


class Curvature:
    """The curvature [1/m] of a closed line, positive in a left bend, at any distance along it."""

    def __init__(self, x: Sequence[float], y: Sequence[float], cut: float) -> None:
        """Of points [m] whose bends shorter than `cut` [m] mean nothing; at least three of them,
        no two in a row the same."""
        ends = zip(x, y, [*x[1:], x[0]], [*y[1:], y[0]], strict=True)
        edges = [math.hypot(x1 - x0, y1 - y0) for x0, y0, x1, y1 in ends]
        self.length = math.fsum(edges)
        cut = min(max(cut, 2 * self.length / len(x)), self.length / 3)
        self._step = self.length / min(MOST, max(FEWEST, math.ceil(NODES * self.length / cut)))
        self.values = bends(fitted(x, y, edges, self._step, cut), self._step)

    def at(self, distance: float) -> float:
        """The curvature [1/m] at a finite distance [m] from the first point."""
        place = distance % self.length / self._step
        i = int(place)
        one, other = (self.values[j % len(self.values)] for j in (i, i + 1))
        return one + (place - i) * (other - one)


def fitted(
    x: Sequence[float], y: Sequence[float], edges: list[float], step: float, cut: float
) -> list[Column]:
    """The weights of the B-splines for x and for y [m], (nodes,) each."""
    count = round(sum(edges) / step)
    stiff = max(cut / math.tau, step / 2) ** 6 / step**5
    bands = [[stiff * part] * count for part in PENALTY]
    # About a point of the line: far from the map's origin the squares would be rounded away.
    right = [[0.0] * count, [0.0] * count]
    distance = 0.0
    for i, edge in enumerate(edges):
        weight = (edges[i - 1] + edge) / 2
        place = distance / step
        node = int(place)
        parts = basis(place - node)
        for a, part in enumerate(parts):
            row = (node + a - 1) % count
            right[0][row] += weight * part * (x[i] - x[0])
            right[1][row] += weight * part * (y[i] - y[0])
            for b in range(a, 4):
                bands[b - a][row] += weight * part * parts[b]
        distance += edge
    return solve(bands, *right)


def basis(t: float) -> tuple[float, float, float, float]:
    """The four cubic B-splines that are not zero at t, 0..1 between two nodes."""
    rest = 1.0 - t
    return (
        rest**3 / 6,
        (3 * t**3 - 6 * t * t + 4) / 6,
        (3 * rest**3 - 6 * rest * rest + 4) / 6,
        t**3 / 6,
    )


def bends(weights: list[Column], step: float) -> Column:
    """The curvature [1/m] at each node of a spline curve; 0 where it stands still."""
    values = []
    x, y = weights
    for i in range(len(x)):
        j = (i + 1) % len(x)
        ahead_x, ahead_y = (x[j] - x[i - 1]) / 2, (y[j] - y[i - 1]) / 2
        turn_x, turn_y = x[j] - 2 * x[i] + x[i - 1], y[j] - 2 * y[i] + y[i - 1]
        pace = math.hypot(ahead_x, ahead_y)
        cross = ahead_x * turn_y - ahead_y * turn_x
        # A curve that turns back on itself has a sharp point, not an infinite bend.
        values.append(cross / max(pace, step / 10) ** 3)
    return values
