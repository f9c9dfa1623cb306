"""The tally: processes that all add 1 to the same cell, and what of it is lost.

It breaks the rule of one writer a cell on purpose: that is what it is about.
"""

from collections.abc import Sequence
from typing import NamedTuple

from game.scenes import Preset, figure

ARRAY = "added"
FIELDS = {"added": ""}  # how often, in the way to share that is being shown
AGENTS = 2
MOST = 1000  # processes
RATE = 10.0  # [Hz] that each publishes how often it has added; it adds flat out
MOVER = "adder"
NEEDS = "drive"  # a behaviour has to write the shared cell by itself
TITLE = ""  # its results say it all
PRESETS = {
    "lost": Preset(
        "processes add 1 to the same cell, 100,000 times each, in every way to share",
        agents=2,
        mover="adder",
        rate=RATE,
        updates=100_000,
        says_updates=False,
        options={"sync": "all"},
    ),
}


class Settings(NamedTuple):
    """How the tally starts."""

    sync: str = "none"  # one of modes.NAMES, or "all" to show each in turn
    tour: float = 3.0  # [s] for each mode with "all", where processes add without end
    look: float = 2.5  # [s] to look at a dead process's lock before it is replaced


def name(number: int) -> str:
    return f"Process {number + 1}"


def monitor_line(agents: Sequence[tuple[float, ...]]) -> str:
    return f"Added so far: [{', '.join(figure(added) for (added,) in agents)}]"
