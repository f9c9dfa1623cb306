"""Lap times: against those that can be worked out, whatever the window has seen of the rows."""

import json
import multiprocessing
from math import isnan, nan
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from game.scenes import find
from game.scenes.race import KMH, Settings, World
from game.scenes.race.cells import COUNT, FINISHED, MOST, ROOM, TIMES, Cells
from game.scenes.race.laps import Timekeeper
from game.scenes.race.reader import RaceSource, make_source
from game.shared.table import Slice, State, Table
from tests.made import options_of
from tests.test_command_line import game

LENGTH = 100.0  # [m] of the laps here
SPAWN = multiprocessing.get_context("spawn")


def cells(cars: int = 1) -> Cells:
    made = Cells(SPAWN)
    made.make_room(cars)
    return made


class Track:
    """Some cars of one process on a track of 100 m, and what the cells say of them."""

    def __init__(self, cars: int = 1, period: float = 1.0, laps: int = 2) -> None:
        self.cells = cells(cars)
        self.keeper = Timekeeper(self.cells, range(cars), 1, period, LENGTH, laps * LENGTH)

    def drive(self, *rows: tuple[float, float]) -> "Track":
        """Rows of one car after another: m/s and m."""
        for speed, distance in rows:
            self.keeper((speed / KMH, distance))
        return self

    def times(self, car: int = 0) -> list[float]:
        row = self.cells.row(car)
        return list(row[TIMES : TIMES + int(row[COUNT])])

    @property
    def finished(self) -> float:
        return self.cells.row(0)[FINISHED]


def test_a_steady_car_takes_its_length_by_its_speed_wherever_the_updates_fall():
    track, speed, period = Track(period=0.7, laps=5), 7.3, 0.7
    track.drive(*((speed, speed * period * k) for k in range(1, 150)))
    assert track.times() == pytest.approx([LENGTH / speed] * int(speed * period * 149 / LENGTH))
    assert track.finished == pytest.approx(5 * LENGTH / speed)


def test_the_first_lap_counts_from_the_start_also_from_far_back_on_the_grid():
    track = Track().drive((20.0, -60.0), *((20.0, -60.0 + 20.0 * k) for k in range(1, 20)))
    # Its first row is one second after the start; from there it is 160 m to the line.
    assert track.times() == pytest.approx([9.0, 5.0, 5.0, 5.0][: len(track.times())])
    assert len(track.times()) == 3


def test_several_lines_within_one_update_are_several_laps():
    track = Track(laps=3).drive((10.0, 10.0), (350.0, 360.0))
    assert track.times() == pytest.approx([1 + 90 / 350, 100 / 350, 100 / 350])
    assert track.finished == pytest.approx(1 + 290 / 350)


def test_driving_back_over_the_line_is_no_lap_and_the_line_counts_once():
    track = Track()
    track.drive((30.0, 30.0), (30.0, 60.0), (30.0, 90.0), (20.0, 110.0))  # over it at 3.5 s
    track.drive((-30.0, 80.0), (-30.0, 50.0), (30.0, 80.0), (30.0, 110.0))
    assert track.times() == pytest.approx([3.5])
    track.drive((30.0, 140.0), (30.0, 170.0), (30.0, 200.0))
    assert track.times() == pytest.approx([3.5, 7.5])


def test_whoever_drives_backwards_from_the_start_makes_no_lap():
    track = Track().drive(*((-30.0, -30.0 * k) for k in range(1, 20)))
    assert track.times() == []
    assert isnan(track.finished)


