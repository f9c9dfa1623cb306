"""The launcher of --cluster: what the crew wishes is done on other machines.

    crew ── start, signal ──> ClusterLauncher ═ link ═ publisher ═ Ray ═ nodes
    crew <── Started, Placed, Ended, Trouble ──┘

To the crew it is a launcher like the others; it starts one process here, the publisher. A pid that
it tells is one of another machine: it is shown with the name of its node, and never looked up.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing.context import BaseContext
from time import monotonic
from typing import Any

from game.child import messages
from game.child.job import Job
from game.child.messages import Ended, Refused, Started, Withdrawn
from game.cluster.messages import Gone, Joined, Said, Suspended
from game.cluster.publisher_entry import run
from game.cluster.rows import put_note
from game.cluster.where import Where
from game.crew.launcher import Parted, Placed, Report, Trouble
from game.crew.limits import NoPlace
from game.crew.nursery_link import Link, wait_for
from game.shared.table import AGENTS, Table

NAME = "the cluster"
END = 9.0  # [s] that the publisher has for the end of all


class ClusterLauncher:
    """Has movers started on the nodes of a cluster."""

    method = "cluster"

    def __init__(
        self,
        context: BaseContext,
        table: Table,
        job: Job,
        where: Where,
        method: str = "forkserver",
        clock: Callable[[], float] = monotonic,
        be: Callable[..., Any] = run,
    ) -> None:
        """`method` is how a node starts its movers; `be` is what the publisher's process runs."""
        self.nodes: tuple[str, ...] = ()  # the names of all that there were
        self.lost: list[str] = []  # those that are no more
        self.agents_lost = 0
        self._table, self._clock = table, clock
        self._live: set[int] = set()  # slots that have a process
        self._waiting: set[int] = set()  # slots that are to have one
        self._told: list[Report] = []
        self._suspended = 0  # times that it was told
        self._gone = ""  # why nobody can be started any more
        link = partial(Link, be=be, name="publisher", more=(where, method))
        self._link: Link | None = link(context, table, job, clock)

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have a mover started on a node, whichever has the fewest."""
        if self._link:
            self._waiting.add(slot)
            self._link.send(messages.Start(slot, generation, name))
        else:
            self._told.append(Refused((slot,), self._gone))

    def withdraw(self, slot: int) -> None:
        """Have a mover not started after all."""
        if self._link:
            self._link.send(messages.Withdraw(slot))

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Have a signal sent to a mover by its own node, or to its group."""
        if self._link:
            self._link.send(messages.Signal(slot, number, group))

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """Have everybody stand still, or go on; wait at most some seconds until it is done."""
        if not self._link:
            return
        before, end = self._suspended, self._clock() + seconds
        self._link.send(messages.Suspend(on, frozen))
        while self._suspended == before and self._clock() < end and self._link:
            wait_for(self._link, 0.01)
            self._told += self._taken_in(self._link.hear())

    def join(self, interrupted: Callable[[], bool]) -> None:
        """Wait until the cluster is there, or it is `interrupted`; NoPlace where it never is."""
        while self._link and not (self.nodes or self._gone or interrupted()):
            wait_for(self._link, 0.02)
            self._told += self.poll()
        if self._gone:
            raise NoPlace(f"--cluster: {self._gone}")

    # A frame.

    def poll(self) -> list[Report]:
        """What the publisher has told, and what if it is gone."""
        if self._link:
            lives = self._link.look()
            self._told += self._taken_in(self._link.hear())
            if not lives:
                self._told += self._lose(self._link)
        reports, self._told = self._told, []
        return reports

    def _taken_in(self, told: list[Any]) -> Iterator[Report]:
        for message in told:
            match message:
                case Started(pids):
                    slots = tuple(slot for slot, _ in pids)
                    self._waiting.difference_update(slots)
                    self._live.update(slots)
                    yield message
                    yield Placed(tuple((slot, self.host(slot)) for slot in slots))
                case Refused(slots):
                    self._waiting.difference_update(slots)
                    yield message
                case Withdrawn(slot) | Ended(slot):
                    self._waiting.discard(slot)
                    self._live.discard(slot)
                    yield message
                case Parted():
                    yield from self._part(message)
                case Trouble():
                    yield message
                case _:
                    self._note(message)

    def _note(self, message: Any) -> None:
        match message:
            case Joined(nodes):
                self.nodes = nodes
            case Gone(why):
                self._gone = why
            case Said(lines):
                with suppress(OSError, ValueError):
                    print(lines.decode(errors="replace"), end="", flush=True, file=sys.stdout)
            case Suspended():
                self._suspended += 1

    def host(self, slot: int) -> str:
        """The node that a slot's process is on."""
        assert self._table.origins is not None
        index = self._table.origins.hosts[slot]
        return self.nodes[index] if 0 <= index < len(self.nodes) else ""

    def _lose(self, dead: Link) -> Iterator[Report]:
        """The publisher is gone: nobody tells of those over there, who end by themselves."""
        self._link = None
        dead.bury()
        self._gone = f"the cluster's publisher died{dead.failure}"
        for slot in self._live:
            put_note(self._table, slot, b"lost with the cluster's publisher\n")
        slots = tuple(sorted(self._live | self._waiting))
        yield from self._part(Parted(slots, NAME, f"its publisher died{dead.failure}", True))

    def _part(self, lost: Parted) -> Iterator[Report]:
        """A node is no more; of its movers some were only on their way."""
        live = tuple(slot for slot in lost.slots if slot in self._live)
        waiting = tuple(slot for slot in lost.slots if slot in self._waiting)
        self.lost += self.nodes if lost.name == NAME else [lost.name]
        self.agents_lost += sum(self._table.row(slot)[AGENTS] for slot in live)
        self._live.difference_update(live)
        self._waiting.difference_update(waiting)
        yield lost._replace(slots=live)
        if waiting:
            yield Refused(waiting, self._gone or "its node was lost")

    # The end.

    def wait(self, seconds: float) -> None:
        """Wait until something may have been found out, at most some seconds."""
        wait_for(self._link, seconds)

    def leave(self) -> None:
        """Start nobody any more; those that have not begun are told as withdrawn."""

    def close(self) -> list[Trouble]:
        """End everybody that is left over there, and the publisher."""
        if link := self._link:
            self._link = None
            link.send(messages.End())
            link.bury(END)
        return []

    def figures(self) -> dict[str, Any]:
        """What is to be said of the cluster, for --stats."""
        nodes = [name for name in self.nodes if name not in self.lost]
        lost = list(dict.fromkeys(self.lost))
        return {"nodes": nodes, "lost": lost, "agents_lost": self.agents_lost}
