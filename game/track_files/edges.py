"""Two edges of a track to its centre line, and lines in parts to one.

Used by the formats that may hold them.
"""

import math
from itertools import pairwise

from game.track_files.outline import NEAREST

Points = list[tuple[float, float]]
MOST = 2_000  # points of an edge: more are thinned, each is compared with a part of the other
SEARCHED = 8  # one in so many of the other edge's points is looked at, to either side


def between(left: Points, right: Points) -> tuple[Points, list[float]]:
    """The centre line between two closed edges [m], with its width to either side [m].

    It is driven so that `left` lies to the left, from the first point of that edge on.
    """
    left, right = _thinned(_ring(left)), _thinned(_ring(right))
    # Who is outside lies to the left of a circuit that is driven clockwise.
    clockwise = abs(area(left)) > abs(area(right))
    left = _turned(left, clockwise)
    right = _turned(right, clockwise)
    centre, half = [], []
    for (x, y), (other_x, other_y) in zip(left, _opposite(left, right), strict=True):
        centre.append(((x + other_x) / 2, (y + other_y) / 2))
        half.append(math.hypot(other_x - x, other_y - y) / 2)
    return centre, half


def area(points: Points) -> float:
    """What a ring encloses [m2], positive counter-clockwise."""
    x0, y0 = points[0]
    around = pairwise([*points, points[0]])
    return sum((a - x0) * (d - y0) - (c - x0) * (b - y0) for (a, b), (c, d) in around) / 2


def chained(parts: list[Points]) -> list[Points]:
    """Parts of lines, with those joined, end to end, that meet; what meets nothing is alone."""
    waiting, chains = list(parts), []
    while waiting:
        chain = list(waiting.pop(0))
        while chain[0] != chain[-1] and (other := _meets(chain, waiting)):
            waiting.remove(other)
            chain += other[1:] if other[0] == chain[-1] else other[-2::-1]
        chains.append(chain)
    return chains


def _meets(chain: Points, parts: list[Points]) -> Points | None:
    return next((part for part in parts if chain[-1] in (part[0], part[-1])), None)


def _ring(points: Points) -> Points:
    """Without the points that repeat the one before, or the first."""
    kept = [points[0]]
    kept += [b for a, b in pairwise(points) if math.dist(a, b) >= NEAREST]
    while len(kept) > 1 and math.dist(kept[0], kept[-1]) < NEAREST:
        kept.pop()
    return kept


def _thinned(points: Points) -> Points:
    return points[:: -(-len(points) // MOST)]


def _turned(points: Points, clockwise: bool) -> Points:
    """The ring from the same point on, the way round that is wanted."""
    return points if (area(points) < 0) == clockwise else [points[0], *points[:0:-1]]


def _opposite(points: Points, edge: Points) -> Points:
    """For each point of one edge the nearest place on the other, further on or not far behind.

    Only a part of the other edge is looked at: what is near there, and not what is near because
    the circuit comes back to it.
    """
    count, reach = len(edge), max(2, len(edge) // SEARCHED)
    at = min(range(count), key=lambda i: math.dist(edge[i], points[0]))
    found = []
    for point in points:
        near = range(at - reach, at + reach + 1)
        at = min(near, key=lambda i: math.dist(edge[i % count], point)) % count
        before, here, after = edge[at - 1], edge[at], edge[(at + 1) % count]
        places = _nearest(point, before, here), _nearest(point, here, after)
        found.append(min(places, key=lambda place: math.dist(place, point)))
    return found


def _nearest(
    point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]
) -> tuple[float, float]:
    """The place between a and b that is nearest to a point."""
    way = b[0] - a[0], b[1] - a[1]
    length = way[0] ** 2 + way[1] ** 2
    share = ((point[0] - a[0]) * way[0] + (point[1] - a[1]) * way[1]) / length if length else 0.0
    share = min(max(share, 0.0), 1.0)
    return a[0] + share * way[0], a[1] + share * way[1]
