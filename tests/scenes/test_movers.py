"""Every behaviour of our scenes, found by its file: it moves, stays in its world, repeats."""

import math
from itertools import pairwise
from random import Random

import pytest

from game import scenes, stated
from game.agent import Agent, Group, Parameters
from game.child.mover_process import load
from game.crew.starting import spawning
from game.shared.keys import KeyCells, Keys
from tests.made import options_of

EVERY = [(scene, name) for scene in ("race", "swarm") for name in scenes.find(scene).movers]


SETTINGS = {scene: options_of(scene).job.settings for scene in ("race", "swarm")}


def agent(scene: str, number: int = 0, seed: int = 1, **parameters: object) -> Agent:
    definition = scenes.find(scene)
    world, keys = definition.world(SETTINGS[scene]), Keys(KeyCells(spawning()))
    told = {"parameters": Parameters(parameters), "keys": keys}
    return definition.agent_class(number, Random(seed), definition.rate, world, **told)


def drive(scene: str, name: str, updates: int = 2000, seed: int = 1) -> list[tuple[float, ...]]:
    behaviour = load(scene, name)
    mover = behaviour.Mover(agent(scene, seed=seed, **getattr(behaviour, "PARAMETERS", {})))
    return [tuple(mover.step(1 / scenes.find(scene).rate)) for _ in range(updates)]


def fields_of(scene: str, name: str) -> list[str]:
    """Those of its scene, and those that it states itself."""
    definition = scenes.find(scene)
    further = stated.fields(definition.mover_file(name), scene, definition.fields)
    return [*definition.fields, *further]


@pytest.mark.parametrize(("scene", "name"), EVERY)
def test_it_gives_finite_values_for_every_field(scene: str, name: str):
    for values in drive(scene, name):
        assert len(values) == len(fields_of(scene, name))
        assert all(math.isfinite(value) for value in values)


@pytest.mark.parametrize(("scene", "name"), EVERY)
def test_the_same_chance_gives_the_same_way(scene: str, name: str):
    assert drive(scene, name, 50) == drive(scene, name, 50)
    if (scene, name) not in (("race", "keys"), ("race", "grip")):  # on the grid; on its line
        assert drive(scene, name, 50) != drive(scene, name, 50, seed=2)


@pytest.mark.parametrize(("scene", "name"), EVERY)
def test_it_says_in_a_line_what_it_does(scene: str, name: str):
    assert 20 < len(scenes.find(scene).describe(name)) < 90


@pytest.mark.parametrize("name", scenes.find("swarm").movers)
def test_robots_stay_inside(name: str):
    assert all(0 <= value <= 100 for values in drive("swarm", name) for value in values[:2])


def test_a_crowd_of_robots_walks_stays_inside_and_repeats():
    group = Group(range(1000), "1/0/0", 10.0, scenes.find("swarm").world(SETTINGS["swarm"]))
    crowds = [load("swarm", "wander").Crowd(group) for _ in range(2)]
    before = crowds[0].places.copy()
    for _ in range(500):
        places = crowds[0].step(0.1)
        assert (places == crowds[1].step(0.1)).all()
        assert ((places >= 0) & (places <= 100)).all()
    assert (abs(places - before).max(axis=1) > 1).mean() > 0.99


def test_a_wandering_robot_walks_and_gets_about():
    places = drive("swarm", "wander")
    steps = [math.dist(a, b) for a, b in pairwise(places)]
    assert max(steps) < 1.5
    assert max(x for x, _ in places) - min(x for x, _ in places) > 40


def test_the_tutorials_numbers_are_whole_and_reach_both_ends():
    places = {value for values in drive("swarm", "jump") for value in values}
    assert places == set(range(101))
    speeds = {speed for speed, _ in drive("race", "random")}
    assert speeds == set(range(20, 101))


@pytest.mark.parametrize("name", [n for n in scenes.find("race").movers if n != "grip"])
def test_the_distance_follows_from_the_speed(name: str):
    """Of all but a car that cuts corners: its speed is that on its own line."""
    rows = drive("race", name, 200)
    for (speed, distance, *_), (_, following, *_) in pairwise(rows):
        assert following - distance == pytest.approx(speed / 3.6 * 0.5)


def test_a_cruising_car_keeps_its_own_speed():
    speeds = {speed for speed, _ in drive("race", "cruise", 100)}
    assert len(speeds) == 1
    assert speeds.pop() != drive("race", "cruise", 1, seed=2)[0][0]
