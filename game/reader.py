"""The reader: copies the shared table into a Snapshot, once a frame, and waits for nobody.

Called by the app. A slice whose sequence number was odd, or moved while it was copied, is
half-written: it is read again a few times, and else keeps the row of the frame before.
"""

import numpy as np

from game.snapshot import INTERVAL, Flags, Integers, Snapshot
from game.table import AGENTS, PID, ROW, SEQUENCE, STATE, UPDATES, State, Table, fence

SMOOTH = 0.2  # weight of the newest interval in the average
LARGE = 65_536  # [bytes] of a slot from which it is copied by itself, and only when it moved
STANDING = [STATE, PID]  # cells that seldom change
RETRIES = 64  # looks at a row that was caught half-written; most are over in 0.05 us


class TableReader:
    """Keeps the Snapshot of a table: one copy of everything a frame, checked whole."""

    def __init__(self, table: Table) -> None:
        self.snapshot = Snapshot(table.fields, table.slots, table.per_process)
        self.updates = 0  # seen so far, those of agents that have left included
        self.rejected = 0  # rows that stayed as they were because the new one was half-written
        self.shown_torn = 0  # rows accepted with an odd sequence number: 0, or the check is broken
        self._table = table
        self._books = np.frombuffer(table.shared.books, np.int64).reshape(-1, ROW)[1:]
        self._values = np.frombuffer(table.shared.values, np.float64).reshape(table.slots, -1)
        self._behind = np.zeros(table.slots, np.bool_)  # slots that are old in the spare array
        self._accepted = np.zeros_like(self._books)  # nothing yet
        self._spare = np.zeros_like(self._values)  # takes the next copy, then swaps places

    def refresh(self, now: float) -> Snapshot:
        """Copy the table and accept every row that is whole; `now` is the reader's clock [s]."""
        books = self._books.copy()
        moved = books[:, SEQUENCE] != self._accepted[:, SEQUENCE]
        if moved.any():
            fence()
            self._copy(books, moved)
            fence()
            sequence = books[:, SEQUENCE]
            torn = (sequence & 1 != 0) | (sequence != self._books[:, SEQUENCE])
            for slot in np.flatnonzero(torn):
                self._read_again(int(slot), books)
            self._behind = moved | torn
            self._swap()
        self._accept(books, now)
        return self.snapshot

    def _copy(self, books: Integers, moved: Flags) -> None:
        """Copy the slots in use into the spare array, or of large ones just those that differ."""
        if self._values[0].nbytes < LARGE:
            used = np.flatnonzero(books[:, STATE])
            top = int(used[-1]) + 1 if used.size else 0
            np.copyto(self._spare[:top], self._values[:top])
            return
        # The spare array was shown two copies ago: what moved then is old in it, too.
        for slot in np.flatnonzero(moved | self._behind):
            np.copyto(self._spare[slot], self._values[slot])

    def _swap(self) -> None:
        """Make the spare array the snapshot's, and the reverse."""
        shape = self.snapshot.values.shape
        values, self._spare = self._spare, self.snapshot.values.reshape(self._spare.shape)
        self.snapshot.values = values.reshape(shape)

    def forgive(self, now: float) -> None:
        """Let all ages begin anew: time stood still, and nobody is to blame for it."""
        self.snapshot.changed[:] = now

    def _read_again(self, slot: int, books: Integers) -> None:
        """Try one row alone, a far shorter moment than the whole table; else keep the old one."""
        if books[slot, STATE] == State.FAILED:  # killed in the middle of a write
            self._keep(slot, books)
            return
        # Plain memoryviews: the moment is a tenth of what numpy takes for a single row, and has to
        # fit between two writes of a mover that runs flat out.
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
                books[slot, [SEQUENCE, UPDATES]] = before, updates
                return
        self.rejected += 1
        self._keep(slot, books)

    def _keep(self, slot: int, books: Integers) -> None:
        """Keep the row of the frame before; what became of its process is news all the same."""
        books[slot, [SEQUENCE, UPDATES]] = self._accepted[slot, [SEQUENCE, UPDATES]]
        self._spare[slot] = self.snapshot.values.reshape(self._spare.shape)[slot]

    def _accept(self, books: Integers, now: float) -> None:
        """Make the copy the snapshot, and note what is new in it."""
        snapshot = self.snapshot
        snapshot.now = now
        updates = books[:, UPDATES]
        self.shown_torn += int(np.count_nonzero(books[:, SEQUENCE] & 1))
        changed = np.flatnonzero(updates != snapshot.updates)
        snapshot.fresh[:] = False
        if changed.size:
            self._note_updates(changed, updates[changed], now)
        if not np.array_equal(books[:, STANDING], self._accepted[:, STANDING]):
            self._note_standing(books)
        self._accepted = books

    def _note_updates(self, slots: Integers, updates: Integers, now: float) -> None:
        """Note when the slots whose count of updates moved were seen to do so."""
        snapshot = self.snapshot
        before = snapshot.updates[slots]
        snapshot.updates[slots] = updates
        # Fewer than before: cleared, and perhaps handed on to another process since.
        begun = (before == 0) | (updates < before)
        self.updates += int(np.where(begun, updates, updates - before).sum())
        interval = np.where(begun, INTERVAL, now - snapshot.changed[slots])
        snapshot.interval[slots] = interval
        period = interval / np.maximum(np.where(begun, 1, updates - before), 1)
        smooth = np.where(before > 1, SMOOTH, 1.0) * (period - snapshot.period[slots])
        snapshot.period[slots] += np.where(begun, INTERVAL - snapshot.period[slots], smooth)
        snapshot.changed[slots] = now
        snapshot.first[slots[begun]] = now
        snapshot.first_updates[slots[begun]] = updates[begun]
        snapshot.fresh[slots] = updates > 0
        if begun.any():
            self._list_agents()

    def _note_standing(self, books: Integers) -> None:
        """Note which processes there are, and which have failed."""
        self.snapshot.lost = books[:, STATE] == State.FAILED
        self.snapshot.resting = books[:, STATE] == State.DONE
        self.snapshot.pid = books[:, PID].copy()

    def _list_agents(self) -> None:
        """List the agents that have published."""
        agents = np.where(self.snapshot.updates > 0, self._books[:, AGENTS], 0)
        shown = np.arange(self.snapshot.per_process) < agents[:, None]
        self.snapshot.agents = np.flatnonzero(shown)
