"""The layers: what a person can have drawn besides, over the ground and beside the agents."""

from typing import NamedTuple

from game.view import heat, trails

MANY = 1_000_000_000  # agents: no limit


class Layer(NamedTuple):
    """One layer, as the person is told of it."""

    about: str
    most: int = MANY  # agents up to which it is drawn


LAYERS = {
    "trails": Layer(f"where they were in the last {trails.LASTS:g} s", trails.MOST),
    "heat": Layer("where they have been since the start", heat.MOST),
    "labels": Layer("their names"),
}
AT_START = frozenset(("trails",))


def refusal(name: str, drawn: frozenset[str], agents: int) -> str:
    """Why a scene that can draw the layers `drawn` does not show this one; "" if it does."""
    most = LAYERS[name].most
    if name not in drawn:
        return f"this scene has no {name}"
    return f"no {name} for more than {most:,} agents" if agents > most else ""
