"""How long a step takes that many processes make together, and the way that Python has for it."""

import os
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any, NamedTuple

from game.child.conductor import Conductor
from game.child.pace import Pace
from game.child.parent_watch import NICE
from game.child.stepping import InStep
from game.shared.beat import TURN
from game.shared.table import GENERATION, PID, Slice, Table
from tests.bench.crews import until
from tests.bench.measure import MILLI, Row

MOVERS = (20, 100, 300)
PEER = "multiprocessing.Barrier"
COMES = 0.3  # [s] in which all come to speed

Process = Any  # of the context that is used


class Work(NamedTuple):
    """What InStep asks of a job."""

    rate: float = 10.0  # [Hz]
    updates: int = 0


def locksteps(quick: bool) -> Iterator[Row]:
    """A step of so many forked processes, each of which publishes a row and no more."""
    seconds = 1.0 if quick else 3.0
    for movers in MOVERS:
        ours, theirs = (step(start, movers, seconds) for start in (in_step, at_barrier))
        note = f"{1 / ours:,.0f} steps a second"
        yield Row("lockstep", f"{movers} processes", "ms", ours * MILLI, PEER, theirs * MILLI, note)


def step(start: Callable[..., Any], movers: int, seconds: float) -> float:
    """How long a step takes [s]."""
    with start(movers) as made:
        until(lambda: made() > 1)
        time.sleep(COMES)
        before, began = made(), time.perf_counter()
        time.sleep(seconds)
        return (time.perf_counter() - began) / max(made() - before, 1)


@contextmanager
def running(targets: list[tuple[Callable[..., None], tuple[Any, ...]]]) -> Iterator[None]:
    """Processes that do something until they are killed."""
    context = get_context("fork")
    processes = [context.Process(target=target, args=args) for target, args in targets]
    try:
        for process in processes:
            process.start()
        yield
    finally:
        for process in processes:
            process.kill()
        for process in processes:
            process.join()


@contextmanager
def in_step(movers: int) -> Iterator[Callable[[], int]]:
    """Our movers and their conductor; gives how many steps they have made."""
    table = Table(get_context("spawn"), {"x": "m", "y": "m"}, movers, 1, None, together=True)
    assert table.beat is not None
    beat = table.beat
    for slot in range(movers):
        table.open(slot, 1)
    beat.begin()
    beat.want({slot: table.row(slot)[GENERATION] for slot in range(movers)})
    targets: list[Any] = [(mover, (table, slot)) for slot in range(movers)]
    with running([*targets, (conduct, (table,))]):
        yield lambda: beat.cells[TURN]


def mover(table: Table, slot: int) -> None:
    """Step for ever."""
    os.nice(NICE)
    part = Slice(table, slot)
    part.row[PID] = os.getpid()
    stepping = InStep(table, part, Pace(table), Work())  # type: ignore[arg-type]
    values = memoryview(array("d", [1.0, 2.0]))
    while stepping.begins():
        stepping.publish(values)


def conduct(table: Table) -> None:
    """Conduct for ever, as fast as it goes."""
    conductor = Conductor(table, 0.0, 0.0, Pace(table))
    while True:
        conductor.rest(conductor.look())


@contextmanager
def at_barrier(movers: int) -> Iterator[Callable[[], int]]:
    """As many processes that wait at a barrier; gives how often they have passed it."""
    context = get_context("fork")
    barrier = context.Barrier(movers)
    values = context.Array("d", 2 * movers, lock=False)
    passed = context.Array("q", 1, lock=False)
    with running([(wait, (barrier, values, passed, slot)) for slot in range(movers)]):
        yield lambda: int(passed[0])


def wait(barrier: Any, values: Any, passed: Any, slot: int) -> None:
    """Write and wait for ever."""
    os.nice(NICE)
    while True:
        values[2 * slot : 2 * slot + 2] = [1.0, 2.0]
        barrier.wait()
        if slot == 0:
            passed[0] += 1
