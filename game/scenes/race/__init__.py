"""The race's world: cars on a closed circuit, each publishing its speed and its distance."""

from collections.abc import Callable
from functools import cached_property
from math import isfinite
from typing import Any, NamedTuple

from game import agent
from game.agent import Values
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
    width: float = 0.0  # [m] of the track; 0: as its file says
    reverse: bool = False  # it is driven the other way round
    scale: float = 1.0  # of the track: 0.1 on a model of a circuit, 1:10
    length: float = 0.0  # [m] of a lap; 0: as the track's file says, once somebody asks

    def load_track(self) -> Track:
        return load(self.track, self.width, self.reverse)


KMH = 1 / 3.6  # [m/s] in a km/h
GRID = 8.0  # [m] between two cars on the starting grid, times the track's scale
IMPOSSIBLE, NEAR = 4.0, 10.0  # times as far as its speed takes it, and [m] more: a jump
FAR = 1e9  # a speed [km/h] or a distance [m] beyond it is no car's


class World:
    """The circuit, for movers that want to look ahead; read only when one asks for it."""

    def __init__(self, settings: Settings) -> None:
        self.laps = settings.laps
        self.scale = settings.scale  # of speeds and lengths
        self._settings = settings
        self._racing: set[int] | None = None  # places in the slice whose cars have not finished

    @cached_property
    def finish(self) -> float:
        """How far the race goes [m]; infinite where it has no end."""
        return self.laps * self.length if self.laps else float("inf")

    @property
    def length(self) -> float:
        """How long a lap is [m]."""
        return self._settings.length or self.track.length

    def recorder(
        self, cells: Any, numbers: range, generation: int, period: float
    ) -> Callable[[Values], object]:
        """Who times the cars of a process; nobody where there is no room for it."""
        if cells is None or cells.rows is None:
            return lambda values: None
        from game.scenes.race.laps import Timekeeper

        return Timekeeper(cells, numbers, generation, period, self.length, self.finish)

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
        return self._settings.load_track()

    def grid(self, number: int) -> float:
        """Where car `number` starts [m]: one behind the other, the first on the line."""
        return -GRID * self.scale * number


class Rival(NamedTuple):
    """Another car, as a driver sees it."""

    number: int
    gap: float  # [m] along the track, over the line where need be; 0 or more
    speed: float  # [m/s] that it has published last; 0 of one whose process has ended
    offset: float  # [m] left of the centre line; 0 where cars do not publish it


class Agent(agent.Agent):
    """What a car's driver is told of it."""

    __slots__ = ()

    def ahead(self) -> Rival | None:
        """The next car on the track ahead, on whatever lap; None where nobody else drives.

        From where oneself has published to be: before the first update there is nobody. Of two on
        the same spot the one with the lower number is ahead. A car that has finished or writes
        nonsense is not on the track; one whose process has died stands on it.
        """
        return self._next(forwards=True)

    def behind(self) -> Rival | None:
        """The next car on the track behind, likewise: whoever is ahead() of it is oneself."""
        return self._next(forwards=False)

    def _next(self, forwards: bool) -> Rival | None:
        """The car that comes next, in one direction or the other."""
        others, finish, me = self.others, self.world.finish, self.number
        distances, length = others.column("distance"), self.world.length

        def spot(number: int) -> tuple[float, int]:
            """Where a car is on its lap [m]; the larger, the farther ahead."""
            return distances[number] % length, -number

        racing = [n for n in others if abs(distances[n]) < FAR and not distances[n] >= finish]
        if others[me] is None or not abs(distances[me]) < FAR or not racing:
            return None
        mine, first = spot(me), min if forwards else max
        number = first(racing, key=lambda n: (spot(n) < mine, spot(n)))
        others.note([number])
        over_the_line = (spot(number) < mine) is forwards
        way = (spot(number)[0] - mine[0]) * (1 if forwards else -1) + length * over_the_line
        return Rival(number, way, self._speed(number), self._offset(number))

    def _speed(self, number: int) -> float:
        """How fast another car drives, as far as anybody knows [m/s]."""
        speed = self.others.column("speed")[number] * KMH
        return speed if isfinite(speed) and not self.others.gone(number) else 0.0

    def _offset(self, number: int) -> float:
        """How far another car is beside the centre line [m]."""
        if OFFSET not in self.others.fields:
            return 0.0
        offset = self.others.column(OFFSET)[number]
        return offset if isfinite(offset) else 0.0


class Driver:
    """A car that chooses a speed at every update; its distance follows from the speeds."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.random = agent.random
        self.scale: float = agent.world.scale  # of the speeds that are meant for a real circuit
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
