"""Who holds which slot of the window's table, and what is written there in its name.

    Start ──hand──> held by a site ──publish──> rows, notes, cells    ──let_go──> the window's again

The publisher stands for the movers of other machines: it writes a slot from its Start to its Ended,
and never else; what a node says of a slot that it does not hold counts for nothing. Owned by the
publisher.
"""

from array import array
from collections.abc import Iterator

from game.child.job import Job
from game.child.messages import Start
from game.cluster import parcel
from game.cluster.messages import Answer, Begin, Request, Row
from game.cluster.rows import collect, put, put_note
from game.cluster.site import Site
from game.shared.table import AGENTS, GENERATION, PACE, PACE_ONE, RELOADS, ROW, Table

SHORTEST, LONGEST = 1 / 60, 1 / 20  # [s] between two questions to a site, or
SHARE = 0.5  # of a mover's period: a question takes a millisecond of a processor at each end


class Holdings:
    """The slots of a table, as far as sites hold them."""

    def __init__(self, table: Table, job: Job) -> None:
        self.holders: dict[int, Site] = {}  # by slot
        self._table, self._job = table, job
        assert table.origins is not None
        self._origins = table.origins

    @property
    def tick(self) -> float:
        """How long a site is left alone between two questions [s]."""
        pace = self._table.control[PACE] / PACE_ONE
        return max(SHORTEST, min(LONGEST, SHARE / (pace * self._job.rate))) if pace else LONGEST

    def hand(self, start: Start, site: Site) -> None:
        """Give a slot to a site, which is to start its mover."""
        slot, row = start.slot, self._table.row(start.slot)
        site.held[slot] = row[AGENTS]
        self.holders[slot] = site
        site.wishes.append(Begin(*start, row[AGENTS], row[GENERATION]))
        self._origins.hosts[slot] = site.index
        self._origins.forget(slot)

    def let_go(self, site: Site, slot: int) -> None:
        """A slot is nobody's: from now on the window's side writes its row."""
        site.held.pop(slot, None)
        site.sent.pop(slot, None)
        self.holders.pop(slot, None)

    def bury(self, site: Site) -> Iterator[int]:
        """Let go of all that a lost site held, with a note that says so; their slots."""
        for slot in list(site.held):
            put_note(self._table, slot, f"lost with {site.name}\n".encode())
            self.let_go(site, slot)
            yield slot

    def publish(self, site: Site, answer: Answer, now: float) -> None:
        """Write what a site has answered, as far as it holds the slots."""
        table, before = self._table, site.answered
        site.hear(now)
        age = site.way + (now - before) / 2
        site.asks |= answer.asks
        for row in answer.rows:
            if row.slot in site.held:
                put(table, row)
                self._origins.note(row.slot, age, lambda: now)
        for slot, note in answer.notes:
            if slot in site.held:
                put_note(table, slot, note)
        for slot, cells in answer.cells:
            if slot in site.held and table.cells is not None:
                table.cells.take(slot * table.per_process, cells)
        if answer.look and answer.look[0] in site.held:
            slot, cells = answer.look
            table.look(slot)[:] = memoryview(cells).cast("q")

    def request(self, site: Site, now: float, end: bool) -> Request:
        """The next question to a site: what is wished, and what it is to know."""
        control, files = array("q", self._table.control[:ROW]), b""
        if control[RELOADS] != site.reloads:
            try:
                files = parcel.pack_files(self._job)
                site.reloads = control[RELOADS]
            except OSError:  # a file is being saved: the next time, and until then nobody reloads
                control[RELOADS] = site.reloads
        rows = tuple(self._rows_for(site, now)) if site.asks else ()
        keys, wishes = self._table.keys.state, tuple(site.wishes)
        return Request(control.tobytes(), keys, site.way, wishes, rows, files, end)

    def _rows_for(self, site: Site, now: float) -> Iterator[Row]:
        """The rows that are new to a site: of slots that it does not hold."""
        others = (slot for slot in range(self._table.slots) if slot not in site.held)
        for row in collect(self._table, others, site.sent):
            moment = self._origins.moments[row.slot]
            yield row._replace(age=now - moment if moment else 0.0)
