"""The scenes: what the values of an array mean, and how they look. One file each.

A scene's file holds a class `Scene` with

    __init__(place, laps)     must: `place` is the track's file, or ""; `laps` that a race has
    title, bounds             must: its name for the window; the part of the ground to show [m]
    draw(canvas, snapshot)    must: draw every agent of the snapshot, once a frame
    panel(snapshot, rows)     must: a table of at most `rows` rows beside it
    caption(snapshot)         may: words and code under it
    where(snapshot, agent)    may: the place of an agent as it is shown [m], for the camera
    layers                    may: which of view.layers.LAYERS it can draw
    results(snapshot)         may: lines that the program prints when it ends

It sees a Snapshot and a Canvas, and nothing of processes or shared memory.
"""

from importlib import import_module
from typing import Protocol, cast

from game.snapshot import Snapshot
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.panel import Panel


class Scene(Protocol):
    """What the app asks of a scene."""

    title: str
    bounds: Bounds

    def draw(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the ground and all agents."""

    def panel(self, snapshot: Snapshot, rows: int) -> Panel:
        """The table beside the scene, with at most `rows` rows."""


def make(name: str, place: str, laps: int = 0) -> Scene:
    """The scene of that name; `place` is the track's file, if it has one, and `laps` how many a
    race has, 0 for no end."""
    return cast(Scene, import_module(f"{__name__}.{name}").Scene(place, laps))


def caption(scene: Scene, snapshot: Snapshot) -> Caption | None:
    """The words under a scene, if it has any to say."""
    hook = getattr(scene, "caption", None)
    return hook(snapshot) if hook else None


def where(scene: Scene, snapshot: Snapshot, agent: int) -> tuple[float, float] | None:
    """The place of an agent as it is shown [m]; None if it is not, or its scene has no places."""
    hook = getattr(scene, "where", None)
    return hook(snapshot, agent) if hook and agent in snapshot.agents else None


def layers(scene: Scene) -> frozenset[str]:
    """What a scene can draw besides."""
    found: frozenset[str] = getattr(scene, "layers", frozenset())
    return found


def results(scene: Scene, snapshot: Snapshot) -> list[str]:
    """What a scene has to say when the program ends."""
    hook = getattr(scene, "results", None)
    return hook(snapshot) if hook else []
