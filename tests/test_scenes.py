"""The scenes, drawn for real and read back pixel by pixel."""

from pathlib import Path

import numpy as np
import pygame
import pytest

from game import assets, movers, scenes
from game.__main__ import SCENES
from game.glide import MOST
from game.snapshot import Snapshot, SyncFigures, SyncView
from game.view import caption, crowd, panel
from game.view.canvas import Canvas
from game.view.pen import Pen
from game.view.theme import Theme

TRACKS = Path(__file__).parents[2] / "shared" / "tracks"
SIZE = (900, 600)
THEME = Theme("dark")
OWN = [assets.path("tracks", name + ".csv") for name in assets.names("tracks", ".csv")]


pytestmark = pytest.mark.usefixtures("display")


def place_of(scene: str) -> str:
    track = movers.world(scene).TRACK
    return assets.path("tracks", track + ".csv") if track else ""


def snapshot(scene: str, values: list[tuple[float, ...]], lost: tuple[int, ...] = ()) -> Snapshot:
    made = Snapshot(movers.world(scene).FIELDS, len(values))
    made.values[:] = np.reshape(values, made.values.shape)
    made.agents = np.arange(len(values))
    made.updates[:] = 1
    made.fresh[:] = True
    made.first[:] = made.changed[:] = made.now = 1.0
    made.lost[list(lost)] = True
    if scene == "road":
        figures = dict.fromkeys(("none", "lock"), SyncFigures(9, 1, 2, 0.1, 2.0, 300.0, 1e6))
        made.sync = SyncView("lock", figures, True, True, 5.0, 1.5, "an alarm", "a notice")
    return made


def draw(scene: scenes.Scene, made: Snapshot) -> Canvas:
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), scene.bounds, THEME)
    scene.draw(canvas, made)
    return canvas


def pixels(canvas: Canvas) -> np.ndarray:
    return pygame.surfarray.array3d(canvas.surface).astype(int)


def near(canvas: Canvas, x: float, y: float, colour: tuple[int, int, int], reach: int = 4) -> bool:
    """Whether there is a pixel of about this colour at a place [m], give or take `reach` px."""
    px, py = (round(float(value)) for value in canvas.camera.pixel(x, y))
    part = pixels(canvas)[max(0, px - reach) : px + reach + 1, max(0, py - reach) : py + reach + 1]
    return bool((np.abs(part - np.array(colour)).sum(axis=2) < 40).any())


@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("agents", [0, 1, 5, 250, 5000])
def test_every_scene_draws_any_number_of_agents(name: str, agents: int):
    scene = scenes.make(name, place_of(name))
    fields = len(movers.world(name).FIELDS)
    values = np.random.default_rng(1).uniform(0, 100, (agents, fields))
    made = snapshot(name, [tuple(row) for row in values.tolist()])
    empty = pixels(draw(scene, snapshot(name, [])))
    canvas = draw(scene, made)
    assert len(np.unique(empty.reshape(-1, 3), axis=0)) > 3
    assert (pixels(canvas) != empty).any() == bool(agents)
    rows = scene.panel(made, 10)
    assert len(rows.rows) == min(rows.total, 10)
    assert rows.total == (agents if name != "road" else 8)
    words = scenes.caption(scene, made)
    if words:
        caption.draw(Pen(canvas.surface, THEME), pygame.Rect(0, 400, 600, 200), words)
    panel.draw(Pen(canvas.surface, THEME), pygame.Rect(600, 0, 300, 600), rows)


@pytest.mark.parametrize("name", SCENES)
def test_values_that_are_no_numbers_do_not_spoil_the_picture(name: str):
    scene = scenes.make(name, place_of(name))
    odd = [np.nan, np.inf, -np.inf, 1e300, -1e300]
    fields = len(movers.world(name).FIELDS)
    made = snapshot(name, [(value,) * fields for value in odd])
    canvas = draw(scene, made)
    assert len(np.unique(pixels(canvas).reshape(-1, 3), axis=0)) > 3
    scene.panel(made, 10)


@pytest.mark.parametrize(("x", "y"), [(50, 50), (10, 90), (90, 10), (0.5, 0.5), (99.5, 99.5)])
def test_a_robot_stands_where_its_values_say(x: float, y: float):
    scene = scenes.make("swarm", "")
    canvas = draw(scene, snapshot("swarm", [(x, y)]))
    assert near(canvas, x, y, THEME.agent(0), 12)
    assert not near(canvas, 100 - x + 20 * (x == 50), y, THEME.agent(0), 12)


def test_many_robots_are_dots_where_their_values_say():
    scene = scenes.make("swarm", "")
    places = np.random.default_rng(1).uniform(1, 99, (5000, 2))
    canvas = draw(scene, snapshot("swarm", [tuple(p) for p in places.tolist()]))
    colours = {THEME.agent(n) for n in range(68)}
    for number in range(4900, 5000):
        x, y = canvas.camera.pixel(*places[number].tolist())
        assert tuple(canvas.surface.get_at((int(x), int(y))))[:3] in colours


