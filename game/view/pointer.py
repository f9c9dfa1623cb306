"""The pointer: what the mouse does, in the words of a person who points at things."""

from typing import NamedTuple

import pygame

SLACK = 4  # [px] a hand may tremble in a click


class Gesture(NamedTuple):
    """Something that was done with the mouse."""

    kind: str  # "click", "drag", "wheel"
    place: tuple[int, int]  # [px]
    by: tuple[float, float] = (0.0, 0.0)  # [px] of a drag; notches of a wheel, away from the hand


class Pointer:
    """Follows the mouse from event to event."""

    def __init__(self) -> None:
        self.place: tuple[int, int] | None = None  # [px] None: not over the window
        self._pressed: tuple[int, int] | None = None  # [px] where the button went down
        self._dragging = False

    def gesture(self, event: pygame.event.Event) -> Gesture | None:
        """What an event makes complete, if it is the mouse's and makes something so."""
        if event.type == pygame.MOUSEWHEEL:
            return Gesture("wheel", self.place or (0, 0), (event.x, event.y))
        if event.type == pygame.WINDOWLEAVE:
            self.place = None
        elif event.type == pygame.MOUSEMOTION:
            return self._moved(event.pos)
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            self.place = self._pressed = event.pos
            self._dragging = False
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1:
            return self._released(event.pos)
        return None

    def _moved(self, place: tuple[int, int]) -> Gesture | None:
        before, self.place = self.place or place, place
        if self._pressed is None:
            return None
        far = max(abs(place[0] - self._pressed[0]), abs(place[1] - self._pressed[1]))
        if not self._dragging and far <= SLACK:
            return None
        start = before if self._dragging else self._pressed
        self._dragging = True
        return Gesture("drag", place, (place[0] - start[0], place[1] - start[1]))

    def _released(self, place: tuple[int, int]) -> Gesture | None:
        pressed, self._pressed, self.place = self._pressed, None, place
        if pressed is None or self._dragging:
            return None
        return Gesture("click", pressed)
