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


OFFSET = "offset"  # [m] a further field that is drawn: how far left of the centre line a car is


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


def name(number: int) -> str:
    return f"Car {number + 1}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} speed updated to: {figure(values[0])}"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current speeds: [{', '.join(figure(speed) for speed, _ in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: {figure(values[0])} km/h"
