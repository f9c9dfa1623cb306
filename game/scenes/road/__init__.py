"""The road: vehicles abreast, all moved by one writer, each with its position."""

from collections.abc import Sequence
from typing import NamedTuple

from game.scenes import Preset, figure

ARRAY = "positions"
FIELDS = {"position": "m"}
AGENTS = 4
MOST = 100_000
RATE = 10.0  # [Hz]
MOVER = "convoy"
NEEDS = "drive"  # one process writes all positions, element by element
TITLE = "Final positions:"
PRESETS = {
    "lock": Preset(
        "sharing: element; one writer adds 1 to four positions, one after the other, one reader "
        "reads them",
        agents=4,
        mover="convoy",
        rate=2.0,
        updates=5,
        per_process=4,
        monitor=0.5,
        options={"sync": "element"},
    ),
}


class Settings(NamedTuple):
    """How the road starts."""

    sync: str = "none"  # one of modes.NAMES, or "all" to show each in turn
    stress: bool = False  # the writer runs flat out
    delay: float = 0.0  # [ms] between two elements of a pass
    tour: float = 3.0  # [s] for each mode with "all"
    look: float = 2.5  # [s] to look at a dead writer's lock before it is replaced


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
