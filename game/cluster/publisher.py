"""The publisher: one process of ours beside the window, which publishes what other machines write.

    launcher ── Start, Signal, ... ──> publisher ── Request ──> a site's thread ──> node
    launcher <── Started, Ended, ... ──    │     <── Answer ───       ...
    window's table <── rows, notes ────────┘

A node is asked again when it has answered and a tick has passed: what it then tells is the newest,
and nothing queues behind a slow one, which only gets older. What is written into the table: see
game.cluster.holdings. Started by game.cluster.launcher, in an interpreter of its own.
"""

import select
from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import Any

from game.child import messages
from game.child.channel import Channel
from game.child.job import Job
from game.child.mover_process import CROWD_FROM
from game.cluster import parcel
from game.cluster.holdings import LONGEST, Holdings
from game.cluster.messages import Answer, Gone, Hello, Joined, Said, Suspended
from game.cluster.post import Post
from game.cluster.site import ClusterError, Engine, Place, Site, Told, in_a_line
from game.cluster.versions import mismatch
from game.crew.launcher import Parted, Trouble
from game.shared.table import Table

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
        self._channel, self._job, self._capacity = channel, job, table.capacity
        self._engine, self._method, self._clock = engine, method, clock
        self._holdings = Holdings(table, job)
        self._queue: list[messages.Start] = []  # as long as nobody can be asked
        self._gone = ""  # why nobody can be started any more
        self._last = ""  # what became of the node that was lost last
        self._joined = False  # every node has spoken, or is late
        self._suspending: set[Site] = set()  # who has not done so yet
        self._post = Post(channel)
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
            packed = parcel.pack(self._job, self._capacity, self._method)
        except BaseException as error:
            self._post.put(ClusterError(in_a_line(error)))
            return
        self._post.put((places, packed))

    def _watch(self) -> None:
        """See whether the cluster is there, until it is not."""
        pause = select.poll()
        while not self.over:
            if why := self._engine.amiss():
                self._post.put(ClusterError(why))
                return
            pause.poll(1000 * EVERY)

    # A turn.

    def turn(self, patience: float = LONGEST) -> None:
        """Do all that there is to do, and wait for more, at most so long [s]."""
        self._post.wait(patience)
        for request in self._channel.receive():
            self._answers[type(request)](request)
        for told in self._post.come():
            self._hear(told)
        now = self._clock()
        self._look_for_silence(now)
        self._look_who_has_come(now)
        self._place()
        for site in self.sites:
            due = site.wishes or now - site.answered >= self._holdings.tick
            if site.ready and site.asked is None and due:
                site.ask(self._holdings.request(site, self._clock(), self.over), now)
        self._channel.flush()

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
        self.sites = [Site(place, self._post.put) for place in places]
        for index, site in enumerate(self.sites):
            site.index = index
            site.open(self._engine, packed)
        self._began = self._clock()
        Thread(target=self._watch, name="look", daemon=True).start()

    def _greet(self, site: Site, hello: Hello) -> None:
        """A node has spoken: it can be asked."""
        site.ready, site.answered, site.asked = True, self._clock(), None
        if words := mismatch(hello, self._job.per_process >= CROWD_FROM):
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
            self._holdings.hand(start, site)

    def _withdraw(self, wish: messages.Withdraw) -> None:
        for start in self._queue:
            if start.slot == wish.slot:
                self._queue.remove(start)
                self._channel.send(messages.Withdrawn(wish.slot))
                return
        self._pass_on(wish)

    def _pass_on(self, wish: messages.Withdraw | messages.Signal) -> None:
        if site := self._holdings.holders.get(wish.slot):
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

    def _take_in(self, site: Site, answer: Answer) -> None:
        self._holdings.publish(site, answer, self._clock())
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
                self._holdings.let_go(site, slot)
            case messages.Refused(slots, why):
                for slot in slots:
                    self._holdings.let_go(site, slot)
                report = messages.Refused(slots, f"{site.name}: {why}")
            case Trouble(name, why):
                report = Trouble(f"{name} of {site.name}", why)
        self._channel.send(report)

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
        self._channel.send(Parted(tuple(self._holdings.bury(site)), site.name, why))
        if site in self._suspending:
            self._settle_suspended(site)

    def _give_up(self, why: str) -> None:
        """Go on without any node: the cluster itself is gone, or was never there."""
        self._gone = why
        slots: list[int] = []
        for site in self.sites:
            site.lost, site.ready = True, False
            slots += self._holdings.bury(site)
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
        free = [site for site in self.sites if site.ready and site.asked is None]
        dues = [self._holdings.tick - (now - site.answered) for site in free]
        return max(0.0, min([LONGEST, *dues]))

    def close(self) -> None:
        """Have every node end by itself, for as long as there is time; then leave the cluster."""
        self.over = True
        left, until = [site for site in self.sites if site.ready], self._clock() + END
        for site in left:
            if site.asked is None:
                site.ask(self._holdings.request(site, self._clock(), self.over), self._clock())
        while any(site.ready for site in left) and self._clock() < until:
            self._post.wait(LONGEST)
            for told in self._post.come():
                self._note_end(told)
        self._engine.close()

    def _note_end(self, told: Any) -> None:
        if not isinstance(told, Told):
            return
        site = told.site
        if isinstance(told.answer, Answer) and not site.ending:
            site.ask(self._holdings.request(site, self._clock(), self.over), self._clock())
        else:
            site.ready = False
