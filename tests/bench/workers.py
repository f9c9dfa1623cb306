"""Worker processes flat out: the rows of 16 movers, against 16 environments of gymnasium."""

import os
import signal
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from tests.bench.crews import Bare, bare
from tests.bench.measure import MICRO, Missing, Row, alternate

WORKERS = 16
FLAT_OUT = 1e9  # [Hz] more than anyone can keep up with


def workers(quick: bool) -> Iterator[Row]:
    """The time that a row takes of all workers together: to be written, and to be read.

    The two do not do the same. A reader of ours sees the newest row of each mover and none in
    between, and takes a processor from the movers while it looks; a step of theirs waits until
    every environment's row is read. So "read" tells how often ours can look, not how many rows
    come to be: that is "written". With fewer processors than workers, theirs reads more.
    """
    try:
        from tests.bench.environments import vector
    except ImportError:
        raise Missing("gymnasium is not installed") from None
    seconds = 1.5 if quick else 3.0
    environments = vector(WORKERS)
    try:
        with bare(WORKERS, "jump", FLAT_OUT) as ours:
            ours.add(WORKERS)
            actions = environments.action_space.sample()
            environments.reset()
            written: list[float] = []
            costs = alternate(
                {
                    "movers": lambda: read_flat_out(ours, seconds, written),
                    "steps": lambda: step_flat_out(environments, actions, seconds),
                },
                2 if quick else 3,
            )
    finally:
        environments.close()
    yield worker_row("read", costs["movers"], costs["steps"])
    yield worker_row("written", median(written), costs["steps"])


def worker_row(what: str, mine: float, theirs: float) -> Row:
    """A row for the time [s] that each row takes."""
    note = f"{1 / mine:,.0f} rows/s, theirs {1 / theirs:,.0f}"
    case, peer = f"{WORKERS} flat out, a row {what}", "AsyncVectorEnv(shared_memory=True)"
    return Row("workers", case, "us", mine * MICRO, peer, theirs * MICRO, note)


def read_flat_out(ours: Bare, seconds: float, written: list[float]) -> float:
    """Read as often as possible; the time for each new row that came [s].

    The movers are stopped for the peer's turn: a pause would leave them sleeping for a while.
    """
    signal_all(ours, signal.SIGCONT)
    time.sleep(0.1)
    ours.reader.read(time.perf_counter())
    rows, before, began = 0, ours.reader.updates, time.perf_counter()
    while time.perf_counter() - began < seconds:
        rows += int(ours.reader.read(time.perf_counter()).fresh.sum())
    spent = time.perf_counter() - began
    written.append(spent / max(ours.reader.updates - before, 1))
    signal_all(ours, signal.SIGSTOP)
    return spent / max(rows, 1)


def signal_all(ours: Bare, number: int) -> None:
    """Send a signal to each mover."""
    for member in ours.crew.members.values():
        os.kill(member.pid, number)


def step_flat_out(environments: Any, actions: Any, seconds: float) -> float:
    """Step all environments as often as possible; the time for each one's observation [s]."""
    steps, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        environments.step(actions)
        steps += 1
    return (time.perf_counter() - began) / (steps * WORKERS)
