"""What the tests of a watched array make by hand: looks, frames, a scene on a canvas."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pygame
from numpy.typing import NDArray

from game import scenes
from game.frame import Frame
from game.scenes.watch import Settings
from game.scenes.watch.drawing import Scene
from game.scenes.watch.looks import Look, WatchView
from game.view.canvas import Canvas
from game.view.theme import Theme
from tests import seen

SIZE = (900, 600)
THEME = Theme("dark", scenes.find("watch").colours)


def frame(look: Look, now: float, **view: Any) -> Frame:
    """A frame with one watched array in it, whose elements are its agents as far as there are."""
    flat = look.data.reshape(-1)
    made = Frame({"value": ""}, min(len(flat), 5000))
    made.agents = np.arange(len(made.values))
    return made.next(now=now, extra=WatchView((look,), **view))


def frames(arrays: Iterable[NDArray[Any]], rate: float = 30.0, **look: Any) -> list[Frame]:
    """A frame for each array: one array at these moments."""
    return [
        frame(Look("a", data, number, number / rate, **look), number / rate)
        for number, data in enumerate(arrays, 1)
    ]


def scene(view: str = "") -> Scene:
    """A scene that has followed no frame."""
    return Scene(Settings(view))


def followed(arrays: Iterable[NDArray[Any]], view: str = "", **look: Any) -> Scene:
    """A scene that has followed these arrays."""
    made = scene(view)
    for one in frames(arrays, **look):
        made.follow(one)
    return made


def canvas_of(shown: Scene, size: tuple[int, int] = SIZE) -> Canvas:
    """A canvas for a scene, as the screen makes one."""
    surface = pygame.Surface(size, 0, 32)
    return Canvas(surface, (0, 0, *size), shown.ground(*size), THEME)


def drawn(shown: Scene, canvas: Canvas | None = None) -> Canvas:
    """The canvas that a scene was drawn on."""
    canvas = canvas or canvas_of(shown)
    shown.draw(canvas)
    return canvas


def pixels(canvas: Canvas) -> NDArray[Any]:
    """Its pixels, (width, height, 3)."""
    return seen.pixels(canvas.surface).astype(int)
