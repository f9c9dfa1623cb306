"""The keys that choose how a watched array is shown. Part of the scene's keys."""

import pygame

from game.parts import Host
from game.scenes.watch.drawing import Scene
from game.view.keys import Key

KEYS = (
    Key("W", "next_view", "the next way to show the array", "wW", (pygame.K_w,)),
    Key("Q", "view_by_shape", "the way that its shape suggests", "qQ", (pygame.K_q,)),
)


class ViewKeys:
    """What a person can do to the picture. The methods have the names of the keys' actions."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def next_view(self) -> None:
        """Show the array in the next way that fits it."""
        if scene := self._scene():
            self._host.tell(f"view: {scene.next_view()}")

    def view_by_shape(self) -> None:
        """Show the array as its shape suggests, or as it was asked for at the start."""
        if scene := self._scene():
            self._host.tell(f"view: {scene.view_by_shape()}")

    def _scene(self) -> Scene | None:
        scene = self._host.scene
        return scene if isinstance(scene, Scene) else None
