"""patrol, galaxy and keys: what they do, without processes."""

import math
from pathlib import Path
from random import Random

import numpy as np
import pytest

from game.agent import Agent, Group, Parameters
from game.child.mover_process import load
from game.crew.starting import spawning
from game.scenes.swarm import Settings, World
from game.scenes.swarm.movers.patrol import REACHED, way_points
from game.scenes.swarm.obstacles import Circle, Obstacles, Polygon
from game.shared.keys import DOWN, LEFT, RIGHT, UP, KeyCells, Keys

WALL = Obstacles((Polygon(((45.0, 10.0), (55.0, 10.0), (55.0, 30.0), (45.0, 30.0))),))
PILLARS = Obstacles((*WALL, Circle(80.0, 50.0, 8.0), Circle(20.0, 55.0, 4.0)))


def agent(world: World, number: int = 0, **parameters: object) -> Agent:
    return Agent(number, Random(number), 10.0, world, parameters=Parameters(parameters))


def patrol(world: World, number: int = 0, updates: int = 1500, **parameters: object) -> np.ndarray:
    mover = load("swarm", "patrol").Mover(agent(world, number, **parameters))
    return np.array([mover.step(0.1) for _ in range(updates)])


@pytest.mark.parametrize("obstacles", [Obstacles(), PILLARS])
@pytest.mark.parametrize("number", range(4))
def test_a_patrol_comes_by_all_way_points(obstacles: Obstacles, number: int):
    world = World(Settings(obstacles=obstacles))
    places = patrol(world, number)
    for point in way_points("", world):
        assert np.hypot(*(places - point).T).min() < REACHED
    assert not any(obstacles.contains(x, y) for x, y in places.tolist())


def test_a_patrol_turns_smoothly():
    ways = np.diff(patrol(World()), axis=0)
    headings = np.unwrap(np.arctan2(ways[:, 1], ways[:, 0]))
    assert np.abs(np.diff(headings)).max() < 0.3
    assert np.hypot(*ways.T).max() < 1.01


def test_a_way_point_that_cannot_be_reached_is_given_up():
    world = World(Settings(obstacles=Obstacles((Circle(20.0, 20.0, 10.0),))))
    places = patrol(world, points="20,20 80,20 80,80")
    for point in ((80.0, 20.0), (80.0, 80.0)):
        assert np.hypot(*(places - point).T).min() < REACHED


def test_way_points_from_words_or_a_file(tmp_path: Path):
    world, file = World(), tmp_path / "way.csv"
    assert way_points("1,2 30.5,4", world) == [(1.0, 2.0), (30.5, 4.0)]
    file.write_text("# a round\n1, 2\n\n30,4  # there\n")
    assert way_points(str(file), world) == [(1.0, 2.0), (30.0, 4.0)]
    for words in ("1,2", "1,2 x", "1,2 3,4,5", "1,2 300,4", "1,2 nan,4"):
        with pytest.raises(ValueError, match="points: ") as told:
            way_points(words, world)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize("bounds", [(0.0, 0.0, 100.0, 100.0), (-1e6, 5.0, 1e6, 1e5)])
def test_a_galaxy_keeps_its_form_and_goes_around(bounds: tuple[float, ...]):
    world = World(Settings(bounds))
    crowd = load("swarm", "galaxy").Crowd(Group(range(5000), "1", 10.0, world))
    before = crowd.step(0.1).copy()
    for _ in range(200):
        places = crowd.step(0.1)
        assert ((places >= bounds[:2]) & (places <= bounds[2:])).all()
    away, was = (np.hypot(*(rows - world.middle).T) / world.side for rows in (places, before))
    assert (
        np.abs(np.quantile(away, [0.1, 0.5, 0.9]) - np.quantile(was, [0.1, 0.5, 0.9])).max() < 0.02
    )
    moved = np.hypot(*(places - before).T) / world.side
    assert (moved > 0.005).mean() > 0.9


def test_each_process_of_a_galaxy_has_more_stars_in_other_bands():
    rings = []
    for first in (0, 20_000):
        group = Group(range(first, first + 20_000), "1", 10.0, World())
        crowd = load("swarm", "galaxy").Crowd(group)
        away = np.abs(crowd.along)
        rings.append(np.histogram(away, 60, (0, 45))[0])
    assert np.corrcoef(*rings)[0, 1] < 0.95
    assert np.abs(rings[0] - rings[1]).sum() > 0.3 * 40_000


def test_one_star_goes_as_a_crowd_does():
    mover = load("swarm", "galaxy").Mover(agent(World(), 7))
    places = np.array([mover.step(0.1) for _ in range(700)])
    away = np.hypot(*(places - 50.0).T)
    assert away.max() < 50
    assert away.min() > 0.6 * away.max()
    turned = np.unwrap(np.arctan2(*(places - 50.0).T[::-1]))
    assert turned[-1] - turned[0] > math.tau


def driven(scene: str, world: object) -> tuple[object, KeyCells]:
    cells = KeyCells(spawning())
    told = Agent(0, Random(1), 20.0, world, keys=Keys(cells))
    return load(scene, "keys").Mover(told), cells


def test_a_robot_is_driven_by_keys():
    mover, cells = driven("swarm", World())
    x, y, heading = mover.step(0.05)
    assert mover.step(0.05) == (x, y, heading)
    cells.hold(UP, True)
    for _ in range(10):
        ahead = mover.step(0.05)
    way = math.atan2(ahead[1] - y, ahead[0] - x)
    assert math.cos(way - heading) > 0.999
    assert math.dist(ahead[:2], (x, y)) > 5
    cells.hold(UP, False)
    for _ in range(30):
        still = mover.step(0.05)
    assert math.dist(mover.step(0.05)[:2], still[:2]) < 0.01
    cells.hold(LEFT, True)
    assert mover.step(0.05)[2] > still[2]
    cells.hold(RIGHT, True)  # both: neither
    assert mover.step(0.05)[2] == mover.step(0.05)[2]
    cells.release()
    cells.hold(DOWN, True)
    for _ in range(10):
        back = mover.step(0.05)
    way = math.atan2(back[1] - still[1], back[0] - still[0])
    assert math.cos(way - still[2]) < -0.9


def test_a_driven_robot_stays_on_the_ground_and_out_of_obstacles():
    mover, cells = driven("swarm", World(Settings(obstacles=PILLARS)))
    cells.hold(UP, True)
    random = Random(3)
    for _ in range(3000):
        if random.random() < 0.1:
            cells.hold(random.choice((LEFT, RIGHT)), random.random() < 0.5)
        x, y, _ = mover.step(0.05)
        assert 0 <= x <= 100
        assert 0 <= y <= 100
        assert not PILLARS.contains(x, y)
