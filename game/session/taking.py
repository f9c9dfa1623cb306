"""Taking: what is handed to the recorder of each frame that was shown.

Made by the session, which calls it after the screen has followed a frame.
"""

from collections.abc import Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from game.frame import Frame
from game.parts import Event, Standing
from game.recording.recorder import Recorder
from game.recording.tape import Mark
from game.recording.update import Taken
from game.session.company import Known, known
from game.session.events import sentence
from game.view.curves import Moment
from game.view.hud import Status
from game.view.screen import READABLE, Screen

if TYPE_CHECKING:
    from game.session.session import Session

# [s] between two updates that are kept whole, with what the screen remembers: from there on
# everything is followed, which takes 1 ms an update of 1,000 agents, and a checkpoint 0.4 ms.
WHOLE = 1.0
OF_MANY = 2.0  # where it remembers much: fewer frames than one in a hundred have that to do
MANY = 2000  # agents, and more
REMEMBERED = 100_000  # values up to which it is kept what is remembered
FIGURES = 1.0  # [s] between two evaluations of the figures for --stats, and
SHARE = 1 / 200  # of the time that these may take
NO_MOMENT = Moment(0.0, 0.0, 0.0, 0.0)  # of a status: it is kept by itself
ASKED = 12  # processes that are asked in a frame how they are, besides those that have news


class Taking:
    """Takes a session in, frame by frame."""

    def __init__(self, session: "Session", recorder: Recorder) -> None:
        self.recorder = recorder
        self._session = session
        own = session.definition.offers("marks", "Marks")
        self._own_marks = own(session.options.job.settings) if own else None
        self._due = self._figures_due = 0.0  # [s]
        self._figures: dict[str, Any] = {}
        self._known: dict[int, Known] = {}
        self._turn = 0
        self._tick = -1  # of READABLE, and
        self._told: Status | None = None  # the status in it

    def follow(
        self, frame: Frame, status: Status, events: Sequence[Event] = (), last: bool = False
    ) -> None:
        """Hand a frame over; `last` is the one that the run ends with."""
        if not self.recorder.sinks:
            return
        members, marks = self._members(frame.now, events)
        if self._own_marks:
            told = self._own_marks.follow(frame)
            marks += [Mark(self._time(frame.now), kind, words) for kind, words in told]
        own = {
            "status": self._status(frame.now, status),
            "moment": list(status.moment),
            "resets": [self._screen.resets, self._screen.scene.resets],
            "counts": self._counts(),
            "events": [(event.name, event.why) for event in events],
            "stats": self._stats(frame.now, last),
        }
        checkpoint = self._checkpoint(frame) if frame.now >= self._due or last else None
        taken = self.recorder.take(Taken(frame, own, members, checkpoint), marks)
        if checkpoint is not None and taken:
            self._due = frame.now + between(frame)

    def start(self) -> None:
        """Begin with all that there is: somebody listens from now on."""
        self._due = self._figures_due = 0.0
        self._known.clear()

    def _status(self, now: float, status: Status) -> Status:
        """What the header tells, as often as it is read."""
        tick = int(now // READABLE)
        if tick != self._tick or self._told is None:
            self._tick, self._told = tick, status._replace(moment=NO_MOMENT)
        return self._told

    @property
    def _screen(self) -> Screen:
        return self._session.live_screen

    def _time(self, now: float) -> float:
        """A moment on the tape's clock [s]."""
        return 0.0 if self.recorder.began is None else now - self.recorder.began

    def _checkpoint(self, frame: Frame) -> dict[str, Any]:
        """What the screen remembers; {} of a crowd."""
        return self._screen.checkpoint() if frame.values.size <= REMEMBERED else {}

    def _counts(self) -> dict[str, float]:
        session = self._session
        cast, source = session.cast, session.source
        return {
            "frames": session.stats.frames,
            "updates": source.updates,
            "rejected": source.rejected,
            "shown_torn": source.shown_torn,
            "restarts": cast.restarts if cast else 0,
            "left_out": self.recorder.left_out,
        }

    def _stats(self, now: float, last: bool) -> dict[str, Any]:
        """The figures for --stats, but for those that follow from the frame."""
        if now >= self._figures_due or last:
            from game.session import report

            began = perf_counter()
            self._figures = report.figures(self._session)
            self._figures_due = now + max(FIGURES, (perf_counter() - began) / SHARE)
        return self._figures

    def _members(
        self, now: float, events: Sequence[Event]
    ) -> tuple[dict[int, Known | None], list[Mark]]:
        """The processes that are known to be others than before, and the marks of that."""
        cast = self._session.cast
        if cast is None:
            return {}, []
        slots = list(cast.members)
        turn = [slots[(self._turn + n) % len(slots)] for n in range(min(ASKED, len(slots)))]
        self._turn += ASKED
        asked = {*turn, *(event.slot for event in events if event.slot >= 0)}
        gone = [slot for slot in self._known if slot not in cast.members]
        found: dict[int, Known | None] = {}
        marks: list[Mark] = []
        for slot in (*asked, *gone):
            before, after = self._known.get(slot), known(cast, slot)
            if before == after:
                continue
            found[slot] = after
            marks += [Mark(self._time(now), *mark) for mark in happened(before, after)]
            if after is None:
                self._known.pop(slot, None)
            else:
                self._known[slot] = after
        return found, marks


def between(frame: Frame) -> float:
    """How long it is from an update that is kept whole to the next [s]."""
    much = len(frame.agents) >= MANY and frame.values.size <= REMEMBERED
    return OF_MANY if much else WHOLE


def happened(before: Known | None, after: Known | None) -> list[tuple[str, str]]:
    """What has become of a process, as marks: their kind and their words."""
    if after is None:
        return []
    found = []
    if after.standing is Standing.FAILED and (before is None or before.standing != after.standing):
        found.append(("death", sentence(after.name, after.told.why or "died")))
    if before is not None and begun_again(before, after):
        found.append(("restart", f"{after.name} was started again"))
    frozen = after.standing is Standing.FROZEN
    if before is not None and frozen and before.standing is not Standing.FROZEN:
        found.append(("freeze", f"{after.name} was frozen"))
    return found


def begun_again(before: Known, after: Known) -> bool:
    """Whether there is another process in the place of one, or there is to be one."""
    ended = (Standing.FAILED, Standing.DONE)
    if before.standing in ended:
        return after.standing not in ended
    return bool(before.pid and after.pid and before.pid != after.pid)
