"""A mover that runs, to begin with. Called by `python -m game new`."""

import os
import shlex

from game import scenes
from game.scenes import Definition

ABOUT = '''"""Wanders about: {scene}, to begin with."""

# step(dt) is called --rate times a second, dt [s] apart, in a process of this agent's own. It
# returns the new values: {fields}.
# agent.number tells one agent from another, agent.random is its own source of chance (the same
# --seed, the same choices), agent.rate is in Hz, and agent.world is what the scene lets it know.
# If it raises, this agent stands still and the others go on; --debug stops at breakpoint().

from math import sin


class Mover:
    def __init__(self, agent):
        self.time = 0.0
        self.start = [agent.random.uniform(20, 80) for _ in range({many})]

    def step(self, dt):
        self.time += dt
        return [value + 10 * sin(self.time + value) for value in self.start]
'''


def write(scene: str, path: str) -> str:
    """Write a mover for a scene into a new file; returns what to run next. ValueError, of one
    line, where that cannot be."""
    definition = scenes.find(scene)
    if not definition.processes or definition.needs:
        raise ValueError(f"new: {scene} takes no mover of yours; give another scene")
    if not path.endswith(".py"):
        raise ValueError(f"new: {path!r} does not end in .py")
    if os.path.basename(path) == ".py":
        raise ValueError(f"new: {path!r} has no name before its .py")
    try:
        with open(path, "x", encoding="utf-8") as file:
            file.write(definition.example or example(definition))
    except FileExistsError:
        raise ValueError(f"new: {path!r} is there already, and stays as it is") from None
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise ValueError(f"new: {path!r} cannot be written: {what}") from None
    quoted, scene = shlex.quote(path), shlex.quote(scene)
    return (
        f"{path} is written. Next:\n"
        f"  python -m game {scene} --mover {quoted} --reload\n"
        f"  python -m game check {scene} {quoted}\n"
    )


def example(definition: Definition) -> str:
    """A mover for a scene that has none of its own to show."""
    fields = [f"{name} [{unit}]" if unit else name for name, unit in definition.fields.items()]
    return ABOUT.format(
        scene=os.path.basename(definition.name),
        fields=", ".join(fields),
        many=len(fields),
    )
