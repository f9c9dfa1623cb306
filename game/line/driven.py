"""A line as it is driven: where it is, how it bends, how fast a car can be at each place of it.

Worked out once a track and a car, and kept; see cache. Used by movers, and before they start by
the command line, so that they find it there.
"""

import math
from typing import NamedTuple

from game.curve.banded import Column
from game.curve.smoothing import Curvature
from game.line.cache import kept, key
from game.line.profile import Limits, profile
from game.line.racing_line import Bounds, bounds, path, places, points, racing_line
from game.track import SHORTEST_BEND, Track

SHORTEST = 1e-6  # [m] of a way: two places of a line can be one on the inside of a sharp bend


class Line(NamedTuple):
    """A closed line beside the centre line, at even distances along that; (places,) each."""

    step: float  # [m] of the centre line from a place to the next
    offset: Column  # [m] from the centre line, left positive
    way: Column  # [m] to the next place
    bend: Column  # [1/m] curvature of the line, positive in a left bend
    low: Column  # [m] where a car may be at most, to the right and to the left
    high: Column

    def at(self, column: Column, distance: float) -> float:
        """One of the columns at a distance [m] along the centre line."""
        place = distance / self.step
        i = math.floor(place)
        one, other = column[i % len(column)], column[(i + 1) % len(column)]
        return one + (place - i) * (other - one)


class Wish(NamedTuple):
    """What line it shall be."""

    margin: float  # [m] that it stays away from both edges
    lane: float  # [m] that a lane beside it is wide, which it leaves free on a wide track
    racing: bool = True  # else the centre line


def line_on(track: Track, wish: Wish) -> Line:
    """A track's line: worked out, unless it has been before."""
    name = key(track.x, track.y, track.right, track.left, map(float, wish))
    columns = kept(name, 5, lambda: made(track, wish))
    return Line(track.length / len(columns[0]), *columns)


def made(track: Track, wish: Wish) -> list[Column]:
    """The columns of a Line, worked out."""
    count = places(track)
    way, edges = path(track, count), bounds(track, count, wish.margin)
    room = bounds(track, count, wish.margin, wish.lane)
    offset = racing_line(way, room) if wish.racing else middle(room)
    x, y = points(way, offset)
    ends = zip(x, y, [*x[1:], x[0]], [*y[1:], y[0]], strict=True)
    ways = [max(math.hypot(x1 - x0, y1 - y0), SHORTEST) for x0, y0, x1, y1 in ends]
    curvature = Curvature(x, y, SHORTEST_BEND * track.width)
    bend, distance = [], 0.0
    for step in ways:
        bend.append(curvature.at(distance))
        distance += step
    return [offset, ways, bend, *edges]


def middle(room: Bounds) -> Column:
    """The centre line, where a car has room on it."""
    return [min(max(0.0, low), high) for low, high in zip(*room, strict=True)]


def speeds_on(line: Line, limits: Limits) -> Column:
    """The highest speed [m/s] at each place of a line."""
    name = key("speeds", line.way, line.bend, limits)
    return kept(name, 1, lambda: [profile(line.way, line.bend, limits)])[0]


def lap_time(line: Line, speeds: Column) -> float:
    """How long once around takes at these speeds [s]."""
    following = [*speeds[1:], speeds[0]]
    steps = zip(line.way, speeds, following, strict=True)
    return sum(2 * way / (one + other) for way, one, other in steps)
