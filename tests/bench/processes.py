"""Processes: adding one, closing fifty, and the memory of one."""

import operator
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

from game.crew.starting import spawning
from tests.bench.children import hold_libraries
from tests.bench.crews import bare, forkserver, until
from tests.bench.measure import Missing, Row, alternate, compare, timed

MANY = 50  # processes that are closed at once
HELD = 5  # movers whose memory is looked at
MEGABYTE = 1e6
REST = 60.0  # [s] that a bare process sleeps at the most


def adds(quick: bool) -> Iterator[Row]:
    """From the wish for a mover to its first row, against a bare process to its first write."""
    context = forkserver()
    with bare(4) as ours:
        ours.add(1)  # the nursery is up from here on

        def add() -> float:
            took = timed(lambda: ours.add(1))()
            ours.remove_newest()
            return took

        def start() -> float:
            values = context.Array("d", 1, lock=False)
            # A function that the forkserver has loaded: nothing to import in the child.
            process = context.Process(target=operator.setitem, args=(values, 0, 1.0))
            began = time.perf_counter()
            process.start()
            until(lambda: values[0])
            took = time.perf_counter() - began
            process.join()
            return took

        turns = {"add": add, "a bare forkserver process": start}
        yield from compare("add", "one, to its first row", turns, 9 if quick else 25)


def closes(quick: bool) -> Iterator[Row]:
    """From the wish to end fifty processes to the last one reaped."""

    def close() -> float:
        with bare(MANY) as ours:
            ours.add(MANY)
            return timed(ours.crew.close)()

    def end() -> float:
        with sleeping(MANY) as processes:
            began = time.perf_counter()
            for process in processes:
                process.terminate()
            for process in processes:
                process.join()
            return time.perf_counter() - began

    turns = {"close": close, "terminate() and join() of bare ones": end}
    yield from compare("close", f"{MANY} processes", turns, 2 if quick else 5)


@contextmanager
def sleeping(count: int) -> Iterator[list[Any]]:
    """Bare processes that do nothing, killed at the end if they are still there."""
    context = forkserver()
    started: list[Any] = []
    values = context.Array("d", count, lock=False)
    try:
        for _ in range(count):
            process = context.Process(target=time.sleep, args=(REST,))
            process.start()
            started.append(process)
        until(lambda: len(values) == count)
        time.sleep(0.2)  # the last one, too, comes to its sleep
        yield started
    finally:
        for process in started:
            process.kill()
            process.join()


def memory(quick: bool) -> Iterator[Row]:
    """Private memory of a one-agent mover, against a process that has a window's libraries."""
    private = look_up_memory()
    with bare(HELD) as ours:
        ours.add(HELD)
        time.sleep(0.5)  # a few updates
        with holding_libraries() as holder:
            pids = [member.pid for member in ours.crew.members.values()]
            turns = {
                "mover": lambda: median(private(pid) for pid in pids),
                "holder": lambda: private(holder.pid),
            }
            costs = alternate(turns, 3)
    mine, theirs = costs["mover"], costs["holder"]
    peer = "a spawned process with pygame and numpy"
    yield Row("memory", "a mover, private (USS)", "MB", mine, peer, theirs)


def look_up_memory() -> Callable[[int], float]:
    """A function that gives the private memory of a process [MB]; 0 of one that has ended."""
    try:
        import psutil
    except ImportError:
        raise Missing("psutil is not installed") from None

    def private(pid: int) -> float:
        try:
            return float(psutil.Process(pid).memory_full_info().uss) / MEGABYTE
        except psutil.Error:
            return 0.0

    return private


@contextmanager
def holding_libraries() -> Iterator[Any]:
    """A spawned process that has imported pygame and numpy."""
    context: Any = spawning()
    ready = context.Array("q", 1, lock=False)
    process = context.Process(target=hold_libraries, args=(ready,))
    process.start()
    try:
        until(lambda: ready[0])
        yield process
    finally:
        process.kill()
        process.join()
