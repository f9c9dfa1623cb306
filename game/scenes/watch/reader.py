"""The watching source: frames of memory that is somebody else's.

    subject ──find──> memory ──copy, a part a frame──> Look ──> Frame

It knows what a person wants to see of it (type, shape, which array), and guesses the rest. It
never writes, takes a lock, or waits.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from game.attach import AttachError
from game.attach.elements import TYPES
from game.attach.subjects import Found, Subject
from game.frame import Frame
from game.options import Options
from game.parts import Cast
from game.scenes import SceneError
from game.scenes.watch import Settings
from game.scenes.watch.attached import Attached, Wish
from game.scenes.watch.checking import Checker
from game.scenes.watch.looks import Look, WatchView
from game.shared.table import Table
from game.sources.values import framed

CHOOSING = 2.0  # [s] in which the first array that changes takes the place of one that does not
PEEK = 1 << 16  # [bytes] of each array that are compared for that
FLAT = 1000  # values that --stats keeps


def make_source(
    table: Table | None, cast: Cast | None, options: Options, clock: Callable[[], float]
) -> "WatchSource":
    """The source of a run with these options; nothing of it is ours but the copies."""
    settings: Settings = options.job.settings
    try:
        return WatchSource(settings, clock())
    except AttachError as error:  # what was there a moment ago
        raise SceneError(str(error)) from None


class WatchSource:
    """Reads one of the subject's arrays, a copy a frame or as often as its size allows."""

    rejected = shown_torn = 0  # nobody can know that of memory without sequence numbers
    unsettled = False

    def __init__(self, settings: Settings, now: float) -> None:
        self._subject: Subject = settings.subject
        self._wish: Wish = settings.wish
        self._attached: list[Attached] = []
        self._memories: list[int] = []  # what was found last
        self._refused = ""  # why an array that is there cannot be shown
        self._peeked: dict[int, bytes] = {}
        self._began = now
        self._chosen = self._wish.array is not None
        self._shown = self._wish.array or 0
        self._gone = ""
        self.updates = 0  # copies in which something had changed
        self.frame = Frame({"value": ""}, 0)
        self._by_name = settings.handle >= 0  # arrays were handed over, with names
        self._checker: Checker | None = None
        if settings.check:
            self._checker = Checker(settings.check, settings.settled, settings.handle)
        self._subject.begin()

    # What a session asks of any source.

    @property
    def ended(self) -> bool:
        """Whether its program has ended."""
        return bool(self._gone)

    @property
    def recalled(self) -> bool:
        """Whether the program that opened this window wants it closed."""
        return self._subject.recalled

    @property
    def status(self) -> int:
        """1 where the check was violated, or looked at nothing; else that of the program that was
        started for it."""
        amiss = self._checker is not None and self._checker.amiss
        return int(amiss) or self._subject.status

    def read(self, now: float) -> Frame:
        """The frame of this moment."""
        self._gone = self._gone or self._subject.gone(now)
        self._take(self._subject.find(now))
        if not self._chosen:
            self._choose(now)
        attached = self._now_shown()
        fresh = attached.follow(now) if attached else False
        self.updates += fresh
        if attached and fresh:
            self.frame = framed(
                self.frame, attached.data, attached.columns, now, attached.elements.offset
            )
        if self._checker and attached:
            self._checker.follow(self._checked(attached), now)
        view = self._view()
        self.frame = self.frame.next(now=now, extra=view, **({} if fresh else self._still()))
        return self.frame

    def _still(self) -> dict[str, Any]:
        """What a frame says in which nothing is new."""
        return {"fresh": np.zeros(len(self.frame.fresh), np.bool_)}

    def reset_silence(self, now: float) -> None:
        """Nobody is blamed for a silence."""

    def figures(self) -> dict[str, Any]:
        """What was read, for --stats."""
        attached = self._now_shown()
        checked = self._checker.figures() if self._checker else {}
        if attached is None:
            return {"values": [], "watch": {"dtype": None, "shape": None, "reads": 0, **checked}}
        return {
            "values": attached.data.reshape(-1)[:FLAT].tolist(),
            "watch": {
                "dtype": str(attached.data.dtype),
                "shape": list(attached.data.shape),
                "reads": attached.reads,
                "changed": attached.changed,
                "mid_write": attached.mid_write,
                **checked,
            },
        }

    def finish(self) -> None:
        """Take in what the check has found last."""
        if self._checker:
            self._checker.finish()

    def close(self) -> None:
        """Let go of the memory, and end what was started."""
        if self._checker:
            self._checker.close()
        self._subject.close()

    # What the keys do.

    @property
    def look(self) -> Look | None:
        """What is shown."""
        attached = self._now_shown()
        return attached.look() if attached else None

    def next_array(self) -> str:
        """Show the next array; returns its name."""
        self._chosen = True
        if self._attached:
            self._shown = (self._shown + 1) % len(self._attached)
            self.frame = Frame({"value": ""}, 0).next(now=self.frame.now)
        attached = self._now_shown()
        return attached.name if attached else "nothing"

    def next_kept(self) -> str:
        """Show the next violation that was kept, or what is there now; returns what to say."""
        if self._checker is None:
            return "nothing is checked: --check EXPRESSION"
        which = self._checker.next_kept()
        return f"the {which} violation" if which else "what is there now"

    def violations(self) -> Callable[[str], None] | None:
        """What writes those that were kept into a file; None where there are none."""
        return self._checker.saver() if self._checker else None

    def next_type(self) -> str:
        """Take the bytes for numbers of the next type; returns what is to be said of it."""
        attached = self._now_shown()
        if attached is None:
            return "there is nothing yet"
        if attached.known:
            return f"its type is known: {attached.data.dtype}"
        name = np.dtype(attached.data.dtype).str[1:]
        at = TYPES.index(name) + 1 if name in TYPES else 0
        try:
            attached.retype(np.dtype(TYPES[at % len(TYPES)]))
        except AttachError as error:  # --shape, which not every type fits
            return str(error)
        return f"read as {attached.data.dtype}"

    # A frame, part by part.

    def _now_shown(self) -> Attached | None:
        return self._attached[self._shown] if self._shown < len(self._attached) else None

    def _checked(self, shown: Attached) -> dict[str, Attached]:
        """What the check is about: all that was handed over by name, else what is shown."""
        return {one.name: one for one in self._attached} if self._by_name else {"a": shown}

    def _take(self, found: Sequence[Found]) -> None:
        """Take in memory that is new, and let go of what is there no more."""
        if [id(piece.memory) for piece in found] == self._memories:
            return
        self._memories = [id(piece.memory) for piece in found]
        known, shown = {id(one.memory): one for one in self._attached}, self._now_shown()
        made = [known.get(id(piece.memory)) or self._attach(piece) for piece in found]
        self._attached = [one for one in made if one is not None]
        if shown in self._attached:
            self._shown = self._attached.index(shown)
        elif shown is not None:  # it is gone
            self._shown, self._chosen = 0, False

    def _attach(self, piece: Found) -> Attached | None:
        """An array that can be read as it is wished for; None, and why, where it cannot."""
        try:
            return Attached(piece, self._wish)
        except AttachError as error:
            self._refused = f"{piece.name}: {error}"
            return None

    def _choose(self, now: float) -> None:
        """Show the largest that changes, as long as the one shown does not."""
        if not self._attached:
            self._began = now
        attached = self._now_shown()
        if attached and (attached.changed > 1 or now - self._began > CHOOSING):
            self._chosen = True
            return
        for place, other in enumerate(self._attached):
            seen, key = other.peek(PEEK), id(other.memory)
            if place != self._shown and self._peeked.get(key, seen) != seen:
                self._shown, self._chosen = place, True
                return
            self._peeked[key] = seen

    def _view(self) -> WatchView:
        attached = self._now_shown()
        gone = "its memory was cut short" if attached and attached.cut_short else self._gone
        looks = tuple(attached.look() for attached in self._attached)
        return WatchView(
            looks,
            self._shown if self._shown < len(looks) else 0,
            self._subject.words,
            gone,
            self._checker.view() if self._checker else None,
            self._subject.waits() or ("" if looks else self._refused),
        )
