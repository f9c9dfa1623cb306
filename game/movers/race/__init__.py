"""The race's world: cars on a closed circuit, each publishing its speed and its distance."""

from functools import cached_property

from game.movers import Preset, figure
from game.track import Track, load

FIELDS = {"speed": "km/h", "distance": "m"}
AGENTS = 5
RATE = 2.0  # [Hz]
MOVER = "random"
TRACK = "kart"
TITLE = "Final car speeds:"
PRESETS = {
    "traffic": Preset("five cars, each with a random speed", 5, "random", 2.0, 5, TITLE),
}

GRID = 8.0  # [m] between two cars on the starting grid


class World:
    """The circuit, for movers that want to look ahead; read only when one asks for it."""

    def __init__(self, place: str = "") -> None:
        self.place = place

    @cached_property
    def track(self) -> Track:
        return load(self.place)

    def grid(self, number: int) -> float:
        """Where car `number` starts [m]: one behind the other, the first on the line."""
        return -GRID * number


def name(number: int) -> str:
    return f"Car {number + 1}"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} speed updated to: {figure(values[0])}"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: {figure(values[0])} km/h"
