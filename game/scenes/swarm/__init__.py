"""The swarm's world: robots on a ground with a grid, each publishing where it is."""

from math import hypot
from sys import float_info
from typing import NamedTuple

from game import agent
from game.scenes import Preset, figure
from game.scenes.swarm.obstacles import Box, Obstacles

ARRAY = "positions"
FIELDS = {"x": "m", "y": "m"}
AGENTS = 12
RATE = 10.0  # [Hz]
MOVER = "wander"
TITLE = "Final robot positions:"
PRESETS = {
    "swarm": Preset(
        "three robots that jump about", agents=3, mover="jump", rate=1 / 0.3, updates=5, title=TITLE
    ),
}

HEADING = "heading"  # [rad] a further field that is drawn: which way a robot faces
SIDE = 100.0  # [m] the ground reaches from 0 to SIDE in x and in y, if nothing else is asked for


class Settings(NamedTuple):
    """The ground, and what stands on it."""

    bounds: Box = (0.0, 0.0, SIDE, SIDE)  # left, bottom, right, top [m]
    obstacles: Obstacles = Obstacles()


class World:
    """The ground of the swarm: a rectangle from (left, bottom) to (right, top) [m]."""

    def __init__(self, settings: Settings | None = None) -> None:
        (self.left, self.bottom, self.right, self.top), self.obstacles = settings or Settings()
        self.width, self.height = self.right - self.left, self.top - self.bottom  # [m]
        self.side = min(self.width, self.height)  # [m] the shorter one
        self.middle = (self.left + self.right) / 2, (self.bottom + self.top) / 2  # x, y [m]

    def inside(self, x: float, y: float) -> tuple[float, float]:
        """The place on the ground that is nearest to one [m]."""
        return min(max(x, self.left), self.right), min(max(y, self.bottom), self.top)

    def inwards(self, x: float, y: float) -> tuple[float, float]:
        """Where to go from a place near the edge [m]: the middle; on a ground that is longer than
        wide, the nearest place that is as far from the edges as any."""
        half = self.side / 2
        return (
            min(max(x, self.left + half), self.right - half),
            min(max(y, self.bottom + half), self.top - half),
        )

    def margin(self, x: float, y: float) -> float:
        """How far it is from a place on the ground to the nearest edge [m]."""
        return min(x - self.left, self.right - x, y - self.bottom, self.top - y)


class Near(NamedTuple):
    """Another robot, as one robot sees it."""

    number: int
    dx: float  # [m] how far it is to the right of oneself
    dy: float  # [m] how far it is above oneself
    distance: float  # [m]


class Agent(agent.Agent):
    """What a robot's mover is told of it."""

    __slots__ = ()

    def near(self, radius: float) -> list[Near]:
        """The other robots within `radius` [m], edge included, the nearest first.

        From the place that oneself has published last: before the first one, nobody is near. Those
        at the same distance come by their numbers; one that is nowhere (nan) is never near.
        ValueError for a radius that is no distance.
        """
        if not isinstance(radius, int | float) or not radius >= 0:
            raise ValueError(f"near({radius!r}): the radius is no distance; give 0 or more metres")
        found: list[Near] = []
        if own := self.others[self.number]:
            fields, reach = self.others.fields, min(radius, float_info.max)
            x, y = own[fields.index("x")], own[fields.index("y")]
            xs, ys = self.others.column("x"), self.others.column("y")
            # First those in a square, because that takes a fraction of the time.
            beside = [n for n in self.others if -reach <= xs[n] - x <= reach]
            for number in [n for n in beside if -reach <= ys[n] - y <= reach]:
                dx, dy = xs[number] - x, ys[number] - y
                distance = hypot(dx, dy)
                if distance <= reach:
                    found.append(Near(number, dx, dy, distance))
            found.sort(key=by_distance)
        self.others.note([near.number for near in found], radius)
        return found


def by_distance(near: Near) -> float:
    return near.distance


EXAMPLE = '''"""Drives in circles around the middle of the ground."""

# step(dt) is called --rate times a second, dt [s] apart, in a process of this agent's own. It
# returns the new values: x and y [m]. agent.number tells one agent from another, agent.random
# is its own source of chance (the same --seed, the same choices), agent.rate is in Hz, and
# agent.world is the ground. What it remembers stays in self, what it prints in the inspector.
# If it raises, this agent stands still and the others drive on; --debug stops at breakpoint().

from math import cos, sin, tau

SPEED = 10.0  # [m/s]


class Mover:
    def __init__(self, agent):
        self.middle = agent.world.middle
        self.radius = agent.random.uniform(0.1, 0.45) * agent.world.side
        self.angle = agent.random.uniform(0, tau)

    def step(self, dt):
        self.angle += SPEED * dt / self.radius
        x, y = self.middle
        return x + self.radius * cos(self.angle), y + self.radius * sin(self.angle)
'''


def ranges(world: World) -> dict[str, tuple[float, float]]:
    """Where a robot may be [m]."""
    return {"x": (world.left, world.right), "y": (world.bottom, world.top)}


def name(number: int) -> str:
    return f"Robot {number}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to ({figure(values[0])}, {figure(values[1])})"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current positions: [{', '.join(f'({figure(x)}, {figure(y)})' for x, y in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: ({figure(values[0])}, {figure(values[1])})"
