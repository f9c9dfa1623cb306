"""The swarm's world: robots on a square grid, each publishing where it is."""

from math import hypot
from sys import float_info
from typing import Any, NamedTuple

from game import agent
from game.scenes import Preset, figure

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
SIDE = 100.0  # [m] the square reaches from 0 to SIDE in x and in y


class World:
    """The ground of the swarm: a square of `side` by `side` [m], the origin in its corner."""

    def __init__(self, settings: Any = None) -> None:
        self.side = SIDE


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
            for number in self.others:
                dx, dy = xs[number] - x, ys[number] - y
                if -reach <= dx <= reach and -reach <= dy <= reach:
                    distance = hypot(dx, dy)
                    if distance <= reach:
                        found.append(Near(number, dx, dy, distance))
            found.sort(key=by_distance)
        return found


def by_distance(near: Near) -> float:
    return near.distance


def name(number: int) -> str:
    return f"Robot {number}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to ({figure(values[0])}, {figure(values[1])})"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current positions: [{', '.join(f'({figure(x)}, {figure(y)})' for x, y in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: ({figure(values[0])}, {figure(values[1])})"
