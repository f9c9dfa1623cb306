"""The race's world: cars on a closed circuit, each publishing its speed and its distance."""

from functools import cached_property
from typing import NamedTuple

from game.agent import Agent, Values
from game.scenes import Preset, figure
from game.track import Track, load

ARRAY = "telemetry"
FIELDS = {"speed": "km/h", "distance": "m"}
AGENTS = 5
RATE = 2.0  # [Hz]
MOVER = "random"
TRACK = "kart"  # the default one
TITLE = "Final car speeds:"
PRESETS = {
    "traffic": Preset(
        "five cars, each with a random speed",
        agents=5,
        mover="random",
        rate=2.0,
        updates=5,
        title=TITLE,
    ),
    "duel": Preset(
        "two cars, each with a range of its own",
        agents=2,
        mover="duel",
        rate=2.0,
        updates=3,
        title="Final speeds:",
        names=("Car One", "Car Two"),
    ),
    "observer": Preset(
        "one process writes three speeds, another one reads them",
        agents=3,
        mover="pacemaker",
        rate=1.0,
        updates=5,
        per_process=3,
        says_updates=False,
        monitor=1.0,
    ),
}


class Settings(NamedTuple):
    """Where the race is, and how long."""

    track: str  # the track's file
    laps: int = 0  # 0: it goes on for ever


KMH = 1 / 3.6  # [m/s] in a km/h
GRID = 8.0  # [m] between two cars on the starting grid
FAR = 1e9  # a speed [km/h] or a distance [m] beyond it is no car's


class World:
    """The circuit, for movers that want to look ahead; read only when one asks for it."""

    def __init__(self, settings: Settings) -> None:
        self.laps = settings.laps
        self._file = settings.track
        self._racing: set[int] | None = None  # places in the slice whose cars have not finished

    @cached_property
    def finish(self) -> float:
        """How far the race goes [m]; infinite where it has no end."""
        return self.laps * self.track.length if self.laps else float("inf")

    def over(self, values: Values) -> bool:
        """Whether every car of a process has passed the finish, in this update or before."""
        if not self.laps:
            return False
        distances = values[1::2]
        racing = range(len(distances)) if self._racing is None else self._racing
        # Not `< finish`: a car that is nowhere (nan) has passed nothing.
        self._racing = {i for i in racing if not self.finish <= distances[i] < FAR}
        return not self._racing

    @cached_property
    def track(self) -> Track:
        return load(self._file)

    def grid(self, number: int) -> float:
        """Where car `number` starts [m]: one behind the other, the first on the line."""
        return -GRID * number


class Driver:
    """A car that chooses a speed at every update; its distance follows from the speeds."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.random = agent.random
        self.speed = 0.0  # [km/h]
        self.distance = agent.world.grid(agent.number)  # [m] from the start line

    def choose(self) -> float:
        """The speed from now on [km/h]."""
        raise NotImplementedError

    def step(self, dt: float) -> tuple[float, float]:
        self.distance += self.speed * KMH * dt
        self.speed = self.choose()
        return self.speed, self.distance


EXAMPLE = '''"""Brakes for bends, and speeds up on the straights."""

# step(dt) is called --rate times a second, dt [s] apart, in a process of this car's own. It
# returns the new values: speed [km/h], and distance [m] driven since the start line.
# agent.number tells one car from another (from 0), agent.random is its own source of chance (the
# same --seed, the same choices), and agent.world has the track: its length [m] and
# track.curvature_at(distance) [1/m]. If it raises, this car stands still and the others drive on.

GRIP = 8.0  # [m/s2] across the track
FASTEST, PICK_UP = 50.0, 4.0  # [m/s] and [m/s2]
AHEAD = 30.0  # [m] that it looks ahead


class Mover:
    def __init__(self, agent):
        self.track = agent.world.track
        self.distance = agent.world.grid(agent.number)
        self.speed = 0.0
        self.care = agent.random.uniform(0.7, 1.0)

    def step(self, dt):
        bend = max(abs(self.track.curvature_at(self.distance + d)) for d in (0, AHEAD / 2, AHEAD))
        limit = self.care * min(FASTEST, (GRIP / max(bend, 1e-6)) ** 0.5)
        self.speed = min(self.speed + PICK_UP * dt, limit)
        self.distance += self.speed * dt
        return self.speed * 3.6, self.distance
'''
FASTEST = 1000.0  # [km/h] a car that is faster has another unit in mind


def ranges(world: World) -> dict[str, tuple[float, float]]:
    """How fast and how far a car may be."""
    return {"speed": (-FASTEST, FASTEST), "distance": (-FAR, FAR)}


def name(number: int) -> str:
    return f"Car {number + 1}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} speed updated to: {figure(values[0])}"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current speeds: [{', '.join(figure(speed) for speed, _ in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: {figure(values[0])} km/h"
