"""The swarm's world: robots on a square grid, each publishing where it is."""

from game.movers import Preset, Values, figure

ARRAY = "positions"
FIELDS = {"x": "m", "y": "m"}
AGENTS = 12
MOST = 20_000_000
TOGETHER = False
RATE = 10.0  # [Hz]
MOVER = "wander"
TRACK = ""
TITLE = "Final robot positions:"
PRESETS = {
    "swarm": Preset("three robots that jump about", 3, "jump", 1 / 0.3, 5, TITLE),
}

SIDE = 100.0  # [m] the square reaches from 0 to SIDE in x and in y


class World:
    """The ground of the swarm: a square of `side` by `side` [m], the origin in its corner."""

    def __init__(self, place: str = "", laps: int = 0) -> None:
        self.side = SIDE

    def over(self, values: Values) -> bool:
        """A swarm never comes to an end by itself."""
        return False


def name(number: int) -> str:
    return f"Robot {number}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to ({figure(values[0])}, {figure(values[1])})"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Current positions: [{', '.join(f'({figure(x)}, {figure(y)})' for x, y in agents)}]"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: ({figure(values[0])}, {figure(values[1])})"
