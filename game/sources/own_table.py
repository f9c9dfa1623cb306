"""Our own table as a source: a Frame of it, once a frame, and it waits for nobody.

    sequence numbers ──moved?──> copy ──the same still, and even?──> accepted ──> Frame

A slice whose sequence number was odd, or moved while it was copied, is half-written: it is read
again a few times, and else keeps the row of the frame before. What a frame costs is a few dozen
calls of numpy, however many agents there are, and the copy.

A row whose values change while its sequence number rests was written to by somebody who does not
own it, or past publish(). A part of the table is looked at for that in each frame: see resting.
"""

from time import monotonic
from typing import Any

import numpy as np

from game.frame import INTERVAL, Flags, Frame, Integers, Looked
from game.shared import looks
from game.shared.fence import fence
from game.shared.origins import Origins
from game.shared.table import (
    AGENTS,
    GENERATION,
    PACE,
    PACE_ONE,
    PID,
    ROW,
    SEQUENCE,
    STATE,
    UPDATES,
    State,
    Table,
)
from game.sources.resting import Resting, count
from game.sources.ring import Copy, Ring

SMOOTH = 0.2  # weight of the newest interval in the average
LARGE = 65_536  # [bytes] of a slot from which it is copied by itself, and only when it moved
WATCHED = 5  # cells of a row that are looked at in each frame, the first ones: up to PID
RETRIES = 64  # looks at a row that was caught half-written; most are over in 0.05 us
RECOPIED = 4_000_000  # [bytes] of a large slot that are copied again in a frame, at the most


