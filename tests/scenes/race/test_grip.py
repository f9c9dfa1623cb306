"""grip: at the limit where it is alone; among others it touches nobody, and gets past."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import pytest

from game.agent import Parameters
from game.line.driven import lap_time
from game.scenes.race import Settings, World
from game.scenes.race.lanes import LENGTH, WIDTH
from game.scenes.race.movers.grip import PARAMETERS, Mover
from game.scenes.race.traffic import Other, Place, Traffic
from game.track import Track

ROOT = Path(__file__).parents[3]
KART = str(ROOT / "assets" / "tracks" / "kart.csv")
Row = tuple[float, float, float]
Corners = list[tuple[float, float]]


@pytest.fixture(autouse=True)
def home(tmp_path_factory, monkeypatch):
    """One place for what is kept, for all tests of this file, and not the person's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp()))


class Others:
    """What everybody has published last."""

    fields = ("speed", "distance", "offset")

    def __init__(self, rows: list[Row | None], number: int) -> None:
        self._rows, self._number = rows, number

    def __iter__(self):
        return (n for n, row in enumerate(self._rows) if row and n != self._number)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def column(self, name: str) -> list[float]:
        at = self.fields.index(name)
        return [row[at] if row else 0.0 for row in self._rows]

    def gone(self, number: int) -> bool:
        return False


class Agent:
    """What a mover is told, as far as grip asks."""

    def __init__(self, number: int, world: World, rows: list[Row | None], **given: object) -> None:
        self.number, self.world, self.random = number, world, Random(1)
        self.others = Others(rows, number)
        self.parameters = Parameters({**PARAMETERS, **given})


def kart() -> World:
    return World(Settings(KART))


def on(track: Track) -> World:
    world = World(Settings("", scale=track.scale))
    vars(world)["track"] = track
    return world


def oval(width: float = 24.0, scale: float = 1.0) -> Track:
    steps = [math.tau * i / 300 for i in range(300)]
    x, y = [320 * scale * math.cos(a) for a in steps], [130 * scale * math.sin(a) for a in steps]
    return Track("oval", x, y, [width / 2] * 300, [width / 2] * 300)


class Race:
    """Some cars on a track, stepped in turn or all at once, in this process."""

    def __init__(self, world: World, mus: Sequence[float], foreign: int = 0) -> None:
        self.world = world
        self.rows: list[Row | None] = [None] * (len(mus) + foreign)
        self.cars = [Mover(Agent(n, world, self.rows, mu=mu)) for n, mu in enumerate(mus)]

    def step(self, dt: float, together: bool = True) -> None:
        found = []
        for number, car in enumerate(self.cars):
            row = car.step(dt)
            found.append(row)
            if not together:
                self.rows[number] = row
        self.rows[: len(found)] = found

    def touching(self) -> list[tuple[int, int]]:
        """Which cars overlap others, as they are drawn in their true size."""
        bodies = [body(self.world, row) for row in self.rows if row]
        return [
            (i, j)
            for i in range(len(bodies))
            for j in range(i)
            if math.dist(bodies[i][0], bodies[j][0]) < 4 * LENGTH * self.world.scale
            and overlap(bodies[i], bodies[j])
        ]


def body(world: World, row: Row) -> Corners:
    """The corners of a car."""
    x, y, heading = world.track.at(row[1])
    ahead, aside = (math.cos(heading), math.sin(heading)), (-math.sin(heading), math.cos(heading))
    long, wide = LENGTH * world.scale / 2, WIDTH * world.scale / 2
    sides = ((long, wide), (long, -wide), (-long, -wide), (-long, wide))
    return [
        (x + a * ahead[0] + (row[2] + b) * aside[0], y + a * ahead[1] + (row[2] + b) * aside[1])
        for a, b in sides
    ]


def overlap(one: Corners, other: Corners) -> bool:
    """Whether two rectangles overlap: no side of either parts them."""
    for corners in (one, other):
        for i in range(4):
            (x0, y0), (x1, y1) = corners[i], corners[(i + 1) % 4]
            these, those = ([(y1 - y0) * x - (x1 - x0) * y for x, y in c] for c in (one, other))
            if max(these) <= min(those) or max(those) <= min(these):
                return False
    return True


@pytest.mark.parametrize("dt", [0.5, 0.1, 1 / 60])
def test_a_lap_takes_what_the_speeds_along_the_line_say(dt: float):
    race = Race(kart(), [2.0])
    length, car, passed, now = race.world.track.length, race.cars[0], [], 0.0
    while len(passed) < 3:
        before = car.distance
        race.step(dt)
        now += dt
        if before // length < car.distance // length:
            over = (car.distance % length) / (car.distance - before)
            passed.append(now - over * dt)
    meant = lap_time(car.lanes.line, car.lanes.alone)
    assert passed[2] - passed[1] == pytest.approx(meant, rel=0.004)
    assert passed[1] - passed[0] > 0


