"""Whole frames of the real loop, headless, in this process."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from game import opening
from game.crew.crew import Crew
from game.frame import Floats
from tests.bench.crews import PATIENCE
from tests.bench.measure import MILLI, Missing, Row, alternate, timed
from tests.bench.start import ROOT
from tests.made import options_of

# Agents, from 2 processes, and the rate of those [Hz]: the swarm's own, and a heavy one.
SIZES = (
    (100, 10),
    (10_000, 10),
    (100_000, 10),
    (1_000_000, 10),
    (1_000_000, 30),
    (10_000_000, 10),
)
GROUND = (20, 22, 28)
THOUSAND, THOUSAND_RATE = 1000, 10  # processes, [Hz]
LASTS = 10.0  # [s] that the thousand are watched when all have published
AIM = {"frame": 1000 / 60, "p99": 25.0, "all up": 6.0}  # [ms], [ms], [s]
GAMES = {1_000_000: 60.0, 10_000_000: 10.0}  # agents from 2 processes, frames/s aimed at


class Headless:
    """A session without a display, with the frame rate of a window."""

    def __init__(
        self,
        agents: int,
        per_process: int,
        rate: float,
        mover: str,
        capacity: int,
        more: Sequence[str],
        ends: ExitStack,
    ) -> None:
        words = ["swarm", "--headless", "--agents", agents, "--mover", mover, "--rate", rate]
        words += ["--per-process", per_process, "--capacity", capacity or agents, "--seed", 1]
        options, clock = options_of(*map(str, words), *more), time.perf_counter
        self.agents = agents
        self.sleep = time.sleep  # how the time until the next frame is spent
        self.session = opening.open_session(options, clock(), clock, lambda s: self.sleep(s), ends)
        assert isinstance(self.session.cast, Crew)
        self.crew = self.session.cast
        self.window = self.session.window

    def begin(self) -> float:
        """Make frames until all agents have published; how long that took [s]."""
        began = time.perf_counter()
        while len(self.session.source.frame.agents) < self.agents:
            self.session.frame()
            if time.perf_counter() - began > PATIENCE:
                raise Missing(f"not all agents had published within {PATIENCE:g} s")
        return time.perf_counter() - began

    def frames(self, seconds: float) -> tuple[Floats, float]:
        """Make frames for a while; the work of each [ms], and how many there were a second."""
        stats = self.session.stats
        first, began = len(stats.frame), time.perf_counter()
        while time.perf_counter() - began < seconds:
            self.session.frame()
        found = stats.frame.since(first)
        return found, len(found) / (time.perf_counter() - began)

    def fill_and_flip(self) -> None:
        """The least that a frame can be."""
        self.window.surface.fill(GROUND)
        self.window.present()


@contextmanager
def headless(
    agents: int,
    per_process: int,
    rate: float,
    mover: str = "wander",
    capacity: int = 0,
    more: Sequence[str] = (),
) -> Iterator[Headless]:
    """A Headless that is closed at the end; its capacity is by default that of its agents, and
    `more` are options besides."""
    with ExitStack() as ends:
        yield Headless(agents, per_process, rate, mover, capacity, more, ends)


def frames(quick: bool) -> Iterator[Row]:
    """A frame with everything in it, and what of it fill and flip alone take."""
    for agents, rate in SIZES:
        with headless(agents, agents // 2, rate) as made:
            made.begin()
            made.frames(0.3)  # the first ones make pictures that are kept
            case = f"{agents:,} agents at {rate} Hz"
            yield frame_row(made, case, quick)
            if agents == max(SIZES)[0]:
                made.session.screen.selected = 1
                yield frame_row(made, f"{case}, one selected", quick)


def frame_row(made: Headless, case: str, quick: bool) -> Row:
    """The mean frame: where only some have new rows, a median would show one kind alone."""
    rates: list[float] = []
    work: list[float] = []

    def whole() -> float:
        found, rate = made.frames(0.5 if quick else 1.5)
        rates.append(rate)
        work.extend(found.tolist())
        return float(found.mean())

    def least() -> float:
        return float(np.mean([timed(made.fill_and_flip)() for _ in range(30)])) * MILLI

    costs = alternate({"whole": whole, "least": least}, 2 if quick else 4)
    p99, rate = np.percentile(work, 99), np.median(rates)
    note = f"{rate:.0f} frames/s, p99 {p99:.1f} ms; 2 processes"
    peer = "fill and flip alone"
    return Row("frame", case, "ms", costs["whole"], peer, costs["least"], note, contest=False)


def thousand(quick: bool) -> Iterator[Row]:
    """A thousand mover processes of one robot each, against what the design aims at."""
    with headless(THOUSAND, 1, THOUSAND_RATE) as made:
        up = made.begin()
        starting = made.session.stats.frame.since(0)
        found, rate = made.frames(2.0 if quick else LASTS)
        updates = made.session.source.updates
    case, peer = "1,000 movers at 10 Hz", "the aim"
    note = f"{rate:.1f} frames/s; {updates:,} rows read in all"
    yield Row("thousand", f"{case}, 1/fps", "ms", 1000 / rate, peer, AIM["frame"], note)
    p99 = float(np.percentile(found, 99))
    note = f"median {np.median(found):.1f}, max {found.max():.1f} ms"
    yield Row("thousand", "frame p99", "ms", p99, peer, AIM["p99"], note)
    note = f"frames meanwhile: p99 {np.percentile(starting, 99):.1f}, max {starting.max():.1f} ms"
    yield Row("thousand", "all published", "s", up, peer, AIM["all up"], note)


def games(quick: bool) -> Iterator[Row]:
    """The program itself without a window, from its start on, against what the design aims at."""
    for agents, aim in GAMES.items():
        found = figures(agents, 3.0 if quick else LASTS)
        case, start = f"{agents:,} robots", found["start_ms"]
        frame, up = found["frame_ms"], start["all_movers"]
        note = f"{found['fps']:.1f} frames/s; work of one: median {frame['median']:.1f}, "
        note += f"p99 {frame['p99']:.1f}, max {frame['max']:.0f} ms"
        yield Row("game", f"{case}, 1/fps", "ms", 1000 / found["fps"], "the aim", 1000 / aim, note)
        note = f"all published after {up / 1000:.1f} s" if up else "not all had published"
        first = start["first_frame"]
        yield Row("game", f"{case}, first frame", "ms", first, "no aim", None, note, contest=False)


def figures(agents: int, seconds: float) -> dict[str, Any]:
    """What the program itself measures in a run of so many seconds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "stats.json")
        words = ["-m", "game", "swarm", "--headless", "--agents", agents, "--capacity", agents]
        words += ["--per-process", agents // 2, "--seconds", seconds, "--stats", path]
        command = [sys.executable, *map(str, words)]
        subprocess.run(command, cwd=ROOT, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL)
        found: dict[str, Any] = json.loads(path.read_text())
    return found
