"""The scenes, drawn for real and read back pixel by pixel."""

from pathlib import Path

import numpy as np
import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from game import assets, scenes
from game.frame import Frame
from game.scenes import OWN as SCENES
from game.scenes.road.figures import SyncFigures, SyncView
from game.scenes.swarm.drawing import MANY
from game.scenes.swarm.ground import Ground
from game.view import agents, caption, panel
from game.view.canvas import Canvas
from game.view.interpolation import MOST
from game.view.labels import Marks
from game.view.painter import Painter
from game.view.scene import BaseScene
from game.view.theme import Theme
from tests import seen
from tests.made import scene_of

TRACKS = Path(__file__).parents[3] / "shared" / "tracks"
SIZE = (900, 600)
THEME = Theme("dark")
RACE = Theme("dark", scenes.find("race").colours)
OWN = [assets.path("tracks", name + ".csv") for name in assets.names("tracks", ".csv")]


pytestmark = pytest.mark.usefixtures("display")


def frame(scene: str, values: list[tuple[float, ...]], died: tuple[int, ...] = ()) -> Frame:
    made = Frame(scenes.find(scene).fields, len(values))
    made.values[:] = np.reshape(values, made.values.shape)
    made.agents = np.arange(len(values))
    made.updates[:] = 1
    made.fresh[:] = True
    made.first[:] = made.changed[:] = made.now = 1.0
    made.died[list(died)] = True
    if scene == "road":
        figures = dict.fromkeys(("none", "lock"), SyncFigures(9, 1, 2, 0.1, 2.0, 300.0, 1e6))
        made.element_wise = True
        made.extra = SyncView("lock", figures, True, True, 5.0, 1.5, "an alarm", "a notice")
    return made


def draw(scene: BaseScene, made: Frame, theme: Theme = THEME) -> Canvas:
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), scene.bounds, theme)
    scene.follow(made)
    scene.draw(canvas)
    return canvas


def pixels(canvas: Canvas) -> np.ndarray:
    return seen.pixels(canvas.surface).astype(int)


def colours_in(picture: np.ndarray) -> int:
    """How many different colours a picture has."""
    return len(np.unique(picture @ np.array([65536, 256, 1])))


def near(canvas: Canvas, x: float, y: float, colour: tuple[int, int, int], reach: int = 4) -> bool:
    """Whether there is a pixel of about this colour at a place [m], give or take `reach` px."""
    px, py = (round(float(value)) for value in canvas.camera.pixel(x, y))
    part = pixels(canvas)[max(0, px - reach) : px + reach + 1, max(0, py - reach) : py + reach + 1]
    return bool((np.abs(part - np.array(colour)).sum(axis=2) < 40).any())


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("many", [0, 1, 5, 250, 5000])
def test_every_scene_draws_any_number_of_agents(name: str, many: int):
    scene, theme = scene_of(name), Theme("dark", scenes.find(name).colours)
    fields = len(scenes.find(name).fields)
    values = np.random.default_rng(1).uniform(0, 100, (many, fields))
    made = frame(name, [tuple(row) for row in values.tolist()])
    empty = pixels(draw(scene, frame(name, []), theme))
    canvas = draw(scene, made, theme)
    assert colours_in(empty) > 3
    assert (pixels(canvas) != empty).any() == bool(many)
    rows = scene.panel(10, -1)
    assert len(rows.rows) == min(rows.total, 10)
    assert rows.total == (many if name != "road" else 11)
    if words := scene.caption():
        caption.draw(Painter(canvas.surface, theme), pygame.Rect(0, 400, 600, 200), words)
    panel.draw(Painter(canvas.surface, theme), pygame.Rect(600, 0, 300, 600), rows)


@pytest.mark.parametrize("name", SCENES)
def test_values_that_are_no_numbers_do_not_spoil_the_picture(name: str):
    scene, theme = scene_of(name), Theme("dark", scenes.find(name).colours)
    odd = [np.nan, np.inf, -np.inf, 1e300, -1e300]
    fields = len(scenes.find(name).fields)
    made = frame(name, [(value,) * fields for value in odd])
    canvas = draw(scene, made, theme)
    assert colours_in(pixels(canvas)) > 3
    scene.panel(10, -1)


@pytest.mark.parametrize(("x", "y"), [(50, 50), (10, 90), (90, 10), (0.5, 0.5), (99.5, 99.5)])
def test_a_robot_stands_where_its_values_say(x: float, y: float):
    scene = scene_of("swarm")
    canvas = draw(scene, frame("swarm", [(x, y)]))
    assert near(canvas, x, y, THEME.agent(0), 12)
    assert not near(canvas, 100 - x + 20 * (x == 50), y, THEME.agent(0), 12)