@pytest.mark.parametrize("distance", [0.0, 100.0, 394.0, 999.0, 2500.0, -30.0])
def test_a_car_stands_where_its_distance_says(distance: float):
    scene = scenes.make("race", place_of("race"))
    # Car 1 of three lanes drives in the middle; car 0 waits elsewhere.
    canvas = draw(scene, snapshot("race", [(0.0, distance + 500), (50.0, distance)]))
    x, y, _ = scene.circuit.track.at(distance)
    assert near(canvas, x, y, THEME.agent(1), 10)
    x, y, _ = scene.circuit.track.at(distance + 250)
    assert not near(canvas, x, y, THEME.agent(1), 10)


def test_a_lost_agent_is_crossed_out():
    scene = scenes.make("swarm", "")
    canvas = draw(scene, snapshot("swarm", [(20, 20), (80, 80)], lost=(1,)))
    assert near(canvas, 80, 80, THEME["alarm"])
    assert not near(canvas, 20, 20, THEME["alarm"], 12)


def test_the_leaderboard_ranks_by_distance():
    scene = scenes.make("race", place_of("race"))
    made = snapshot("race", [(50.0, 20.0), (60.0, 1220.0), (70.0, 30.0)])
    draw(scene, made)
    board = scene.panel(made, 10)
    assert [cells[1] for _, cells in board.rows] == ["Car 2", "Car 3", "Car 1"]
    assert [cells[2] for _, cells in board.rows] == ["2", "1", "1"]
    assert [cells[3] for _, cells in board.rows] == ["60", "70", "50"]
    assert [cells[-1] for _, cells in board.rows] == ["leader", "+1 lap", "+1 lap"]


@pytest.mark.parametrize("size", [(400, 900), (320, 700), (1600, 300)])
def test_a_road_goes_from_edge_to_edge(size: tuple[int, int]):
    surface = pygame.Surface(size)
    scene = scenes.make("road", "")
    canvas = Canvas(surface, (0, 0, *size), scene.bounds, THEME)
    scene.draw(canvas, snapshot("road", [(7.0,)] * 4))
    x = round(float(canvas.camera.pixel(5.0, 0.0)[0]))
    for y in (1, size[1] - 2):
        assert surface.get_at((x, y))[:3] == THEME["tarmac"]


def test_a_whole_road_is_a_line_and_a_torn_one_is_crooked():
    scene = scenes.make("road", "")
    canvas = draw(scene, snapshot("road", [(7.0,)] * 4))
    assert not near(canvas, 87.5, 28.0, THEME["alarm"], 40)
    scene = scenes.make("road", "")
    canvas = draw(scene, snapshot("road", [(7.0,), (7.0,), (7.0,), (6.0,)]))
    assert near(canvas, 87.5, 28.0, THEME["alarm"], 40)
    assert not near(canvas, 12.5, 28.0, THEME["alarm"], 40)


@pytest.mark.parametrize("vehicles", [1, 40, 1000, 100_000])
def test_vehicles_that_are_behind_are_marked_at_any_number(vehicles: int):
    scene = scenes.make("road", "")
    values = [(3.0,)] * (vehicles // 2) + [(2.0,)] * (vehicles - vehicles // 2)
    canvas = draw(scene, snapshot("road", values))
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
    scene = scenes.make("race", path)
    canvas = draw(scene, snapshot("race", []))
    picture = pixels(canvas)
    paved = (np.abs(picture - np.array(THEME["grass"])).sum(axis=2) > 12).astype(bool)
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
    scene = scenes.make("race", place_of("race"))
    canvas = draw(scene, snapshot("race", []))
    track = scene.circuit.track
    top = int(np.argmax(track.y))
    assert canvas.camera.pixel(0.0, track.y[top])[1] < canvas.camera.pixel(0.0, 0.0)[1]


def test_one_of_very_many_that_is_nowhere_can_be_selected_and_followed():
    many = MOST + 1
    made = snapshot("swarm", [(50.0, 50.0)] * many)
    made.values[7], made.selected = np.nan, 7
    scene = scenes.make("swarm", "")
    canvas = Canvas(pygame.display.get_surface(), (0, 0, 3000, 3000), scene.bounds, THEME)
    assert crowd.look(canvas.camera.scale**2 * 1e4 / many, 1, many) is not crowd.Look.DENSITY
    canvas.view = (0, 0, *SIZE)
    scene.draw(canvas, made)
    assert scenes.where(scene, made, 7) is None
    assert scenes.where(scene, made, 8) == (50.0, 50.0)


@pytest.mark.parametrize("value", [-50.0, 1e300, np.nan])
@pytest.mark.parametrize("many", [MOST, MOST + 1])
def test_one_of_very_many_that_writes_nonsense_is_named(
    many: int, value: float, monkeypatch: pytest.MonkeyPatch
):
    named = []
    monkeypatch.setattr(crowd, "_under", lambda canvas, pixel, words, *_: named.append(words))
    made = snapshot("swarm", [(50.0, 50.0)] * many)
    scene = scenes.make("swarm", "")
    draw(scene, made)
    made.values[7] = value, 20.0
    made.now += 0.1
    draw(scene, made)
    assert named == ["7: not a number" if np.isnan(value) else "7: out of range"]


def test_the_selected_robot_has_a_row_though_it_is_in_none_of_the_first():
    made = snapshot("swarm", [(50.0, 50.0)] * 30)
    scene = scenes.make("swarm", "")
    for selected, last in ((-1, 4), (3, 4), (20, 20), (99, 4)):
        made.selected = selected
        assert [row[0] for row in scene.panel(made, 5).rows] == [0, 1, 2, 3, last]
    assert scene.panel(made, 0).rows == []