def test_it_stays_within_the_edges_and_reports_where_it_is():
    race = Race(kart(), [2.0])
    for _ in range(400):
        race.step(0.1)
        (speed, distance, offset), track = race.rows[0], race.world.track
        right, left = track.width_at(distance)
        assert WIDTH / 2 - 0.01 - right <= offset <= left - WIDTH / 2 + 0.01
        assert speed == pytest.approx(race.cars[0].speed * 3.6)


TRACKS: dict[str, Callable[[], World]] = {
    "kart": kart,
    "oval": lambda: on(oval()),
    "model": lambda: on(oval(2.2, 0.1)),
}


CROWDS = [
    pytest.param(name, together, marks=pytest.mark.slow if name != "oval" or not together else ())
    for name in TRACKS
    for together in (True, False)
]


@pytest.mark.parametrize(("name", "together"), CROWDS)
def test_no_two_cars_ever_touch(name: str, together: bool):
    race = Race(TRACKS[name](), [1.4, 1.5, 1.6, 1.7, 1.8, 1.9, 2.0, 2.1])
    for _ in range(700):
        race.step(0.1, together)
        assert race.touching() == []
    assert all(row[1] > race.world.track.length for row in race.rows)  # nobody is stuck


def test_a_faster_car_gets_past_on_a_wide_track():
    race = Race(on(oval()), [1.2, 2.0])
    for _ in range(900):
        race.step(0.1)
        assert race.touching() == []
    assert race.cars[1].distance > race.cars[0].distance + race.world.track.length / 4


def test_at_two_updates_a_second_no_car_touches_another():
    race = Race(kart(), [1.4, 1.7, 2.0, 2.1])
    for _ in range(200):
        race.step(0.5)
        assert race.touching() == []


def test_it_stands_behind_a_car_that_stands_on_its_line_where_there_is_no_room():
    world = on(oval(4.5))
    race = Race(world, [2.0], foreign=1)
    there = race.cars[0].lanes.offset(0, 300.0)
    race.rows[1] = (0.0, 300.0, there)
    for _ in range(200):
        race.step(0.1)
        assert race.touching() == []
    assert race.cars[0].speed == 0.0
    assert 300.0 - 4 * LENGTH < race.cars[0].distance < 300.0 - LENGTH


def test_it_brakes_for_one_that_loses_its_speed_at_once():
    """As the tutorial's cars do: from 100 km/h to 20, within an update."""
    world = on(oval(4.5))
    race, chance = Race(world, [2.0], foreign=1), Random(3)
    ahead, speed = 40.0, 60.0
    for count in range(600):
        race.rows[1] = (speed, ahead, 0.0)
        race.step(0.1)
        ahead += speed / 3.6 * 0.1
        if count % 5 == 4:
            speed = float(chance.randint(20, 100))
        assert race.touching() == []
    assert race.cars[0].distance > ahead - 60.0


@pytest.mark.parametrize("name", ["mu", "mass", "power"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_a_car_that_could_not_drive_is_refused(name: str, value: float):
    with pytest.raises(ValueError, match=f"^{name} is {value}; give more than 0"):
        Race(kart(), []).cars.append(Mover(Agent(0, kart(), [None], **{name: value})))


def test_on_the_centre_line_it_drives_in_the_middle_and_slower():
    rows: list[Row | None] = [None]
    line, centre = (Mover(Agent(0, kart(), rows, racing=racing)) for racing in (True, False))
    assert max(map(abs, centre.lanes.line.offset)) < 0.01
    meant = [lap_time(car.lanes.line, car.lanes.alone) for car in (line, centre)]
    assert meant[1] > 1.1 * meant[0]


def test_a_car_pulls_out_where_everybody_keeps_to_the_line():
    lanes = Race(on(oval()), [2.0]).cars[0].lanes
    traffic, own, delay = Traffic(lanes), Place(100.0, 40.0, 0.0), 0.2
    slow = Other(50.0, 20.0, lanes.offset(0, 150.0), 0.0, steady=False)
    highest = traffic.limit(own, (0,), [slow], delay)
    assert traffic.choose(own, 0, [slow], highest, delay) == 1  # the lane that is left free
    changing = Other(80.0, 40.0, 0.0, 1.5, steady=False)
    assert traffic.choose(own, 0, [slow, changing], highest, delay) == 0
    beside = Other(-5.0, 40.0, 0.0, lanes.apart, steady=False)
    assert traffic.choose(own, 0, [slow, beside], highest, delay) == 0
