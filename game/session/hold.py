"""A run that is over, and whose last picture is held: what a key means then.

Asked by the controls. A key that only looks does what it always does; R begins again; every other
one ends, but for those that a person presses without meaning this window, or in the belief that
the run goes on.
"""

from enum import Enum

import pygame

from game.view.keys import Key
from game.view.screen import Screen
from game.view.wishes import Wishes

# Actions that only look, besides the screen's; Esc closes and deselects before it ends.
LOOKS = ("full_screen", "screenshot", "escape", "wind_back")
TOO_LATE = ("slower", "faster", "normal", "step")  # pressed again and again while a run goes on
AGAIN = "start_again"
HINT = (
    "The run is over: any key closes it     R  start again     G  wind back     "
    "H Tab 0 I B ...  look around"
)
# Keys that mean something only together with others, or to the desktop.
MODIFIERS = {
    *(pygame.K_LSHIFT, pygame.K_RSHIFT, pygame.K_LCTRL, pygame.K_RCTRL, pygame.K_LALT),
    *(pygame.K_RALT, pygame.K_LMETA, pygame.K_RMETA, pygame.K_MODE, pygame.K_CAPSLOCK),
    *(pygame.K_NUMLOCK, pygame.K_SCROLLLOCK, pygame.K_PRINTSCREEN),
}
DESKTOP = pygame.KMOD_ALT | pygame.KMOD_META  # held down: Alt-Tab and its like


class Answer(Enum):
    """What a key is, to a run that is over."""

    LOOK = 1
    AGAIN = 2
    NOTHING = 3
    END = 4


def answer(event: pygame.event.Event, key: Key | None) -> Answer:
    """What a KEYDOWN event means, which is that `key` of the table, if it is one."""
    action = key.action if key else ""
    if action in LOOKS or (action and (hasattr(Screen, action) or hasattr(Wishes, action))):
        return Answer.LOOK
    if action == AGAIN:
        return Answer.AGAIN
    if action in TOO_LATE or event.key in MODIFIERS or getattr(event, "mod", 0) & DESKTOP:
        return Answer.NOTHING
    return Answer.END
