"""The ghost: another run on the same ground, its agents drawn faintly over the one that is shown.

Made by replay with --beside.
"""

from collections.abc import Callable

import numpy as np
import pygame

from game.frame import Frame
from game.recording import RecordingError
from game.recording.tape import Tape
from game.session.player import NONE, Player
from game.view.canvas import Canvas
from game.view.screen import Screen

FAINT = 110  # of 255: how much of the ghost is seen
GROUND = 1  # a pixel in place of the ground, which is not drawn again
NEVER = frozenset(("labels", "heat"))  # layers that stay the own run's


class Ghost:
    """Another recording, at the same time since its beginning."""

    def __init__(self, name: str, tape: Tape, make_screen: Callable[[], Screen]) -> None:
        """`name` stands in the header; `make_screen` makes one for the run, and one for the
        ground that it is on."""
        self.name, self._tape = name, tape
        self.screen, self._empty = make_screen(), make_screen()
        self._player = Player(tape, self.screen)
        self._shown: Frame | None = None
        self._key: object = None  # what the canvases are for
        self._canvases: list[Canvas] = []

    def show(self, screen: Screen, time: float) -> None:
        """Be at a time [s], and be drawn with the scene of a screen."""
        self._player.show(self._tape.at(time))
        frame = self._player.frame
        if frame is not self._shown:
            self._shown = frame
            self._empty.reset()
            self._empty.follow(frame.next(agents=np.zeros(0, np.int64)), NONE)
        screen.over = self.draw

    def words(self, time: float) -> str:
        """What the header says of it at a time [s]."""
        ended = ", ended" if time > self._tape.time(self._tape.last) else ""
        return f"faint: {self.name}{ended}"

    def draw(self, canvas: Canvas) -> None:
        """Draw the other run's agents onto the canvas that has the own ones."""
        faint, empty = self._canvases_like(canvas)
        faint.surface.set_colorkey(None)
        for other, screen in ((faint, self.screen), (empty, self._empty)):
            other.layers = canvas.layers - NEVER
            other.look(canvas.camera, self._player.frame.now)
            other.surface.set_clip(canvas.view)
            screen.scene.draw(other)
        pixels = pygame.surfarray.pixels2d(faint.surface)
        ground = pixels == pygame.surfarray.pixels2d(empty.surface)
        pixels[ground] = GROUND
        del pixels  # it locks the surface
        faint.surface.set_colorkey(GROUND)
        faint.surface.set_alpha(FAINT)
        canvas.surface.blit(faint.surface, canvas.view, canvas.view)

    def _canvases_like(self, canvas: Canvas) -> list[Canvas]:
        """Two canvases of the same kind: as long as that holds, the same, which keep the ground."""
        size, bounds = canvas.surface.get_size(), self.screen.scene.bounds
        key = size, tuple(canvas.view), canvas.theme, canvas.scale, bounds
        if key != self._key:
            self._key = key
            self._canvases = [
                Canvas(pygame.Surface(size, 0, 32), canvas.view, bounds, canvas.theme, canvas.scale)
                for _ in range(2)
            ]
        return self._canvases


def check_same_ground(one: Screen, other: Screen, path: str) -> None:
    """See that two runs are on the same ground; RecordingError where they are not."""
    if one.scene.title != other.scene.title:
        is_of = f"is of {other.scene.title!r}, and this is {one.scene.title!r}"
    elif one.scene.bounds != other.scene.bounds:
        is_of = "is on another ground than this"
    else:
        return
    raise RecordingError(f"--beside: {path} {is_of}; give a run of the same scene on the same one")
