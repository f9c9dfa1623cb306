"""Obstacles: circles and polygons on the swarm's ground, and how far it is to them.

Movers ask them (`agent.obstacles`), as do the command line and the scene. Plain Python and the
standard library alone: a mover loads neither numpy nor anything like it.

    obstacles.contains(x, y)    whether a place is inside one of them
    obstacles.distance(x, y)    how far it is to the nearest one's edge [m]; negative inside of it
    obstacles.nearest(x, y)     that one, or None where there are none
    for obstacle in obstacles   each has `contains`, `distance`, and `edge`: its nearest point

A polygon whose sides cross holds what they go around an odd number of times (even-odd rule).
"""

from collections.abc import Iterator, Sequence
from math import hypot, inf, sqrt
from typing import Any, NamedTuple

Place = tuple[float, float]  # x, y [m]
Box = tuple[float, float, float, float]  # left, bottom, right, top [m]

MOST_CELLS = 64  # that an obstacle is noted in; one that lies in more is asked every time


class Circle(NamedTuple):
    """A round obstacle."""

    x: float  # [m] of its middle
    y: float  # [m]
    radius: float  # [m]

    @property
    def box(self) -> Box:
        """What it lies in."""
        x, y, radius = self
        return x - radius, y - radius, x + radius, y + radius

    def contains(self, x: float, y: float) -> bool:
        """Whether a place is inside, or on the edge."""
        return self.distance(x, y) <= 0

    def distance(self, x: float, y: float) -> float:
        """How far it is to the edge [m]; negative inside."""
        return hypot(x - self.x, y - self.y) - self.radius

    def edge(self, x: float, y: float) -> Place:
        """The point of the edge that is nearest to a place."""
        right, up = x - self.x, y - self.y
        away = hypot(right, up)
        if not away:  # from the very middle all are as near
            return self.x + self.radius, self.y
        return self.x + right / away * self.radius, self.y + up / away * self.radius


class Polygon(NamedTuple):
    """An obstacle with corners, in order around it; the last one leads back to the first."""

    corners: tuple[Place, ...]

    @property
    def box(self) -> Box:
        """What it lies in."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def sides(self) -> Iterator[tuple[Place, Place]]:
        """Every side, from corner to corner."""
        return zip(self.corners, (*self.corners[1:], self.corners[0]), strict=True)

    def contains(self, x: float, y: float) -> bool:
        """Whether a ray from a place to the right crosses the sides an odd number of times."""
        inside = False
        for (x1, y1), (x2, y2) in self.sides:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                inside = not inside
        return inside

    def distance(self, x: float, y: float) -> float:
        """How far it is to the edge [m]; negative inside."""
        near_x, near_y = self.edge(x, y)
        far = hypot(x - near_x, y - near_y)
        return -far if self.contains(x, y) else far

    def edge(self, x: float, y: float) -> Place:
        """The point of the edge that is nearest to a place."""
        points = (nearest_on(side, x, y) for side in self.sides)
        return min(points, key=lambda point: hypot(x - point[0], y - point[1]))


Obstacle = Circle | Polygon


def nearest_on(side: tuple[Place, Place], x: float, y: float) -> Place:
    """The point of a line between two places that is nearest to a third."""
    (x1, y1), (x2, y2) = side
    right, up = x2 - x1, y2 - y1
    square = right * right + up * up
    along = ((x - x1) * right + (y - y1) * up) / square if square else 0.0
    along = min(max(along, 0.0), 1.0)
    return x1 + along * right, y1 + along * up


class Obstacles(Sequence[Obstacle]):
    """All obstacles of a ground; quick also where they are ten thousand."""

    _fields = ("every",)  # what a recording keeps, as of a named tuple

    def __init__(self, every: Sequence[Obstacle] = ()) -> None:
        self.every = tuple(every)
        # Made here, not at the first question: so it travels to the nursery, and all movers that
        # are forked there share one.
        self._index = Index(self.every) if self.every else None

    def __len__(self) -> int:
        return len(self.every)

    def __getitem__(self, index: Any) -> Any:
        return self.every[index]

    def contains(self, x: float, y: float) -> bool:
        """Whether a place is inside one of them."""
        index = self._index
        return index is not None and any(one.contains(x, y) for one in index.at(x, y))

    def distance(self, x: float, y: float) -> float:
        """How far it is to the nearest edge [m], negative inside; infinite without any."""
        return self._near(x, y)[0]

    def nearest(self, x: float, y: float) -> Obstacle | None:
        """The one whose edge is nearest, or that a place is deepest in; None without any."""
        return self._near(x, y)[1]

    def _near(self, x: float, y: float) -> tuple[float, Obstacle | None]:
        best: tuple[float, Obstacle | None] = inf, None
        if self._index is None:
            return best
        for sure, some in self._index.around(x, y):
            if best[0] <= sure:
                break
            for obstacle in some:
                if (far := obstacle.distance(x, y)) < best[0]:
                    best = far, obstacle
        return best


class Index:
    """Which obstacles lie in which cell of a grid over all of them."""

    def __init__(self, every: Sequence[Obstacle]) -> None:
        """There has to be one at least."""
        boxes = [obstacle.box for obstacle in every]
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        self._left, self._bottom = min(lefts), min(bottoms)
        self._many = max(1, round(sqrt(len(every))))  # cells along each side
        extent = max(max(rights) - self._left, max(tops) - self._bottom)
        self._side = extent / self._many or 1.0  # [m] of a cell
        self._cells: dict[tuple[int, int], list[Obstacle]] = {}
        self._wide: list[Obstacle] = []  # that lie in too many to be noted in each
        for obstacle, (left, bottom, right, top) in zip(every, boxes, strict=True):
            first, lowest = self._cell(left, bottom)
            last, highest = self._cell(right, top)
            if (last - first + 1) * (highest - lowest + 1) > MOST_CELLS:
                self._wide.append(obstacle)
                continue
            for column in range(first, last + 1):
                for row in range(lowest, highest + 1):
                    self._cells.setdefault((column, row), []).append(obstacle)

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell of a place, or the one nearest to it."""
        column = min(max((x - self._left) / self._side, 0), self._many - 1)
        row = min(max((y - self._bottom) / self._side, 0), self._many - 1)
        return int(column), int(row)

    def at(self, x: float, y: float) -> Iterator[Obstacle]:
        """Those that may hold a place."""
        yield from self._wide
        yield from self._cells.get(self._cell(x, y), ())

    def around(self, x: float, y: float) -> Iterator[tuple[float, list[Obstacle]]]:
        """Some after the others, from near to far, each time with how far all that are still to
        come are away at least [m]."""
        column, row = self._cell(x, y)
        yield -inf, self._wide
        for ring in range(self._many):
            # Of the place's own cell nothing is known: one may be inside of what lies in it.
            sure = (ring - 1) * self._side if ring else -inf
            cells = ring_of(column, row, ring)
            yield sure, [one for cell in cells for one in self._cells.get(cell, ())]


def ring_of(column: int, row: int, away: int) -> Iterator[tuple[int, int]]:
    """The cells that are so many away from one, in a square around it."""
    if not away:
        yield column, row
        return
    for aside in range(-away, away + 1):
        yield column + aside, row - away
        yield column + aside, row + away
    for aside in range(1 - away, away):
        yield column - away, row + aside
        yield column + away, row + aside
