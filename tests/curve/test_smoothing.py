"""Curvature: that of the line, and not that of a file's rounding."""

import math
from itertools import pairwise

import pytest

from game.curve.smoothing import Curvature, basis
from game.track import Track

WIDE = 12.0  # [m]


def oval(step: float, rounded: int | None = 2, far: float = 0.0) -> Track:
    """An ellipse of 400 m by 160 m with a point about every so many metres."""
    count = round(1030 / step)
    angles = [math.tau * i / count for i in range(count)]
    x, y = ([r * f(a) + far for a in angles] for r, f in ((200.0, math.cos), (80.0, math.sin)))
    if rounded is not None:
        x, y = ([round(value, rounded) for value in column] for column in (x, y))
    return Track("oval", x, y, [WIDE / 2] * count, [WIDE / 2] * count)


def test_splines_add_up_to_one():
    for t in (0.0, 0.3, 0.99):
        assert sum(basis(t)) == pytest.approx(1)


@pytest.mark.parametrize("step", [1.0, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("far", [0.0, 500_000.0])
def test_the_sampling_and_the_rounding_of_a_file_bend_nothing(step: float, far: float):
    exact, track = oval(2.0, None), oval(step, 2, far)
    for part in range(100):
        one = exact.curvature_at(part / 100 * exact.length)
        other = track.curvature_at(part / 100 * track.length)
        assert other == pytest.approx(one, abs=0.0009)  # of up to 0.031; a kerb is from 0.008 on


def test_second_differences_would_take_rounding_for_bends():
    """What the smoothing is for: the same points, as they are."""
    track = oval(1.0)
    turns = [b - a for a, b in pairwise(track.heading)]
    turns = [math.remainder(turn, math.tau) for turn in turns]
    assert max(abs(a - b) for a, b in pairwise(turns)) > 0.003


@pytest.mark.parametrize("radius", [12.0, 60.0, 500.0])
@pytest.mark.parametrize("sense", [1, -1])
def test_a_circle_bends_as_its_radius_says(radius: float, sense: int):
    angles = [sense * math.tau * i / 90 for i in range(90)]
    x, y = ([radius * f(a) for a in angles] for f in (math.cos, math.sin))
    bend = Curvature(x, y, 12.0)
    assert bend.values == pytest.approx([sense / radius] * len(bend.values), rel=0.02)


def test_it_goes_on_over_the_line():
    track = oval(5.0)
    assert track.curvature_at(-3.0) == pytest.approx(track.curvature_at(track.length - 3.0))
    assert track.curvature_at(1e-9) == pytest.approx(track.curvature_at(-1e-9), abs=1e-9)


def test_points_of_any_distance_to_each_other_count_by_the_way_between_them():
    even = oval(5.0, None)
    keep = [i for i in range(len(even.x)) if i % 7 != 3 or i > 100]
    dense = Track("", *([c[i] for i in keep] for c in (even.x, even.y, even.right, even.left)))
    for part in range(50):
        distance = part / 50 * even.length
        assert dense.curvature_at(distance) == pytest.approx(
            even.curvature_at(distance), abs=0.0005
        )
