"""The file of obstacles: TOML that a person edits by hand. Read by the command line alone.

    circles = [[30, 40, 8], [70, 25, 5]]                  # x, y, radius [m]
    polygons = [[[60, 60], [80, 60], [70, 80]]]           # corners x, y [m], in order

Every complaint is an ObstacleError of one line: the file, the place, and what would be right.
"""

import math
import tomllib
from typing import Any

from game.scenes.swarm.obstacles import Circle, Obstacles, Place, Polygon

MOST_BYTES = 10_000_000  # of a file: some 300,000 circles
MOST = 100_000  # obstacles
MOST_CORNERS = 10_000  # of a polygon
FARTHEST = 1e9  # [m] from the origin that anything lies
CIRCLE = "give a circle as [x, y, radius] in m, such as [30, 40, 8]"
POLYGON = "give a polygon as [[x, y], [x, y], [x, y], ...] in m"
NAMES = "circles = [[x, y, radius], ...] and polygons = [[[x, y], ...], ...]"


class ObstacleError(ValueError):
    """A file of obstacles that cannot be used."""


def load(path: str) -> Obstacles:
    """The obstacles that a file holds."""
    data = read(path)
    try:
        for name in data:
            if name not in ("circles", "polygons"):
                raise ValueError(f"there is no {name!r:.40} among obstacles; give {NAMES}")
        circles = [circle(n, each) for n, each in enumerate(several(data, "circles"), 1)]
        polygons = [polygon(n, each) for n, each in enumerate(several(data, "polygons"), 1)]
        if len(circles) + len(polygons) > MOST:
            have = f"{len(circles) + len(polygons):,}"
            raise ValueError(f"has {have} obstacles; give at most {MOST:,}")
    except ValueError as error:
        raise ObstacleError(f"{path}: {error}") from None
    return Obstacles((*circles, *polygons))


def read(path: str) -> dict[str, Any]:
    """What a file of TOML holds."""
    try:
        with open(path, "rb") as file:
            text = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise ObstacleError(f"{path}: cannot be read: {what}; give a file of TOML") from None
    if len(text) > MOST_BYTES:
        raise ObstacleError(f"{path}: is larger than {MOST_BYTES // 1_000_000} MB")
    try:
        return tomllib.loads(text.removeprefix(b"\xef\xbb\xbf").decode())
    except (ValueError, RecursionError) as error:
        what = str(error).splitlines()[0]
        raise ObstacleError(f"{path}: is not TOML: {what}; give {NAMES}") from None


def several(data: dict[str, Any], name: str) -> list[Any]:
    """What stands under a name: a list, or nothing."""
    found = data.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name} is {found!r:.40}, no list; give {NAMES}")
    return found


def circle(number: int, given: object) -> Circle:
    """The circle that a list of three numbers stands for."""
    if not (isinstance(given, list) and len(given) == 3 and all(map(is_length, given))):
        raise ValueError(f"circles, number {number}: {given!r:.60} is none; {CIRCLE}")
    x, y, radius = map(float, given)
    if not radius > 0:
        raise ValueError(f"circles, number {number}: the radius {radius:g} is not more than 0")
    return Circle(x, y, radius)


def polygon(number: int, given: object) -> Polygon:
    """The polygon that a list of corners stands for."""
    where = f"polygons, number {number}"
    if not isinstance(given, list) or len(given) > MOST_CORNERS:
        raise ValueError(f"{where}: {given!r:.60} is none; {POLYGON}")
    corners = [corner(f"{where}, corner {n}", each) for n, each in enumerate(given, 1)]
    if corners and corners[-1] == corners[0]:  # closed, as many programs write it
        corners.pop()
    if len(set(corners)) < 3:
        raise ValueError(f"{where}: has {len(set(corners))} different corners; give three or more")
    if in_a_line(corners):
        raise ValueError(f"{where}: its corners lie in one line, so that nothing is inside")
    return Polygon(tuple(corners))


def corner(where: str, given: object) -> Place:
    """The place that a list of two numbers stands for."""
    if isinstance(given, list) and len(given) == 2 and all(map(is_length, given)):
        return float(given[0]), float(given[1])
    raise ValueError(f"{where}: {given!r:.40} is no place; {POLYGON}")


def is_length(value: object) -> bool:
    """Whether a value is a number of metres."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= FARTHEST  # false for nan, too


def in_a_line(corners: list[Place]) -> bool:
    """Whether all corners lie in one line, as far as their digits tell."""
    (x, y), far = corners[0], max(corners, key=lambda c: math.dist(c, corners[0]))
    right, up = far[0] - x, far[1] - y
    away = (abs(right * (b - y) - up * (a - x)) for a, b in corners)
    return max(away) <= 1e-12 * (right * right + up * up)
