"""The pointer: what the mouse does, in the words of a person who points at things."""

from typing import NamedTuple

import pygame

SLACK = 4  # [px] a hand may tremble in a click
NOWHERE = (-1, -1)  # [px] where the mouse is when it is not over the window


class Gesture(NamedTuple):
    """Something that was done with the mouse."""

    kind: str  # "click", "drag", "wheel", "hover"
    place: tuple[int, int]  # [px] of a click and a drag: where the button went down
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
            # A touchpad's parts of a notch, where SDL knows them.
            by = getattr(event, "precise_x", event.x), getattr(event, "precise_y", event.y)
            return Gesture("wheel", self.place or pygame.mouse.get_pos(), by)
        if event.type == pygame.WINDOWLEAVE:
            self.place = None
            return Gesture("hover", NOWHERE)
        elif event.type == pygame.MOUSEMOTION:
            if not getattr(event, "buttons", (1,))[0]:  # let go where nobody told us
                self._pressed = None
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
            return Gesture("hover", place)
        far = max(abs(place[0] - self._pressed[0]), abs(place[1] - self._pressed[1]))
        if not self._dragging and far <= SLACK:
            return None
        start = before if self._dragging else self._pressed
        self._dragging = True
        return Gesture("drag", self._pressed, (place[0] - start[0], place[1] - start[1]))

    def _released(self, place: tuple[int, int]) -> Gesture | None:
        pressed, self._pressed, self.place = self._pressed, None, place
        if pressed is None or self._dragging:
            return None
        return Gesture("click", pressed)
