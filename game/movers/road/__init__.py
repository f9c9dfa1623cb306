"""The road's world: vehicles abreast, all moved by one writer, each with its position."""

from collections.abc import Sequence

from game.movers import Preset, Values, figure

ARRAY = "positions"
FIELDS = {"position": "m"}
AGENTS = 4
MOST = 100_000
TOGETHER = True
RATE = 10.0  # [Hz]
MOVER = "convoy"
TRACK = ""
TITLE = "Final positions:"
PRESETS = {
    "lock": Preset(
        "one writer adds 1 to four positions, one after the other, one reader reads them",
        *(4, "convoy", 2.0, 5, "", (), 4, True, 0.5, "element"),
    ),
}


class World:
    """The road has no surroundings that a mover would want to know."""

    def __init__(self, place: str = "", laps: int = 0) -> None:
        self.place = place

    def over(self, values: Values) -> bool:
        """A road never comes to an end by itself."""
        return False


def name(number: int) -> str:
    return f"Vehicle {number + 1}"


def whole_list(agents: Sequence[tuple[float, ...]]) -> str:
    return f"[{', '.join(figure(position) for (position,) in agents)}]"


def update_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name} moved to {figure(values[0])}"


def monitor_line(agents: list[tuple[float, ...]]) -> str:
    return f"Reader: {whole_list(agents)}"


def final_line(name: str, values: tuple[float, ...]) -> str:
    return f"{name}: {figure(values[0])} m"
