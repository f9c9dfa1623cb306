"""A crew without a window, for rows that are about processes alone."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from game import scenes
from game.arguments import methods
from game.child.job import Behaviour, Job
from game.crew.crew import Crew
from game.crew.launcher import launch
from game.crew.starting import make_room, spawning
from game.shared.table import UPDATES, Table
from game.sources.own_table import TableSource
from tests.bench.measure import Missing

PATIENCE = 60.0  # [s] until something that has to come is given up
LOOK = 0.0002  # [s] between two looks


class Bare:
    """A table with its crew and its reader."""

    def __init__(self, capacity: int, mover: str = "wander", rate: float = 10.0) -> None:
        context, fields = spawning(), scenes.find("swarm").fields
        make_room(capacity)
        self.table = Table(context, fields, capacity)
        job = Job("swarm", fields, (Behaviour(mover),), 1, rate, 0)
        self.crew = Crew(self.table, job, launch(methods()[0], context, self.table, job))
        self.reader = TableSource(self.table, rate)

    def add(self, count: int) -> None:
        """Add movers, and come back when each has published."""
        slots = [self.crew.add() for _ in range(count)]
        until(self._polled(lambda: all(self.table.row(slot)[UPDATES] for slot in slots)))

    def remove_newest(self) -> None:
        """Remove the newest mover, and come back when it is reaped."""
        left = len(self.crew.members) - 1
        self.crew.remove(self.crew.newest() or 0)
        until(self._polled(lambda: len(self.crew.members) <= left))

    def _polled(self, state: Callable[[], bool]) -> Callable[[], bool]:
        def look() -> bool:
            for event in self.crew.poll():
                raise Missing(f"{event.name}: {event.why}")
            return state()

        return look


@contextmanager
def bare(capacity: int, mover: str = "wander", rate: float = 10.0) -> Iterator[Bare]:
    """A Bare that is closed at the end."""
    made = Bare(capacity, mover, rate)
    try:
        yield made
    finally:
        made.crew.close()


def forkserver() -> Any:
    """multiprocessing's own forkserver, of which peers are made; it has loaded what ours have."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["game.child.preload"])
    return context


def until(state: Callable[[], object]) -> None:
    """Look again and again until a state is there."""
    end = time.perf_counter() + PATIENCE
    while not state():
        if time.perf_counter() > end:
            raise Missing(f"it did not come within {PATIENCE:g} s")
        time.sleep(LOOK)
