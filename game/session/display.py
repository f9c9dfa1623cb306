"""The display: the live run or the past, drawn into the window; the run goes on without it.

Made by the session, which asks for a picture in each frame.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pygame

from game.frame import Frame
from game.session.announcer import warn
from game.session.inspector import inspect
from game.session.past import Past
from game.session.process_stats import ProcessStats
from game.view.hud import Status
from game.view.inspector import Inspection
from game.view.window import LostDisplay, Window

if TYPE_CHECKING:
    from game.session.session import Session

LOST = (LostDisplay, pygame.error)  # what the window raises without a display
LEAP = 0.5  # [s] at most that the past goes on by from one picture to the next


class Display:
    """Shows a session to the person in front of it."""

    def __init__(self, session: "Session", window: Window, clock: Callable[[], float]) -> None:
        self.lost = False  # it is gone, and with it whoever looked on
        self._session, self._window, self._clock = session, window, clock
        self._screen = session.screen
        self._process_stats = ProcessStats()
        self._drawn = clock()  # [s] when the last picture was

    def events(self) -> list[pygame.event.Event]:
        """What the person has done; nothing, where the display is gone."""
        try:
            return self._window.events()
        except LOST as error:
            self._lose(error)
            return []

    def show(self, frame: Frame, status: Status) -> None:
        """Draw the run as it is now."""
        session, found, selected = self._session, None, self._screen.selected
        if session.cast:
            session.cast.select(selected)
        if selected >= 0:
            found = inspect(session.cast, frame, selected, self._process_stats, session.agent_name)
            if found is None:
                self._screen.selected = -1
            elif session.held:
                found = found._replace(hint="")  # at those keys, which would end it
        self._drawn = self._clock()
        self._present(status, found)

    def show_past(self, past: Past, now: float) -> None:
        """Draw what the person has gone back to."""
        past.advance(min(now - self._drawn, LEAP))
        self._drawn = now
        self._present(past.status, past.inspection(self._session.agent_name))

    def _present(self, status: Status, found: Inspection | None) -> None:
        keeping = self._session.keeping
        if keeping and keeping.recording:
            status = status._replace(figures=("recording", *status.figures))
        self._screen.draw(self._window.surface, status, found)
        if error := self._screen.scene.unheard():
            warn(f"game: the scene could not be drawn\n{error}")
        if self.lost:
            return
        try:
            self._window.present()
        except LOST as error:
            self._lose(error)

    def _lose(self, error: Exception) -> None:
        self.lost = True
        warn(f"game: the display is gone: {error}")
