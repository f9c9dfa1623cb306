"""The swarm's world: robots on a square grid, each publishing where it is."""

from typing import Any

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

SIDE = 100.0  # [m] the square reaches from 0 to SIDE in x and in y


class World:
    """The ground of the swarm: a square of `side` by `side` [m], the origin in its corner."""

    def __init__(self, settings: Any = None) -> None:
        self.side = SIDE


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
        self.middle = agent.world.side / 2
        self.radius = agent.random.uniform(0.2, 0.9) * self.middle
        self.angle = agent.random.uniform(0, tau)

    def step(self, dt):
        self.angle += SPEED * dt / self.radius
        x = self.middle + self.radius * cos(self.angle)
        y = self.middle + self.radius * sin(self.angle)
        return x, y
'''


def ranges(world: World) -> dict[str, tuple[float, float]]:
    """Where a robot may be [m]."""
    return {"x": (0.0, world.side), "y": (0.0, world.side)}


def name(number: int) -> str:
    return f"Robot {number}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to ({figure(values[0])}, {figure(values[1])})"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current positions: [{', '.join(f'({figure(x)}, {figure(y)})' for x, y in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: ({figure(values[0])}, {figure(values[1])})"
