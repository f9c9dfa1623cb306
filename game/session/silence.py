"""The silence of movers: who has published nothing for too long, told as a death is told.

    frame ──follow──> quiet [s] of each slot ──look──> "silent", "silent no more"
                                              overdue: nobody waits for them any longer

A death has an end; a process that hangs has none, and looks like one that is done. Made and asked
by the session. Time counts here as it passes for the person: neither in a pause nor while the
window itself stood still.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from game.frame import LATE, Flags, Floats, Frame
from game.parts import Member, Standing

START = 10.0  # [s] that a process may take for its first row, and
TOLD = 6.0  # [s] that one may be silent, before it is told: a busy machine is no news
LOOK = 0.5  # [s] between two looks
NAMED = 5  # who are called by their names; a hundred that wait for one server are one line


class News(NamedTuple):
    """Somebody fell silent, or is silent no more."""

    names: str
    why: str
    alarm: bool

    @property
    def words(self) -> str:
        """In a line."""
        return f"{self.names}: {self.why}"


class Silence:
    """Counts for how long each mover has been silent."""

    def __init__(self, together: bool) -> None:
        """`together`: movers may wait for each other, so that one that publishes speaks for all."""
        self._together = together
        self._frame: Frame | None = None
        self._quiet: Floats = np.zeros(0)  # [s] each slot
        self._looked = 0.0  # [s] the last look
        self._told: dict[int, float] = {}  # those who were told of, and for how long they are [s]

    @property
    def count(self) -> int:
        """How many are silent, of whom that was told."""
        return len(self._told)

    def follow(self, frame: Frame, passed: float, waiting: Sequence[int] = ()) -> None:
        """Take in the next frame; `passed` is the time since the last one that counts [s], and
        `waiting` are slots that wait for others."""
        before, self._frame = self._frame, frame
        if before is None:
            self._quiet = np.zeros(len(frame.pid))
            return
        self._quiet += passed
        for now, then in ((frame.updates, before.updates), (frame.pid, before.pid)):
            if now is not then:
                self._quiet[now != then] = 0.0
        if frame.element_wise and not np.array_equal(frame.values, before.values):
            self._quiet[:] = 0.0  # somebody is in the middle of a row
        if waiting:
            self._quiet[list(waiting)] = 0.0
        if self._together and frame.fresh.any():
            self._quiet[frame.updates > 0] = 0.0

    def look(self, members: Mapping[int, Member]) -> list[News]:
        """Who has fallen silent, or is silent no more, now and then."""
        frame = self._frame
        if frame is None or frame.now - self._looked < LOOK:
            return []
        self._looked = frame.now
        for slot, member in members.items():
            if member.standing is Standing.FROZEN:
                self._quiet[slot] = 0.0  # it does what it was told to
        period = np.maximum(frame.expected, frame.period)
        limit = np.maximum(np.where(frame.updates > 0, TOLD, START), LATE * period)
        silent = self._waited_for(self._quiet > limit, members)
        found = [*self._no_more(silent, members)]
        new = [slot for slot in silent if slot not in self._told]
        for never in (True, False):
            slots = [slot for slot in new if bool(frame.updates[slot]) is not never]
            if slots:
                what = "nothing published since the start" if never else "nothing published"
                why = f"silent: {what}, for {max(self._quiet[slots]):.0f} s"
                found.append(News(named(slots, members), why, True))
        self._told = {slot: float(self._quiet[slot]) for slot in silent}
        return found

    def overdue(self, patience: float, members: Mapping[int, Member]) -> str:
        """Who has been silent for `patience` [s] and is waited for, by name; "" if nobody is."""
        frame = self._frame
        if frame is None:
            return ""
        period = np.maximum(frame.expected, frame.period) if frame.element_wise else frame.expected
        over: Flags = self._quiet >= np.maximum(patience, LATE * period)
        return named(self._waited_for(over, members), members) if over.any() else ""

    def _waited_for(self, which: Flags, members: Mapping[int, Member]) -> list[int]:
        """Those of some slots whose process is at work: neither at its end nor stopped by a
        person."""
        frame = self._frame
        assert frame is not None
        slots = np.flatnonzero(which & (frame.pid > 0) & ~frame.done & ~frame.died).tolist()
        return [s for s in slots if s in members and members[s].standing is Standing.RUNNING]

    def _no_more(self, silent: list[int], members: Mapping[int, Member]) -> Iterable[News]:
        """Those who were told of and publish again; what became of others is told elsewhere."""
        frame = self._frame
        assert frame is not None
        back = [
            slot
            for slot, seconds in self._told.items()
            if slot not in silent
            and slot in members
            and self._quiet[slot] < seconds
            and frame.updates[slot] > 0
            and members[slot].exitcode is None
        ]
        if back:
            seconds = max(self._told[slot] for slot in back)
            yield News(
                named(back, members), f"publishes now, after {seconds:.0f} s of silence", False
            )


def named(slots: list[int], members: Mapping[int, Member]) -> str:
    """Some movers by name: the first ones, and how many more."""
    names = ", ".join(members[slot].name for slot in slots[:NAMED])
    more = len(slots) - NAMED
    return f"{names} and {more:,} more" if more > 0 else names
