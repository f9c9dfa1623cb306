"""Keeping: the last seconds in memory and a recording in a file, beside the live run.

A hand of the controls: its methods have the names of the actions in game.view.keys. Asked by the
session, and closed by the app.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import Any

from game.options import Options
from game.recording import RecordingError
from game.recording.file import Writer
from game.recording.memory import Memory
from game.recording.recorder import Recorder, Sink
from game.scenes import one_line
from game.session.past import Past
from game.session.playback import Playback, key_table
from game.session.player import Player
from game.session.saving import words
from game.view.keys import KeyTable
from game.view.numbers import in_bytes
from game.view.screen import Screen

WAIT = 0.1  # [s] at most for what is still to be kept
BACK = 5.0  # [s] that one goes back at first


class Keeping:
    """What of a run is kept."""

    def __init__(
        self,
        options: Options,
        about: Callable[[], Mapping[str, Any]],
        make_screen: Callable[[], Screen],
        screen: Screen,
        clock: Callable[[], float],
        quiet: bool = False,
    ) -> None:
        """`about` gives what a file says of the run; `make_screen` makes one more like `screen`,
        for the run that goes on behind the past; nothing is said of a recording that is `quiet`: a
        film is made of it."""
        self.recorder = Recorder(self._failed, options.record_float32)
        self.past: Past | None = None
        self.behind: Screen | None = None  # follows the live run while the past is shown
        self._about, self._make_screen = about, make_screen
        self._screen, self._clock = screen, clock
        self._news: list[str] = []  # from the thread: lines for the person
        self._keys: KeyTable  # of the live run, while the past is shown, and
        self._events: list[tuple[float, str]] = []  # what happened to it [s], the newest last
        self._memory: Memory | None = None
        self._nothing = "nothing is kept: --keep SECONDS"  # without a memory
        self._writer: Writer | None = None
        self._quiet = quiet
        self._whole = True  # no recording had to end before its time
        self.begun = False  # somebody listens who has not got everything yet
        if options.keep:
            self._remember(options.keep, options.keep_memory)
        if options.record:
            self.begin(options.record)

    def _remember(self, seconds: float, room: float) -> None:
        """Keep the last seconds in memory [MB], where there is as much."""
        try:
            self._memory = Memory(seconds, round(room * 1e6))
        except MemoryError:
            self._nothing = f"nothing is kept: there are no {room:,g} MB for it (--keep-memory)"
            self._news.append(self._nothing)
        else:
            self.recorder.add(self._memory)

    # Keys.

    def record(self) -> None:
        """Begin to record into a file in the current folder, or end that."""
        if self._writer and self._quiet:
            self._tell("all of this run is recorded already, for --film")
        elif self._writer:
            self._tell(self.end())
        else:
            self._begin_here()

    def _begin_here(self) -> None:
        stem = f"{self._screen.name}-{time.strftime('%Y%m%d-%H%M%S')}"
        names = chain((f"{stem}.mcap",), (f"{stem}-{number}.mcap" for number in count(2)))
        path = next(name for name in names if not os.path.lexists(name))
        try:
            self.begin(path)
            self._tell(f"recording into {path}")
        except OSError as error:
            self._tell(f"not recorded: {path}: {words(error)}")
        except RecordingError as error:
            self._tell(f"not recorded: {error}")

    def wind_back(self) -> None:
        """Show the last seconds again, while the run goes on."""
        memory = self._memory
        if memory is None:
            self._tell(self._nothing)
            return
        self.recorder.wait(WAIT)
        if memory.last < memory.first:
            self._tell(memory.words)
            return
        screen, self.behind = self._screen, self._make_screen()
        self.behind.restore(screen.checkpoint())
        self.behind.resets, self.behind.scene.resets = screen.resets, screen.scene.resets
        self.behind.table.rows.room = screen.table.rows.room
        self._keys, screen.keys.table = screen.keys.table, key_table(screen.keys.table, live=True)
        self._events = list(reversed(screen.hud.events))
        playback = Playback(memory)
        playback.go(memory.time(memory.last) - BACK)
        self.past = Past(Player(memory, screen), playback, self._tell, self.return_to_now)
        self._tell(f"wound back: {memory.words}")

    def return_to_now(self) -> None:
        """Show the live run again."""
        behind, screen = self.behind, self._screen
        if behind is not None:
            screen.restore(behind.checkpoint())
            screen.resets, screen.scene.resets = behind.resets, behind.scene.resets
            screen.hud.fall_silent()
            screen.keys.table = self._keys
            screen.hud.forget()
            for when, event in self._events:
                screen.hud.note(event, when)
        self.past = self.behind = None

    def note(self, event: str, now: float) -> None:
        """Keep what happens to the run, for the line of events once the past is left."""
        self._events.append((now, event))

    def _tell(self, message: str) -> None:
        now = self.past.player.frame.now if self.past else self._clock()
        self._screen.hud.tell(message, now)

    # The file.

    def begin(self, path: str) -> None:
        """Record into a file; OSError or RecordingError where that cannot be."""
        writer = Writer(path, self._about(), time.time())
        self._writer = writer
        self.recorder.add(writer)
        self.begun = True

    @property
    def recording(self) -> bool:
        """Whether a file is written that somebody asked for."""
        return self._writer is not None and not self._quiet

    def end(self) -> str:
        """End the recording; returns what is to be said of it."""
        writer, self._writer = self._writer, None
        if writer is None:
            return ""
        self.recorder.remove(writer)
        if writer.failed or self._quiet:
            return ""
        instead = ", in the place of an earlier one" if writer.replaces else ""
        left = self.recorder.left_out
        less = f"; {left:,} updates were left out, there was no time for them" if left else ""
        said = f"{writer.seconds:.1f} s, {in_bytes(writer.size)}"
        return f"recorded {writer.path}: {said}{instead}{less}"

    def _failed(self, sink: Sink, error: Exception) -> None:
        """Called from the thread: a sink cannot go on."""
        if isinstance(sink, Writer):
            sink.failed = True
            sink.close()
            self._whole = False
            why = words(error) if isinstance(error, OSError) else one_line(error)
            place = f"{sink.path}: {why}"
            self._news.append(f"recording ended: {place}; it is good up to {sink.seconds:.1f} s")

    def news(self) -> list[str]:
        """Lines that nobody has been told yet."""
        if self._memory and self._memory.too_large:
            self.recorder.drop(self._memory)  # what is too large once is not worth the work
        if not self._news:
            return []
        found, self._news = self._news, []
        if self._writer and self._writer.failed:
            self._writer = None
        return found

    def close(self) -> bool:
        """Write what waits, and say what was recorded; whether that is all that was to be."""
        lines = [*self.news(), self.end(), *self.news()]
        self.recorder.close()
        for line in filter(None, lines):
            print(f"game: {line}", file=sys.stderr)
        return self._whole
