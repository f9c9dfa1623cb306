"""Density: every agent is counted once, in the pixel where it stands, and never many at a time."""

import tracemalloc
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.frame import Frame
from game.view import agents, density, density_picture, legend
from game.view.agents import LEAST_ROOM, MOST_SPRITES, SMALLEST_SPRITE, Look, choose_look
from game.view.camera import Bounds, Camera
from game.view.canvas import Canvas
from game.view.density import Density, Grid, find_cells, visible
from game.view.scene import BaseScene
from game.view.theme import Theme
from tests import seen
from tests.conftest import calls
from tests.made import scene_of

GROUND = Bounds(0, 0, 100, 100)
VIEW = (20, 10, 400, 300)


@pytest.fixture
def canvas() -> Iterator[Canvas]:
    pygame.display.init()
    pygame.font.init()
    surface = pygame.display.set_mode((450, 330))
    yield Canvas(surface, VIEW, GROUND, Theme("dark"))
    pygame.display.quit()


def frame(places: np.ndarray) -> Frame:
    made = Frame({"x": "m", "y": "m"}, 2, -(-len(places) // 2))
    made.values[: len(places)] = places
    made.agents = np.arange(len(places))
    made.fresh[:] = True
    return made


def random_places(count: int, low: float = 0.0, high: float = 100.0) -> np.ndarray:
    return np.random.default_rng(1).uniform(low, high, (count, 2))


def show(drawing: Density, canvas: Canvas, made: Frame) -> None:
    """Follow a frame, and draw it."""
    drawing.follow(made, made.shown, bool(made.fresh.any()))
    drawing.draw(canvas, made, GROUND)


def show_scene(scene: BaseScene, canvas: Canvas, made: Frame) -> None:
    """Have a scene follow a frame, and draw it."""
    scene.follow(made)
    scene.draw(canvas)


def counted(places: np.ndarray, grid: Grid) -> np.ndarray:
    found = np.empty(len(places), np.int64)
    many = find_cells(places, grid, found)
    counts = np.bincount(found[:many], minlength=grid.width * grid.height)
    return counts.reshape(grid.height, grid.width)


@given(
    st.lists(
        st.tuples(*[st.floats(-20, 120) | st.sampled_from([np.nan, np.inf, -np.inf, 1e300])] * 2),
        max_size=30,
    ),
    st.builds(
        Grid,
        st.floats(0.1, 50),
        st.integers(0, 900),
        st.integers(0, 900),
        st.integers(0, 60),
        st.integers(0, 60),
    ),
)
def test_each_place_counts_in_its_own_cell_and_no_other(
    places: list[tuple[float, float]], grid: Grid
):
    wanted = np.zeros((grid.height, grid.width), int)
    for x, y in places:
        if np.isfinite([x, y]).all():
            column = np.floor(x * grid.scale) - grid.left
            row = grid.bottom + grid.height - 1 - np.floor(y * grid.scale)
            if 0 <= column < grid.width and 0 <= row < grid.height:
                wanted[int(row), int(column)] += 1
    assert counted(np.reshape(places, (-1, 2)).astype(float), grid).tolist() == wanted.tolist()


def test_all_in_view_are_counted_on_the_edges_too(canvas: Canvas):
    corners = np.array([[0, 0], [100, 0], [0, 100], [100, 100]], float)
    assert (
        counted(np.concatenate((corners, random_places(100_000))), visible(canvas, GROUND)).sum()
        == 100_004
    )


def test_of_a_ground_that_is_larger_than_the_view_only_what_is_seen_is_counted(canvas: Canvas):
    canvas.camera = Camera(20.0, -300.0, 900.0)
    grid = visible(canvas, GROUND)
    assert (grid.width, grid.height) == (400, 300)
    places = random_places(10_000)
    pixels = canvas.camera.pixels(places[:, 0], places[:, 1])
    assert abs(counted(places, grid).sum() - canvas.inside(pixels).sum()) < 30
    canvas.camera = Camera(20.0, 5000.0, 900.0)
    grid = visible(canvas, GROUND)
    assert grid.width * grid.height == 0
    show(Density(), canvas, frame(places))  # draws nothing, and does not mind


@pytest.mark.parametrize(("agents", "sides"), [(9, (2, 2)), (200_000, (1, 2))])
def test_a_place_lights_the_cell_where_it_stands(
    canvas: Canvas, agents: int, sides: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("game.view.legend.draw", lambda *drawn: None)  # it has the same colours
    cameras = canvas.camera, Camera(20.0, -300.0, 900.0)
    for camera, side in zip(cameras, sides, strict=True):
        canvas.look(camera, 0.0)
        canvas.surface.fill("black")
        show(Density(), canvas, frame(np.array([[25.0, 40.0]] * agents)))
        floor, most = canvas.theme["floor"], canvas.theme.agent(1)  # of the last block
        picture = seen.pixels(canvas.surface)
        lit = np.argwhere((picture == most).all(axis=2))
        assert len(lit) == (lit.max(axis=0) - lit.min(axis=0) + 1).prod() == side**2
        assert np.abs(lit.mean(axis=0) - np.array(camera.pixel(25.0, 40.0))).max() <= side + 0.5
        assert (picture == floor).all(axis=2).sum() > 1000


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a thousand agents counted in a frame."""
    monkeypatch.setattr(density, "A_FRAME", 1000)


def test_of_very_many_a_part_is_counted_in_each_frame(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
):
    in_parts(monkeypatch)
    made, drawing = frame(random_places(3500)), Density()
    done = []
    for _ in range(5):
        show(drawing, canvas, made)
        made.fresh[:] = False
        done.append((drawing._counted, int(drawing._counts.sum())))
    assert done == [(1000, 1000), (2000, 2000), (3000, 3000), (3500, 3500), (3500, 3500)]


def test_the_picture_of_any_number_takes_a_few_frames(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(density, "A_FRAME", 10)
    drawing, made = Density(), frame(random_places(12_345))
    for _ in range(density.FRAMES):
        assert not drawing._finished
        show(drawing, canvas, made)
    assert drawing._finished
    assert drawing._counts.sum() == 12_345


def test_the_picture_stays_until_the_next_count_is_finished(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
):
    in_parts(monkeypatch)
    made, drawing = frame(random_places(2500)), Density()

    def drawn() -> bytes:
        show(drawing, canvas, made)
        made.fresh[:] = False
        return bytes(pygame.image.tobytes(canvas.surface, "RGB"))

    first = [drawn() for _ in range(4)]
    assert first[0] == first[1] != first[2] == first[3]
    made.values[:] = random_places(len(made.values), 40, 60)
    made.fresh[0] = True
    later = [drawn() for _ in range(4)]
    assert later[0] == later[1] == first[3]
    assert later[2] == later[3] != first[3]
    made.fresh[0] = True  # in the middle of a count: it is finished, and another one made
    drawn()
    made.values[:] = random_places(len(made.values), 0, 20)
    made.fresh[0] = True
    pictures = [drawn() for _ in range(8)]
    assert pictures[-1] == pictures[-2] != pictures[1]


def test_a_new_crowd_is_counted_from_the_start(canvas: Canvas, monkeypatch: pytest.MonkeyPatch):
    in_parts(monkeypatch)
    made, drawing = frame(random_places(2500)), Density()
    show(drawing, canvas, made)
    made.fresh[:] = False
    made.agents = made.agents[-1200:].copy()
    for _ in range(3):
        show(drawing, canvas, made)
    wanted = counted(made.values[1300:2500], visible(canvas, GROUND, 2))
    assert drawing._counts.tolist() == wanted.ravel().tolist()


def test_a_count_is_finished_though_there_are_new_rows_in_every_frame(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
):
    in_parts(monkeypatch)
    made, drawing = frame(random_places(2500)), Density()
    done = []
    for _ in range(6):
        show(drawing, canvas, made)
        done.append(drawing._counted)
    assert done == [1000, 2000, 2500] * 2


def test_a_count_takes_no_memory_for_each_agent(canvas: Canvas):
    taken = []
    for count in (200_000, 500_000):  # in cells of the same size
        made, drawing = frame(random_places(count)), Density()
        show(drawing, canvas, made)
        made.fresh[:] = True
        tracemalloc.start()
        show(drawing, canvas, made)
        taken.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert taken[1] < taken[0] + 100_000


LOOKS = [  # room [px, an area], size of a sprite [px], agents in view
    (5000.0, 34, 12, Look.SPRITES),
    (400.0, SMALLEST_SPRITE, MOST_SPRITES, Look.SPRITES),
    (400.0, SMALLEST_SPRITE - 1, MOST_SPRITES, Look.DOTS),
    (400.0, SMALLEST_SPRITE, MOST_SPRITES + 1, Look.DOTS),
    (LEAST_ROOM, 2, 40_000, Look.DOTS),
    (LEAST_ROOM - 0.01, 2, 40_000, Look.DENSITY),
    (0.04, 1, 10_000_000, Look.DENSITY),
]


@pytest.mark.parametrize(("room", "size", "seen", "wanted"), LOOKS)
def test_what_agents_look_like_follows_from_room_and_number(
    room: float, size: float, seen: int, wanted: Look
):
    assert choose_look(room, size, seen) is wanted


def test_very_many_robots_are_a_density_and_near_enough_dots_and_nearer_robots(
    canvas: Canvas, monkeypatch: pytest.MonkeyPatch
):
    pygame.font.init()
    scene, drawn = scene_of("swarm"), []
    monkeypatch.setattr(agents, "_dots", lambda canvas, pixels, *_: drawn.append(len(pixels)))
    monkeypatch.setattr(agents, "_sprites", lambda *given: drawn.append(-len(given[3])))
    made = frame(random_places(200_000))
    for nearness in (1, 8, 200):
        canvas.look(canvas.camera._replace(scale=3.0 * nearness, x=200.0, y=200.0), 0.0)
        show_scene(scene, canvas, made)
    dots, robots = drawn
    inside = canvas.inside(canvas.camera.pixels(*made.shown.T)).sum()
    assert 1_000 < dots < 2_000
    assert 0 < inside <= -robots < 999


@pytest.mark.parametrize(("few", "many"), [(2000, 8000), (100_000, 400_000)])
def test_drawing_many_makes_hardly_more_calls_than_drawing_few(canvas: Canvas, few: int, many: int):
    """As dots, and as a density."""
    pygame.font.init()
    made = []
    canvas.look(canvas.camera._replace(scale=5.0), 0.0)
    for count in (few, many):
        scene, shown = scene_of("swarm"), frame(random_places(count))
        show_scene(scene, canvas, shown)
        made.append(calls(lambda scene=scene, shown=shown: show_scene(scene, canvas, shown)))
    runs = -(-many // density.AT_ONCE) - few // density.AT_ONCE
    assert made[1] - made[0] <= 15 * runs
    assert made[0] < 550  # of 100,000, each begins a way


def test_rows_that_came_while_dots_were_shown_are_in_the_next_density(canvas: Canvas):
    pygame.font.init()
    scene, made = scene_of("swarm"), frame(random_places(200_000))
    whole, near = canvas.camera, Camera(60.0, -300.0, 900.0)
    show_scene(scene, canvas, made)
    made.values[:] = random_places(len(made.values), 40, 60)
    canvas.look(near, 1.0)
    show_scene(scene, canvas, made)  # as dots, with new rows
    made.fresh[:] = False
    for _ in range(2):
        canvas.look(whole, 2.0)
        show_scene(scene, canvas, made)
    pictures = [seen.pixels(canvas.surface)]
    anew = scene_of("swarm")
    for _ in range(2):
        show_scene(anew, canvas, made)
    pictures.append(seen.pixels(canvas.surface))
    assert (pictures[0] == pictures[1]).all()


# The legend.


@given(st.integers(1, 10**7))
def test_the_legend_names_the_ends_of_the_scale_and_a_figure_between(most: int):
    found = legend.figures(most)
    assert found[0] == (0.0, 1)
    assert found[-1][1] == most
    assert found[-1][0] == (1.0 if most > 1 else 0.0)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))


@pytest.mark.parametrize("each", [1, 3, 40])
def test_a_colour_of_the_legend_is_that_of_the_ground(
    canvas: Canvas, each: int, monkeypatch: pytest.MonkeyPatch
):
    """The fullest cell has its process's colour at the right end, one with a single agent that
    at the left."""
    told = []
    draw = legend.draw
    monkeypatch.setattr(legend, "draw", lambda *given: told.append(given[1:]) or draw(*given))
    cells = np.array([[20.5, 20.5]] * each + [[70.5, 70.5]])
    drawing, made = Density(), frame(cells)
    show(drawing, canvas, made)
    show(drawing, canvas, made)
    owners, most, cell = told[-1]
    assert (owners, most) == ((0, 1) if each == 1 else (1,), each)
    assert cell == pytest.approx(drawing._grid.side / canvas.camera.scale)
    colours = pygame.surfarray.array2d(density_picture.scales(canvas.theme, owners, most))
    seen = set(np.unique(pygame.surfarray.array2d(drawing._picture)).tolist())
    assert {int(colours[0, -1]), int(colours[-1, 0])} <= seen


def test_a_small_ground_has_no_room_for_it():
    surface = pygame.Surface((200, 200))
    small = Canvas(surface, (0, 0, 200, 200), Bounds(0, 0, 100, 100), Theme("dark"))
    show(Density(), small, frame(random_places(100)))
    assert small.left_out == ["legend"]
