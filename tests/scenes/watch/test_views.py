"""The views, drawn for real and read back: each element is where it belongs, and looks it."""

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game.scenes.watch import VIEWS, colour_map
from game.scenes.watch.elements import elements_of
from game.scenes.watch.looks import Look
from game.scenes.watch.plot import Lens, lens
from game.scenes.watch.statistics import MOST_BLOCKS
from game.scenes.watch.surroundings import divide
from game.scenes.watch.ticks import ticks
from game.scenes.watch.views import cells, image, points
from game.scenes.watch.views.ground import bend, oval
from game.view.camera import Camera
from game.view.canvas import Canvas
from tests.scenes.watch.made import SIZE, THEME, canvas_of, drawn, followed, frames, pixels, scene

pytestmark = pytest.mark.usefixtures("display")
CELLS, LINES, BARS, IMAGE, POINTS, ROBOTS, CARS = VIEWS


def colour(canvas: Canvas, place: tuple[float, float]) -> tuple[int, int, int]:
    return tuple(canvas.surface.get_at((int(place[0]), int(place[1]))))[:3]


def far(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    return max(abs(a - b) for a, b in zip(one, other, strict=True))


def nearer(canvas: Canvas, times: float) -> None:
    """Look so many times as near at the middle of the ground."""
    whole, (wide, high) = canvas.whole, SIZE
    x, y = whole.ground(wide / 2, high / 2)
    scale = whole.scale * times
    canvas.camera = Camera(scale, wide / 2 - scale * x, high / 2 + scale * y)


# Every view, any array.

ARRAYS = {
    "one": np.array([3.0]),
    "few": np.array([1.0, np.nan, 0.0, -np.inf, 1e300, -1e300]),
    "flags": np.arange(12) % 3 == 0,
    "whole": np.arange(5000, dtype=np.uint64) + 2**63,
    "table": np.random.default_rng(1).normal(size=(700, 4)),
    "picture": np.random.default_rng(1).integers(0, 255, (60, 80, 3)).astype(np.uint8),
    "covered": np.random.default_rng(1).random((30, 40, 4)),
    "all nan": np.full((20, 20), np.nan),
    "slim": np.zeros((3, 4000), np.int8),
    "deep": np.zeros((3, 4, 5, 6), np.float16),
}


@pytest.mark.parametrize("name", ARRAYS)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("size", [(180, 90), SIZE])
def test_any_array_is_drawn_in_any_view_and_can_be_pointed_at(
    name: str, view: str, size: tuple[int, int]
):
    shown = followed([ARRAYS[name]] * 3, view)
    canvas = canvas_of(shown, size)
    for _ in range(2):
        shown.draw(canvas)
        many = ARRAYS[name].size
        for x in range(0, size[0], 31):
            for y in range(0, size[1], 29):
                found = shown._at(canvas, (x, y))
                assert 0 <= found.start <= found.stop <= many
                shown.tooltip(canvas, (x, y))
        canvas.camera = Camera(canvas.whole.scale * 20, -300.0, 400.0)


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_is_drawn_beyond_the_ground(view: str):
    shown = followed([np.random.default_rng(1).normal(size=(40, 40))] * 3, view)
    surface = pygame.Surface((700, 500), 0, 32)
    surface.fill((1, 2, 3))
    area = pygame.Rect(100, 60, 500, 380)
    canvas = Canvas(surface, tuple(area), shown.ground(*area.size), THEME)
    for times in (1.0, 7.0):
        canvas.camera = Camera(
            *(canvas.whole.scale * times, canvas.whole.x - 90.0 * times, canvas.whole.y * times)
        )
        surface.set_clip(area)
        shown.draw(canvas)
        surface.set_clip(None)
    outside = pygame.surfarray.array3d(surface)
    outside[area.left : area.right, area.top : area.bottom] = (1, 2, 3)
    assert (outside == (1, 2, 3)).all()


# Cells.


@settings(max_examples=120, deadline=None)
@given(
    st.one_of(
        st.tuples(st.integers(1, 3000)),
        st.tuples(st.integers(1, 90), st.integers(1, 90)),
        st.sampled_from([(100_000,), (480, 640), (1_000_000,), (10_000_000,), (2_500_000, 4)]),
    ),
    st.integers(60, 1900),
    st.integers(60, 1000),
    st.sampled_from([1.0, 1.5]),
)
def test_every_element_has_a_place_in_the_cells(
    shape: tuple[int, ...], wide: int, high: int, scale: float
):
    elements = elements_of(Look("a", np.broadcast_to(np.int8(1), shape), 1, 0.0))
    area, block = pygame.Rect(10, 20, wide, high), 1
    while elements.many > block * MOST_BLOCKS:
        block *= 2
    layout = cells.lay_out(elements, area, scale, block)
    assert layout.row * layout.rows >= elements.many > layout.row * (layout.rows - 1)
    assert layout.per % block == 0
    assert layout.left + layout.columns * layout.wide <= area.right + 2
    assert layout.top + layout.rows * layout.high <= area.bottom
    if len(shape) > 1 and layout.row >= shape[1] and block == 1:
        assert layout.row % shape[1] == 0  # no row of the array is broken


@pytest.mark.parametrize("many", [1, 12, 1000, 60_000])
@pytest.mark.parametrize("times", [1.0, 5.0])
def test_the_cell_of_an_element_is_where_its_frame_is(many: int, times: float):
    shown = followed([np.arange(float(many))] * 2, CELLS)
    canvas = canvas_of(shown)
    nearer(canvas, times)
    shown.draw(canvas)
    area, view = divide(canvas).view, shown._views[CELLS]
    seen = 0
    for element in range(0, many, max(1, many // 997)):
        box = view.box(canvas, area, shown._watched, element)
        if area.collidepoint(box.center):
            seen += 1
            assert shown._at(canvas, box.center) == range(element, element + 1)
    assert seen or (many < 100 and times > 1)


def test_a_write_is_a_flash_that_is_gone_in_80_ms_and_then_a_colour_that_fades():
    before, after = np.ones(8), np.ones(8)
    after[3] = 2.0
    shown = scene(CELLS)
    run = frames([before, before, after], rate=10.0)
    for one in run:
        shown.follow(one)

    def looks(later: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The line along the lower edge of the cell, and its upper edge."""
        shown.follow(run[-1].next(now=run[-1].now + later))
        canvas = drawn(shown)
        area = divide(canvas).view
        box = shown._views[CELLS].box(canvas, area, shown._watched, 3)
        return colour(canvas, (box.centerx, box.bottom - 2)), colour(
            canvas, (box.centerx, box.y + 5)
        )

    line, body = looks(0.0)
    assert line == THEME["text"]
    assert far(body, THEME["cell_new"]) < 4
    line, body = looks(0.0401)
    assert THEME["cell_new"][0] + 20 < line[0] < THEME["text"][0] - 20
    line, body = looks(0.0402 + 0.04)
    assert line == body
    bodies = [looks(later)[1] for later in (0.5, 2.0, 5.0, 12.0)]
    assert bodies[-1] == THEME["cell_old"]
    assert [b[2] for b in bodies] == sorted((b[2] for b in bodies), reverse=True)


@pytest.mark.parametrize("many", [8, 3000, 200_000])
def test_what_was_never_written_and_what_is_no_number_look_so(many: int):
    data = np.ones(many)
    data[: many // 4] = 0.0
    data[many // 2 :] = np.nan
    shown = followed([data] * 2, CELLS)
    canvas = drawn(shown)
    area, view = divide(canvas).view, shown._views[CELLS]
    inks = "cell_never", "cell_old", "nan"
    for element, ink in zip((many // 8, many * 3 // 8, many * 3 // 4), inks, strict=True):
        box = view.box(canvas, area, shown._watched, element)
        place = (box.centerx, box.y + box.height // 4) if many == 8 else box.center
        assert far(colour(canvas, place), THEME[ink]) < 4, ink


def test_values_stand_in_cells_with_room_for_them():
    one, other = followed([np.full(6, 11.0)], CELLS), followed([np.full(6, 77.0)], CELLS)
    assert (pixels(drawn(one)) != pixels(drawn(other))).any()
    one, other = (followed([np.full(90_000, value)], CELLS) for value in (11.0, 77.0))
    area = divide(canvas_of(one)).view
    seen = [pixels(drawn(shown))[:, area.top : area.bottom] for shown in (one, other)]
    assert (seen[0] == seen[1]).all()


# Images.


@pytest.mark.parametrize("dtype", ["f8", "u1", "?", "i8"])
@pytest.mark.parametrize("times", [1.0, 6.0])
def test_the_pixel_of_an_element_has_the_maps_colour(dtype: str, times: float):
    data = (np.arange(20 * 30).reshape(20, 30) % (2 if dtype == "?" else 200)).astype(dtype)
    limits = (0.0, 1.0) if dtype == "?" else (0.0, 199.0)
    shown = followed([data] * 2, IMAGE, limits=limits)
    canvas = canvas_of(shown)
    nearer(canvas, times)
    shown.draw(canvas)
    area, view = divide(canvas).view, shown._views[IMAGE]
    frame = image.lay_out(shown._watched.elements, area, 1.0).frame
    seen = 0
    for element in range(data.size):
        box = view.box(canvas, area, shown._watched, element)
        if frame.collidepoint(box.center):
            seen += 1
            step = int(colour_map.steps(data.reshape(-1)[element : element + 1], *limits)[0])
            want = colour_map.colours(THEME)[step]
            assert far(colour(canvas, box.center), tuple(want)) <= 1
            assert shown._at(canvas, box.center) == range(element, element + 1)
    assert seen > 8


def test_nan_has_a_colour_of_its_own():
    data = np.ones((20, 20))
    data[4:9, 4:9] = np.nan
    shown = followed([data] * 2, IMAGE)
    canvas = drawn(shown)
    box = shown._views[IMAGE].box(canvas, divide(canvas).view, shown._watched, 6 * 20 + 6)
    assert colour(canvas, box.center) == THEME["nan"]


def test_channels_are_colours():
    data = np.zeros((20, 20, 3), np.uint8)
    data[:] = 200, 100, 50
    for array, want in (
        (data, (200, 100, 50)),
        (data / 255, (200, 100, 50)),
        (np.dstack((data, np.zeros((20, 20), np.uint8))), THEME["floor"]),
    ):
        shown = followed([array] * 2)
        assert shown.view == IMAGE or array.dtype != np.uint8
        shown = followed([array] * 2, IMAGE)
        canvas = drawn(shown)
        area = divide(canvas).view
        assert far(colour(canvas, area.center), want) <= 1
        found = shown._at(canvas, area.center)
        assert len(found) == array.shape[2]
        assert found.start % array.shape[2] == 0


def test_a_large_picture_shows_means_and_a_very_large_one_some_of_it(
    monkeypatch: pytest.MonkeyPatch,
):
    data = np.zeros((8, 12))
    data[::2] = 4.0
    assert (image.reduced(data, 2) == 2.0).all()
    assert image.reduced(data, 2).shape == (4, 6)
    monkeypatch.setattr(image, "MEANT", 10)
    assert set(image.reduced(data, 2).reshape(-1)) <= {0.0, 4.0}
    assert image.reduced(data, 2).shape == (4, 6)


def test_the_contrast_fits_nearly_all_values():
    data = np.random.default_rng(1).normal(size=(50, 50))
    data[0, 0] = 1e9
    shown = followed([data] * 2, IMAGE)
    low, high = image.contrast(shown._watched)
    assert -4 < low < -1.5
    assert 1.5 < high < 4
    assert image.contrast(followed([data], IMAGE, limits=(-1.0, 7.0))._watched) == (-1.0, 7.0)


# Points, bars, lines.


def test_a_point_stands_where_its_row_says():
    data = np.array([[0.0, 0.0], [10.0, 5.0], [2.0, 9.0]])
    shown = followed([data] * 2, limits=(-1.0, 11.0, -1.0, 11.0))
    assert shown.view == POINTS
    canvas = drawn(shown)
    axes = shown._views[POINTS]._axes(
        *(canvas, divide(canvas).view, shown._watched, shown._watched.elements)
    )
    for row, (x, y) in enumerate(data.tolist()):
        place = tuple(round(float(p)) for p in axes.pixels(x, y))
        assert colour(canvas, place) == THEME.agent(2 * row)
        assert shown._at(canvas, place) == range(2 * row, 2 * row + 2)
    up, down = axes.pixels(0.0, 9.0)[1], axes.pixels(0.0, 0.0)[1]
    assert up < down
    assert axes.numbers(*axes.pixels(3.0, 4.0)) == pytest.approx((3.0, 4.0))


def test_further_columns_are_colour_and_size():
    n = 30
    data = np.column_stack((np.arange(n), np.arange(n), np.arange(n), np.arange(n)[::-1])) + 0.0
    shown = followed([data] * 2, POINTS)
    view, canvas = points.Points(), canvas_of(shown)
    array, rows = shown._watched.elements, np.arange(n)
    sides = view._sides(canvas, shown._watched, array, rows)
    assert sides[0] == max(sides) > sides[-1] == min(sides)
    inks = view._colours(canvas, shown._watched, array, rows)
    ends = [tuple(canvas.surface.unmap_rgb(int(ink)))[:3] for ink in (inks[0], inks[-1])]
    want = colour_map.colours(THEME)
    assert [far(end, tuple(want[step])) <= 1 for end, step in zip(ends, (0, -1), strict=True)] == [
        *(True, True),
    ]


def test_of_very_many_rows_some_are_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(points, "MOST", 100)
    shown = followed([np.random.default_rng(1).random((950, 2))] * 2)
    canvas = drawn(shown)
    assert 80 <= len(canvas.drawn[1]) <= 100
    said = shown._views[POINTS].draw(canvas, divide(canvas).view, shown._watched)
    assert said == "every 10th row"


def test_bars_are_as_high_as_their_values():
    data = np.array([1.0, 4.0, -2.0, 0.0])
    shown = followed([data] * 2, BARS)
    canvas = drawn(shown)
    area = divide(canvas).view
    axes = shown._views[BARS]._axes(canvas, area, shown._watched, shown._watched.elements)
    for element, value in enumerate(data.tolist()):
        x, zero = (round(float(p)) for p in axes.pixels(element, 0.0))
        top = round(float(axes.pixels(0.0, value)[1]))
        ink = THEME.agent(element)
        inside = round((zero + top) / 2)
        if value:
            assert colour(canvas, (x - 10, inside)) == ink
        beyond = top + (6 if value < 0 else -6)
        assert colour(canvas, (x - 10, beyond)) != ink
        assert shown._at(canvas, (x, zero)) == range(element, element + 1)


def test_a_thousand_bars_still_begin_at_zero():
    shown = followed([np.full(600, 10.0)] * 2, BARS)
    canvas = drawn(shown)
    area = divide(canvas).view
    axes = shown._views[BARS]._axes(canvas, area, shown._watched, shown._watched.elements)
    assert axes.area.width < 3 * 600
    for value in (1.0, 9.0):
        assert colour(canvas, tuple(map(float, axes.pixels(300, value)))) == THEME["accent"]


def test_of_very_many_elements_a_column_goes_from_the_least_to_the_most():
    data = np.tile([-1.0, 3.0], 50_000)
    data[50_000:] = 0.5
    shown = followed([data] * 2, BARS)
    canvas = drawn(shown)
    area = divide(canvas).view
    axes = shown._views[BARS]._axes(canvas, area, shown._watched, shown._watched.elements)
    for x, values, ink in (
        (20_000, (-0.9, 1.0, 2.9), THEME["accent"]),
        (80_000, (0.5,), THEME["accent"]),
    ):
        for value in values:
            assert colour(canvas, tuple(map(float, axes.pixels(x, value)))) == ink
    assert colour(canvas, tuple(map(float, axes.pixels(80_000, 2.0)))) != THEME["accent"]


def test_a_line_is_where_its_element_was_and_is_pointed_at():
    run = [np.array([float(k % 20), 30.0]) for k in range(40)]
    shown = followed(run, LINES)
    canvas = drawn(shown)
    area, view = divide(canvas).view, shown._views[LINES]
    axes = view._axes(canvas, area, shown._watched)
    for back in (-0.1, -0.5, -1.0):
        place = tuple(round(float(p)) for p in axes.pixels(back, 30.0))
        assert shown._at(canvas, place) == range(1, 2)
        part = pixels(canvas)[place[0], place[1] - 3 : place[1] + 4]
        away = np.abs(part - np.array(THEME.agent(1))).sum(axis=1)
        # Its edges are smooth: of two pixels that share it one has half of it or more.
        assert away.min() <= np.abs(np.subtract(THEME["floor"], THEME.agent(1))).sum() / 2
    assert not shown._at(canvas, (area.left + 80, area.top + 30))


def test_of_many_elements_there_is_a_band():
    shown = followed([np.arange(1000.0) + 0 * k for k in range(40)], LINES)
    canvas = drawn(shown)
    axes = shown._views[LINES]._axes(canvas, divide(canvas).view, shown._watched)
    assert colour(canvas, tuple(map(float, axes.pixels(-0.6, 640.0)))) == THEME["band"]


# The arena's own.


def test_robots_and_cars_stand_where_their_values_say():
    data = np.array([[20.0, 30.0], [80.0, 60.0]])
    shown = followed([data] * 2, ROBOTS)
    canvas = drawn(shown)
    part = shown._views[ROBOTS]._part(canvas, divide(canvas).view, shown._watched)
    for row, (x, y) in enumerate(data.tolist()):
        place = tuple(round(float(p)) for p in part.camera.pixel(x, y))
        around = pixels(canvas)[place[0] - 8 : place[0] + 8, place[1] - 8 : place[1] + 8]
        assert (np.abs(around - np.array(THEME.agent(row))).sum(axis=2) < 40).any()
        assert shown._at(canvas, place) == range(2 * row, 2 * row + 2)


def test_an_oval_is_closed_and_as_long_as_a_lap():
    way = np.linspace(0.0, 1000.0, 20_001)
    places, headings = oval(way, 1000.0)
    steps = np.hypot(*np.diff(places, axis=0).T)
    assert steps.sum() == pytest.approx(1000.0, rel=1e-3)
    assert places[0] == pytest.approx(places[-1], abs=1e-6)
    ahead = np.column_stack((np.cos(headings), np.sin(headings)))[:-1]
    assert np.allclose(np.diff(places, axis=0) / steps[:, None], ahead, atol=0.02)
    assert places[0] == pytest.approx((0.0, -bend(1000.0)))


# What they are drawn with.


@given(
    st.floats(-1e12, 1e12), st.floats(1e-9, 1e12), st.integers(1, 30), st.sampled_from([1e6, 1e9])
)
def test_ticks_are_round_few_and_inside(low: float, far: float, most: int, large: float):
    high = low + far
    if not high > low:
        return
    values, words = ticks(low, high, most, large)
    room = (high - low) * 1e-6
    assert len(values) == len(words) <= most + 1
    assert all(low - room <= value <= high + room for value in values)
    if far > 1e-6 * abs(low):
        assert len(set(words)) == len(words)


def test_ticks_as_they_are_written():
    assert ticks(0, 10, 5) == ([0, 2, 4, 6, 8, 10], ["0", "2", "4", "6", "8", "10"])
    assert ticks(-0.2, 0.25, 4)[1] == ["-0.2", "0.0", "0.2"]
    assert ticks(0, 5e6, 2, 1e9)[1] == ["0", "5,000,000"]
    assert ticks(0, 5e6, 2)[1] == ["0e0", "5e6"]
    assert ticks(0.0, np.inf, 3) == ([], [])


def test_a_lens_goes_back():
    canvas = Canvas(pygame.Surface((400, 300)), (0, 0, 400, 300), scene().ground(400, 300), THEME)
    assert lens(canvas) == Lens(1.0, 0.0, 0.0)
    canvas.camera = Camera(canvas.whole.scale * 3, -77.0, 5.0)
    assert lens(canvas).back(*lens(canvas).place(12.0, 34.0)) == pytest.approx((12.0, 34.0))


@pytest.mark.parametrize(("view", "said"), [(IMAGE, "rows and columns"), (CELLS, "")])
def test_who_asks_in_vain_for_a_view_is_told_what_it_takes(view: str, said: str):
    shown = followed([np.arange(5.0)], view)
    assert shown.view == CELLS
    assert said in shown._in_vain()
    assert bool(said) == bool(shown._in_vain())
