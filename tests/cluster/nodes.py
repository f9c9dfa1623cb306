"""A cluster without Ray: nodes on this machine, each in a process as Ray's actor has it."""

import os
import time
from contextlib import contextmanager

from game import scenes
from game.child.job import Behaviour, Job
from game.cluster.host import Host
from game.cluster.launcher import ClusterLauncher
from game.cluster.publisher_entry import serve
from game.cluster.site import ClusterError, Place
from game.cluster.where import Where
from game.crew.crew import Crew
from game.crew.starting import our_path, spawning
from game.shared.table import STATE, State, Table
from game.sources.own_table import TableSource
from tests.conftest import until


class Local:
    """An engine whose nodes are programs that this process starts."""

    def __init__(self, nodes: int) -> None:
        self.nodes, self.hosts = nodes, []
        self.down = os.environ.get("ARENA_TEST_DOWN", "")  # a file: while it is there, so is all

    def join(self):
        if not self.nodes:
            raise ClusterError("there is no cluster, for once")
        return [Place(f"node {number + 1}", 1.0) for number in range(self.nodes)]

    def open(self, place, parcel):
        host = Host(parcel)
        self.hosts.append(host)
        return host

    def amiss(self):
        return "its head is gone" if self.down and not os.path.exists(self.down) else ""

    def close(self):
        for host in self.hosts:
            host.close()


def run(packed, connection, lifeline, where, method):
    """Be a publisher without Ray."""
    serve(packed, connection, lifeline, lambda: Local(where.nodes), method)


class Run:
    """A table whose movers run on nodes, and what the window has of it."""

    def __init__(
        self, nodes=2, scene="swarm", mover="jump", capacity=8, rate=50.0, policy="never", **more
    ) -> None:
        """On no nodes it is a cluster that is not there; `more` are fields of the Job."""
        context, definition = spawning(), scenes.find(scene)
        own_cells = definition.offers("cells", "Cells")
        cells = own_cells(context) if own_cells else None
        if cells:
            cells.make_room(capacity)
        self.table = Table(context, definition.fields, capacity, cells=cells, remote=True)
        given = {"seed": 1, "rate": rate, "updates": 0, **more}
        job = Job(definition.job_name, definition.fields, (Behaviour(mover),), **given)
        self.launcher = ClusterLauncher(context, self.table, job, Where(True, nodes, ""), be=run)
        self.crew = Crew(
            self.table, job, self.launcher, policy=policy, agent_name=definition.names()
        )
        self.reader = TableSource(self.table, rate)
        self.events = []

    def poll(self) -> None:
        """What a frame does, without drawing."""
        self.events += self.crew.poll()
        self.reader.read(time.monotonic())

    def until(self, state, what="") -> None:
        """Poll until a state is there."""

        def polled():
            self.poll()
            return state()

        until(polled, what)

    def start(self, movers: int) -> None:
        """Have so many movers publishing."""
        self.launcher.join(lambda: False)
        for _ in range(movers):
            self.crew.add()
        self.until(self.all_publish, "their first rows")

    def all_publish(self) -> bool:
        """Whether every mover that there is has a process, and a row."""
        updates = self.reader.frame.updates
        return all(m.pid and m.host and updates[s] for s, m in self.crew.members.items())

    def state(self, slot: int) -> State:
        return State(self.table.row(slot)[STATE])

    def on(self, node: str) -> list[int]:
        """The slots that are on a node."""
        return [slot for slot, m in self.crew.members.items() if m.host == node]


@contextmanager
def running(*args, **options):
    """A Run that is closed at the end."""
    with our_path():
        run = Run(*args, **options)
        try:
            yield run
        finally:
            run.crew.close()
