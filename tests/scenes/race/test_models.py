"""Circuits of all sizes: a model of one, 1:10, and one that is wider than its bends."""

from pathlib import Path
from random import Random
from types import SimpleNamespace

import numpy as np
import pytest

from game.frame import Floats
from game.scenes.race import Settings, World
from game.scenes.race.circuit import Circuit
from game.scenes.race.drawing import Scene
from game.scenes.race.folds import folded, unfolded
from game.scenes.race.recent import Brakes
from game.track import load, parse
from game.track_files.repair import scale_of
from tests.made import options_of
from tests.scenes.race.test_race import Run, draw, ground
from tests.track_files.made import csv, ring, saved

pytestmark = pytest.mark.usefixtures("display")
MOVERS = ["cruise", "duel", "pacemaker", "random"]


@pytest.fixture
def model(tmp_path: Path) -> str:
    lines = "\n".join(f"{x:.4f},{y:.4f},1.1,1.1" for x, y in ring(120, 14, 9))
    return str(saved(tmp_path, "model.csv", lines))


def settings_of(*arguments: str) -> Settings:
    chosen = options_of("race", *arguments).job.settings
    assert isinstance(chosen, Settings)
    return chosen


@pytest.mark.parametrize(
    ("width", "length", "scale"),
    [(10, 5790, 1), (3, 7000, 1), (2.2, 73, 0.1), (2.2, 2700, 1), (0.2, 7.3, 0.01), (12, 300, 1)],
)
def test_a_narrow_circuit_is_a_model_unless_it_is_too_long_for_one(width, length, scale):
    assert scale_of(width, length) == pytest.approx(scale)


def test_on_a_model_cars_are_as_much_smaller(model: str):
    scene = Scene(settings_of("--track", model))
    assert scene.title == "Race, model, 73.1 m, 1:10"
    run, canvas = Run(5), ground(scene)
    draw(scene, canvas, run.row([-0.8 * i for i in range(5)], speed=6.0))
    assert scene._size(canvas) * canvas.point < scene.circuit.width
    canvas.camera = canvas.camera.enlarged(20)
    assert scene._size(canvas) * canvas.point == pytest.approx(0.45)  # [m]
    speed, gap = (scene.panel(5, -1).rows[1][1][i] for i in (3, 5))
    assert (speed, gap) == ("6.0", "+0.8 m")


def test_on_a_crowded_model_cars_have_the_room_that_there_is(model: str):
    scene = Scene(settings_of("--track", model))
    run, canvas = Run(300), ground(scene)
    draw(scene, canvas, run.row([i * 73 / 300 for i in range(300)], speed=6.0))
    assert scene._size(canvas) * canvas.point < 3 * 73 / 300


def test_on_a_model_the_grid_is_as_much_closer(model: str):
    settings = settings_of("--track", model)
    assert World(settings).grid(3) == pytest.approx(-2.4)
    assert World(settings._replace(scale=1.0)).grid(3) == -24.0


@pytest.mark.parametrize("name", MOVERS)
def test_movers_of_ours_drive_as_much_slower(name: str):
    module = __import__(f"game.scenes.race.movers.{name}", fromlist=["Mover"])
    driven = []
    for scale in (1.0, 0.1):
        world = SimpleNamespace(scale=scale, grid=lambda number: 0.0)
        mover = module.Mover(SimpleNamespace(world=world, random=Random(1), number=0))
        driven.append([mover.step(0.5)[0] for _ in range(5)])
    assert driven[1] == pytest.approx([speed / 10 for speed in driven[0]])


def test_on_a_model_the_brakes_are_lit_by_less():
    lit = []
    for scale in (1.0, 0.1):
        run, brakes = Run(1), Brakes(scale)
        brakes.follow(run.row([0.0], speed=8.0))
        frame = run.row([1.0], speed=7.0)
        brakes.follow(frame)
        lit.append(brakes.lit(frame).tolist())
    assert lit == [[False], [True]]


def test_a_model_has_kerbs_in_its_bends_alone(model: str):
    circuit = Circuit(load(model))
    bends = circuit._bends(np.linspace(0.0, circuit.track.length, 400))
    assert 0.1 < bends.mean() < 0.9


