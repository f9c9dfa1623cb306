"""The ground by --world: what is asked for, what movers know of it, and how it is drawn."""

import math
from random import Random

import numpy as np
import pygame
import pytest

from game.agent import Agent, Group
from game.child.mover_process import load as behaviour
from game.frame import Frame
from game.scenes.swarm import FIELDS, Settings, World
from game.scenes.swarm.ground import Ground, round_step
from game.scenes.swarm.obstacles import Circle, Obstacles, Polygon
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.heat import CELLS, Heat
from game.view.theme import Theme
from tests.made import options_of, scene_of

SIZE = 640, 480
pytestmark = pytest.mark.usefixtures("display")
GROUNDS = [
    *((0.0, 0.0, 100.0, 100.0), (-5.0, -5.0, 5.0, 5.0), (0.0, 0.0, 0.001, 0.001)),
    *((-1e6, -5e5, 1e6, 5e5), (-3.0, 1e6, 0.0, 1e6 + 10), (-700.0, -20.0, -400.0, -10.0)),
    *((0.0, 0.0, 1e5, 40.0), (-1e9, -1e9, 1e9, 1e9), (-1e-6, -1e-6, 0.0, 0.0)),
]


def bounds_of(*arguments: str) -> tuple[float, ...]:
    found: tuple[float, ...] = options_of("swarm", *arguments).job.settings.bounds
    return found


def test_a_size_or_two_corners():
    assert bounds_of() == (0, 0, 100, 100)
    assert bounds_of("--world", "40x20.5") == (0, 0, 40, 20.5)
    assert bounds_of("--world=1e6X1e6") == (0, 0, 1e6, 1e6)
    assert bounds_of("--world=-5,-5,5,5") == (-5, -5, 5, 5)
    assert bounds_of("--world", "-5,-5,5,5") == (-5, -5, 5, 5)
    assert bounds_of("--world", " 1, 2, 3, 4 ") == (1, 2, 3, 4)


WRONG = [
    *("5", "x", "", "5x", "axb", "1,2,3", "1,2,3,4,5", "nanx5", "0,0,nan,5", "infx5", "1x2x3"),
    *("0x5", "5x-5", "5,5,-5,-5", "0,0,0,5", "1e-9x1", "1e10x5", "1e6,1e6,1000000.1,1e7"),
    "9" * 400 + "x5",
]


@pytest.mark.parametrize("text", WRONG)
def test_no_ground_is_told_in_a_line(text: str, capsys):
    with pytest.raises(SystemExit) as ended:
        bounds_of(f"--world={text}")
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert told.startswith("game: --world: ")
    assert "-5,-5,5,5" in told
    turned_round = text in ("5,5,-5,-5", "5x-5", "0x5", "0,0,0,5")
    assert ("lower left" in told) == turned_round
    assert told.count("\n") == 1
    assert len(told) < 200


@pytest.mark.parametrize("bounds", GROUNDS)
@pytest.mark.parametrize("name", ["wander", "jump"])
def test_our_movers_stay_on_it_and_get_about(name: str, bounds: tuple[float, ...]):
    world = World(Settings(bounds))
    assert (world.left, world.bottom, world.right, world.top) == bounds
    mover = behaviour("swarm", name).Mover(Agent(0, Random(1), 10.0, world))
    places = np.array([mover.step(0.1) for _ in range(1000)])
    assert (places >= bounds[:2]).all()
    assert (places <= bounds[2:]).all()
    assert (np.ptp(places, axis=0) > 0.3 * world.side).all()


@pytest.mark.parametrize("bounds", GROUNDS)
def test_a_crowd_stays_on_it(bounds: tuple[float, ...]):
    crowd = behaviour("swarm", "wander").Crowd(
        Group(range(500), "1", 10.0, World(Settings(bounds)))
    )
    for _ in range(100):
        places = crowd.step(0.1)
        assert ((places >= bounds[:2]) & (places <= bounds[2:])).all()
    assert len(np.unique(places, axis=0)) > 400


def drawn(settings: Settings, zoom: float = 1.0) -> tuple[Canvas, list[str]]:
    """A picture of a ground with a robot in its middle, and the numbers at its edges."""
    scene = scene_of("swarm", settings=settings)
    left, bottom, right, top = settings.bounds
    frame = Frame(FIELDS, 4)
    frame = frame.next(agents=np.arange(1), now=1.0, fresh=frame.fresh | True)
    values = np.full((4, 2), ((left + right) / 2, (bottom + top) / 2))
    scene.follow(frame.next(values=values))
    surface = pygame.display.get_surface()
    theme = Theme("dark", scene.colours)
    canvas = Canvas(surface, (0, 0, *SIZE), scene.ground(*SIZE), theme)
    camera = canvas.camera
    canvas.camera = camera._replace(
        scale=camera.scale * zoom,
        x=SIZE[0] / 2 - (SIZE[0] / 2 - camera.x) * zoom,
        y=SIZE[1] / 2 - (SIZE[1] / 2 - camera.y) * zoom,
    )
    words: list[str] = []
    label = Canvas.label

    def noted(self: Canvas, x: float, y: float, text: str, *rest: object, **more: object) -> None:
        words.append(text)
        label(self, x, y, text, *rest, **more)  # type: ignore[arg-type]

    Canvas.label = noted  # type: ignore[method-assign]
    try:
        scene.draw(canvas)
    finally:
        Canvas.label = label  # type: ignore[method-assign]
    return canvas, words


