"""Crews for tests, and what runs in processes that are no movers."""

import multiprocessing
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from game import scenes
from game.child.job import Behaviour, Job
from game.crew.crew import Crew
from game.crew.launcher import launch
from game.crew.starting import spawning
from game.shared.table import STATE, UPDATES, Slice, State, Table
from game.sources.own_table import TableSource
from tests.conftest import until


class Run:
    """A table with its crew and its reader, without a window."""

    def __init__(
        self,
        method: str,
        scene: str = "swarm",
        mover: str = "jump",
        capacity: int = 8,
        per_process: int = 1,
        rate: float = 200.0,
        updates: int = 0,
        seed: int = 1,
        policy: str = "never",
    ) -> None:
        context, definition = spawning(), scenes.find(scene)
        own_cells = definition.offers("cells", "Cells")
        cells = own_cells(context) if own_cells else None
        self.table = Table(context, definition.fields, capacity, per_process, cells)
        job = Job(scene, definition.fields, (Behaviour(mover),), seed, rate, updates)
        names = definition.names()
        launcher = launch(method, context, self.table, job)
        self.crew = Crew(self.table, job, launcher, policy=policy, agent_name=names)
        self.reader = TableSource(self.table, rate)
        self.events = []  # everything that poll() told

    def poll(self) -> None:
        """What a frame does, without drawing."""
        self.events += self.crew.poll()
        self.reader.read(time.monotonic())

    def until(self, state, what: str = "") -> None:
        """Poll until a state is there, and every mover that has published has been heard of."""

        def polled() -> bool:
            self.poll()
            rows = self.table.row
            unheard = any(not m.pid and rows(s)[UPDATES] for s, m in self.crew.members.items())
            return bool(state()) and not unheard

        until(polled, what)

    def state(self, slot: int) -> State:
        return State(self.table.row(slot)[STATE])


@contextmanager
def running(*args, **options) -> Iterator[Run]:
    """A Run that is closed at the end."""
    run = Run(*args, **options)
    try:
        yield run
    finally:
        run.crew.close()


def nursery_of(run: Run) -> int:
    """The pid of the nursery of a run."""
    from game.crew.nursery import Nursery  # which there is on Linux alone

    launcher = run.crew._launcher
    assert isinstance(launcher, Nursery)
    return launcher._link.pid if launcher._link else 0


WIDE = 200  # values of a hammered row: enough for a copy to be caught in the middle


def hammer(table: Table, slot: int, protocol: bool) -> None:
    """Write rows of one number each, flat out, until the parent is gone.

    Without the protocol the values are written as they are, with no sequence number.
    """
    part = Slice(table, slot)
    part.row[STATE] = State.RUNNING
    parent = multiprocessing.parent_process()
    number = 0.0
    while parent is not None and parent.is_alive():
        for _ in range(max(1, 10_000 * WIDE // part.size)):
            number += 1.0
            row = memoryview(array("d", [number] * part.size))
            if protocol:
                part.publish(row)
            else:
                part._values[:] = row
                part.row[UPDATES] += 1  # the reader takes it for an update


@contextmanager
def hammering(protocol: bool, wide: int = WIDE) -> Iterator[Table]:
    """A table in which two processes write rows of `wide` equal numbers."""
    context = spawning()
    table = Table(context, {"n": ""}, 2 * wide, per_process=wide)
    processes = []
    enough = max(10, 1000 * WIDE // wide)  # rows, until the writers count as warm
    try:
        for slot in range(2):
            table.open(slot, wide)
            processes.append(context.Process(target=hammer, args=(table, slot, protocol)))
            processes[-1].start()
        until(lambda: all(table.row(slot)[UPDATES] > enough for slot in range(2)), "hammering")
        yield table
    finally:
        for process in processes:
            process.kill()
            process.join()
