"""The views: ways to draw the elements of one array, a file each. Called by the scene.

A view remembers nothing of frames; what it keeps are pictures that take time to make.
"""

from abc import ABC, abstractmethod

import pygame

from game.scenes.watch.elements import Elements
from game.scenes.watch.watched import Watched
from game.view.canvas import Canvas


class View(ABC):
    """A way to draw an array into an area of the ground [px]."""

    wants = ""  # what an array has to be for it, in words, for a person who asks in vain

    @abstractmethod
    def fits(self, elements: Elements) -> bool:
        """Whether an array can be drawn that way."""

    @abstractmethod
    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the elements as they are now; returns what the person should know of the picture,
        in a few words."""

    @abstractmethod
    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The elements that are drawn at a place [px]; an empty range for none."""

    def box(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, element: int
    ) -> pygame.Rect | None:
        """Where an element is drawn [px], for a frame around it; None: it cannot be said."""
        return None


def one(element: int) -> range:
    """The range of one element."""
    return range(element, element + 1)


NOTHING = range(0)
