"""The ghost: another run on the same ground, drawn faintly over the one that is shown.

Made by replay with --beside.
"""

import pygame

from game.recording import RecordingError
from game.recording.tape import Tape
from game.session.player import Player
from game.view.canvas import Canvas
from game.view.scene import ShownScene
from game.view.screen import Screen

FAINT = 110  # of 255: how much of the ghost is seen
NEVER = frozenset(("labels", "heat"))  # layers that stay the own run's


class Ghost:
    """Another recording, at the same time since its beginning."""

    def __init__(self, tape: Tape, screen: Screen) -> None:
        """`screen` is one of its own, which only follows."""
        self._tape = tape
        self._player = Player(tape, screen)
        self._surface: pygame.Surface | None = None

    def show(self, screen: Screen, time: float) -> None:
        """Be at a time [s], and be drawn with the scene of a screen."""
        self._player.show(self._tape.at(time))
        screen.over = self.draw

    def draw(self, canvas: Canvas) -> None:
        """Draw the other run onto the canvas that has the own one."""
        view = pygame.Rect(canvas.view)
        if self._surface is None or self._surface.get_size() != canvas.surface.get_size():
            self._surface = pygame.Surface(canvas.surface.get_size())
        other = Canvas(self._surface, canvas.view, self._scene.bounds, canvas.theme, canvas.scale)
        other.camera, other.layers = canvas.camera, canvas.layers - NEVER
        other.look(canvas.camera, self._scene.scene.frame.now)
        self._surface.set_clip(view)
        self._scene.draw(other)
        self._surface.set_alpha(FAINT)
        canvas.surface.blit(self._surface, view, view)

    @property
    def _scene(self) -> ShownScene:
        return self._player.screen.scene


def check_same_ground(one: Screen, other: Screen, path: str) -> None:
    """See that two runs are on the same ground; RecordingError where they are not."""
    if one.scene.title != other.scene.title or one.scene.bounds != other.scene.bounds:
        raise RecordingError(
            f"--beside: {path} is of {other.scene.title!r}, and this is {one.scene.title!r}; "
            "give a run of the same scene on the same ground"
        )
