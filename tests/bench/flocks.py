"""Agents that look at each other: a copy of everybody, a step, and whole flocks in a session."""

import time
from collections.abc import Iterator
from multiprocessing import get_context
from random import Random
from typing import Any

import numpy as np

from game import scenes
from game.scenes.swarm.movers import flock, wander
from game.shared.others import Others
from game.shared.published import Published
from game.shared.table import UPDATES, Slice, Table
from tests.bench.frame import AIM, Headless, headless
from tests.bench.measure import MICRO, Missing, Row, batch, compare

ROBOTS, RATE = 300, 10  # a process each, [Hz]
MANY, PROCESSES = 100_000, 2
LASTS = 8.0  # [s] that they are watched when all have published
PERIOD = 0.1  # [s] the aim of an update


def sights(quick: bool) -> Iterator[Row]:
    """What a step among others costs, against one of a mover that looks at nobody."""
    for many in (100, ROBOTS, 1000):
        table, published = crowded(many)
        array = get_context("spawn").Array("d", 2 * many)
        part = Slice(table, 0)

        def copy(published: Published = published) -> None:
            published.renew()
            published.rows()

        turns = {"copy": batch(copy), "array[:], one lock": batch(lambda a=array: a[:])}
        yield from compare("sight", f"{many:,} whole rows", turns, 3 if quick else 15, MICRO)

        movers = [kind.Mover(agent(published, 0)) for kind in (flock, wander)]

        def step(mover: Any, published: Published = published, part: Slice = part) -> None:
            published.renew()
            part.publish(memoryview(np.array(mover.step(PERIOD))))

        turns = {
            "flock": batch(lambda m=movers[0], s=step: s(m)),
            "a step of wander": batch(lambda m=movers[1], s=step: s(m)),
        }
        for row in compare("sight", f"a step among {many:,}", turns, 3 if quick else 15, MICRO):
            yield row._replace(contest=False)


def agent(published: Published, number: int) -> Any:
    """An agent of the swarm that sees what is published."""
    swarm = scenes.find("swarm")
    others = Others(published, number)
    return swarm.agent_class(number, Random(number), RATE, swarm.world(None), others)


def crowded(many: int) -> tuple[Table, Published]:
    """A table of robots that are spread by chance, a slot each."""
    table, chance = Table(get_context("spawn"), scenes.find("swarm").fields, many), Random(1)
    for slot in range(many):
        table.open(slot, 1)
        place = np.array((chance.uniform(0, 100), chance.uniform(0, 100)))
        Slice(table, slot).publish(memoryview(place))
    return table, Published(table)


def flocks(quick: bool) -> Iterator[Row]:
    """Flocks in a session: their updates a second, and the frames of the window meanwhile."""
    cases = (
        (f"{ROBOTS} processes of one", ROBOTS, 1),
        (f"{MANY:,} in {PROCESSES} processes", MANY, MANY // PROCESSES),
    )
    for case, robots, per_process in cases:
        with headless(robots, per_process, RATE, "flock") as made:
            made.begin()
            made.frames(2.0)
            rows = [made.crew.table.row(slot) for slot in made.crew.members]
            before, began = [row[UPDATES] for row in rows], time.perf_counter()
            spent = processor_time(made)
            found, rate = made.frames(3.0 if quick else LASTS)
            took = time.perf_counter() - began
            spent = processor_time(made) - spent
            hertz = [(row[UPDATES] - was) / took for row, was in zip(rows, before, strict=True)]
        slowest = min(hertz)
        mean = sum(hertz) / len(hertz)
        cores = spent / took * RATE / mean  # for the processes alone, whatever else there is
        note = f"slowest {slowest:.2f} Hz, mean {mean:.2f} Hz; {RATE} Hz need {cores:.2f} cores"
        aim = "the aim"
        yield Row("flock", f"{case}, 1/Hz", "ms", 1e3 / slowest, aim, 1e3 * PERIOD, note)
        p99 = np.percentile(found, 99)
        note = f"{rate:.1f} frames/s; work median {np.median(found):.1f}, p99 {p99:.1f} ms"
        yield Row("flock", f"{case}, 1/fps", "ms", 1e3 / rate, aim, AIM["frame"], note)


def processor_time(made: Headless) -> float:
    """The processor time that the movers of a session have taken so far [s]."""
    try:
        import psutil
    except ImportError:
        raise Missing("psutil is not installed") from None
    pids = [member.pid for member in made.crew.members.values() if member.pid]
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)
