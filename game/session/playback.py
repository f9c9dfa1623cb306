"""Playback: where in a tape one is, how fast one goes on from there, and the keys for both.

Used by replay, and by the live session that winds back.
"""

from collections.abc import Sequence
from copy import copy

import pygame

from game.recording.tape import Mark, Tape
from game.view.keys import Key, KeyTable
from game.view.timeline import Timeline

SLOWEST, FASTEST = 1 / 16, 64.0  # times as fast as it was
SECOND = 1.0  # [s] that Shift with an arrow goes

KEYS = (
    Key("Left Right", "", "a frame back, on (Shift: a second)", "", ()),
    Key("Home End", "", "the beginning, the end", "", ()),
    Key("Space", "pause", "play, stop", " ", (pygame.K_SPACE,)),
    Key("Up Down", "", "play forwards, backwards", "", ()),
    Key("[ ]", "", "half, double the speed", "", ()),
    Key("N", "next_mark", "the next mark", "nN", (pygame.K_n,)),
)
NOW = Key("Esc", "", "return to now", "", ())  # where there is a now
ACTIONS = {
    pygame.K_LEFT: "back",
    pygame.K_RIGHT: "on",
    pygame.K_HOME: "home",
    pygame.K_END: "end_",
    pygame.K_UP: "forwards",
    pygame.K_DOWN: "backwards",
    pygame.K_LEFTBRACKET: "slower",
    pygame.K_RIGHTBRACKET: "faster",
    pygame.K_BACKSPACE: "normal",
    pygame.K_SPACE: "pause",
    pygame.K_n: "next_mark",
}
TYPED = {"[": "slower", "]": "faster", "n": "next_mark", "N": "next_mark"}


class Playback:
    """A moment of a tape, and how it goes on."""

    def __init__(self, tape: Tape, start: float | None = None, end: float | None = None) -> None:
        """From `start` on, up to `end` [s]: by default all of it."""
        self.tape = tape
        self._start, self._end = start, end
        self.time = self.start  # [s]
        self.speed = 1.0
        self.paused = False
        self.direction = 1
        self.told = ""  # what the last key has to say

    @property
    def start(self) -> float:
        """Where it begins [s]."""
        first = self.tape.time(self.tape.first)
        return first if self._start is None else max(first, self._start)

    @property
    def end(self) -> float:
        """Where it ends [s]."""
        last = self.tape.time(self.tape.last)
        return last if self._end is None else min(last, self._end)

    @property
    def ended(self) -> bool:
        """Whether there is nothing after this moment."""
        return self.time >= self.end

    @property
    def goes_on(self) -> bool:
        """Whether the moment will be another one."""
        there = self.time > self.start if self.direction < 0 else not self.ended
        return there and not self.paused

    @property
    def number(self) -> int:
        """The update that is shown at this moment."""
        return self.tape.at(self.time)

    @property
    def words(self) -> str:
        """How it goes on, "" as fast as it was."""
        if self.ended and self.direction > 0:
            return "the end" if self.end >= self.tape.time(self.tape.last) else "the end (--to)"
        if self.time <= self.start and self.direction < 0:
            return "the beginning"
        if self.paused:
            return "stopped"
        speed = "" if self.speed == 1 else f"{self.speed:g}x"
        return f"{speed} backwards".strip() if self.direction < 0 else speed

    def advance(self, passed: float) -> None:
        """Go on by so much real time [s]."""
        if not self.paused:
            self.go(self.time + passed * self.speed * self.direction)

    def go(self, time: float) -> None:
        """Be at a moment [s], as far as there is one."""
        self.time = min(max(time, self.start), self.end)

    def timeline(self, origin: float = 0.0, live: bool = False) -> Timeline:
        """What the timeline shows; `origin` is what its times count from [s]."""
        marks = [mark for mark in self.tape.marks if self.start <= mark.time <= self.end]
        return Timeline(self.start, self.end, self.time, marks, origin, self.words, live)

    # Keys.

    def pressed(self, event: pygame.event.Event) -> bool:
        """Do what a KEYDOWN event asks for; whether it was one of these keys."""
        action = TYPED.get(getattr(event, "unicode", "")) or ACTIONS.get(event.key)
        if action is None:
            return False
        far = bool(getattr(event, "mod", 0) & pygame.KMOD_SHIFT)
        if action in ("back", "on"):
            self.step(-1 if action == "back" else 1, far)
        else:
            getattr(self, action)()
        return True

    def step(self, direction: int, far: bool) -> None:
        """Go a frame or a second back or on, and stop there."""
        self.paused = True
        if far:
            self.go(self.time + direction * SECOND)
        else:
            self.go(self.tape.time(self.number + direction))

    def home(self) -> None:
        """Go to the beginning."""
        self.go(self.start)

    def end_(self) -> None:
        """Go to the end."""
        self.go(self.end)

    def pause(self) -> None:
        """Stop, or go on; from the end, begin again, and from the beginning, where it went
        backwards to, forwards."""
        if self.ended and self.direction > 0:
            self.paused = False
            self.home()
        elif self.time <= self.start and self.direction < 0:
            self.forwards()
        else:
            self.paused = not self.paused

    def forwards(self) -> None:
        """Play forwards."""
        self.direction, self.paused = 1, False

    def backwards(self) -> None:
        """Play backwards."""
        self.direction, self.paused = -1, False

    def slower(self) -> None:
        """Halve the speed."""
        self.speed = max(SLOWEST, self.speed / 2)

    def faster(self) -> None:
        """Double the speed."""
        self.speed = min(FASTEST, self.speed * 2)

    def normal(self) -> None:
        """As fast as it was."""
        self.speed = 1.0

    def next_mark(self) -> None:
        """Go to the next mark, and stop there; after the last one, to the first."""
        marks: Sequence[Mark] = [m for m in self.tape.marks if self.start <= m.time <= self.end]
        later = [mark for mark in marks if self.tape.at(mark.time) > self.number]
        found = next(iter(later or marks), None)
        if found is None:
            self.told = "there is no mark"
            return
        self.paused = True
        self.go(found.time)
        self.told = found.words


def key_table(table: KeyTable, live: bool = False) -> KeyTable:
    """The keys of a session as they are while it plays: those of the tape, and those that look."""
    mine = (*KEYS, NOW) if live else KEYS
    taken = {label for key in mine for label in key.label.split()}
    shown = copy(table)
    others = (key for key in table.keys if not key.needs and key.label not in taken)
    shown.keys = (*mine, *others)
    return shown
