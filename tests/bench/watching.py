"""What it costs a program to be watched, and how soon one sees its array.

The watched program writes flat out from two processes; its peer is the same program unwatched.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.measure import MILLI, SECOND, Missing, Once, Row, compare, timed
from tests.bench.start import BARE_WINDOW, LIMIT, ROOT

WRITES = 400_000  # of each writer, flat out
AIM = "aim: within 3 %, with a core for each writer and one for the viewer"

# Writes flat out and prints how long that took [s], watched or not.
WRITER = f"""
import multiprocessing, sys, time
sys.path.insert(0, {str(ROOT)!r})

def write(raw, place):
    for number in range({WRITES}):
        raw[place] = number

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    array = context.Array("d", 1000)
    viewer = None
    if sys.argv[1] == "watched":
        import game
        viewer = game.watch(array, headless=True)
        time.sleep(2)  # until it reads
    writers = [
        context.Process(target=write, args=(array.get_obj(), place)) for place in range(2)
    ]
    began = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    print(time.perf_counter() - began)
    if viewer:
        viewer.close()
"""

# Shares an array and counts in it until its input ends.
SHARES = """
import multiprocessing, sys, threading, time
array = multiprocessing.Array("d", 1000)
threading.Thread(target=lambda: [array.__setitem__(0, n) or time.sleep(0.01) for n in range(10**9)],
                 daemon=True).start()
print("begun", flush=True)
sys.stdin.read()
"""


def costs(quick: bool) -> Iterator[Row]:
    """The time that writers take flat out, watched and not."""
    if sys.platform != "linux":
        raise Missing("only Linux tells what a process shares")
    turns = {"watched": writer("watched"), "the same program unwatched": writer("alone")}
    cores = len(os.sched_getaffinity(0))
    note = f"{AIM}; there are {cores} here"
    rounds = 3 if quick else 8
    for row in compare("watch", f"2 writers, {WRITES:,} each", turns, rounds, SECOND, note):
        yield row._replace(contest=cores > 2)


def writer(how: str) -> Once:
    """Runs the writing program; gives what it says of its time [s]."""

    def once() -> float:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "writer.py")
            file.write_text(WRITER)
            done = subprocess.run(
                [sys.executable, str(file), how],
                check=True,
                capture_output=True,
                text=True,
                timeout=LIMIT,
            )
            return float(done.stdout)

    return once


def attaches(quick: bool) -> Iterator[Row]:
    """From the command to the first picture of a program that runs already."""
    if sys.platform != "linux":
        raise Missing("only Linux tells what a process shares")
    rounds = 4 if quick else 10
    with sharing() as pid, tempfile.TemporaryDirectory() as folder:
        figures = os.path.join(folder, "stats.json")
        words = ["-m", "game", "watch", str(pid), "--headless", "--frames", "1", "--stats", figures]
        turns = {"watch PID": timed(lambda: python(*words)), "a bare pygame window": timed(bare)}
        turns["watch PID"]()  # compiles what is not compiled yet
        found = list(compare("attach", "1,000 values, 1 frame", turns, rounds, MILLI))
        first = json.loads(Path(figures).read_text())["start_ms"]["first_frame"]
    note = f"aim: 1.5 times; first frame {first:.0f} ms from its main module on"
    yield from (row._replace(note=note) for row in found)


@contextmanager
def sharing() -> Iterator[int]:
    """The pid of a program that shares an array."""
    process = subprocess.Popen(
        [sys.executable, "-c", SHARES], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield process.pid
    finally:
        process.kill()
        process.communicate()


def bare() -> None:
    """A window, and five circles in it."""
    python("-c", BARE_WINDOW)


def python(*words: str) -> None:
    """Run Python with these arguments, to its end."""
    subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=LIMIT,
    )
