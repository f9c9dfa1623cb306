"""How long whole programs take, from exec to exit."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

from tests.bench.measure import Missing, Once, Row, compare, timed

ROOT = Path(__file__).parents[2]
LIMIT = 60.0  # [s]
ARGPARSE = "import argparse; argparse.ArgumentParser().format_help()"
BARE_WINDOW = """
import pygame
pygame.display.init()
pygame.font.init()
window = pygame.display.set_mode((1280, 720), pygame.RESIZABLE)
pygame.event.get()
window.fill((20, 22, 28))
for car in range(5):
    pygame.draw.circle(window, (90, 200, 250), (100 * car, 100), 10)
pygame.display.flip()
"""


def starts(quick: bool) -> Iterator[Row]:
    """A race of one frame, and --help, against the least that could stand in for them."""
    rounds = 4 if quick else 10
    with tempfile.TemporaryDirectory() as folder:
        figures = os.path.join(folder, "stats.json")
        race = ["-m", "game", "race", "--headless", "--frames", "1", "--stats", figures]
        program(*race)()  # compiles what is not compiled yet
        turns = {
            "race": program(*race),
            "a bare pygame window": program("-c", BARE_WINDOW),
            "python -c pass": program("-c", "pass"),
        }
        found = list(compare("start", "race, 5 cars, 1 frame", turns, rounds))
        first = json.loads(Path(figures).read_text())["start_ms"]["first_frame"]
    note = f"ours includes ending 5 processes; first frame {first:.0f} ms from its main module on"
    yield from (row._replace(note=note) for row in found)
    turns = {
        "help": program("-m", "game", "--help"),
        "python -c, with argparse": program("-c", ARGPARSE),
        "python -c pass": program("-c", "pass"),
    }
    yield from compare("start", "--help", turns, rounds)


def program(*words: str) -> Once:
    """Time a run of Python with these arguments [s]."""
    return timed(lambda: run(*words))


def run(*words: str) -> None:
    """Run Python with these arguments, to its end."""
    quiet = subprocess.DEVNULL
    # Python keeps what it compiled, unless told not to: then each run would compile it all anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        [sys.executable, *words], cwd=ROOT, env=kept, stdout=quiet, stderr=quiet
    ) as made:
        # Not wait(timeout=LIMIT): it looks whether the program has ended 30, 60, 110 ms after
        # its start, and not in between.
        limit = Timer(LIMIT, made.kill)
        limit.start()
        try:
            code = made.wait()
        finally:
            limit.cancel()
    if code:
        raise Missing(f"{' '.join(words[:3])} ended with exit status {code}")
