"""The player: a screen, with what was recorded on it.

    tape ──updates──> screen.follow, every one in its order from the last checkpoint on

It goes to any update: forth by following those between, back from a checkpoint of the tape's or
one of those that it has made itself on the way. Used by replay, by the live session that winds
back, and by films.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from game.frame import Frame
from game.recording import RecordingError
from game.recording.tape import Gone, Playing, Tape
from game.recording.update import Update
from game.scenes import one_line
from game.session.company import Company
from game.session.events import sentence
from game.view.curves import Moment
from game.view.hud import Status
from game.view.screen import Screen

STEPS = 30  # updates between two checkpoints of our own
OWN = 40  # of them that are kept
REMEMBERED = 100_000  # values up to which there are any
NONE = Moment(0.0, 0.0, 0.0, 0.0)
EVENTS = ("death",)  # marks that stand in the line of events
CROWD = 4_000_000  # [bytes] of an update from which nothing is followed first
WARM = 3.0  # [s] that are followed first where there is no checkpoint


class Player:
    """Shows the updates of a tape on a screen."""

    def __init__(self, tape: Tape, screen: Screen) -> None:
        self.tape, self.screen = tape, screen
        self.at = -1  # the number of the update that is shown
        self.update: Update | None = None
        self.broken = ""  # why the tape could not be read up to its end
        self._playing = Playing(tape)
        self._resets: Any = None
        self._own: OrderedDict[int, tuple[Any, Any]] = OrderedDict()
        self._leapt = False  # the events on the screen are of another time

    @property
    def frame(self) -> Frame:
        """The frame that is shown."""
        return self.update.frame if self.update else self.screen.scene.scene.frame

    @property
    def status(self) -> Status:
        """What the header told then."""
        told = self.update.own.get("status") if self.update else None
        return told if isinstance(told, Status) else Status("", "", (), "")

    @property
    def company(self) -> Company | None:
        """The processes that there were; None where none was known."""
        if self.update is None or not self.update.members:
            return None
        known = {slot: one for slot, one in self.update.members.items() if one is not None}
        return Company(known, self.update.frame.per_process)

    def forget(self) -> None:
        """Have the next way to anywhere begin at a checkpoint of the tape's."""
        self.at = -1
        self._own.clear()

    def show(self, number: int) -> None:
        """Have the screen show an update, as nearly as it is kept."""
        number = max(self.tape.first, min(number, self.tape.last))
        if number == self.at or self.tape.last < self.tape.first:
            return
        try:
            self._go(number)
        except Gone:  # the ring has gone over it meanwhile
            self.forget()
        except Exception as error:  # whatever there is in the place of what was shown
            self.give_up(error)

    def give_up(self, error: Exception) -> None:
        """The tape cannot be shown here; it is said once, and what was shown before stays."""
        words = str(error)
        if not isinstance(error, RecordingError):
            time = self.tape.time(max(self.at, self.tape.first))
            words = f"the recording is broken at {time:.1f} s: {one_line(error)}"
        self.broken = self.broken or words

    def _go(self, number: int) -> None:
        start, state = self._nearest(number)
        if self.at < 0 or number < self.at or start > self.at:
            if state is None:
                self.screen.reset()
                self._resets = None
            else:
                remembered, self._resets = state
                self.screen.restore(remembered)
            self.at, self._leapt = start, True
        for update in self._playing.through(self.at + 1, number):
            self._follow(update)

    def _nearest(self, number: int) -> tuple[int, Any]:
        """After which update to begin with what was remembered then; or before a whole one."""
        found: tuple[int, Any] | None = None
        for after in reversed(self._own):
            if after < number and (found is None or after > found[0]):
                found = after, self._own[after]
        saved = self.tape.checkpoint(number - 1) if found is None else None
        if found is None and saved is not None:
            found = saved[0], (saved[1], None)
        if found is not None and found[0] >= self.tape.first:
            return found
        message = self.tape.message(self.tape.whole(number))
        crowd = message is not None and len(message) > CROWD
        warm = number if crowd else self.tape.at(self.tape.time(number) - WARM)
        return self.tape.whole(warm) - 1, None

    def _follow(self, update: Update) -> None:
        resets = update.own.get("resets")
        if self._resets is not None and resets != self._resets and resets:
            if resets[0] != self._resets[0]:
                self.screen.reset()
            else:
                self.screen.scene.reset()
        self._resets = resets
        self.update = update
        self.at += 1
        self.screen.follow(update.frame, moment(update))
        self._tell(update)
        if self.at % STEPS == 0 and update.frame.values.size <= REMEMBERED:
            self._own[self.at] = self.screen.checkpoint(), resets
            while len(self._own) > OWN:
                self._own.popitem(last=False)

    def _tell(self, update: Update) -> None:
        """Note what happened, for the line of events."""
        if self._leapt:
            self._leapt = False
            recall(self.screen, self.tape, self.at, update.frame.now)
            return
        events: Sequence[Any] = update.own.get("events") or ()
        for name, why in events:
            self.screen.hud.note(sentence(name, why), update.frame.now)


def moment(update: Update) -> Moment:
    """What the curves were told of an update."""
    told = update.own.get("moment")
    return Moment(*told) if isinstance(told, list) and len(told) == len(NONE) else NONE


def recall(screen: Screen, tape: Tape, number: int, now: float) -> None:
    """Have the line of events hold what had happened by an update, which was shown at `now` [s]
    on the session's clock."""
    time = tape.time(number)
    screen.hud.forget()
    for mark in tape.marks:
        if mark.kind in EVENTS and mark.time <= time:
            screen.hud.note(mark.words, now - time + mark.time)