def test_many_robots_are_dots_where_their_values_say():
    scene = scene_of("swarm")
    places = np.random.default_rng(1).uniform(1, 99, (5000, 2))
    canvas = draw(scene, frame("swarm", [tuple(p) for p in places.tolist()]))
    colours = {THEME.agent(n) for n in range(68)}
    for number in range(4900, 5000):
        x, y = canvas.camera.pixel(*places[number].tolist())
        assert tuple(canvas.surface.get_at((int(x), int(y))))[:3] in colours


@pytest.mark.parametrize("distance", [0.0, 100.0, 394.0, 999.0, 2500.0, -30.0])
def test_a_car_stands_where_its_distance_says(distance: float):
    scene = scene_of("race")
    # Car 1 of three lanes drives in the middle; car 0 waits elsewhere.
    canvas = draw(scene, frame("race", [(0.0, distance + 500), (50.0, distance)]), RACE)
    x, y, _ = scene.circuit.track.at(distance)
    assert near(canvas, x, y, RACE.agent(1), 10)
    x, y, _ = scene.circuit.track.at(distance + 250)
    assert not near(canvas, x, y, RACE.agent(1), 10)


def test_a_dead_agent_is_crossed_out():
    scene = scene_of("swarm")
    canvas = draw(scene, frame("swarm", [(20, 20), (80, 80)], died=(1,)))
    assert near(canvas, 80, 80, THEME["alarm"])
    assert not near(canvas, 20, 20, THEME["alarm"], 12)


def test_the_leaderboard_ranks_by_distance():
    scene = scene_of("race")
    made = frame("race", [(50.0, 20.0), (60.0, 1220.0), (70.0, 30.0)])
    draw(scene, made, RACE)
    board = scene.panel(10, -1)
    assert [cells[1] for _, cells in board.rows] == ["Car 2", "Car 3", "Car 1"]
    assert [cells[2] for _, cells in board.rows] == ["2", "1", "1"]
    assert [cells[3] for _, cells in board.rows] == ["60", "70", "50"]
    assert [cells[-1] for _, cells in board.rows] == ["leader", "+1 lap", "+1 lap"]


@pytest.mark.parametrize("size", [(400, 900), (320, 700), (1600, 300)])
def test_a_road_goes_from_edge_to_edge(size: tuple[int, int]):
    surface = pygame.Surface(size)
    scene = scene_of("road")
    canvas = Canvas(surface, (0, 0, *size), scene.bounds, THEME)
    scene.follow(frame("road", [(7.0,)] * 4))
    scene.draw(canvas)
    x = round(float(canvas.camera.pixel(5.0, 0.0)[0]))
    for y in (1, size[1] - 2):
        assert surface.get_at((x, y))[:3] == THEME["tarmac"]


def test_a_whole_road_is_a_line_and_a_torn_one_is_crooked():
    scene = scene_of("road")
    canvas = draw(scene, frame("road", [(7.0,)] * 4))
    assert not near(canvas, 87.5, 28.0, THEME["alarm"], 40)
    scene = scene_of("road")
    canvas = draw(scene, frame("road", [(7.0,), (7.0,), (7.0,), (6.0,)]))
    assert near(canvas, 87.5, 28.0, THEME["alarm"], 40)
    assert not near(canvas, 12.5, 28.0, THEME["alarm"], 40)


