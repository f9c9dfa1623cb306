"""What a scene states of itself in its __init__.py or its only file, and whether that will do.

Called by game.scenes.outside for a scene of somebody's own.
"""

from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from game.scenes.failure import SceneError

STATED = {  # what a scene from outside may state, and an example of each
    "FIELDS": '{"x": "m", "y": "m"}',
    "ARRAY": '"positions"',
    "AGENTS": "12",
    "MOST": "1000",
    "RATE": "10.0",
    "MOVER": '"wander"',
    "NEEDS": '"drive"',
    "TITLE": '"Final positions:"',
    "EXAMPLE": '"class Mover: ..."',
    "PROCESSES": "False",
    "PRESETS": '{"lesson": Preset("about it", agents=2, mover="wander", rate=2.0, updates=5)}',
}


class Preset(NamedTuple):
    """One of the tutorial's programs: a run with all its numbers."""

    about: str
    agents: int
    mover: str
    rate: float  # [Hz]
    updates: int
    title: str = ""  # printed above the final values; "": they are not printed
    names: tuple[str, ...] = ()  # what the agents are called; () for the scene's own
    per_process: int = 1  # agents driven by one process
    says_updates: bool = True  # each process prints its updates
    monitor: float = 0.0  # [s] between two lines of a monitor process; 0: none
    options: Mapping[str, Any] = MappingProxyType({})  # the scene's own, by name


def check_stated(module: ModuleType, file: str) -> None:
    """See that what a scene from outside states of itself can be worked with."""

    def sound(name: str, value: Any) -> bool:
        if name == "FIELDS":
            strings = isinstance(value, dict) and {type(w) for w in (*value, *value.values())}
            return strings == {str}
        if name == "PRESETS":
            return all(isinstance(preset, Preset) for preset in value.values())
        if name in ("AGENTS", "MOST"):
            return isinstance(value, int) and value > 0
        if name == "PROCESSES":
            return isinstance(value, bool)
        if name == "RATE":
            return isinstance(value, int | float) and 0 < value <= 10_000
        return isinstance(value, str)

    for name, right in STATED.items():
        value = getattr(module, name, None)
        if (value is not None or name == "FIELDS") and not sound(name, value):
            have = "is missing" if value is None else f"is {value!r:.40}"
            raise SceneError(f"{file}: {name} {have}; state it as {name} = {right}")
    called = module.name(0) if hasattr(module, "name") else ""
    if not isinstance(called, str):
        raise SceneError(f"{file}: name(0) is {called!r:.40}; it has to be text")
