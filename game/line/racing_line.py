"""The racing line: of all lines within a track's edges the one that bends least.

    minimise  sum of turn_i^2 / way_i      over offset_i from the centre line, edge to edge

turn_i is the angle by which the line turns at a place [rad] and turn_i / way_i its curvature
there, so that the sum is that of squared curvature along the line; the ways are taken as they are
at each step, so that nothing is gained by a longer line. The aim is that of
A. Heilmeier et al., "Minimum curvature trajectory planning and control" (2019),
https://doi.org/10.1080/00423114.2019.1631455: the bends are linearised about the line so far,
which leaves a quadratic program with bounds. It is solved by a primal-dual interior point method
(J. Nocedal, S. J. Wright, "Numerical Optimization", 2006, 19.2), and linearised anew at each of
its steps. A place's bend depends on its two neighbours alone, so that a step is a banded system,
solved in a time that grows with the number of places and no faster.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

from game.curve.banded import Column, solve
from game.track import Track

PARTS = 4  # places in a length of the track's width
FEWEST, MOST = 400, 4_000  # places
STEPS = 60  # linearisations at most
CLOSE = 1e-3  # of the mean room: a step that would move no place by more is the last one
SHRINK = 0.2  # of gap times force is left after a step
LEAST = 1e-9  # [m] to a bound: less would be rounded away
SHY = 0.95  # of the way to the bounds is gone at most
INWARD = 0.8  # of a bend's radius: farther in, the normals of neighbours would cross
WIDE = 6  # lanes: on so wide a track a line costs little that leaves one of them free
NARROW = 1e-3  # [m] of room, where there is none: bounds must not touch

# Its length [m], its angle [rad], and how that changes with the offset of its first place and of
# its second one [rad/m].
Edge = tuple[float, float, float, float]


class Bounds(NamedTuple):
    """Where a line may be: offsets from the centre line [m], left positive, at even places."""

    low: Column
    high: Column


class Path(NamedTuple):
    """Places of the centre line at even distances, and where left is; (places,) each."""

    x: Column  # [m]
    y: Column
    left_x: Column  # a unit vector to the left
    left_y: Column


def places(track: Track) -> int:
    """At how many even places along a track its line is worked out."""
    return min(MOST, max(FEWEST, math.ceil(PARTS * track.length / track.width)))


def path(track: Track, count: int) -> Path:
    """So many places of a track."""
    points = [track.at(i * track.length / count) for i in range(count)]
    x, y, heading = (list(column) for column in zip(*points, strict=True))
    return Path(x, y, [-math.sin(a) for a in heading], [math.cos(a) for a in heading])


def bounds(track: Track, count: int, margin: float, lane: float = 0.0) -> Bounds:
    """Where a line may be that stays `margin` [m] away from both edges, and leaves so wide a
    `lane` [m] free to its left where the track is as wide as some of them.

    In the middle where the track is too narrow for that, and never so far on the inside of a bend
    that the line would go backwards.
    """
    low, high = [], []
    for i in range(count):
        distance = i * track.length / count
        right, left = track.width_at(distance)
        bend = track.curvature_at(distance)
        lowest, highest = margin - right, left - margin
        if right + left > WIDE * lane:
            highest -= lane
        if bend > 0:
            highest = min(highest, INWARD / bend)
        if bend < 0:
            lowest = max(lowest, INWARD / bend)
        if highest - lowest < NARROW:
            middle = (lowest + highest) / 2
            lowest, highest = middle - NARROW / 2, middle + NARROW / 2
        low.append(lowest)
        high.append(highest)
    return Bounds(low, high)


def racing_line(way: Path, room: Bounds) -> Column:
    """The offsets [m] of the line that bends least, left positive, (places,)."""
    low, high = room
    offset = [(a + b) / 2 for a, b in zip(low, high, strict=True)]
    if max(b - a for a, b in zip(low, high, strict=True)) <= 2 * NARROW:
        return offset
    width = math.fsum(high) - math.fsum(low)  # [m] of all places
    # The forces with which the bounds push back; to begin with, both as the bends would.
    force = max(bending(way, offset) / len(offset), 1e-12)
    below = [force / (b - a) for a, b in zip(low, high, strict=True)]
    above = below.copy()
    for _ in range(STEPS):
        gaps = [
            (max(x - a, LEAST), max(b - x, LEAST))
            for x, a, b in zip(offset, low, high, strict=True)
        ]
        step, push = newton(way, offset, gaps, (below, above))
        share = longest(
            [gap if s < 0 else other for s, (gap, other) in zip(step, gaps, strict=True)],
            [-abs(s) for s in step],
        )
        give = min(longest(below, push[0]), longest(above, push[1]))
        offset = [x + share * s for x, s in zip(offset, step, strict=True)]
        below = [force + give * d for force, d in zip(below, push[0], strict=True)]
        above = [force + give * d for force, d in zip(above, push[1], strict=True)]
        if max(map(abs, step)) < CLOSE * width / len(offset):
            break
    return [min(max(x, a), b) for x, a, b in zip(offset, low, high, strict=True)]


def newton(
    way: Path, offset: Column, gaps: list[tuple[float, float]], forces: tuple[Column, Column]
) -> tuple[Column, tuple[Column, Column]]:
    """A step of the offsets [m], and of the forces of the bounds below and above."""
    below, above = forces
    bands, slope = linearised(way, offset)
    total = sum(u * g + v * h for u, v, (g, h) in zip(below, above, gaps, strict=True))
    aim = SHRINK * total / (2 * len(offset))
    for i, (gap, other) in enumerate(gaps):
        bands[0][i] += below[i] / gap + above[i] / other
        slope[i] += aim / other - aim / gap
    (step,) = solve(bands, [-value for value in slope])
    falls = [(aim - u * s) / g - u for s, u, (g, _) in zip(step, below, gaps, strict=True)]
    rises = [(aim + v * s) / h - v for s, v, (_, h) in zip(step, above, gaps, strict=True)]
    return step, (falls, rises)


def longest(values: Column, change: Column) -> float:
    """How much of a change positive values can take and stay positive, 1 at the most."""
    falls = (SHY * v / -c for v, c in zip(values, change, strict=True) if c < 0)
    return min(1.0, min(falls, default=1.0))


def bending(way: Path, offset: Column) -> float:
    """The sum that is made small [rad^2/m]."""
    return sum(
        math.remainder(after[1] - before[1], math.tau) ** 2 * 2 / (before[0] + after[0])
        for before, after in neighbours(edges(way, offset))
    )


def linearised(way: Path, offset: Column) -> tuple[list[Column], Column]:
    """Half of the second derivative of the sum, as three bands, and half of its first, of Gauss
    and Newton: with the turns linear in the offsets, and the ways between as they are."""
    count = len(offset)
    bands = [[0.0] * count for _ in range(3)]
    slope = [0.0] * count
    for i, (before, after) in enumerate(neighbours(edges(way, offset))):
        j = (i + 1) % count
        turn = math.remainder(after[1] - before[1], math.tau)
        weight = 2 / (before[0] + after[0])
        a, b, c = -before[2], after[2] - before[3], after[3]  # how the turn changes with each
        bands[0][i - 1] += weight * a * a
        bands[0][i] += weight * b * b
        bands[0][j] += weight * c * c
        bands[1][i - 1] += weight * a * b
        bands[1][i] += weight * b * c
        bands[2][i - 1] += weight * a * c
        slope[i - 1] += weight * a * turn
        slope[i] += weight * b * turn
        slope[j] += weight * c * turn
    return bands, slope


def edges(way: Path, offset: Column) -> list[Edge]:
    """From each place of a line to the next one."""
    x, y = points(way, offset)
    found = []
    for i in range(len(offset)):
        j = (i + 1) % len(offset)
        over, up = x[j] - x[i], y[j] - y[i]
        square = max(over * over + up * up, 1e-12)
        first = (up * way.left_x[i] - over * way.left_y[i]) / square
        second = (over * way.left_y[j] - up * way.left_x[j]) / square
        found.append((math.sqrt(square), math.atan2(up, over), first, second))
    return found


def neighbours(ring: list[Edge]) -> Iterator[tuple[Edge, Edge]]:
    """The edges before and after each place."""
    return zip(ring[-1:] + ring[:-1], ring, strict=True)


def points(way: Path, offset: Column) -> tuple[Column, Column]:
    """The places x and y [m] of a line."""
    return (
        [a + o * b for a, o, b in zip(way.x, offset, way.left_x, strict=True)],
        [a + o * b for a, o, b in zip(way.y, offset, way.left_y, strict=True)],
    )
