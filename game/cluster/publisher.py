"""The publisher: one process of ours beside the window, which publishes what other machines write.

    launcher ── Start, Signal, ... ──> publisher ── Request ──> a site's thread ──> node
    launcher <── Started, Ended, ... ──    │     <── Answer ───       ...
    window's table <── rows, notes ────────┘

A node is asked again as soon as it has answered, but not more often than 30 times a second: what
it then tells is the newest, and nothing queues behind a slow one, which only gets older. In the
window's table the publisher stands for the movers: it writes a slot from its Start to its Ended,
and never else. Started by game.cluster.launcher, in an interpreter of its own.
"""

import os
import select
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

from game.child import messages
from game.child.channel import Channel
from game.child.job import Job
from game.cluster import parcel
from game.cluster.messages import (
    Answer,
    Begin,
    Gone,
    Hello,
    Joined,
    Request,
    Row,
    Said,
    Suspended,
)
from game.cluster.rows import collect, put, put_note
from game.cluster.site import ClusterError, Engine, Place, Site, Told, in_a_line
from game.crew.launcher import Parted, Trouble
from game.shared.table import AGENTS, GENERATION, RELOADS, ROW, Table

TICK = 1 / 30  # [s] between two questions to a node
AWAY = 0.3  # [s] between two looks from which this process itself was held up
LATEST = 40.0  # [s] that nodes may take until their program speaks
END = 3.0  # [s] that the nodes have for their end
EVERY = 0.4  # [s] between two looks at whether the cluster is there
CLUSTER = "the cluster"


