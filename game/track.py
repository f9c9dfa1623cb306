"""A track: a closed centre line with widths, read from a CSV file.

Imports only what starts in milliseconds: every process that drives on one loads it for itself.
"""

import math
import os
from bisect import bisect_right
from functools import lru_cache
from itertools import pairwise

COLUMNS = ("x_m", "y_m", "w_tr_right_m", "w_tr_left_m")
MAX_BYTES = 20_000_000
# [m] Leaves room for map coordinates, and for products of two of them in a float.
FARTHEST = 100_000_000.0
# [m] Once around: with more, the picture's kerbs and marks would take the window's time.
LONGEST = 1_000_000.0
# With more, a track is thinned: points so dense show nothing, and each costs time in every process.
MOST_POINTS = 10_000
# [m] Two points closer than this count as the same one: an edge needs a direction.
NEAREST = 0.001

Point = tuple[float, float, float, float]


class TrackError(ValueError):
    """A track file that cannot be used; one line: the place, what is wrong, what would be right."""


class Track:
    """A closed centre line that answers where a distance along it lies.

    All lists hold one entry per point. `x`, `y`: position [m], y up. `right`, `left`: width to
    either side of the centre line [m]. `distance`: from the start line along the centre line
    [m], 0 at the first point. `length`: once around, closing edge included [m]. `heading`:
    [rad] counter-clockwise from +x. `curvature`: [1/m], positive in a left bend.

    Needs at least three points, no two in a row the same, as `parse` makes sure.
    """

    def __init__(
        self, name: str, x: list[float], y: list[float], right: list[float], left: list[float]
    ) -> None:
        self.name = name
        self.x, self.y = x, y
        self.right, self.left = right, left
        self.distance: list[float] = []
        self.length = 0.0
        self.heading: list[float] = []
        self.curvature: list[float] = []
        self._edges: list[float] = []
        self._measure()
        self._bend()

    def _measure(self) -> None:
        """Fill the edges' lengths, the distances and the length [m]."""
        for x, y, next_x, next_y in zip(
            self.x, self.y, self.x[1:] + self.x[:1], self.y[1:] + self.y[:1], strict=True
        ):
            edge = math.hypot(next_x - x, next_y - y)
            self.distance.append(self.length)
            self._edges.append(edge)
            self.length += edge

    def _bend(self) -> None:
        """Fill heading [rad] and curvature [1/m].

        Heading: the central difference, weighted by the lengths of the two edges that meet, so
        it is exact on a circle however its points are spaced. Curvature: the turning angle over
        the mean of those lengths, after Crane and Wardetzky, "A Glimpse into Discrete
        Differential Geometry" (2017); it adds up to one full turn for any track that does not
        cross itself. Not smoothed: real centre lines, 5 m a point, do not need it.
        """
        count = len(self.x)
        before = math.atan2(self.y[0] - self.y[-1], self.x[0] - self.x[-1])
        for i in range(count):
            j = (i + 1) % count
            after = math.atan2(self.y[j] - self.y[i], self.x[j] - self.x[i])
            bend = _turn(before, after)
            both = self._edges[i - 1] + self._edges[i]
            self.heading.append(_turn(0.0, before + bend * self._edges[i - 1] / both))
            self.curvature.append(bend / (both / 2))
            before = after

    def _locate(self, distance: float) -> tuple[int, int, float]:
        """Return the points before and after a distance [m], and the share of the way between."""
        # A tiny negative distance wraps to exactly `length`: share 1 of the closing edge.
        wrapped = distance % self.length
        i = bisect_right(self.distance, wrapped) - 1
        return i, (i + 1) % len(self.x), (wrapped - self.distance[i]) / self._edges[i]

    def at(self, distance: float) -> tuple[float, float, float]:
        """Return x, y [m] and heading [rad, -pi..pi] at a distance [m] from the start line.

        Any finite distance will do: it wraps around, forwards and backwards, without a seam.
        """
        i, j, share = self._locate(distance)
        return (
            self.x[i] + share * (self.x[j] - self.x[i]),
            self.y[i] + share * (self.y[j] - self.y[i]),
            _turn(0.0, self.heading[i] + share * _turn(self.heading[i], self.heading[j])),
        )

    def curvature_at(self, distance: float) -> float:
        """Return the curvature [1/m], positive in a left bend, at any finite distance [m]."""
        i, j, share = self._locate(distance)
        return self.curvature[i] + share * (self.curvature[j] - self.curvature[i])

    def width_at(self, distance: float) -> tuple[float, float]:
        """Return the width to the right and to the left [m] at any finite distance [m]."""
        i, j, share = self._locate(distance)
        return (
            self.right[i] + share * (self.right[j] - self.right[i]),
            self.left[i] + share * (self.left[j] - self.left[i]),
        )


