"""The reader: copies the shared table into a Snapshot, once a frame, and waits for nobody.

    sequence numbers ──moved?──> copy ──the same still, and even?──> accepted ──> snapshot

Called by the app. A slice whose sequence number was odd, or moved while it was copied, is
half-written: it is read again a few times, and else keeps the row of the frame before.
What a frame costs is a few dozen calls of numpy, however many agents there are, and the copy.
"""

import numpy as np

from game.snapshot import INTERVAL, Flags, Integers, Snapshot
from game.table import AGENTS, PID, ROW, SEQUENCE, STATE, UPDATES, State, Table, fence

SMOOTH = 0.2  # weight of the newest interval in the average
LARGE = 65_536  # [bytes] of a slot from which it is copied by itself, and only when it moved
WATCHED = 4  # cells of a row that are looked at in each frame, the first ones: up to PID
RETRIES = 64  # looks at a row that was caught half-written; most are over in 0.05 us

count = np.count_nonzero  # of flags: in a fifth of the time that any() takes for few of them


class TableReader:
    """Keeps the Snapshot of a table: one copy of everything a frame, checked whole."""

    def __init__(self, table: Table) -> None:
        self.snapshot = Snapshot(table.fields, table.slots, table.per_process)
        self.updates = 0  # seen so far, those of agents that have left included
        self.rejected = 0  # rows that stayed as they were because the new one was half-written
        self.shown_torn = 0  # rows accepted with an odd sequence number: 0, or the check is broken
        self._table = table
        # Live views of the shared memory, a row for each kind of cell; nothing is written here.
        self._books = np.frombuffer(table.shared.books, np.int64).reshape(-1, ROW)[1:].T
        self._values = np.frombuffer(table.shared.values, np.float64).reshape(table.slots, -1)
        self._large = self._values[0].nbytes >= LARGE
        self._noted = np.zeros((WATCHED, table.slots), np.int64)  # what the snapshot tells
        # The snapshot's values, and an array that takes the next copy and then swaps places with
        # them; each also with a row for each slot.
        self._shown = self.snapshot.values.reshape(self._values.shape)
        self._spare_values = np.zeros(self.snapshot.values.shape)
        self._spare = self._spare_values.reshape(self._values.shape)
        self._behind: set[int] = set()  # slots that are old in the spare array
        self._top = 0  # the slots in use end before it

    def refresh(self, now: float) -> Snapshot:
        """Copy the table and accept every row that is whole; `now` is the reader's clock [s]."""
        snapshot, noted = self.snapshot, self._noted
        snapshot.now = now
        books = self._books[:WATCHED].copy()
        differs = books != noted
        moved: Flags = differs[SEQUENCE] | differs[UPDATES]
        if count(differs[STATE:]):
            self._note_standing(books[STATE], books[PID])
        if count(moved):
            fence()
            books[UPDATES] = self._books[UPDATES]  # once more: after the sequence number
            whole = self._copy_moved(books, moved) if self._large else self._copy_all(books)
            np.copyto(books[:STATE], noted[:STATE], where=~whole)
            if count(whole):
                self._swap()
            self._note_updates(books[UPDATES], now)
            self.shown_torn += int(count(books[SEQUENCE] & 1))
        else:
            snapshot.fresh = moved
        self._noted = books
        return snapshot

    def forgive(self, now: float) -> None:
        """Let all silences begin anew: time stood still, and nobody is to blame for it."""
        self.snapshot.forgiven = now

    # The copy. Both ways fill the spare array and return which slots have a whole row there.

    def _copy_all(self, books: Integers) -> Flags:
        """Copy all slots in use at once: cheaper than to find those that differ."""
        np.copyto(self._spare[: self._top], self._values[: self._top])
        fence()
        sequence = books[SEQUENCE]
        whole: Flags = (sequence == self._books[SEQUENCE]) & (sequence & 1 == 0)
        if not whole.all():
            for slot in np.flatnonzero(~whole).tolist():
                whole[slot] = self._read_again(slot, books)
        return whole

    def _copy_moved(self, books: Integers, moved: Flags) -> Flags:
        """Copy large slots one by one, and none that is being written at this moment.

        One that is caught half-written is too large for a second try in this frame.
        """
        slots: list[int] = np.flatnonzero(moved).tolist()
        whole = [slot for slot in slots if self._copy_slot(slot, int(books[SEQUENCE, slot]))]
        if whole:  # else the spare array stays the spare one, as old as it is
            for slot in self._behind.difference(whole):
                self._keep(slot)
            self._behind = set(whole)
        if len(whole) == len(slots):
            return moved
        flags = np.zeros_like(moved)
        flags[whole] = True
        return flags

    def _copy_slot(self, slot: int, sequence: int) -> bool:
        """Copy a slot into the spare array; whether it is whole there."""
        if sequence & 1 == 0:
            self._behind.add(slot)
            np.copyto(self._spare[slot], self._values[slot])
            fence()
            if sequence == self._books[SEQUENCE, slot]:
                return True
        self.rejected += not self._failed(slot)
        return False

    def _read_again(self, slot: int, books: Integers) -> bool:
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
                copy, updates = values.tobytes(), row[UPDATES]
                fence()
                if before == row[SEQUENCE]:
                    self._spare[slot] = np.frombuffer(copy)
                    books[:STATE, slot] = before, updates
                    return True
            self.rejected += 1
        self._keep(slot)
        return False

    def _failed(self, slot: int) -> bool:
        """Whether the slot's process is gone: what it left half-written stays so."""
        return bool(self._books[STATE, slot] == State.FAILED)

    def _keep(self, slot: int) -> None:
        """Keep the row of the frame before."""
        np.copyto(self._spare[slot], self._shown[slot])

    def _swap(self) -> None:
        """Make the spare array the snapshot's, and the reverse."""
        snapshot = self.snapshot
        snapshot.values, self._spare_values = self._spare_values, snapshot.values
        self._shown, self._spare = self._spare, self._shown

    # What is new.

    def _note_updates(self, updates: Integers, now: float) -> None:
        """Note when the slots whose count of updates moved were seen to do so."""
        snapshot, before = self.snapshot, self.snapshot.updates
        made = updates - before
        news = made != 0
        # Fewer than before: cleared, and perhaps handed on to another process since.
        begun = news & ((before == 0) | (made < 0))
        took = now - snapshot.changed
        timed = news & (snapshot.changed >= snapshot.forgiven)  # no time stood still in between
        np.copyto(snapshot.interval, took, where=timed)
        np.copyto(snapshot.changed, now, where=news)
        weight = np.where(before > 1, SMOOTH, 1.0) * timed
        snapshot.period += weight * (took / np.maximum(made, 1) - snapshot.period)
        snapshot.updates, snapshot.fresh = updates, news & (updates != 0)
        if count(begun):
            self._note_begun(begun.nonzero()[0], now)
            made[begun] = updates[begun]
        self.updates += int(made.sum())

    def _note_begun(self, slots: Integers, now: float) -> None:
        """Note slots of which the first rows were seen, and slots that were cleared."""
        snapshot = self.snapshot
        snapshot.interval[slots] = snapshot.period[slots] = INTERVAL
        snapshot.first[slots] = now
        snapshot.first_updates[slots] = snapshot.updates[slots]
        agents = np.where(snapshot.updates > 0, self._books[AGENTS], 0)
        shown = np.arange(snapshot.per_process) < agents[:, None]
        snapshot.agents = np.flatnonzero(shown)

    def _note_standing(self, state: Integers, pid: Integers) -> None:
        """Note which processes there are, and which have failed."""
        self.snapshot.lost = state == State.FAILED
        self.snapshot.resting = state == State.DONE
        self.snapshot.pid = pid
        self.snapshot.driven = self._books[AGENTS].copy()
        used = np.flatnonzero(state)
        top, before = int(used[-1]) + 1 if used.size else 0, self._top
        for rows in (self._shown, self._spare):
            rows[top:before] = 0.0  # they were cleared, and are copied no more
        self._top = top
