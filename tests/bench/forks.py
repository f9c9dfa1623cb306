"""Very many processes at once: until all are there, and until none is left.

The peer is the least that could stand in for the nursery: a process that has loaded the same, and
forks in a loop.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np

from game.shared.table import UPDATES, Table
from tests.bench.crews import PATIENCE, bare
from tests.bench.frame import Headless, headless
from tests.bench.measure import MILLI, Missing, Row, alternate
from tests.bench.start import ROOT

SIZES = (100, 1000, 2000)  # movers that are asked for at once
MOST_QUICK = 1000  # of these with --quick
RATE = 10.0  # [Hz]
ENDED = 1000  # movers that end together, each with a child of its own
LATEST = 15.0  # [s] until those who are left then count as left for ever
HELD = 1000  # movers for which it is looked what their window and their nursery hold
AIM = 3.5  # times as long as a bare loop, a start may take
SETTLES = 1.0  # [s] until the first frames have made the pictures that are kept
LOOK = 0.0005  # [s] between two looks, here and in the peer
MEGABYTE = 1e6

# Prints how long [s] it took until each child had written, and until each was killed and reaped.
BARE = f"""
import gc, mmap, os, sys, time
import game.child.nursery_process
gc.collect()
gc.freeze()
count = int(sys.argv[1])
written, pids = mmap.mmap(-1, count), []
try:
    began = time.perf_counter()
    for number in range(count):
        pid = os.fork()
        if not pid:
            written[number] = 1
            time.sleep({PATIENCE})
            os._exit(0)
        pids.append(pid)
    while written[:].count(1) < count:
        time.sleep({LOOK})
    print(time.perf_counter() - began)
finally:
    began = time.perf_counter()
    for pid in pids:
        os.kill(pid, 9)
    for pid in pids:
        os.waitpid(pid, 0)
    print(time.perf_counter() - began)
"""

FORKING = """
import os, time
class Mover:
    def __init__(self, agent):
        self.place = agent.random.uniform(0, 100), agent.random.uniform(0, 100)
        if not os.fork():
            time.sleep(600)
            os._exit(0)
    def step(self, dt):
        return self.place
"""


def forks(quick: bool) -> Iterator[Row]:
    """From the wish for many movers to the last one's first row, in a session that runs."""
    see_nursery()
    for count in SIZES:
        if quick and count > MOST_QUICK:
            continue
        frames: list[float] = []
        held: list[str] = []

        def start(
            count: int = count, frames: list[float] = frames, held: list[str] = held
        ) -> float:
            with headless(1, 1, RATE, capacity=count + 1) as made:
                took = added(made, count, frames)
                if count == HELD:
                    held[:] = [what_is_held(made)]
            return took

        turns = {"loop": lambda count=count: bare_loop(count)[0], "start": start}
        costs = alternate(turns, 1 if quick else 3)
        mine, loop = costs["start"] * MILLI, costs["loop"] * MILLI
        peer = f"the aim, {AIM} times a bare os.fork loop ({loop:,.0f} ms)"
        note = f"{mine / loop:.2f} times; frames meanwhile: p99 {np.percentile(frames, 99):.1f}, "
        note = "; ".join((note + f"max {max(frames):.1f} ms", *held))
        yield Row("forks", f"{count:,}, to the last first row", "ms", mine, peer, AIM * loop, note)


def see_nursery() -> None:
    """See that movers are forked here."""
    if sys.platform != "linux":
        raise Missing("movers are not forked on this system")


def added(made: Headless, count: int, frames: list[float]) -> float:
    """Add movers to a session that runs; how long until all have published [s].

    The work of each frame meanwhile [ms] is put behind `frames`.
    """
    made.begin()
    made.frames(SETTLES)
    table = made.crew.table
    last, look = arrivals(table, count + 1)
    first, began = len(made.session.stats.frame), time.perf_counter()
    made.sleep = partial(slept, look)
    for _ in range(count):
        made.crew.add()
    while not last:
        made.session.frame()
        look()
        if time.perf_counter() - began > PATIENCE:
            there = sum(table.row(slot)[UPDATES] > 0 for slot in range(count + 1)) - 1
            raise Missing(f"{there:,} of {count:,} had published within {PATIENCE:g} s")
    made.sleep = time.sleep
    made.session.frame()  # the one that shows the last of them
    frames += made.session.stats.frame.since(first).tolist()
    return last[0] - began


