"""The same arena on a cluster of simulated nodes, beside itself on one host.

All of it runs on this one machine: what Ray takes, and a second and third copy of each row, come on
top of what the movers take, where a real cluster would share it out.
"""

import importlib.util
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from game.session.ages import Ages
from tests.bench.frame import headless
from tests.bench.measure import Missing, Row

NODES, MOST, RATE = 4, 1000, 10  # processes, [Hz]
MILLION = 1_000_000  # robots
LASTS = 10.0  # [s] that they are watched when all have published
SETTLES = 3.0  # [s] before
CLOCK = """
from time import monotonic
from game.scenes.swarm.movers import wander

class Mover(wander.Mover):
    def step(self, dt):
        x, y = super().step(dt)
        return monotonic(), y

class Crowd(wander.Crowd):
    def step(self, dt):
        found = super().step(dt)
        memoryview(found).cast("B").cast("d")[0] = monotonic()
        return found
"""


class Found(NamedTuple):
    """What was measured of a run."""

    frame: float  # [ms] from one to the next
    p99: float  # [ms] of a frame's work
    rates: np.ndarray  # [Hz] of each mover
    ages: tuple[float, float]  # [ms] of a row on the screen, median and p99, by its writer's clock
    told: tuple[float, float]  # the same as the window tells it
    up: float  # [s] until all had published


def clusters(quick: bool) -> Iterator[Row]:
    """A thousand movers on four nodes, and a million robots in four processes there."""
    if importlib.util.find_spec("ray") is None:
        raise Missing("ray is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "clock.py")
        path.write_text(CLOCK)
        for agents, each in ((MOST, 1), (MILLION, MILLION // NODES)):
            seconds = 3.0 if quick else LASTS
            one = measured(agents, each, str(path), seconds)
            many = measured(agents, each, str(path), seconds, "--cluster", f"local:{NODES}")
            yield from rows(f"{agents:,} robots", many, one)


def measured(agents: int, each: int, mover: str, seconds: float, *more: str) -> Found:
    """Watch a run for a while."""
    with headless(agents, each, RATE, mover, more=more) as made:
        up = made.begin()
        made.frames(SETTLES)
        source, before = made.session.source, made.session.source.frame.updates.copy()
        made.session.ages = Ages()
        first, began, ages = len(made.session.stats.frame), time.perf_counter(), []
        while time.perf_counter() - began < seconds:
            made.session.frame()
            shown = source.frame.values.reshape(-1, each, 2)[:, 0, 0]
            ages.append(time.monotonic() - shown)
        lasted = time.perf_counter() - began
        work = made.session.stats.frame.since(first)
        rates = (source.frame.updates - before)[: agents // each] / lasted
        found = np.percentile(np.concatenate(ages) * 1000, (50, 99))
        told = made.session.ages.summary()
        known = (told["median"] or 0.0, told["p99"] or 0.0)
        ms = 1000 * lasted / len(work)
        return Found(ms, float(np.percentile(work, 99)), rates, tuple(found), known, up)


def rows(case: str, many: Found, one: Found) -> Iterator[Row]:
    """What came of a run on nodes, beside the same on one host."""
    peer = "one host"

    def row(what: str, unit: str, ours: float, theirs: float, note: str = "") -> Row:
        return Row("cluster", f"{case}, {what}", unit, ours, peer, theirs, note, contest=False)

    note = f"{1000 / many.frame:.1f} frames/s; one host {1000 / one.frame:.1f}"
    yield row("1/fps", "ms", many.frame, one.frame, note)
    yield row("frame p99", "ms", many.p99, one.p99)
    least = many.rates.min(), one.rates.min()
    note = f"slowest {least[0]:.2f} Hz, one host {least[1]:.2f}; "
    note += f"median {np.median(many.rates):.2f}, {np.median(one.rates):.2f}"
    yield row("slowest, 1/Hz", "ms", 1000 / max(least[0], 0.01), 1000 / max(least[1], 0.01), note)
    note = f"as told: {many.told[0]:.0f} ms"
    yield row("age, median", "ms", many.ages[0], one.ages[0], note)
    yield row("age, p99", "ms", many.ages[1], one.ages[1], f"as told: {many.told[1]:.0f} ms")
    yield row("all published", "s", many.up, one.up, "once the cluster is there")
