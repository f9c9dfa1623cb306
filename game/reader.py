"""The reader: copies the shared table into a Snapshot, once a frame, and waits for nobody.

Called by the app. A slice whose sequence number was odd, or moved while it was copied, is
half-written: it is read again a few times, and else keeps the row of the frame before.
"""

import numpy as np

from game.snapshot import INTERVAL, Integers, Snapshot
from game.table import AGENTS, PID, ROW, SEQUENCE, STATE, UPDATES, State, Table, fence

RETRIES = 3  # how often a row that was caught half-written is read again


class TableReader:
    """Keeps the Snapshot of a table: one copy of everything a frame, checked whole."""

    def __init__(self, table: Table) -> None:
        self.snapshot = Snapshot(table.fields, table.slots, table.per_process)
        self.updates = 0  # seen so far, those of agents that have left included
        self.rejected = 0  # rows that stayed as they were because the new one was half-written
        self.shown_torn = 0  # rows accepted with an odd sequence number: 0, or the check is broken
        self._books = np.frombuffer(table.shared.books, np.int64).reshape(-1, ROW)[1:]
        self._values = np.frombuffer(table.shared.values, np.float64).reshape(table.slots, -1)
        self._accepted = self._books.copy()
        self._spare = np.zeros_like(self._values)  # takes the next copy, then swaps places

    def refresh(self, now: float) -> Snapshot:
        """Copy the table and accept every row that is whole; `now` is the reader's clock [s]."""
        books = self._books.copy()
        used = np.flatnonzero(books[:, STATE])
        top = int(used[-1]) + 1 if used.size else 0
        fence()
        np.copyto(self._spare[:top], self._values[:top])
        fence()
        sequence = books[:, SEQUENCE]
        torn = (sequence & 1 != 0) | (sequence != self._books[:, SEQUENCE])
        for slot in np.flatnonzero(torn[:top]):
            self._read_again(int(slot), books)
        self._accept(books, now)
        return self.snapshot

    def _read_again(self, slot: int, books: Integers) -> None:
        """Try one row alone, a far shorter moment than the whole table; else keep the old one."""
        for _ in range(RETRIES):
            books[slot] = self._books[slot]
            fence()
            self._spare[slot] = self._values[slot]
            fence()
            sequence = books[slot, SEQUENCE]
            if sequence & 1 == 0 and sequence == self._books[slot, SEQUENCE]:
                return
        self.rejected += 1
        books[slot] = self._accepted[slot]
        self._spare[slot] = self.snapshot.values.reshape(self._spare.shape)[slot]

    def _accept(self, books: Integers, now: float) -> None:
        """Make the copy the snapshot, and note what is new in it."""
        snapshot = self.snapshot
        shape = snapshot.values.shape
        values, self._spare = self._spare, snapshot.values.reshape(self._spare.shape)
        snapshot.values = values.reshape(shape)
        self.shown_torn += int((books[:, SEQUENCE] & 1).sum())
        updates = books[:, UPDATES]
        renewed = updates < snapshot.updates  # cleared, perhaps handed on since
        self.updates += int(np.where(renewed, updates, updates - snapshot.updates).sum())
        snapshot.fresh = (updates != snapshot.updates) & (updates > 0)
        begun = snapshot.fresh & ((snapshot.updates == 0) | renewed)
        again = snapshot.fresh & ~begun
        snapshot.interval[again] = now - snapshot.changed[again]
        snapshot.interval[begun] = INTERVAL
        snapshot.first[begun] = now
        snapshot.changed[snapshot.fresh] = now
        self._list_agents(books)
        snapshot.updates = updates.copy()
        snapshot.lost = books[:, STATE] == State.FAILED
        snapshot.pid = books[:, PID].copy()
        snapshot.now = now
        self._accepted = books

    def _list_agents(self, books: Integers) -> None:
        """List the agents that have published, anew only when some came or went."""
        agents = np.where(books[:, UPDATES] > 0, books[:, AGENTS], 0)
        old = np.where(self._accepted[:, UPDATES] > 0, self._accepted[:, AGENTS], 0)
        if not np.array_equal(agents, old):
            shown = np.arange(self.snapshot.per_process) < agents[:, None]
            self.snapshot.agents = np.flatnonzero(shown)
