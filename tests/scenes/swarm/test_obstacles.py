"""Obstacles: their geometry, their file, and that nobody gets into them."""

import math
import pickle
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import assets
from game.agent import Agent, Group
from game.child.mover_process import load as behaviour
from game.scenes.swarm import Settings, World
from game.scenes.swarm.obstacles import Circle, Obstacles, Polygon
from game.scenes.swarm.obstacles_file import ObstacleError, load
from game.scenes.swarm.raster import distances
from game.scenes.swarm.steering import TOUCH, free_place, go
from tests.conftest import calls
from tests.made import options_of

SQUARE = Polygon(((20.0, 20.0), (40.0, 20.0), (40.0, 40.0), (20.0, 40.0)))
BOW_TIE = Polygon(((0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)))
THIN = Polygon(((60.0, 0.0), (60.01, 0.0), (60.01, 90.0), (60.0, 90.0)))
EVERY = Obstacles((Circle(70.0, 70.0, 12.0), SQUARE, THIN, Circle(30.0, 80.0, 3.0)))
ROCKS = assets.path("obstacles", "rocks.toml")


def scattered(many: int) -> Obstacles:
    random = Random(many)
    place = lambda: random.uniform(0, 100)  # noqa: E731
    return Obstacles([Circle(place(), place(), random.uniform(0.05, 0.4)) for _ in range(many)])


def test_a_circle_knows_inside_and_outside():
    circle = Circle(10.0, 20.0, 5.0)
    assert circle.contains(10.0, 24.9)
    assert not circle.contains(10.0, 25.1)
    assert circle.distance(10.0, 27.0) == pytest.approx(2.0)
    assert circle.distance(10.0, 20.0) == pytest.approx(-5.0)
    assert circle.edge(10.0, 30.0) == pytest.approx((10.0, 25.0))
    assert circle.distance(*circle.edge(10.0, 20.0)) == pytest.approx(0.0)


def test_a_polygon_knows_inside_and_outside():
    assert SQUARE.contains(30.0, 30.0)
    assert not SQUARE.contains(41.0, 30.0)
    assert SQUARE.distance(43.0, 44.0) == pytest.approx(5.0)
    assert SQUARE.distance(38.0, 30.0) == pytest.approx(-2.0)
    assert SQUARE.edge(50.0, 30.0) == pytest.approx((40.0, 30.0))


def test_a_polygon_that_crosses_itself_holds_what_it_goes_around_an_odd_number_of_times():
    assert BOW_TIE.contains(2.0, 5.0)
    assert BOW_TIE.contains(8.0, 5.0)
    assert not BOW_TIE.contains(5.0, 2.0)
    assert not BOW_TIE.contains(5.0, 8.0)


@given(st.floats(-50, 150), st.floats(-50, 150), st.sampled_from([1, 3, 40, 300]))
def test_all_together_say_what_each_one_says(x: float, y: float, many: int):
    some = Obstacles((*scattered(many), *EVERY, BOW_TIE))
    assert some.contains(x, y) == any(one.contains(x, y) for one in some)
    assert some.distance(x, y) == min(one.distance(x, y) for one in some)
    nearest = some.nearest(x, y)
    assert nearest is not None
    assert nearest.distance(x, y) == some.distance(x, y)


def test_without_any_all_is_free():
    assert not Obstacles().contains(1.0, 2.0)
    assert Obstacles().distance(1.0, 2.0) == math.inf
    assert Obstacles().nearest(1.0, 2.0) is None


def test_of_ten_thousand_a_few_are_asked():
    many, few = scattered(10_000), scattered(100)
    asked = calls(lambda: many.distance(50.0, 50.0))
    assert asked < 3 * calls(lambda: few.distance(50.0, 50.0)) + 100


def test_they_travel_to_a_mover():
    there = pickle.loads(pickle.dumps(Settings(obstacles=EVERY))).obstacles
    assert list(there) == list(EVERY)
    assert there.distance(55.0, 5.0) == EVERY.distance(55.0, 5.0)


# Movers.


def test_a_way_ends_at_an_edge_however_thin_it_is():
    world = World(Settings(obstacles=EVERY))
    x, y = go(world, 50.0, 50.0, 30.0, 0.0)
    assert 58.0 < x < 60.0
    assert y == 50.0
    assert EVERY.distance(x, y) >= TOUCH * world.side / 2
    assert go(world, x, y, -2.0, 0.0) == pytest.approx((x - 2.0, y))  # back it may go


@given(st.integers(0, 1000))
def test_no_way_leads_into_an_obstacle(seed: int):
    world, random = World(Settings(obstacles=EVERY)), Random(seed)
    x, y = free_place(world, random)
    for _ in range(30):
        x, y = go(world, x, y, random.uniform(-9, 9), random.uniform(-9, 9))
        assert not EVERY.contains(x, y)
        assert (x, y) == world.inside(x, y)


