"""The announcer: passes on what happens, to the window, the terminal and the figures.

Made by the session, which tells it of events. While the past is shown, a message stands at the
moment that is shown, and what happens waits for the line of events.
"""

import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from game.parts import Event
from game.session.events import sentence
from game.session.keeping import Keeping
from game.session.past import Past
from game.session.stats import Stats
from game.view.screen import Screen

WORDS_KEPT = 1000  # last words, the newest


class Announcer:
    """Tells a person what becomes of a run."""

    def __init__(
        self, screen: Screen, keeping: Keeping | None, stats: Stats, clock: Callable[[], float]
    ) -> None:
        self.failures = 0  # of processes
        self._screen, self._keeping, self._stats, self._clock = screen, keeping, stats, clock
        # Last words that stand in the terminal already.
        self._printed: deque[int] = deque(maxlen=WORDS_KEPT)

    @property
    def past(self) -> Past | None:
        """What the person has gone back to, while the run goes on behind it."""
        return self._keeping.past if self._keeping else None

    def shown_time(self) -> float:
        """The moment that is shown, which messages are told at [s]."""
        return self.past.player.frame.now if self.past else self._clock()

    def note(self, words: str) -> None:
        """Have something stand in the line of events, once that is of this time."""
        note = self._keeping.note if self._keeping and self.past else self._screen.hud.note
        note(words, self._clock())

    def alarm(self, words: str) -> None:
        """Tell in the window that something is amiss."""
        self._screen.hud.tell(words, self.shown_time(), alarm=True)

    def tell(self, words: str, alarm: bool) -> None:
        """Tell something in the window and in the terminal."""
        self.note(words)
        self._screen.hud.tell(words, self.shown_time(), alarm)
        warn(f"game: {words}")

    def happened(self, events: Sequence[Event]) -> None:
        """Tell what happened to movers."""
        for event in events:
            if not event.told:
                self._tell_of(event)
            if event.failed:
                self._died(event)

    def _tell_of(self, event: Event) -> None:
        words = sentence(event.name, event.why)
        self.note(words)
        if event.failed or event.slot < 0:
            self.alarm(words)
            warn(f"game: {event.name}: {event.why}")

    def _died(self, event: Event) -> None:
        self.failures += 1
        if event.last_words and hash(event.last_words) not in self._printed:
            self._printed.append(hash(event.last_words))
            warn(event.last_words)
        self._stats.died += 1
        there = {"host": event.host} if event.host else {}
        self._stats.deaths.append({"name": event.name, "pid": event.pid, "why": event.why, **there})


def warn(line: str) -> None:
    """Print a line to the terminal, if there is one that listens."""
    with suppress(OSError, ValueError):
        print(line, file=sys.stderr, flush=True)