def test_width_and_reverse_reach_movers_and_the_picture(tmp_path: Path):
    path = str(saved(tmp_path, "a.csv", csv(ring())))
    settings = settings_of("--track", path, "--width", "7", "--reverse")
    for track in (World(settings).track, Scene(settings).circuit.track):
        assert set(track.left) == {3.5}
        assert max(track.curvature) < 0


def test_what_was_taken_is_told_once_and_stands_in_the_header(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = saved(tmp_path, "two.CSV", "\n".join(f"{x},{y}" for x, y in ring()))
    scene = Scene(settings_of("--track", str(path)))
    told = "of unknown width, taken as 10 m"
    assert capsys.readouterr().err == f"game: --track: two: {told}; --width says otherwise\n"
    assert scene.note == told


@pytest.mark.parametrize("ending", ["", ".CSV", ".TXT", ".dat"])
def test_a_file_that_is_there_is_taken_whatever_its_name(ending: str, tmp_path: Path):
    path = saved(tmp_path, f"circuit{ending}", csv(ring()))
    assert settings_of("--track", str(path)).track == str(path)


# Wider than its bends.


def triangle() -> Circuit:
    """A triangle with corners of a radius of 3 m, on a track 5 m to either side."""
    line = []
    for corner in range(3):
        turned = 2 * np.pi * corner / 3
        middle = 60 * np.cos(turned), 60 * np.sin(turned)
        for a in np.linspace(turned - np.pi / 3, turned + np.pi / 3, 12):
            line.append((middle[0] + 3 * np.cos(a), middle[1] + 3 * np.sin(a)))
        after = turned + np.pi / 3
        way = -np.sin(after), np.cos(after)
        x, y = line[-1]
        line += [(x + d * way[0], y + d * way[1]) for d in np.arange(3.0, 102.0, 3.0)]
    return Circuit(parse("\n".join(f"{x:.4f},{y:.4f},5,5" for x, y in line), "triangle.csv"))


def crossings(ring: Floats) -> int:
    """How often a closed line crosses itself."""
    a, b = ring[:-1, None], ring[1:, None]
    c, d = ring[None, :-1], ring[None, 1:]

    def side(p: Floats, q: Floats, r: Floats) -> Floats:
        ways, others = q - p, r - p
        turned: Floats = ways[..., 0] * others[..., 1] - ways[..., 1] * others[..., 0]
        return turned

    crossed = (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
    return int(crossed.sum()) // 2


def test_the_inner_edge_of_a_tight_bend_does_not_cross_itself():
    circuit = triangle()
    raw = circuit.line + 5 * circuit._aside
    assert crossings(raw) >= 3
    for side, farthest in ((1.0, 56.0), (-1.0, 68.0)):
        edge = circuit._edge(side)
        assert crossings(edge) == 0
        assert np.hypot(*edge.T).max() == pytest.approx(farthest, abs=1.5)
        assert np.array_equal(edge[0], edge[-1])


def test_an_edge_without_folds_is_left_alone():
    circuit = Circuit(parse(csv(ring()), "a.csv"))
    edge, reach = circuit._points + 5 * circuit._aside, np.full(len(circuit._points), 5.0)
    assert not folded(edge[:-1], circuit.line[:-1], reach[:-1]).any()
    assert unfolded(edge, circuit.line, reach) is edge


def test_a_track_that_comes_near_itself_is_no_fold():
    """There and back beside each other, nearer than it is wide, with a wide bend at both ends."""
    bulb = [(x, y) for x, y in ring(200, 300, 300)]
    pinched = "\n".join(f"{x:.3f},{y * (0.012 if abs(x) < 150 else 1):.3f},5,5" for x, y in bulb)
    circuit = Circuit(parse(pinched, "pinched.csv"))
    edge = circuit._points + 5 * circuit._aside
    near = np.abs(circuit.line[:-1, 0]) < 100
    reach = np.full(len(edge), 5.0)
    assert not folded(edge[:-1], circuit.line[:-1], reach[:-1])[near].any()