class TableSource:
    """Reads a table whole, and notes when each of its rows was seen to be new."""

    def __init__(self, table: Table, rate: float = 1 / INTERVAL) -> None:
        """`rate` [Hz] is how often each mover is asked to publish at normal speed."""
        self.updates = 0
        self.rejected = 0
        self.wild = 0  # rows that somebody else than their owner has written to
        self._torn_rows = 0  # accepted with an odd sequence number: 0, or the check is broken
        self._table = table
        self._rate = rate
        # Live views of the shared memory, a row for each kind of cell; nothing is written here.
        self._control = np.frombuffer(table.shared.control, np.int64).reshape(-1, ROW)[1:].T
        self._values = np.frombuffer(table.shared.values, np.float64).reshape(table.slots, -1)
        size = self._values[0].nbytes
        self._large, self._tries = size >= LARGE, max(2, RECOPIED // max(size, 1))
        self._noted = np.zeros((WATCHED, table.slots), np.int64)  # what the frame tells
        self._accepted = np.zeros(table.slots, np.int64)  # rows of each large slot, never fewer
        blank = Frame(table.fields, table.slots, table.per_process)
        self._ring = Ring(self._values.shape, blank.values.shape)
        self._shown = self._ring.take()  # the copy that the frame shows
        known = {"values": self._shown.shown, "expected": 1 / rate, "step": 1 / rate}
        self.frame = blank.next(**vars(blank) | known)  # with every column read-only
        self._resting = Resting(self._control[SEQUENCE], self._values, self._large)
        self._used = 0  # the slots in use end before it

    @property
    def shown_torn(self) -> int:
        """Half-written rows that were shown."""
        return self._torn_rows

    @property
    def ended(self) -> bool:
        """There may always come more."""
        return False

    @property
    def recalled(self) -> bool:
        """Nobody else has a say in it."""
        return False

    @property
    def status(self) -> int:
        """How a run ends is said of its processes."""
        return 0

    @property
    def unsettled(self) -> bool:
        """Nothing has to come to its end."""
        return False

    def read(self, now: float) -> Frame:
        """Copy the table and accept every row that is whole."""
        noted = self._noted
        changes: dict[str, Any] = {"now": now}
        control = self._control[:WATCHED].copy()
        differs = control != noted
        moved: Flags = differs[SEQUENCE] | differs[UPDATES]
        if count(differs[STATE:]):
            changes |= self._standing(control[STATE], control[PID])
        if count(moved):
            fence()
            # Once more: after the sequence number.
            control[UPDATES : GENERATION + 1] = self._control[UPDATES : GENERATION + 1]
            copy = self._ring.take()
            whole = self._copy_moved(copy, control, moved) if self._large else None
            if whole is None:
                whole = self._copy_all(copy, control)
            np.copyto(control[:STATE], noted[:STATE], where=~whole)
            if count(whole):
                if self._large:
                    self._accepted += whole
                    copy.accepted = self._accepted.copy()
                copy.used, self._shown = self._used, copy
                changes["values"] = copy.shown
            handed_on = control[GENERATION] != noted[GENERATION]
            changes |= self._updated(control[UPDATES], handed_on, now)
            self._torn_rows += int(count(control[SEQUENCE] & 1))
            if count(handed_on) and count(self.frame.wild):
                changes["wild"] = np.where(handed_on, 0, self.frame.wild)
        elif count(self.frame.fresh):
            changes["fresh"] = moved
        self._noted = control
        if not self.frame.element_wise:  # else nobody says when he writes
            self._look_for_wild(changes)
        pace = self._table.control[PACE]
        if pace:
            changes["expected"] = PACE_ONE / pace / self._rate
        changes["looked"] = self._looked()
        if self._table.origins:
            changes |= self._origins(self._table.origins)
        self.frame = self.frame.next(**changes)
        return self.frame

    def reset_silence(self, now: float) -> None:
        """Let all silences begin anew: time stood still, and nobody is to blame for it."""
        self.frame = self.frame.next(silent_from=now)

    def figures(self) -> dict[str, Any]:
        """What was written by somebody else than its owner: rows so far, and slots of now."""
        slots = np.flatnonzero(self.frame.wild).tolist()
        return {"rows_wild": self.wild, "slots_wild": slots}

    def finish(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """The table is its maker's."""

    def _origins(self, origins: Origins) -> dict[str, Any]:
        """Where each row comes from, and how old it is."""
        moments = np.array(origins.moments)
        aged = np.where(moments > 0, monotonic() - moments, 0.0)
        return {"host": np.array(origins.hosts), "aged": np.maximum(aged, 0.0)}

    # The copy. Both ways return which slots have a whole row in it.

    def _copy_all(self, copy: Copy, control: Integers) -> Flags:
        """Copy all slots in use at once: cheaper than to find those that differ."""
        np.copyto(copy.rows[: self._used], self._values[: self._used])
        copy.rows[self._used : copy.used] = 0.0  # were in use when it was made
        fence()
        sequence = control[SEQUENCE]
        whole: Flags = (sequence == self._control[SEQUENCE]) & (sequence & 1 == 0)
        if not whole.all():
            for slot in np.flatnonzero(~whole).tolist():
                whole[slot] = self._read_again(copy, slot, control)
        return whole

    def _copy_moved(self, copy: Copy, control: Integers, moved: Flags) -> Flags:
        """Copy large slots one by one, each a few times where it is caught half-written.

        The others are taken from the frame before, unless this copy has the same row of them
        already.
        """
        whole = moved.copy()
        for slot in np.flatnonzero(moved).tolist():
            whole[slot] = self._copy_slot(copy, slot, control)
        if count(whole):
            behind = ~whole & (copy.accepted != self._shown.accepted)
            for slot in np.flatnonzero(behind).tolist():
                np.copyto(copy.rows[slot], self._shown.rows[slot])
            copy.rows[self._used : copy.used] = 0.0
        return whole

    def _copy_slot(self, copy: Copy, slot: int, control: Integers) -> bool:
        """Copy a slot; whether it is whole."""
        row = self._table.row(slot)
        for _ in range(self._tries):
            before = row[SEQUENCE]
            if before & 1 == 0:
                fence()
                copy.accepted[slot] = -1
                np.copyto(copy.rows[slot], self._values[slot])
                found = row[UPDATES], row[GENERATION]
                fence()
                if before == row[SEQUENCE]:
                    control[:STATE, slot] = before, *found
                    return True
            elif self._failed(slot):
                break
        self.rejected += not self._failed(slot)
        return False

    def _read_again(self, copy: Copy, slot: int, control: Integers) -> bool:
        """Try one row alone, a far shorter moment than the whole table; else keep the old one."""
        if not self._failed(slot):
            # Plain memoryviews: the moment is a tenth of what numpy takes for a single row, and
            # has to fit between two writes of a mover that runs flat out.
            row, values = self._table.row(slot), self._table.slice(slot)
            for _ in range(RETRIES):
                before = row[SEQUENCE]
                if before & 1:
                    continue
                fence()
                found, updates, generation = values.tobytes(), row[UPDATES], row[GENERATION]
                fence()
                if before == row[SEQUENCE]:
                    copy.rows[slot] = np.frombuffer(found)
                    control[:STATE, slot] = before, updates, generation
                    return True
            self.rejected += 1
        np.copyto(copy.rows[slot], self._shown.rows[slot])
        return False

    def _failed(self, slot: int) -> bool:
        """Whether the slot's process is gone: what it left half-written stays so."""
        return bool(self._control[STATE, slot] == State.FAILED)

    def _look_for_wild(self, changes: dict[str, Any]) -> None:
        """Look at a part of the rows that rest, and count those that have changed."""
        if self._large:
            slots = self._resting.look_at_piece(self._shown.rows, self._noted[SEQUENCE], self._used)
        else:
            slots = self._resting.look(self._used)
        if len(slots):
            wild = changes.get("wild", self.frame.wild).copy()
            wild[slots] += 1
            changes["wild"] = wild
            self.wild += len(slots)

    def _looked(self) -> Looked | None:
        """What the agent that is selected looked at in its last step; None if it did not."""
        agent = self._table.selected
        if not 0 <= agent < self._table.capacity:
            return None
        slot = agent // self.frame.per_process
        updates = self._table.row(slot)[UPDATES]  # before what may be newer
        look = looks.read(self._table.look(slot))
        if look is None:  # it is being written: the one before stands
            before = self.frame.looked
            return before if before and before.agent == agent else None
        if not updates or look.agent != agent or look.step < updates - 1:
            return None
        return Looked(agent, look.radius, look.numbers)

    # What is new.

    def _updated(self, updates: Integers, handed_on: Flags, now: float) -> dict[str, Any]:
        """The columns that tell when the slots whose count of updates moved were seen to do so.

        Those that were `handed_on` to another process count from its first row.
        """
        frame, before = self.frame, self.frame.updates
        made = updates - before
        new = (made != 0) | handed_on if count(handed_on) else made != 0
        # Fewer than before: cleared.
        begun = new & ((before == 0) | (made < 0) | handed_on)
        took = now - frame.changed
        timed = new & (frame.changed >= frame.silent_from)  # no time stood still in between
        interval = np.where(timed, took, frame.interval)
        weight = np.where(before > 1, SMOOTH, 1.0) * timed
        period = frame.period + weight * (took / np.maximum(made, 1) - frame.period)
        changes: dict[str, Any] = {
            "interval": interval,
            "changed": np.where(new, now, frame.changed),
            "period": period,
            "updates": updates,
            "fresh": new & (updates != 0),
        }
        if count(begun):
            interval[begun] = period[begun] = INTERVAL
            changes["first"] = np.where(begun, now, frame.first)
            changes["first_updates"] = np.where(begun, updates, frame.first_updates)
            changes["agents"] = self._agents(updates)
            made[begun] = updates[begun]
        self.updates += int(made.sum())
        return changes

    def _agents(self, updates: Integers) -> Integers:
        """The numbers of the agents that have published."""
        driven = np.where(updates > 0, self._control[AGENTS], 0)
        return np.flatnonzero(np.arange(self.frame.per_process) < driven[:, None])

    def _standing(self, state: Integers, pid: Integers) -> dict[str, Any]:
        """The columns that tell which processes there are, and what became of the others."""
        used = np.flatnonzero(state)
        self._used = int(used[-1]) + 1 if used.size else 0
        return {
            "died": state == State.FAILED,
            "done": state == State.DONE,
            "pid": pid.copy(),
            "driven": self._control[AGENTS].copy(),
        }