@pytest.mark.parametrize("name", ["wander", "jump"])
def test_a_mover_is_in_no_obstacle_and_gets_about(name: str):
    world, places = World(Settings(obstacles=EVERY)), []
    for number in range(5):
        mover = behaviour("swarm", name).Mover(Agent(number, Random(number), 10.0, world))
        places += [mover.step(0.1) for _ in range(400)]
    assert not any(EVERY.contains(x, y) for x, y in places)
    assert np.ptp(places, axis=0).min() > 60


def test_a_crowd_is_in_no_obstacle_and_goes_on():
    world = World(Settings(obstacles=EVERY))
    crowd = behaviour("swarm", "wander").Crowd(Group(range(2000), "1/0/0", 10.0, world))
    for _ in range(50):
        before = crowd.places.copy()
        places = crowd.step(0.1)
        assert not any(EVERY.contains(x, y) for x, y in places.tolist())
    assert (np.hypot(*(places - before).T) > 0.1).mean() > 0.9


@pytest.mark.parametrize("obstacle", [SQUARE, BOW_TIE, THIN, Circle(30.0, 40.0, 7.0)])
def test_a_raster_measures_as_the_obstacle_does(obstacle: Circle | Polygon):
    x, y = np.linspace(-5, 70, 31), np.linspace(-5, 95, 41)
    found = distances(obstacle, x, y[:, None])
    for row, up in enumerate(y.tolist()):
        for column, across in enumerate(x.tolist()):
            far = obstacle.distance(across, up)
            assert max(found[row, column], 0.0) == pytest.approx(max(far, 0.0), abs=1e-9)


# The file.


def test_our_example_holds_both_kinds():
    kinds = {type(one) for one in load(ROCKS)}
    assert kinds == {Circle, Polygon}
    assert len(options_of("swarm", "--obstacles", ROCKS).job.settings.obstacles) == 5


def test_a_closed_polygon_loses_its_last_corner(tmp_path: Path):
    file = tmp_path / "o.toml"
    file.write_text("\ufeffpolygons = [[[0, 0], [9, 0], [9, 9], [0, 0]]]", encoding="utf-8")
    assert load(str(file))[0] == Polygon(((0.0, 0.0), (9.0, 0.0), (9.0, 9.0)))


WRONG = [
    ("circles = [[1, 2]]", "circles, number 1", "[x, y, radius]"),
    ("circles = [[1, 2, 3], [1, 2, -3]]", "circles, number 2", "not more than 0"),
    ("circles = [[1, 2, nan]]", "number 1", "[x, y, radius]"),
    ("circles = [[1, true, 3]]", "number 1", "[x, y, radius]"),
    ('circles = [[1, 2, "3"]]', "number 1", "[x, y, radius]"),
    ("circles = 5", "circles is 5", "no list"),
    ("circles = [[1, 2, 1e300]]", "number 1", "[x, y, radius]"),
    ("polygons = [[[1, 2], [3, 4]]]", "polygons, number 1", "three or more"),
    ("polygons = [[[1, 2], [3, 4], [5]]]", "number 1, corner 3", "[[x, y]"),
    ("polygons = [[[1, 1], [2, 2], [3, 3]]]", "number 1", "one line"),
    ("polygons = [[1, 2, 3]]", "number 1, corner 1", "[[x, y]"),
    ("circle = [[1, 2, 3]]", "'circle'", "circles = "),
    ("circles = [[1, 2, 3]\nx", "line 2", "TOML"),
    ("circles = [[50, 50, 500]]", "no room", "fewer"),
]


@pytest.mark.parametrize(("text", *("place", "right")), WRONG)
def test_a_wrong_file_is_told_in_a_line(text: str, place: str, right: str, tmp_path: Path):
    file = tmp_path / "wrong.toml"
    file.write_text(text)
    with pytest.raises(ValueError, match="--obstacles") as told:
        options_of("swarm", "--obstacles", str(file))
    words = str(told.value)
    assert words.startswith(f"--obstacles: {file}: ")
    assert place in words
    assert right in words
    assert "\n" not in words


def test_a_file_that_is_not_there_or_no_text_is_told_in_a_line(tmp_path: Path):
    picture = tmp_path / "o.toml"
    picture.write_bytes(bytes(range(256)))
    for path, words in (("no/such.toml", "No such file"), (picture, "not TOML"), (tmp_path, "dir")):
        with pytest.raises(ObstacleError, match=words) as told:
            load(str(path))
        assert "\n" not in str(told.value)


def test_what_lies_outside_the_ground_is_left_out_and_told(tmp_path: Path, capsys):
    file = tmp_path / "far.toml"
    file.write_text("circles = [[5, 5, 1], [500, 5, 1], [-1, 5, 2]]")
    kept = options_of("swarm", "--obstacles", str(file)).job.settings.obstacles
    assert len(kept) == 2
    told = capsys.readouterr().err
    assert "1 of 3 lie outside the ground" in told
    assert told.count("\n") == 1