def arrivals(table: Table, slots: int) -> tuple[list[float], Callable[[], None]]:
    """A list that will hold when all of the first slots had a row [s], and a look that fills it.

    A look is cheap: it goes on where the last one came to a slot without a row.
    """
    last: list[float] = []
    left = iter(range(slots))
    slot = next(left)

    def look() -> None:
        nonlocal slot
        while not last and table.row(slot)[UPDATES]:
            slot = next(left, slots)
            if slot == slots:
                last.append(time.perf_counter())

    return last, look


def slept(look: Callable[[], None], seconds: float) -> None:
    """Sleep as long as a session wants to, with a look now and then."""
    end = time.perf_counter() + seconds
    while (rest := end - time.perf_counter()) > 0:
        look()
        time.sleep(min(rest, LOOK))


def bare_loop(count: int) -> tuple[float, float]:
    """Fork so many bare processes in a loop; how long until all were there, and then gone [s]."""
    words = [sys.executable, "-c", BARE, str(count)]
    with subprocess.Popen(
        words, cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as made:
        try:
            told = made.communicate(timeout=PATIENCE)[0].split()
        except BaseException:
            os.killpg(made.pid, signal.SIGKILL)
            raise
    if made.returncode:
        raise Missing(f"the bare loop ended with exit status {made.returncode}")
    up, gone = map(float, told)
    return up, gone


def what_is_held(made: Headless) -> str:
    """The descriptors of a session and its nursery, and the memory of that and a mover."""
    pids = [member.pid for member in made.crew.members.values()]
    nursery = os.getsid(pids[0])
    window, theirs = (len(os.listdir(f"/proc/{pid}/fd")) for pid in ("self", nursery))
    words = f"descriptors: window {window:,}, nursery {theirs:,}"
    try:
        import psutil
    except ImportError:
        return words
    shares = (
        psutil.Process(pid).memory_full_info().pss / MEGABYTE for pid in [nursery, *pids[::50]]
    )
    first, *others = shares
    return f"{words}; PSS: nursery {first:.2f}, a mover {median(others):.2f} MB"


def ends(quick: bool) -> Iterator[Row]:
    """From the wish to end a thousand movers, each with a child of its own, to none left."""
    see_nursery()

    def close() -> float:
        with bare(ENDED, str(path), RATE) as ours:
            ours.add(ENDED)
            pids = [member.pid for member in ours.crew.members.values()]
            pids += [child for pid in pids for child in children(pid)]
            if len(pids) != 2 * ENDED:
                raise Missing(f"{len(pids):,} processes were there to be ended")
            began = time.perf_counter()
            ours.crew.close()
            while left := [pid for pid in pids if is_there(pid)]:
                if time.perf_counter() - began > LATEST:
                    raise Missing(f"{len(left):,} processes were left {LATEST:g} s after the wish")
                time.sleep(LOOK)
            return time.perf_counter() - began

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "forking.py")
        path.write_text(FORKING)
        turns = {"close": close, "loop": lambda: bare_loop(2 * ENDED)[1]}
        costs = alternate(turns, 1 if quick else 3)
    case = f"{ENDED:,} and a child of each"
    peer = f"a bare loop that kills and reaps {2 * ENDED:,}"
    yield Row("ends", case, "ms", costs["close"] * MILLI, peer, costs["loop"] * MILLI)


def children(pid: int) -> list[int]:
    """The pids of a process's children."""
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_there(pid: int) -> bool:
    """Whether there is such a process, be it one that has ended and is not reaped."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