@pytest.mark.parametrize("to", [130.0, 260.0, -230.0], ids=["a line", "two lines", "backwards"])
def test_a_jump_is_no_lap_and_the_next_line_begins_one(to: float):
    track = Track(laps=9).drive((5.0, 5.0), (5.0, to))
    assert track.times() == []
    start = max(to, 0.0)
    line = LENGTH * max(1, start // LENGTH + 1)
    track.drive(*((10.0, to + 10.0 * k) for k in range(1, 60)))
    driven = int((to + 590.0 - line) // LENGTH)
    assert track.times() == pytest.approx([10.0] * driven)


def test_a_jump_within_a_lap_spoils_it():
    track = Track().drive((5.0, 5.0), (5.0, 70.0), *((10.0, 70.0 + 10.0 * k) for k in range(1, 14)))
    assert track.times() == pytest.approx([10.0])


def test_whoever_jumps_over_the_finish_has_finished():
    track = Track(laps=1).drive((5.0, 50.0), (5.0, 150.0))
    assert track.times() == []
    assert track.finished == pytest.approx(1.5)


@pytest.mark.parametrize("odd", [nan, float("inf"), -float("inf"), 1e12])
def test_a_value_that_is_no_distance_is_passed_over(odd: float):
    track = Track().drive((20.0, 40.0), (20.0, odd), (odd, 80.0), (20.0, 100.0), (20.0, 120.0))
    assert len(track.times()) == 1
    assert track.times() == pytest.approx([4.0])


def test_each_car_of_a_process_has_a_row_of_its_own():
    track = Track(cars=3)
    for k in range(1, 30):
        track.keeper([v for speed in (10, 20, 25) for v in (speed / KMH, speed * k)])
    assert [track.times(car)[0] for car in range(3)] == pytest.approx([10.0, 5.0, 4.0])


def test_the_worlds_recorder_times_and_has_nobody_where_there_is_no_room():
    world = World(Settings("", laps=2, length=LENGTH))
    made = cells(2)
    record = world.recorder(made, range(1, 2), 7, 1.0)
    for k in range(1, 15):
        record((20 / KMH, 20.0 * k))
    assert made.row(1)[0] == 7
    assert made.row(1)[FINISHED] == 10.0
    assert made.row(0)[COUNT] == 0
    for none in (None, cells(MOST + 1)):
        assert world.recorder(none, range(2), 1, 1.0)((1.0, 2.0)) is None


# What the window makes of it.


class Race:
    """A table with one car in each slot, timed and read by hand."""

    def __init__(self, cars: int = 1) -> None:
        made = cells(cars)
        self.table = Table(SPAWN, {"speed": "km/h", "distance": "m"}, cars, 1, made)
        self.source = RaceSource(self.table, 1.0, lambda car: f"mover {car}")
        self.now = 0.0

    def start(self, slot: int = 0) -> None:
        self.table.open(slot, 1)
        self.part = Slice(self.table, slot)
        generation = self.part.row[2]
        self.keeper = Timekeeper(self.table.cells, [slot], generation, 1.0, LENGTH, 2 * LENGTH)

    def drive(self, speed: float, updates: int) -> None:
        for k in range(1, updates + 1):
            values = memoryview(np.array([speed / KMH, speed * k]))
            self.keeper(values)
            self.part.publish(values)
        self.part.row[3] = State.RUNNING

    def read(self) -> list[tuple[int, list[float]]]:
        self.now += 1.0
        self.source.read(self.now)
        return self.source.laps()


def test_laps_that_were_driven_between_two_frames_are_all_there():
    race = Race()
    race.start()
    race.read()
    race.drive(50.0, 41)
    assert race.read() == [(0, pytest.approx([2.0] * 20))]
    assert race.source.frame.extra.finished.tolist() == [4.0]


def test_of_more_laps_than_there_is_room_for_the_last_ones_are_known():
    race = Race()
    race.start()
    race.drive(50.0, 2 * (ROOM + 10))
    ((_, times),) = race.read()
    assert np.isnan(times).tolist() == [True] * 11 + [False] * (ROOM - 1)
    (row,) = race.source.figures()["laps"]
    assert row["times"] == [None] * 11 + [2.0] * (ROOM - 1)


def test_a_slot_that_is_handed_on_keeps_what_the_process_before_drove():
    race = Race()
    race.start()
    race.drive(50.0, 5)
    race.read()
    assert race.source.frame.extra.finished.tolist() == [4.0]
    race.source.collect()  # as before each start
    race.table.open(0, 1)
    assert np.isnan(race.source.read(8.0).extra.finished).all(), "before it has begun its row"
    race.start()
    assert np.isnan(race.source.read(9.0).extra.finished).all()
    race.drive(100.0, 2)
    assert race.read() == [(0, [2.0, 2.0]), (0, [1.0, 1.0])]
    rows = race.source.figures()["laps"]
    assert rows == [
        {"agent": 0, "mover": "mover 0", "times": [2.0, 2.0]},
        {"agent": 0, "mover": "mover 0", "times": [1.0, 1.0]},
    ]


def test_times_are_taken_in_before_a_slot_is_handed_on():
    table, cast = Race().table, SimpleNamespace()
    source = make_source(table, cast, options_of("race"), lambda: 0.0)
    keeper = Timekeeper(table.cells, [0], 1, 1.0, LENGTH, 2 * LENGTH)
    for k in range(1, 5):
        keeper((50 / KMH, 50.0 * k))
    cast.before_start(0)
    assert source.laps() == [(0, [2.0, 2.0])]


def test_of_too_many_cars_nobody_is_timed():
    table = Table(SPAWN, {"speed": "km/h", "distance": "m"}, 1, 1, cells(MOST + 1))
    source = make_source(table, SimpleNamespace(), options_of("race"), lambda: 0.0)
    assert "laps" not in source.figures()


def test_the_standings_go_by_the_cars_own_times():
    """However late the window looks: the rows alone would say something else."""
    definition = find("race")
    scene = definition.drawn(options_of("race", "--laps", "2").job.settings)
    race = Race()
    race.start()
    scene.follow(race.source.read(0.0))
    race.drive(30.0, 9)  # 270 m: past the 200 m of the race at 20/3 s
    race.now = 5.0
    race.read()
    scene.follow(race.source.frame)
    assert scene._standings.times.tolist() == pytest.approx([20 / 3])


STEADY = """
class Mover:
    "Car n drives 18, 19, ... m/s from the start, whoever asks."
    def __init__(self, agent):
        self.v, self.d = 18.0 + agent.number, 0.0
    def step(self, dt):
        self.d += self.v * dt
        return self.v * 3.6, self.d
"""


@pytest.mark.slow
@pytest.mark.parametrize("more", [("--speed", "64"), ("--lockstep", "--per-process", "2")])
def test_a_whole_race_gives_the_analytic_times(more: tuple[str, ...], tmp_path: Path):
    file, stats = tmp_path / "steady.py", tmp_path / "stats.json"
    file.write_text(STEADY)
    done = game(
        *("race", "--headless", "--laps", "3", "--agents", "3", "--mover", str(file)),
        *("--rate", "20", "--stats", str(stats), *more),
    )
    assert done.returncode == 0, done
    figures = json.loads(stats.read_text())
    length = 1000.0
    for row in figures["laps"]:
        lap = length / (18.0 + row["agent"])
        assert row["times"][:2] == pytest.approx([lap, lap], rel=0.01), "about 1,000 m"
        assert row["times"] == pytest.approx([row["times"][0]] * 3, abs=2e-4)
        assert row["mover"] == "steady"
    assert figures["speed"] > 4
