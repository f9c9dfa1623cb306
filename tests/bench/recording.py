"""What a recording costs: the frame, the file, and the way to any moment of it."""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from tests.bench.measure import Row
from tests.bench.start import ROOT

AGENTS = {12: 1, 1000: 50, 1_000_000: 500_000}  # and how many of them a process drives
LASTS, QUICK = 20.0, 5.0  # [s]
PATIENCE = 120  # [s]
SEEK_AIM, P99_AIM = 100.0, 1.2  # [ms]; times that of the same run unrecorded
SEEKS = 60


def recordings(quick: bool) -> Iterator[Row]:
    """A run that is recorded against the same one that is not; the file; going about in it."""
    seconds = QUICK if quick else LASTS
    for agents, per_process in AGENTS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "run.mcap")
            words = ["--agents", agents, "--capacity", agents, "--per-process", per_process]
            plain = run([*words, "--keep", 0], seconds, folder)
            found = run([*words, "--record", path], seconds, folder)
            yield from rows(agents, plain, found, path)


def rows(agents: int, plain: Any, found: Any, path: Path) -> Iterator[Row]:
    """The rows of one recording."""
    case, without = f"{agents:,} robots", plain["frame_ms"]["p99"]
    note = f"{found['fps']:.1f} frames/s, unrecorded {plain['fps']:.1f}"
    p99 = found["frame_ms"]["p99"]
    aim = P99_AIM * without
    yield Row("record", f"{case}, frame p99", "ms", p99, "1.2 of unrecorded", aim, note)
    size, took = path.stat().st_size / 1e6, seeks(path)
    minute = 60 * size / took["length"]
    note = f"{took['updates']} updates in {took['length']:.0f} s"
    yield Row("record", f"{case}, a minute", "MB", minute, "no aim", None, note, contest=False)
    note = f"median {np.median(took['ms']):.0f}, max {max(took['ms']):.0f} ms"
    p90 = float(np.percentile(took["ms"], 90))
    yield Row("record", f"{case}, seek p90", "ms", p90, "the aim", SEEK_AIM, note)


def run(words: list[Any], seconds: float, folder: str) -> Any:
    """What the program measures in a run."""
    stats = Path(folder, "stats.json")
    command = [sys.executable, "-m", "game", "swarm", "--headless", "--seconds", seconds]
    command += [*words, "--seed", 1, "--stats", stats]
    quiet = subprocess.DEVNULL
    subprocess.run(
        list(map(str, command)), cwd=ROOT, check=True, timeout=PATIENCE, stdout=quiet, stderr=quiet
    )
    return json.loads(stats.read_text())


def seeks(path: Path) -> dict[str, Any]:
    """How long it takes to be at random moments [ms], the picture not included."""
    import pygame

    from game.opening import make_screen
    from game.recording.reading import FileTape
    from game.scenes import find
    from game.session.player import Player
    from tests.made import options_of

    pygame.display.init()
    pygame.font.init()
    tape = FileTape(str(path))
    player = Player(tape, make_screen(find("swarm"), options_of("swarm")))
    player.show(1)
    took = []
    for number in random.Random(1).choices(range(tape.last + 1), k=SEEKS):
        player.forget()
        began = perf_counter()
        player.show(number)
        took.append(1000 * (perf_counter() - began))
    told = {"ms": took, "length": tape.length, "updates": tape.last + 1}
    tape.close()
    return told