class Publisher:
    """Serves the launcher, and asks the nodes."""

    def __init__(
        self,
        channel: Channel,
        table: Table,
        job: Job,
        engine: Engine,
        method: str = "forkserver",
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`method` is how a node starts its movers."""
        self.over = False
        self.sites: list[Site] = []
        self._channel, self._table, self._job = channel, table, job
        self._engine, self._method, self._clock = engine, method, clock
        self._holders: dict[int, Site] = {}  # by slot
        self._queue: list[messages.Start] = []  # as long as nobody can be asked
        self._gone = ""  # why nobody can be started any more
        self._last = ""  # what became of the node that was lost last
        self._joined = False  # every node has spoken, or is late
        self._suspending: set[Site] = set()  # who has not done so yet
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        self._began = self._looked = clock()
        self._answers: dict[type, Callable[[Any], None]] = {
            messages.Start: self._start,
            messages.Withdraw: self._withdraw,
            messages.Signal: self._pass_on,
            messages.Suspend: self._suspend,
            messages.Ping: lambda ping: channel.send(messages.Pong(ping.number)),
            messages.End: self._end,
        }
        Thread(target=self._join, name="join", daemon=True).start()

    # What threads find out.

    def _join(self) -> None:
        try:
            places = self._engine.join()
            packed = parcel.pack(self._job, self._table.capacity, self._method)
        except BaseException as error:
            self._tell(ClusterError(in_a_line(error)))
            return
        self._tell((places, packed))

    def _tell(self, told: Any) -> None:
        self._told.put(told)
        os.write(self._wake, b"!")

    def _watch(self) -> None:
        """See whether the cluster is there, until it is not."""
        pause = select.poll()
        while not self.over:
            if why := self._engine.amiss():
                self._tell(ClusterError(why))
                return
            pause.poll(1000 * EVERY)

    # A turn.

    def turn(self, patience: float = TICK) -> None:
        """Do all that there is to do, and wait for more, at most so long [s]."""
        self._wait(patience)
        for request in self._channel.receive():
            self._answers[type(request)](request)
        with suppress(Empty):
            while True:
                self._hear(self._told.get_nowait())
        now = self._clock()
        self._look_for_silence(now)
        self._look_who_has_come(now)
        self._place()
        for site in self.sites:
            due = site.wishes or now - site.answered >= TICK
            if site.ready and site.asked is None and due:
                site.ask(self._request(site), now)
        self._channel.flush()

    def _wait(self, patience: float) -> None:
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        wishes = select.POLLIN | (select.POLLOUT if self._channel.pending else 0)
        poll.register(self._channel.fileno(), wishes)
        poll.poll(1000 * patience)
        with suppress(BlockingIOError):
            while os.read(self._woken, 4096):
                pass

    def _hear(self, told: Any) -> None:
        match told:
            case ClusterError():
                self._give_up(str(told))
            case Told(site, answer, why):
                if site.lost:  # whatever it says now, nobody there holds anything any more
                    return
                if isinstance(answer, Answer):
                    self._take_in(site, answer)
                elif isinstance(answer, Hello):
                    self._greet(site, answer)
                else:
                    self._lose(site, why)
            case (places, packed):
                self._open(places, packed)

    def _open(self, places: list[Place], packed: bytes) -> None:
        self.sites = [Site(place, self._tell) for place in places]
        for index, site in enumerate(self.sites):
            site.index = index
            site.open(self._engine, packed)
        self._began = self._clock()
        Thread(target=self._watch, name="look", daemon=True).start()

    def _greet(self, site: Site, hello: Hello) -> None:
        """A node has spoken: it can be asked."""
        site.ready, site.answered, site.asked = True, self._clock(), None
        if words := mismatch(hello):
            self._channel.send(Trouble(site.name, words))

    # What the launcher asks for.

    def _start(self, start: messages.Start) -> None:
        self._queue.append(start)

    def _look_who_has_come(self, now: float) -> None:
        """Begin once every node has spoken, or is late."""
        waiting = [site for site in self.sites if not (site.ready or site.lost)]
        if self._joined or self._gone or not self.sites:
            return
        if waiting and now - self._began < LATEST:
            return
        for site in waiting:
            self._lose(site, f"its program has not spoken within {LATEST:.0f} s")
        if any(site.ready for site in self.sites):
            self._joined = True
            self._channel.send(Joined(tuple(site.name for site in self.sites)))
        else:
            self._give_up(f"no node could be used: {self._last}")

    def _place(self) -> None:
        """Give every wish to the node that has the fewest processes for its processors."""
        if not self._queue or not (self._joined or self._gone):
            return
        ready = [site for site in self.sites if site.ready]
        queue, self._queue = self._queue, []
        if not ready:
            why = self._gone or f"no node of the cluster is left: {self._last}"
            self._channel.send(messages.Refused(tuple(start.slot for start in queue), why))
            return
        for start in queue:
            site = min(ready, key=lambda site: (site.load, site.index))
            row = self._table.row(start.slot)
            site.held[start.slot] = row[AGENTS]
            self._holders[start.slot] = site
            site.wishes.append(Begin(*start, row[AGENTS], row[GENERATION]))
            assert self._table.origins is not None
            self._table.origins.hosts[start.slot] = site.index
            self._table.origins.forget(start.slot)

    def _withdraw(self, wish: messages.Withdraw) -> None:
        for start in self._queue:
            if start.slot == wish.slot:
                self._queue.remove(start)
                self._channel.send(messages.Withdrawn(wish.slot))
                return
        self._pass_on(wish)

    def _pass_on(self, wish: messages.Withdraw | messages.Signal) -> None:
        if site := self._holders.get(wish.slot):
            site.wishes.append(wish)

    def _suspend(self, wish: messages.Suspend) -> None:
        self._suspending = {site for site in self.sites if site.ready}
        for site in self._suspending:
            site.wishes.append(wish)
        self._settle_suspended()

    def _settle_suspended(self, site: Site | None = None) -> None:
        if site:
            self._suspending.discard(site)
        if not self._suspending:
            self._channel.send(Suspended())

    # A node.

    def _request(self, site: Site) -> Request:
        table = self._table
        reloads = table.control[RELOADS]
        newer, site.reloads = site.reloads != reloads, reloads
        return Request(
            bytes(table.control[:ROW]),
            table.keys.state,
            site.way,
            tuple(site.wishes),
            tuple(self._rows_for(site)) if site.asks else (),
            parcel.pack_files(self._job) if newer else b"",
            self.over,
        )

    def _rows_for(self, site: Site) -> Iterable[Row]:
        """The rows that are new to a node: of slots that it does not hold."""
        table, now = self._table, self._clock()
        assert table.origins is not None
        others = (slot for slot in range(table.slots) if slot not in site.held)
        for row in collect(table, others, site.sent):
            moment = table.origins.moments[row.slot]
            yield row._replace(age=now - moment if moment else 0.0)

    def _take_in(self, site: Site, answer: Answer) -> None:
        now, table = self._clock(), self._table
        assert table.origins is not None
        before = site.answered
        site.hear(now)
        age = site.way + (now - before) / 2
        site.asks |= answer.asks
        for row in answer.rows:
            if row.slot in site.held:
                put(table, row)
                table.origins.note(row.slot, age, self._clock)
        for slot, note in answer.notes:
            if slot in site.held:
                put_note(table, slot, note)
        for slot, cells in answer.cells:
            if slot in site.held and table.cells is not None:
                table.cells.take(slot * table.per_process, cells)
        if answer.look and answer.look[0] in site.held:
            slot, cells = answer.look
            table.look(slot)[:] = memoryview(cells).cast("q")
        if answer.said:
            self._channel.send(Said(answer.said))
        for report in answer.reports:
            self._report(site, report)
        if site in self._suspending and not any(
            isinstance(wish, messages.Suspend) for wish in site.wishes
        ):
            self._settle_suspended(site)

    def _report(self, site: Site, report: Any) -> None:
        match report:
            case messages.Ended(slot) | messages.Withdrawn(slot):
                self._let_go(site, slot)
            case messages.Refused(slots, why):
                for slot in slots:
                    self._let_go(site, slot)
                report = messages.Refused(slots, f"{site.name}: {why}")
            case Trouble(name, why):
                report = Trouble(f"{name} of {site.name}", why)
        self._channel.send(report)

    def _let_go(self, site: Site, slot: int) -> None:
        """A slot is nobody's: from now on the window's side writes its row."""
        site.held.pop(slot, None)
        site.sent.pop(slot, None)
        self._holders.pop(slot, None)

    # What is lost.

    def _look_for_silence(self, now: float) -> None:
        held_up, self._looked = now - self._looked > AWAY, now
        for site in self.sites:
            if site.asked is None or site.lost:
                continue
            if held_up:  # then so was everybody else, perhaps
                site.asked = now
            elif now - site.asked > site.patience:
                self._lose(site, f"no answer for {now - site.asked:.1f} s")

    def _lose(self, site: Site, why: str) -> None:
        """Go on without a node, which has no say any more."""
        site.lost, site.ready = True, False
        self._last = f"{site.name}: {why}"
        if self.over:
            return
        self._channel.send(Parted(tuple(self._bury(site)), site.name, why))
        if site in self._suspending:
            self._settle_suspended(site)

    def _bury(self, site: Site) -> Iterable[int]:
        for slot in list(site.held):
            put_note(self._table, slot, f"lost with {site.name}\n".encode())
            self._let_go(site, slot)
            yield slot

    def _give_up(self, why: str) -> None:
        """Go on without any node: the cluster itself is gone, or was never there."""
        self._gone = why
        slots: list[int] = []
        for site in self.sites:
            site.lost, site.ready = True, False
            slots += self._bury(site)
        if self._joined:
            self._channel.send(Parted(tuple(slots), CLUSTER, why, last=True))
        self._channel.send(Gone(why))

    # The end.

    def _end(self, wish: messages.End) -> None:
        self.over = True

    def serve(self) -> None:
        """Do what is asked for, until the window is gone or has asked for the end."""
        while not (self.over or self._channel.closed):
            self.turn(self._patience())
        self.close()

    def _patience(self) -> float:
        now = self._clock()
        dues = [TICK - (now - site.answered) for site in self.sites if site.ready]
        return max(0.0, min([TICK, *dues]))

    def close(self) -> None:
        """Have every node end by itself, for as long as there is time; then leave the cluster."""
        self.over = True
        left, until = [site for site in self.sites if site.ready], self._clock() + END
        for site in left:
            if site.asked is None:
                site.ask(self._request(site), self._clock())
        while any(site.ready for site in left) and self._clock() < until:
            self._wait(TICK)
            with suppress(Empty):
                while True:
                    self._note_end(self._told.get_nowait())
        self._engine.close()

    def _note_end(self, told: Any) -> None:
        if not isinstance(told, Told):
            return
        site = told.site
        if isinstance(told.answer, Answer) and not site.ending:
            site.ask(self._request(site), self._clock())
        else:
            site.ready = False


def mismatch(hello: Hello) -> str:
    """What differs on a node from here, where that matters; "" if nothing does."""
    here = sys.version_info
    major, minor, *_ = hello.python.split(".")
    if (int(major), int(minor)) != here[:2]:
        return (
            f"runs Python {hello.python}, here it is {here.major}.{here.minor}.{here.micro}; "
            "movers may do other things there"
        )
    return ""
