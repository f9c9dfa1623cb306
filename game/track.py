"""A track: a closed centre line with widths, and where a distance along it lies.

What its files look like is for game.track_files. Imports only what starts in milliseconds: every
process that drives on one loads it for itself.
"""

import math
import os
from bisect import bisect_right
from functools import cached_property, lru_cache

from game import track_files
from game.curve.smoothing import Curvature
from game.track_files.outline import TrackError
from game.track_files.repair import scale_of

__all__ = ["Track", "TrackError", "load", "parse"]

SHORTEST_BEND = 1.2  # times the width: waves of the centre line that are shorter mean no bend


class Track:
    """A closed centre line that answers where a distance along it lies.

    All lists hold one entry per point. `x`, `y`: position [m], y up. `right`, `left`: width to
    either side of the centre line [m]. `distance`: from the start line along the centre line
    [m], 0 at the first point. `length`: once around, closing edge included [m]. `heading`:
    [rad] counter-clockwise from +x. `curvature`: [1/m], positive in a left bend, smoothed so that
    the rounding of a file is none; see game.curve.smoothing. `scale`: what a
    metre of a real circuit is on it [m]: 1, or 0.1 on a model, 1:10. `notes`: what was taken how
    in reading its file.

    Needs at least three points, no two in a row the same, as `load` makes sure.
    """

    def __init__(
        self, name: str, x: list[float], y: list[float], right: list[float], left: list[float]
    ) -> None:
        self.name = name
        self.x, self.y = x, y
        self.right, self.left = right, left
        self.notes: tuple[str, ...] = ()
        self.distance: list[float] = []
        self.length = 0.0
        self.heading: list[float] = []
        self._edges: list[float] = []
        self._measure()
        self.scale = scale_of(self.width, self.length)
        self._turn_ahead()

    def _measure(self) -> None:
        """Fill the edges' lengths, the distances and the length [m]."""
        for x, y, next_x, next_y in zip(
            self.x, self.y, self.x[1:] + self.x[:1], self.y[1:] + self.y[:1], strict=True
        ):
            edge = math.hypot(next_x - x, next_y - y)
            self.distance.append(self.length)
            self._edges.append(edge)
            self.length += edge

    def _turn_ahead(self) -> None:
        """Fill the headings [rad].

        The central difference, weighted by the lengths of the two edges that meet, so it is exact
        on a circle however its points are spaced.
        """
        count = len(self.x)
        before = math.atan2(self.y[0] - self.y[-1], self.x[0] - self.x[-1])
        for i in range(count):
            j = (i + 1) % count
            after = math.atan2(self.y[j] - self.y[i], self.x[j] - self.x[i])
            both = self._edges[i - 1] + self._edges[i]
            bend = _turn(before, after)
            self.heading.append(_turn(0.0, before + bend * self._edges[i - 1] / both))
            before = after

    @cached_property
    def _curvature(self) -> Curvature:
        return Curvature(self.x, self.y, SHORTEST_BEND * self.width)

    @property
    def width(self) -> float:
        """How wide it is on average [m]."""
        return (sum(self.right) + sum(self.left)) / len(self.x)

    @cached_property
    def curvature(self) -> list[float]:
        return [self._curvature.at(distance) for distance in self.distance]

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
        return self._curvature.at(distance)

    def width_at(self, distance: float) -> tuple[float, float]:
        """Return the width to the right and to the left [m] at any finite distance [m]."""
        i, j, share = self._locate(distance)
        return (
            self.right[i] + share * (self.right[j] - self.right[i]),
            self.left[i] + share * (self.left[j] - self.left[i]),
        )


def load(path: str | os.PathLike[str], width: float = 0.0, reverse: bool = False) -> Track:
    """Read a track file; raise TrackError for whatever is wrong with it.

    `width` [m] counts instead of the file's, unless it is 0. With `reverse` it is driven the
    other way round.
    """
    path = os.fspath(path)
    return _parsed(track_files.read(path), path, width, reverse)


@lru_cache(maxsize=1)
def _parsed(text: str, path: str, width: float, reverse: bool) -> Track:
    """The track of a file's text: the command line checks what the scene then loads."""
    return parse(text, path, width, reverse)


def parse(text: str, path: str, width: float = 0.0, reverse: bool = False) -> Track:
    """Return the track that a file's text holds, named after the path; raise TrackError."""
    outline = track_files.parse(text, path, width)
    x, y, right, left = outline[:4]
    if reverse:  # from the same start line; what was to the right is to the left
        x, y, left, right = (column[:1] + column[:0:-1] for column in (x, y, right, left))
    track = Track(os.path.splitext(os.path.basename(path))[0], x, y, right, left)
    track.notes = outline.notes
    return track


def _turn(start: float, end: float) -> float:
    """Return the short way round from one angle to another [rad, -pi..pi]."""
    return math.remainder(end - start, math.tau)