@pytest.mark.parametrize("vehicles", [1, 40, 1000, 100_000])
def test_vehicles_that_are_behind_are_marked_at_any_number(vehicles: int):
    scene = scene_of("road")
    values = [(3.0,)] * (vehicles // 2) + [(2.0,)] * (vehicles - vehicles // 2)
    canvas = draw(scene, frame("road", values))
    red = (np.abs(pixels(canvas) - np.array(THEME["alarm"])).sum(axis=2) < 20).any(axis=1)
    columns = np.flatnonzero(red)
    if vehicles == 1:
        assert not columns.size
    else:
        middle = canvas.camera.pixel(50.0, 0.0)[0]
        assert columns[0] >= middle - 1
        assert np.ptp(columns) > 0.35 * SIZE[0]


def real_tracks() -> list[object]:
    found = sorted(TRACKS.glob("*.csv"))
    reason = "the real circuits lie beside a checkout only"
    return [pytest.param(str(path), id=path.stem) for path in found] or [
        pytest.param("", marks=pytest.mark.skip(reason=reason))
    ]


@pytest.mark.parametrize("path", [*OWN, *real_tracks()])
def test_a_track_is_closed_and_fits_the_window(path: str):
    scene = scene_of("race", "--track", path)
    canvas = draw(scene, frame("race", []), RACE)
    picture = pixels(canvas)
    paved = (np.abs(picture - np.array(RACE["grass"])).sum(axis=2) > 12).astype(bool)
    # Around the whole track, each two metres: the ground is tarmac, the seam included.
    length = scene.circuit.track.length
    missing = []
    for distance in np.arange(0.0, length, 2.0):
        x, y, _ = scene.circuit.track.at(float(distance))
        px, py = canvas.camera.pixel(x, y)
        if not paved[round(px), round(py)]:
            missing.append(float(distance))
    assert missing == []
    columns, rows = np.flatnonzero(paved.any(axis=1)), np.flatnonzero(paved.any(axis=0))
    assert 0 < columns[0] < columns[-1] < SIZE[0] - 1
    assert 0 < rows[0] < rows[-1] < SIZE[1] - 1
    assert np.ptp(columns) > 0.85 * SIZE[0] or np.ptp(rows) > 0.85 * SIZE[1]


def test_north_is_up():
    scene = scene_of("race")
    canvas = draw(scene, frame("race", []), RACE)
    track = scene.circuit.track
    top = int(np.argmax(track.y))
    assert canvas.camera.pixel(0.0, track.y[top])[1] < canvas.camera.pixel(0.0, 0.0)[1]


def test_one_of_very_many_that_is_nowhere_can_be_selected_and_followed():
    many = MOST + 1
    made = frame("swarm", [(50.0, 50.0)] * many)
    made.values[7] = np.nan
    scene = scene_of("swarm")
    canvas = Canvas(pygame.display.get_surface(), (0, 0, 3000, 3000), scene.bounds, THEME)
    assert (
        agents.choose_look(canvas.camera.scale**2 * 1e4 / many, 1, many) is not agents.Look.DENSITY
    )
    canvas.view, canvas.selected = (0, 0, *SIZE), 7
    scene.follow(made)
    scene.draw(canvas)
    assert scene.where(7, canvas) is None
    assert scene.where(8, canvas) == (50.0, 50.0)


@pytest.mark.parametrize("value", [-50.0, 1e300, np.nan])
@pytest.mark.parametrize("many", [MANY, MANY + 1])
def test_one_of_very_many_that_writes_nonsense_is_named(
    many: int, value: float, monkeypatch: pytest.MonkeyPatch
):
    named = []
    monkeypatch.setattr(Marks, "write", lambda marks, pixel, words, *_, **__: named.append(words))
    made = frame("swarm", [(50.0, 50.0)] * many)
    scene = scene_of("swarm")
    draw(scene, made)
    values = made.values.copy()
    values[7] = value, 20.0
    draw(scene, made.next(values=values, now=made.now + 0.1))
    told = [words for words in named if not words.endswith("here")]  # most stand on one spot
    assert told == ["7: not a number" if np.isnan(value) else "7: out of range"]


@given(st.floats(-1e3, 1e3) | st.floats(-0.2, 0.2) | st.floats(99.8, 100.2))
@example(100.0000001)
@example(-1e-12)
def test_a_robot_is_out_of_range_if_the_table_says_so(value: float):
    if abs(abs(value - 50) - 50.05) < 1e-9:
        return  # which way a half is rounded is nobody's business
    told = float(Ground().written(value))
    found = bool(Ground().out_of_range(np.array([[value, 50.0]]))[0])
    assert found == (not 0 <= told <= 100)
    assert not Ground().written(value).startswith("-0.0")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
def test_what_is_no_place_is_out_of_range_however_it_is_written(value: float):
    assert Ground().out_of_range(np.array([[50.0, value]]))[0]
    assert len(Ground().written(value)) <= 6


def test_the_selected_robot_has_a_row_though_it_is_in_none_of_the_first():
    scene = scene_of("swarm")
    scene.follow(frame("swarm", [(50.0, 50.0)] * 30))
    for selected, last in ((-1, 4), (3, 4), (20, 20), (99, 4)):
        assert [row[0] for row in scene.panel(5, selected).rows] == [0, 1, 2, 3, last]
    assert scene.panel(0, -1).rows == []
