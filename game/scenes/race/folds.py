"""Folds: where a track is wider than its bend's radius, its inner edge would turn back on itself.

Used by the race's circuit.
"""

import math

import numpy as np

from game.frame import Flags, Floats

INSIDE = 0.98  # of the width: an edge this much nearer to the centre line lies in a fold
LOOKS = 24  # places of the centre line, before and behind, that an edge's point is compared with


def unfolded(edge: Floats, centre: Floats, reach: Floats) -> Floats:
    """An edge of a track without its folds, straight where they were; (n, 2) [m] as it was given.

    `centre` (n, 2) [m] is closed: its last point is its first. `reach` (n,) [m] is how far the
    edge is from it at each point, positive.
    """
    good = ~folded(edge[:-1], centre[:-1], reach[:-1])
    if good.all() or not good.any():
        return edge
    count, kept = len(good), np.flatnonzero(good)
    columns = [np.interp(np.arange(count), kept, axis, period=count) for axis in edge[kept].T]
    ring: Floats = np.column_stack(columns)
    return np.concatenate((ring, ring[:1]))


def folded(edge: Floats, centre: Floats, reach: Floats) -> Flags:
    """Which points of an edge lie nearer to the centre line than it does where they belong.

    It is looked at along the half turn that a fold can take, not where the track comes back.
    """
    count, ways = len(centre), np.hypot(*np.diff(centre, axis=0, append=centre[:1]).T)
    along, length = np.cumsum(ways), ways.sum()
    far = min(math.ceil(math.pi * reach.max() / np.median(ways)) + 1, (count - 1) // 2)
    found = np.zeros(count, np.bool_)
    for step in np.unique(np.linspace(1, far, LOOKS).astype(int)).tolist():
        for way in (step, -step):
            other, allowed = np.roll(centre, way, axis=0), np.roll(reach, way)
            between = np.abs(along - np.roll(along, way))
            near = np.minimum(between, length - between) < math.pi * reach + ways
            near &= np.hypot(*(edge - other).T) < INSIDE * np.minimum(allowed, reach)
            found |= near
    return found
