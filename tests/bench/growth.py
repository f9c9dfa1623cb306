"""Growth: what ten times the agents, and ten times the processes, cost the reader."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.bench.measure import Missing, Row
from tests.bench.processes import look_up_memory
from tests.bench.start import LIMIT, ROOT

CASES = (  # what grows; agents, agents of a process, and its rate [Hz]; before and after
    ("10 x agents", (100_000, 50_000, 60), (1_000_000, 500_000, 60)),  # new rows every frame
    ("10 x processes", (20, 1, 10), (200, 1, 10)),
)
BYTES = 16  # of an agent in the array


class Cost(NamedTuple):
    """What a run cost its reader."""

    frame: float  # [ms] median
    memory: float  # [MB] private, at the most


def growth(quick: bool) -> Iterator[Row]:
    """Rows of which "ours" is the run before it grew and "other" the one that is ten times it."""
    for case, before, after in CASES:
        small: list[Cost] = []
        large: list[Cost] = []
        for _ in range(1 if quick else 2):
            for found, size in ((small, before), (large, after)):
                found.append(run(*size, 1.0 if quick else 3.0))
        peer = f"{after[0]:,} agents, after {before[0]:,}"
        frames = [median(cost.frame for cost in found) for found in (small, large)]
        yield growth_row(f"{case}, frame", "ms", frames, peer)
        array = (after[0] - before[0]) * BYTES / 1e6
        peer += f"; the array grew by {array:.2g} MB"
        memory = [median(cost.memory for cost in found) for found in (small, large)]
        yield growth_row(f"{case}, memory", "MB", memory, peer)


def growth_row(case: str, unit: str, costs: list[float], peer: str) -> Row:
    """A row for the cost before and after."""
    return Row("growth", case, unit, costs[0], peer, costs[1], contest=False)


def run(agents: int, per_process: int, rate: float, seconds: float) -> Cost:
    """Run the real program for a while, and look at its memory meanwhile."""
    private = look_up_memory()
    with tempfile.TemporaryDirectory() as folder:
        figures = os.path.join(folder, "stats.json")
        words = ["-m", "game", "swarm", "--headless", "--agents", agents, "--capacity", agents]
        words += ["--per-process", per_process, "--rate", rate, "--seconds", seconds]
        words += ["--stats", figures]
        command = [sys.executable, *map(str, words)]
        child = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
        try:
            most, end = 0.0, time.perf_counter() + LIMIT
            while child.poll() is None:
                if time.perf_counter() > end:
                    raise Missing("the run did not end")
                most = max(most, private(child.pid))
                time.sleep(0.3)
        finally:
            child.kill()  # its movers go with it
            child.wait()
        frame = json.loads(Path(figures).read_text())["frame_ms"]["median"]
    return Cost(frame, most)
