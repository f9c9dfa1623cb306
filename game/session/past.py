"""The past: a tape on the screen, with the keys and the timeline to go about in it.

Asked by the controls for each event, and by the session for each picture.
"""

from collections.abc import Callable

import pygame

from game.frame import Frame
from game.session.company import NoStats
from game.session.inspector import inspect
from game.session.playback import Playback
from game.session.player import Player
from game.view.hud import Status
from game.view.inspector import Inspection
from game.view.keys import Key

THERE = "that is done to what is there now: Esc returns to it"
GONE = "that is done to a run, and this is a recording of one"


class Past:
    """What was recorded, as it is shown at this moment."""

    def __init__(
        self,
        player: Player,
        playback: Playback,
        tell: Callable[[str], None],
        leave: Callable[[], None] | None = None,
    ) -> None:
        """`leave` returns to now; None: there is none, the recording is all that there is."""
        self.player, self.playback = player, playback
        self._tell, self._leave = tell, leave
        self._dragging = False
        self._shown = (-1, "")

    def handle(self, event: pygame.event.Event) -> bool:
        """Do what an event asks for; whether it was one for the past."""
        if event.type == pygame.KEYDOWN:
            return self._key(event)
        if event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            time = self.player.screen.timeline.moment_at(event.pos)
            self._dragging = time is not None
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._dragging:
            self._dragging = False
            return True
        elif not (event.type == pygame.MOUSEMOTION and self._dragging):
            return False
        if self._dragging:
            self.playback.paused = True
            time = self.player.screen.timeline.moment_at(event.pos, beside=True)
            if time is not None:
                self.playback.go(time)
        return self._dragging

    def _key(self, event: pygame.event.Event) -> bool:
        screen = self.player.screen
        key = screen.keys.table.pressed(event) if screen.keys.table else None
        if self._leave and self._returns(event.key, key):
            self._leave()
            return True
        if self.playback.pressed(event):
            if self.playback.told:
                self._tell(self.playback.told)
                self.playback.told = ""
            return True
        live = key is not None and (key.live or (self._leave and key.needs in ("cast", "time")))
        if key and live:
            self._tell(f"{key.label}: {THERE if self._leave else GONE}")
            return True
        return False

    def _returns(self, code: int, key: Key | None) -> bool:
        """Whether a key returns to now. Esc does where there is nothing nearer that it ends."""
        screen = self.player.screen
        if code == pygame.K_ESCAPE:
            return not screen.keys.open and screen.selected < 0
        return code == pygame.K_END or (key is not None and key.action == "wind_back")

    def advance(self, passed: float) -> Frame:
        """Go on by so much real time [s]; returns the frame of that moment."""
        if not self._dragging:
            self.playback.advance(passed)
        before, then = self.player.at, self.player.frame.now
        self.player.show(self.playback.number)
        self.player.screen.hud.carry(self.player.frame.now - then - passed)
        if (self.player.at, self.playback.words) != self._shown or before != self.player.at:
            self.player.screen.renew()  # what is read is of exactly this moment
            self._shown = self.player.at, self.playback.words
        return self.player.frame

    @property
    def status(self) -> Status:
        """What the header tells."""
        told, live = self.player.status, self._leave is not None
        origin = 0.0 if not live else self.playback.end
        now = ("Esc  now",) if live else ()
        space = "Space  stop" if self.playback.goes_on else "Space  play"
        keys = ("H  all keys", *now, space, "Left Right  frame by frame", "N  next mark")
        return told._replace(
            pace=self._pace(live),
            hint="     ".join(keys),
            timeline=self.playback.timeline(origin, live),
            progress=None,
        )

    def _pace(self, live: bool) -> str:
        words = self.player.broken or self.playback.words
        where = "wound back" if live else "replay"
        return f"{where}, {words}" if words else where

    def inspection(self, agent_name: Callable[[int], str]) -> Inspection | None:
        """What was known of the selected agent."""
        selected = self.player.screen.selected
        if selected < 0:
            return None
        found = inspect(self.player.company, self.player.frame, selected, NoStats(), agent_name)
        if found is None:
            return None
        facts = [(label, value) for label, value in found.facts if value]  # CPU: nobody knows
        return found._replace(facts=facts, hint="")
