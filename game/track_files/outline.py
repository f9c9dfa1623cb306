"""What every format of circuit is read into, and how what is wrong is said.

Used by all of game.track_files.
"""

import math
from operator import sub
from typing import NamedTuple

# [m] Leaves room for map coordinates, and for products of two of them in a float.
FARTHEST = 100_000_000.0
# [m] Two points closer than this count as the same one: an edge needs a direction.
NEAREST = 0.001


class TrackError(ValueError):
    """A track file that cannot be used; one line: the place, what is wrong, what would be right."""


class Outline(NamedTuple):
    """A centre line as a file has it, one entry per point, not yet known to be closed.

    `right` and `left` are empty where the file says nothing of its width. `notes` say what was
    taken how, a line each.
    """

    x: list[float]  # [m]
    y: list[float]  # [m] up
    right: list[float]  # [m] from the line to the right edge
    left: list[float]  # [m]
    notes: tuple[str, ...] = ()


def gaps(x: list[float], y: list[float]) -> list[float]:
    """The way from each point to the next, and from the last to the first [m]."""
    across = map(sub, x[1:] + x[:1], x)
    return list(map(math.hypot, across, map(sub, y[1:] + y[:1], y)))


def shown(text: str) -> str:
    """Return a file's text quoted, escaped and cut short, fit for a one-line message."""
    return repr(text if len(text) <= 24 else text[:21] + "...")


def one_line(path: str) -> str:
    """Return a path without the line breaks and control characters a file's name may hold."""
    return "".join(c if c.isprintable() else "?" for c in path) or "''"
