"""The viewpoint: what stays where when a person zooms and drags, for any ground and any view."""

from math import isclose

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from game.view.camera import Bounds
from game.view.viewpoint import NEAREST, STEP, View, Viewpoint

coordinate = st.floats(-1e4, 1e4)
part = st.floats(0.0, 1.0)
grounds = st.builds(
    lambda left, bottom, wide, high: Bounds(left, bottom, left + wide, bottom + high),
    *(coordinate, coordinate, st.floats(1.0, 1e4), st.floats(1.0, 1e4)),
)
views = st.tuples(
    st.integers(0, 100), st.integers(0, 100), st.integers(50, 4000), st.integers(50, 3000)
)


def spot(bounds: Bounds, x: float, y: float) -> tuple[float, float]:
    """The place [m] that lies so far across a ground and up it."""
    left, bottom, right, top = bounds
    return left + x * (right - left), bottom + y * (top - bottom)


def near(one: tuple[float, float], other: tuple[float, float], slack: float) -> bool:
    return all(isclose(a, b, abs_tol=slack) for a, b in zip(one, other, strict=True))


@given(grounds, views, part, part, part, part, st.floats(0, 12), st.floats(0, 12))
def test_the_ground_under_the_pointer_stays_there_while_zooming_in(
    bounds: Bounds, view: View, x: float, y: float, px: float, py: float, first: float, more: float
):
    looking = Viewpoint(bounds)
    looking.zoom(view, looking.camera(view).pixel(*spot(bounds, x, y)), first)
    place = spot(bounds, px, py)
    pixel = looking.camera(view).pixel(*place)
    looking.zoom(view, pixel, more)
    assert near(looking.camera(view).pixel(*place), pixel, 1e-3)


@given(grounds, views, part, part, st.floats(0, 12))
def test_zooming_in_and_out_again_comes_back(
    bounds: Bounds, view: View, x: float, y: float, notches: float
):
    looking = Viewpoint(bounds)
    before = looking.camera(view)
    pixel = before.pixel(*spot(bounds, x, y))
    looking.zoom(view, pixel, notches)
    assert looking.camera(view).scale > before.scale or notches < 1e-6
    looking.zoom(view, pixel, -notches)
    after = looking.camera(view)
    assert isclose(after.scale, before.scale, rel_tol=1e-9)
    assert near((after.x, after.y), (before.x, before.y), 1e-3)


@given(grounds, views, coordinate, coordinate, st.floats(-60, 60))
def test_nobody_looks_past_the_edge_of_the_ground(
    bounds: Bounds, view: View, x: float, y: float, notches: float
):
    looking = Viewpoint(bounds)
    looking.zoom(view, (view[0], view[1]), notches)
    assert 1.0 <= looking.nearness <= NEAREST
    looking.look_at(x, y)
    left, top, width, height = view
    middle = looking.camera(view).ground(left + width / 2, top + height / 2)
    for value, low, high in (
        (middle[0], bounds.left, bounds.right),
        (middle[1], bounds.bottom, bounds.top),
    ):
        half = (high - low) / 2 / looking.nearness
        assert low + half - 1e-6 <= value <= high - half + 1e-6


@given(grounds, views, part, part, st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_a_drag_moves_the_ground_with_the_hand(
    bounds: Bounds, view: View, x: float, y: float, right: float, down: float
):
    looking = Viewpoint(bounds)
    looking.nearness = 4.0
    place = spot(bounds, 0.5, 0.5)
    looking.look_at(*place)
    # Less than to the edge, from the middle of the ground at this nearness.
    scale = looking.camera(view).scale
    by = right * (bounds.right - bounds.left) * scale, down * (bounds.top - bounds.bottom) * scale
    before = looking.camera(view).pixel(*spot(bounds, x, y))
    looking.drag(view, *by)
    after = looking.camera(view).pixel(*spot(bounds, x, y))
    assert near(after, (before[0] + by[0], before[1] + by[1]), 1e-3)


@given(grounds, views, views, part, part, st.floats(1, 15))
def test_a_resize_keeps_what_is_in_the_middle(
    bounds: Bounds, view: View, other: View, x: float, y: float, notches: float
):
    looking = Viewpoint(bounds)
    looking.zoom(view, looking.camera(view).pixel(*spot(bounds, x, y)), notches)

    def middle(seen: View) -> tuple[float, float]:
        return looking.camera(seen).ground(seen[0] + seen[2] / 2, seen[1] + seen[3] / 2)

    assume(looking.nearness > 1.0)
    assert near(middle(view), middle(other), 1e-5)


def test_a_notch_is_a_step_and_fit_shows_everything_again():
    looking = Viewpoint(Bounds(0, 0, 100, 50))
    view = (0, 0, 800, 600)
    whole = looking.camera(view)
    looking.zoom(view, (700, 300), 3)
    assert looking.nearness == pytest.approx(STEP**3)
    assert looking.camera(view) != whole
    looking.fit()
    assert looking.camera(view) == whole
