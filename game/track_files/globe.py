"""The lines of a map in degrees to one outline: which of them is the circuit.

Used by the formats that hold any number of named lines: GeoJSON, GPX, KML.
"""

import math
from itertools import pairwise
from typing import NamedTuple

from game.track_files import degrees, edges
from game.track_files.outline import Outline, TrackError, shown

Points = list[tuple[float, float]]
MOST = 1_000  # lines: a map of a town is no circuit


class Shape(NamedTuple):
    """A line of a map; `holes` are the inner rings of one that is the ring of an area."""

    name: str
    points: Points  # longitude, latitude [degrees]
    holes: tuple[Points, ...] = ()


def outline(shapes: list[Shape], place: str, what: str) -> Outline:
    """The centre line that the lines of a file mean; `what` is what there should be one of."""
    shapes = [shape for shape in shapes if len(shape.points) >= 2]
    if not shapes:
        raise TrackError(f"{place}: has no line; write {what}")
    if len(shapes) > MOST:
        raise TrackError(f"{place}: has {len(shapes):,} lines; leave the circuit's alone in it")
    for shape in shapes:
        for points in (shape.points, *shape.holes):
            degrees.check(points, place)
    sides = _sides(shapes)
    if sides:
        about = degrees.middle(sides[0])
        one, other = (degrees.projected(points, about) for points in sides)
        return _between(one, other, named=len(shapes) > 1)
    chosen, notes = _longest(shapes)
    points = degrees.projected(chosen, degrees.middle(chosen))
    x, y = (list(axis) for axis in zip(*points, strict=True))
    return Outline(x, y, [], [], notes)


def _sides(shapes: list[Shape]) -> tuple[Points, Points] | None:
    """The left and the right edge, if there are such; of an area with a hole the outer first."""
    if len(shapes) == 1 and len(shapes[0].holes) == 1 and len(shapes[0].holes[0]) > 2:
        return shapes[0].points, shapes[0].holes[0]
    found = []
    for side in ("left", "right"):
        named = [s.points for s in shapes if side in s.name.lower() and len(s.points) > 2]
        if len(named) != 1:
            return None
        found += named
    return found[0], found[1]


def _between(one: Points, other: Points, named: bool) -> Outline:
    """The centre line between two edges [m]; those of an area keep the way of its outer ring."""
    if not named and edges.area(one) > 0:
        one, other = other, one  # counter-clockwise, the outer edge lies to the right
    centre, half = edges.between(one, other)
    x, y = (list(axis) for axis in zip(*centre, strict=True))
    what = "the lines named left and right" if named else "the rings of the area"
    return Outline(x, y, half, list(half), (f"{what} taken as the edges of the track",))


def _longest(shapes: list[Shape]) -> tuple[Points, tuple[str, ...]]:
    """The points of the longest line, and what was left out."""

    def length(shape: Shape) -> float:
        points = degrees.projected(shape.points, degrees.middle(shape.points))
        return sum(math.dist(a, b) for a, b in pairwise(points))

    best = max(shapes, key=length)
    notes = []
    if len(shapes) > 1:
        name = f", {shown(best.name)}," if best.name else ""
        notes.append(f"the longest of {len(shapes)} lines{name} taken as the centre line")
    elif best.holes:
        notes.append(f"the outer ring of an area with {len(best.holes)} holes taken as the line")
    return best.points, tuple(notes)
