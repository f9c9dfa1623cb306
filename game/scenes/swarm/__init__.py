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

HEADING = "heading"  # [rad] a further field that is drawn: which way a robot faces
SIDE = 100.0  # [m] the square reaches from 0 to SIDE in x and in y


class World:
    """The ground of the swarm: a square of `side` by `side` [m], the origin in its corner."""

    def __init__(self, settings: Any = None) -> None:
        self.side = SIDE


def name(number: int) -> str:
    return f"Robot {number}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to ({figure(values[0])}, {figure(values[1])})"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current positions: [{', '.join(f'({figure(x)}, {figure(y)})' for x, y in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: ({figure(values[0])}, {figure(values[1])})"
