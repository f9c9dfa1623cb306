"""Crews for tests, and what runs in processes that are no movers."""

import multiprocessing
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager

from game import movers
from game.child.mover_process import Job
from game.crew.crew import Crew
from game.crew.starting import start_method
from game.reader import TableReader
from game.table import STATE, Slice, State, Table
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
        lock: bool = False,
        policy: str = "never",
    ) -> None:
        context = start_method(method)
        self.table = Table(context, movers.world(scene).FIELDS, capacity, per_process)
        self.table.lock = context.RLock() if lock else None
        self.crew = Crew(
            self.table, context, Job(scene, mover, "", seed, rate, updates), policy=policy
        )
        self.reader = TableReader(self.table)
        self.events = []  # everything that poll() told

    def poll(self) -> None:
        """What a frame does, without drawing."""
        self.events += self.crew.poll()
        self.reader.refresh(time.monotonic())

    def until(self, state, what: str = "") -> None:
        """Poll until a state is there."""

        def polled() -> bool:
            self.poll()
            return bool(state())

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
        for _ in range(10_000):
            number += 1.0
            row = memoryview(array("d", [number] * part.size))
            if protocol:
                part.publish(row)
            else:
                part._values[:] = row
                part.row[1] += 1  # the reader takes it for an update


@contextmanager
def hammering(method: str, protocol: bool) -> Iterator[TableReader]:
    """A reader of a table in which two processes write rows of WIDE equal numbers."""
    context = start_method(method)
    table = Table(context, {"n": ""}, 2 * WIDE, per_process=WIDE)
    processes = []
    for slot in range(2):
        table.open(slot, WIDE)
        processes.append(context.Process(target=hammer, args=(table, slot, protocol)))
        processes[-1].start()
    try:
        until(lambda: all(table.row(slot)[1] > 1000 for slot in range(2)), "hammering")
        yield TableReader(table)
    finally:
        for process in processes:
            process.kill()
            process.join()