def load(path: str | os.PathLike[str]) -> Track:
    """Read a track file; raise TrackError for whatever is wrong with it."""
    path = os.fspath(path)
    content = _read(path)
    return _parsed(content, path)


@lru_cache(maxsize=1)
def _parsed(content: bytes, path: str) -> Track:
    """The track of a file's content: the command line checks what the scene then loads."""
    return parse(_decode(content, path), path)


def parse(text: str, path: str) -> Track:
    """Return the track that a file's text holds, named after the path; raise TrackError."""
    points = _plain_points(text)
    if points is None:  # whatever it is: it takes longer to tell where
        points = _points(text, _one_line(path))
    if len(points) > MOST_POINTS:
        points = thinned(points)
    x, y, right, left = (list(column) for column in zip(*points, strict=True))
    track = Track(os.path.splitext(os.path.basename(path))[0], x, y, right, left)
    if track.length > LONGEST:
        raise TrackError(
            f"{_one_line(path)}: is {track.length:,.0f} m long; "
            f"write a track of at most {LONGEST:,.0f} m"
        )
    return track


def thinned(points: list[Point], most: int = MOST_POINTS) -> list[Point]:
    """At most so many of a track's points, evenly along the way; those that are rare anyway stay.

    Two that are left never are the same place, nor are the last and the first.
    """
    edges = [math.dist(a[:2], b[:2]) for a, b in zip(points, points[1:] + points[:1], strict=True)]
    step, way = sum(edges) / most, 0.0  # [m]
    kept = [points[0]]
    for point, edge in zip(points[1:], edges, strict=False):
        way += edge
        if way >= step and math.dist(point[:2], kept[-1][:2]) >= NEAREST:
            kept.append(point)
            way = 0.0
    while len(kept) > 1 and (len(kept) > most or math.dist(kept[-1][:2], kept[0][:2]) < NEAREST):
        kept.pop()
    # Nearly all of its length is in an edge or two.
    return kept if len(kept) >= 3 else points[:: -(-len(points) // most)]


def _plain_points(text: str) -> list[Point] | None:
    """The points of a text in which every line is as it should be; None where one may not be.

    A twentieth of the time that it takes to look at each line and each cell for itself.
    """
    lines = text.removeprefix("\ufeff").split("\n")
    if _is_heading(lines[0].strip()):
        del lines[0]
    if lines and not lines[-1]:
        lines.pop()
    if any("_" in line for line in lines):  # float() takes 1_000 too
        return None
    try:
        points: list[Point] = [
            (float(x), float(y), float(right), float(left))
            for x, y, right, left in (line.split(",") for line in lines)
        ]
    except ValueError:
        return None
    sound = all(
        abs(x) <= FARTHEST >= abs(y) and 0 <= right <= FARTHEST >= left >= 0 < right + left
        for x, y, right, left in points
    )
    apart = all(math.dist(a[:2], b[:2]) >= NEAREST for a, b in pairwise([*points, *points[:1]]))
    return points if len(points) >= 3 and sound and apart else None


def _points(text: str, place: str) -> list[Point]:
    """The points of a text, line by line; raise TrackError naming the place."""
    points: list[Point] = []
    lines: list[int] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        line = line.strip()
        if line and not line.startswith("#") and not (_is_heading(line) and not points):
            points.append(_point(line, f"{place}:{number}"))
            lines.append(number)
    if len(points) < 3:
        found = f"number of points is {len(points)}" if text.strip() else "is empty"
        raise TrackError(f"{place}: {found}; write 3 or more, as {','.join(COLUMNS)}")
    _check_spacing(points, lines, place)
    return points


def _read(path: str) -> bytes:
    """Return a regular file's bytes; a device or a pipe might never end, so none is opened."""
    place = _one_line(path)
    if os.path.isdir(path):
        raise TrackError(f"{place}: is a folder; name a track's CSV file")
    if os.path.exists(path) and not os.path.isfile(path):
        raise TrackError(f"{place}: is a device or a pipe; name a track's CSV file")
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TrackError(f"{place}: {reason}; name a track's CSV file you can read") from error
    except ValueError as error:
        raise TrackError(f"{place}: is not a path; name a track's CSV file") from error
    if len(content) > MAX_BYTES:
        raise TrackError(f"{place}: is larger than the {MAX_BYTES:,} bytes a track may have")
    return content


def _decode(content: bytes, path: str) -> str:
    """Return the bytes as text with plain line ends; raise TrackError if they are not text."""
    content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    bad = content.find(b"\0")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = error.start
    if bad >= 0:
        line = content.count(b"\n", 0, bad) + 1
        raise TrackError(
            f"{_one_line(path)}:{line}: byte 0x{content[bad]:02x} is not text; write UTF-8 text"
        )
    return text


def _is_heading(line: str) -> bool:
    """Whether a line names the columns, as the first one of a CSV file may."""
    return [cell.strip().strip('"') for cell in line.split(",")] == list(COLUMNS)


def _point(line: str, place: str) -> Point:
    """Return a line's x, y, right and left [m]; raise TrackError naming the place."""
    cells = line.split(",")
    if len(cells) != len(COLUMNS):
        raise TrackError(
            f"{place}: number of columns is {len(cells)} in {_shown(line)};"
            f" write 4: {','.join(COLUMNS)}"
        )
    x, y, right, left = (
        _number(cell.strip(), f"{place}: {column}")
        for cell, column in zip(cells, COLUMNS, strict=True)
    )
    for column, width in zip(COLUMNS[2:], (right, left), strict=True):
        if width < 0:
            raise TrackError(f"{place}: {column} is {width}, negative; write 0 or more metres")
    if right + left == 0:
        raise TrackError(
            f"{place}: {COLUMNS[2]} + {COLUMNS[3]} is {right + left}; write more than 0 metres"
        )
    return x, y, right, left


def _number(cell: str, place: str) -> float:
    """Return a cell's number; raise TrackError unless it is finite and on the map."""
    try:
        # float() takes 1_000 too, which no spreadsheet writes.
        number = float(cell.replace("_", "?"))
    except ValueError:
        raise TrackError(
            f"{place} is {_shown(cell)}, not a number; write metres such as 12.5"
        ) from None
    # Written so that NaN, which compares false with everything, is refused as well.
    if not abs(number) <= FARTHEST:
        raise TrackError(
            f"{place} is {_shown(cell)}; write metres between {-FARTHEST:,.0f} and {FARTHEST:,.0f}"
        )
    return number


def _check_spacing(points: list[Point], lines: list[int], place: str) -> None:
    """Raise TrackError where a point repeats the one before, or the last repeats the first."""
    for i in range(1, len(points)):
        if math.dist(points[i - 1][:2], points[i][:2]) < NEAREST:
            raise TrackError(
                f"{place}:{lines[i]}: point {points[i][:2]} repeats line {lines[i - 1]};"
                f" leave it out: points lie {NEAREST} m or more apart"
            )
    if math.dist(points[-1][:2], points[0][:2]) < NEAREST:
        raise TrackError(
            f"{place}:{lines[-1]}: point {points[-1][:2]} repeats the first, line {lines[0]};"
            " leave it out: a track closes by itself"
        )


def _turn(start: float, end: float) -> float:
    """Return the short way round from one angle to another [rad, -pi..pi]."""
    return math.remainder(end - start, math.tau)


def _shown(text: str) -> str:
    """Return a file's text quoted, escaped and cut short, fit for a one-line message."""
    return repr(text if len(text) <= 24 else text[:21] + "...")


def _one_line(path: str) -> str:
    """Return a path without the line breaks and control characters a file's name may hold."""
    return "".join(c if c.isprintable() else "?" for c in path) or "''"
