"""A car that is driven by the arrow keys, without processes."""

from random import Random
from typing import Any

from game.agent import Agent, Parameters
from game.child.mover_process import load
from game.crew.starting import spawning
from game.scenes.race import World
from game.shared.keys import DOWN, LEFT, RIGHT, UP, KeyCells, Keys
from tests.made import options_of


class Car:
    """A car, and its driver's hands."""

    def __init__(self, **parameters: float) -> None:
        world = World(options_of("race").job.settings)
        self.cells = KeyCells(spawning())
        told = Agent(
            0, Random(1), 20.0, world, parameters=Parameters(parameters), keys=Keys(self.cells)
        )
        self.mover: Any = load("race", "keys").Mover(told)

    def drive(self, seconds: float, *keys: int) -> tuple[float, float, float]:
        """Its values after holding some keys for so long."""
        self.cells.release()
        for key in keys:
            self.cells.hold(key, True)
        for _ in range(round(seconds * 20)):
            values: tuple[float, float, float] = self.mover.step(0.05)
        return values


def test_it_stands_until_it_is_told_and_rolls_out():
    car = Car()
    assert car.drive(1.0) == (0.0, 0.0, 0.0)
    speed, distance, _ = car.drive(2.0, UP)
    assert speed > 60
    assert distance > 10
    rolling = car.drive(1.0)[0]
    assert 0 < rolling < speed
    assert car.drive(0.5, DOWN)[0] < rolling - 30
    assert car.drive(2.0, DOWN)[0] == 0.0


def test_it_is_never_faster_than_it_can_be():
    assert 80 < Car(fastest=100.0, grip=1e9).drive(20.0, UP)[0] <= 100


def test_it_goes_aside_only_while_it_drives_and_stays_on_the_track():
    car = Car(grip=1e9)
    assert car.drive(1.0, LEFT)[2] == 0.0
    car.drive(1.5, UP)
    left = car.drive(0.5, LEFT)[2]
    assert left > 0.5
    assert car.drive(0.5, RIGHT)[2] < left - 0.5
    for key in (LEFT, RIGHT):
        aside = abs(car.drive(6.0, UP, key)[2])
        assert 2.0 < aside <= 5.0
    assert car.drive(4.0, UP, RIGHT)[0] < 60  # the grass slows it


def test_a_bend_that_is_taken_too_fast_throws_it_out():
    kept, thrown = Car(grip=1e9), Car(grip=1.0)
    assert kept.drive(8.0, UP)[2] == 0.0
    aside = [thrown.drive(0.5, UP)[2] for _ in range(16)]
    assert max(map(abs, aside)) > 1.0