@pytest.mark.parametrize("bounds", GROUNDS)
@pytest.mark.parametrize("zoom", [1.0, 64.0])
def test_numbers_are_few_and_lie_apart(bounds: tuple[float, ...], zoom: float):
    canvas, words = drawn(Settings(bounds), zoom)
    assert 2 <= len(words) <= 40
    written = canvas.written
    assert len(written) == len(words)
    for n, one in enumerate(written):
        assert one.collidelist(written[n + 1 :]) < 0
    if zoom == 1.0:
        view = pygame.Rect(0, 0, *SIZE)
        assert all(view.contains(one) for one in written)


def test_numbers_are_in_a_unit_that_fits():
    assert "km" in drawn(Settings((0, 0, 1e6, 1e6)))[1]
    assert "1000" in drawn(Settings((0, 0, 1e6, 1e6)))[1]
    assert "mm" in drawn(Settings((0, 0, 0.001, 0.001)))[1]
    assert {"-4", "0", "5"} <= set(drawn(Settings((-5, -5, 5, 5)))[1])
    assert Ground(Settings((0, 0, 0.001, 0.001))).written(0.00072) == "0.720"
    assert Ground(Settings((0, 0, 1e6, 1e6))).written(512_345.6) == "512"
    assert Ground(Settings((-5, -5, 5, 5))).written(-4.2) == "-4.20"


@pytest.mark.parametrize("bounds", GROUNDS)
def test_a_hair_beyond_the_edge_is_on_it(bounds: tuple[float, ...]):
    ground = Ground(Settings(bounds))
    left, bottom, right, top = bounds
    hair = 0.9 * ground.hair
    places = [(right + hair, top), (left - hair, bottom - hair), (right + hair * 1.3, top)]
    assert ground.out_of_range(np.array(places)).tolist() == [False, False, True]
    assert ground.hair < 0.006 * ground.longer
    if ground.longer >= 10:
        assert not Ground(Settings()).out_of_range(np.array([(100.001, 50.0)])).any()


def test_a_round_step():
    assert [round_step(x) for x in (0.7, 1.0, 1.1, 3.0, 7.0, 30.0)] == [1, 1, 2, 5, 10, 50]
    assert [round_step(x, down=True) for x in (0.9, 1.0, 3.0, 50.0)] == [0.5, 1, 2, 50]


def pixel(canvas: Canvas, x: float, y: float) -> tuple[int, int, int]:
    px, py = canvas.camera.pixel(x, y)
    return tuple(canvas.surface.get_at((round(px), round(py))))[:3]  # type: ignore[return-value]


SHAPES = Obstacles(
    (
        Circle(20.0, 20.0, 6.0),
        Polygon(((60.0, 60.0), (80.0, 60.0), (80.0, 80.0))),
        Polygon(((10.0, 60.0), (30.0, 80.0), (30.0, 60.0), (10.0, 80.0))),  # crosses itself
        Circle(1e8, 50.0, 1e8 - 95.0),  # far larger than the ground
    )
)


def test_obstacles_are_drawn_where_they_are():
    canvas, _ = drawn(Settings(obstacles=SHAPES))
    ink = canvas.theme["obstacle"]
    for x in np.arange(1.5, 100, 6.0).tolist():
        for y in np.arange(1.5, 100, 6.0).tolist():
            if abs(SHAPES.distance(x, y)) > 1.5 and math.dist((x, y), (50, 50)) > 12:
                assert (pixel(canvas, x, y) == ink) == SHAPES.contains(x, y), (x, y)


def test_what_reaches_far_out_of_the_view_is_drawn_at_once():
    far = 1e9
    wide = Polygon(((-far, 40.0), (far, 40.0), (far, -far), (-far, -far)))
    canvas, _ = drawn(Settings(obstacles=Obstacles((wide,))), zoom=64.0)
    assert pixel(canvas, 49.3, 48.9) != canvas.theme["obstacle"]
    canvas, _ = drawn(Settings(obstacles=Obstacles((wide,))))
    assert pixel(canvas, 31.5, 30.5) == canvas.theme["obstacle"]


@pytest.mark.parametrize("bounds", [(-5.0, -5.0, 5.0, 5.0), (100.3, -70.7, 190.3, -20.7)])
def test_heat_counts_every_place_on_any_ground(bounds: tuple[float, ...]):
    left, bottom, right, top = bounds
    heat = Heat(Bounds(*bounds))
    heat.add(np.array([(left, bottom), (right, top), (left, top), (right + 1.0, top)]))
    assert heat.checkpoint()["_counts"].sum() == 3
    heat.reset()
    heat.add(np.array([(left + 0.26 * (right - left), bottom + 0.01)]))
    ((row, column),) = np.argwhere(heat.checkpoint()["_counts"]).tolist()
    assert column == round(0.26 * CELLS - 0.5)
    assert row == CELLS - 1


def test_obstacles_are_seen_through_a_density():
    settings = Settings(obstacles=Obstacles((Circle(50.0, 50.0, 20.0),)))
    scene = scene_of("swarm", settings=settings)
    many = 200_000
    frame = Frame(FIELDS, many)
    away = np.random.default_rng(1).uniform(0, 20, (many, 2))  # all in one corner
    frame = frame.next(agents=np.arange(many), now=1.0, fresh=frame.fresh | True, values=away)
    scene.follow(frame)
    theme = Theme("dark", scene.colours)
    canvas = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), scene.ground(*SIZE), theme)
    scene.draw(canvas)
    assert pixel(canvas, 48.5, 47.5) == theme["obstacle"]
    assert pixel(canvas, 8.5, 7.5) not in (theme["floor"], theme["obstacle"])
