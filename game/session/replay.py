"""The replay: a session whose frames come from a recording.

    events -> playback (where in it) -> player (follow) -> draw -> window

Asked by the app as a session is.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import pygame

from game.child.words import harmless
from game.frame import Frame
from game.meters import tidy
from game.options import Options
from game.recording.reading import FileTape
from game.scenes import one_line
from game.session import report
from game.session.controls import Controls, Parts
from game.session.ghost import Ghost
from game.session.past import Past
from game.session.playback import Playback, key_table
from game.session.player import Player
from game.session.stats import VALUES_KEPT
from game.view.screen import Screen
from game.view.window import LostDisplay, Window

LOST = (LostDisplay, pygame.error)
STALL = 0.5  # [s] at most that a frame goes on by, however long the one before took
RATE = 60.0  # [Hz] of a headless replay without --fps
NOTHING = 1e-9  # [s]


class Replay:
    """A recording in front of a person, or headless."""

    cast = monitor = debugged = None
    title = ""

    def __init__(
        self,
        options: Options,
        tape: FileTape,
        window: Window,
        screen: Screen,
        definition: Any,
        playback: Playback,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
        ghost: Ghost | None = None,
    ) -> None:
        self.options, self.definition = options, definition
        self.screen, self.window, self.tape = screen, window, tape
        self.agent_name = options.job.agent_names(definition)
        self.source = self.player = Player(tape, screen)  # report asks it for its frame
        self.given_up, self.lost, self.shown = "", False, 0
        self._clock, self._sleep = clock, sleep
        self._playback, self._ghost = playback, ghost
        self.past = Past(self.player, playback, self._tell)
        parts = Parts(screen, self.player, keeping=self)  # type: ignore[arg-type]
        self.controls = Controls(options, definition, window, parts, self._now)
        screen.keys.table = key_table(screen.keys.table)
        self._due = 0.0
        self._began = self._last = clock()
        self.player.show(playback.number)

    def _now(self) -> float:
        return self.player.frame.now

    def _tell(self, message: str) -> None:
        self.screen.hud.tell(message, self._now())

    # Keys that a recording has no use for.

    def record(self) -> None:
        """Nothing."""
        self._tell("this is a recording already: python -m game export FILE OUT makes a film of it")

    def wind_back(self) -> None:
        """Go to the beginning."""
        self._playback.home()

    # A frame.

    def frame(self) -> None:
        """Do everything once: keys, the moment, the picture; then wait for the next."""
        began = self._wait()
        try:
            for event in self.window.events():
                self.controls.handle(event)
        except LOST as error:
            self._lose(error)
            return
        self.past.advance(self._passed(began))
        self.shown += 1
        looked_at = not self.options.headless or self.over or self.cut_short
        if looked_at:  # where nobody looks, the last picture is enough
            self._draw()

    def _passed(self, began: float) -> float:
        """The time that the recording goes on by [s]: headless, that of one picture."""
        last, self._last = self._last, began
        if self.options.headless:
            return 1 / (self.options.fps or RATE)
        return min(began - last, STALL)

    def _wait(self) -> float:
        """Sleep until the next frame is due; returns when it begins [s]."""
        now = self._clock()
        if self.options.fps and not self.options.headless:
            if self._due > now:
                self._sleep(self._due - now)
            self._due = max(self._due, now - 1 / self.options.fps) + 1 / self.options.fps
        return self._clock()

    def _draw(self) -> None:
        status, time = self.past.status, self._playback.time
        if self._ghost:
            self._ghost.show(self.player.screen, time)
            words = filter(None, (status.detail, self._ghost.words(time)))
            status = status._replace(detail="; ".join(words))
        try:
            found = self.past.inspection(self.agent_name)
            self.screen.draw(self.window.surface, status, found)
        except Exception as error:  # nobody knows what stands in a file
            self.player.give_up(error)
        if raised := self.screen.scene.unheard():
            self._hear(raised)
        try:
            self.window.present()
        except LOST as error:
            self._lose(error)

    def _hear(self, error: str) -> None:
        """Pass on what the scene raised: of one from outside all, to whoever writes it."""
        if not self.definition.path:
            error = error.strip().rpartition("\n")[2]
        print(f"game: the scene could not be drawn: {harmless(error)}", file=sys.stderr)

    def _lose(self, error: Exception) -> None:
        self.lost = True
        print(f"game: the display is gone: {error}", file=sys.stderr)

    # The end.

    @property
    def cut_short(self) -> bool:
        """Whether it ends now."""
        options = self.options
        enough = bool(options.frames and self.shown >= options.frames)
        if options.seconds:
            enough |= self._clock() - self._began >= options.seconds
        return self.controls.closed or self.lost or enough

    dismissed = cut_short

    @property
    def over(self) -> bool:
        """Whether everything has been shown; in a window it stays."""
        return self.options.headless and (self._playback.ended or bool(self.player.broken))

    @property
    def held(self) -> bool:
        """Whether the last picture is kept: a window does so anyway."""
        return False

    def hold(self) -> None:
        """Nothing: the window stays by itself."""

    let_go = hold

    def finish(self) -> None:
        """Say where a recording is broken."""
        if self.player.broken:
            print(f"game: {harmless(self.player.broken)}", file=sys.stderr)

    def results(self) -> Iterator[str]:
        """Lines that the program prints when it ends."""
        return map(harmless, self.screen.scene.results())

    @property
    def status(self) -> int:
        """The exit status."""
        return int(self.lost or bool(self.player.broken))

    def last_picture(self) -> None:
        """Draw once more, all of it."""
        self.screen.renew()
        self._draw()

    def summary(self) -> dict[str, Any]:
        """What --stats writes: the run's own figures, as they stood at the frame that is shown;
        nothing where these are broken."""
        try:
            return self._summary()
        except Exception as error:  # nobody knows what stands in a file
            print(f"game: no figures are in the recording: {one_line(error)}", file=sys.stderr)
            return {}

    def _summary(self) -> dict[str, Any]:
        update, player = self.player.update, self.player
        if update is None:
            return {}
        counts, frame = update.own.get("counts") or {}, update.frame
        told = dict(update.own.get("stats") or {})
        last = player.at == self.tape.last
        if not last:
            seconds = self.tape.time(player.at)
            frames = int(counts.get("frames", 0))
            told |= {
                "frames": frames,
                "seconds": tidy(seconds),
                "fps": tidy(frames / seconds) if seconds > NOTHING else 0.0,
                "rows_torn_rejected": counts.get("rejected"),
                "rows_torn_shown": counts.get("shown_torn"),
                "restarts": counts.get("restarts"),
            }
        company = player.company
        known = company.members if company else {}
        told["agents"] = sum(one.agents for one in known.values())
        told["movers"] = [report.mover(self, company, slot) for slot in sorted(known)]  # type: ignore[arg-type]
        if not (last and "values" in told):
            told["values"] = first_values(frame)
        return told


def first_values(frame: Frame) -> Any:
    """The values as --stats has them: of agents, or the elements of somebody's array."""
    if frame.foreign:
        return frame.values.reshape(-1)[:VALUES_KEPT].tolist()
    return frame.values[frame.agents[:VALUES_KEPT]].tolist()
