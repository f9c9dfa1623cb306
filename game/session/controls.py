"""The controls: from the window's events to who does what they ask for.

    event ──> key ──> action ──> the first of the hands that has a method of that name
                                   the scene's own keys, the cast's, time's, the screen, these

Called by the session. A key whose part the session does not have says why when it is pressed.
"""

from collections.abc import Callable
from typing import NamedTuple

import pygame

from game.options import Options
from game.parts import ArrowKeys, Cast, Time
from game.scenes import Definition, SceneError, one_line
from game.session.cast_keys import CastKeys
from game.session.driving import Driving
from game.session.hold import Answer, answer
from game.session.host import NOBODY, SessionHost
from game.session.keeping import Keeping
from game.sources import Source
from game.view.hud import OVER, PAUSED
from game.view.keys import Key, KeyTable
from game.view.pointer import Pointer
from game.view.screen import Screen
from game.view.window import Window

WITHOUT = {
    "cast": NOBODY,
    "keeping": "nothing is kept here",
    "time": "time cannot be told to: what is shown runs by itself",
    "keys": "no mover of this run is driven by keys; --mover keys is, in some scenes",
}


class Parts(NamedTuple):
    """What a session is made of."""

    screen: Screen  # with the scene on it
    source: Source
    cast: Cast | None = None
    time: Time | None = None
    keys: ArrowKeys | None = None  # where a behaviour is driven by them
    keeping: Keeping | None = None  # what keeps the run, and winds it back


class Controls:
    """The hands of the person in front of the window."""

    def __init__(
        self,
        options: Options,
        definition: Definition,
        window: Window,
        parts: Parts,
        clock: Callable[[], float],
    ) -> None:
        screen, source, cast, pace, cells, keeping = parts
        self.closed = False  # the person asked to end
        self.held = False  # the run is over: what is on the screen stays until a key
        self.cast_keys = (
            CastKeys(cast, screen, self.tell, options.agents, options.capacity) if cast else None
        )
        self._keeping = keeping
        self._host = SessionHost(self.cast_keys, screen, self.tell)
        self._time = pace
        self._driving = Driving(cells) if cells else None
        self._options = options
        self._window = window
        self._screen = screen
        self._clock = clock
        self._pointer = Pointer()
        own = definition.offers("keys", "Keys")
        hands = (
            own(source, self._host) if own else None,
            self.cast_keys,
            self._driving,
            pace,
            keeping,
            screen,
            screen.wishes,
            self,
        )
        self._hands = [hand for hand in hands if hand is not None]
        self._missing = {need: WITHOUT[need] for need in WITHOUT if getattr(parts, need) is None}
        for key in definition.offers("keys", "KEYS") or ():
            if not any(hasattr(hand, key.action) for hand in self._hands):
                raise SceneError(f"{definition.path}: KEYS: no method does {key.action!r}")
        self._outside = bool(definition.path)
        keys = KeyTable(definition.offers("keys", "KEYS") or (), screen.scene.layers)
        self._keys = screen.keys.table = keys
        screen.keys.missing = self._missing

    def handle(self, event: pygame.event.Event) -> None:
        """Do what an event asks for."""
        past = self._keeping.past if self._keeping else None
        if self._driving and not past and self._driving.takes(event):
            return
        if event.type == pygame.QUIT:
            self.closed = True
        elif past and past.handle(event):
            pass
        elif event.type == pygame.KEYDOWN:
            key = self._keys.pressed(event)
            if self.held and not past:
                self._answer(event, key)
            elif key:
                self._do(key)
        elif gesture := self._pointer.gesture(event):
            self._screen.point(gesture)

    def _answer(self, event: pygame.event.Event, key: Key | None) -> None:
        """Do what a key asks of a run that is over."""
        meant = answer(event, key)
        self.held = self.held and meant is not Answer.AGAIN
        self.closed = self.closed or meant is Answer.END
        if key and meant in (Answer.LOOK, Answer.AGAIN):
            self._do(key)

    def _do(self, key: Key) -> None:
        """Do what a key stands for, or say why not."""
        if key.needs in self._missing:
            self.tell(f"{key.label}: {self._missing[key.needs]}")
            return
        if key.action == "wind_back" and self._driving:
            self._driving.let_go()
        doing = next(hand for hand in self._hands if hasattr(hand, key.action))
        try:
            getattr(doing, key.action)()
        except Exception as error:
            if not self._outside:
                raise
            self.tell(f"{key.label}: {one_line(error)}")

    @property
    def paused(self) -> bool:
        """Whether simulated time stands still."""
        return self._time is not None and self._time.paused

    @property
    def pace_shown(self) -> str:
        """The speed in words, "" when it is the normal one."""
        if self.held:
            return OVER
        if self.paused:
            return PAUSED
        return "" if self.speed == 1 else f"{self.speed:g}x"

    @property
    def speed(self) -> float:
        """How many times as fast as normal simulated time is to run."""
        return self._time.speed if self._time else 1.0

    @property
    def refills(self) -> bool:
        """Whether the movers of the start are still to come."""
        return self.cast_keys is not None and self.cast_keys.refills

    def refill(self) -> None:
        """Add the movers of the start, once it is their time."""
        if self.cast_keys:
            self.cast_keys.refill()

    def full_screen(self) -> None:
        """Fill the screen, or go back to the window."""
        self._window.toggle_full_screen()

    def screenshot(self) -> None:
        """Save a picture into the current folder."""
        self._host.save(".png", self._window.save)

    def escape(self) -> None:
        """Close the help if it is open, or deselect, else end."""
        if self._screen.keys.open:
            self._screen.keys.open = False
        elif self._screen.selected >= 0:
            self._screen.selected = -1
        else:
            self.closed = True

    def tell(self, message: str) -> None:
        """Show a message for some seconds."""
        self._screen.hud.tell(message, self._clock())
