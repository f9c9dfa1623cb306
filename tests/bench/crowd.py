"""A crowd of processes in a whole session: two thousand, a hundred at once, and five at rest."""

import operator
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np

from tests.bench.crews import PATIENCE, forkserver, until
from tests.bench.frame import AIM, headless
from tests.bench.measure import MILLI, Missing, Row
from tests.bench.start import ROOT

MOST, RATE = 2000, 10  # processes, [Hz]
LASTS = 8.0  # [s] that they are watched when all have published
ADDED = 100  # at once
BUSY = 40  # movers that take all of the processors that they are given
LONGEST = 33.0  # [ms] that a frame may take meanwhile
SETTLES = 2.0  # [s] until what starts slowly has started
AT_REST, AT_PAUSE = 0.15, 0.03  # of a core, to aim at


def two_thousand(quick: bool) -> Iterator[Row]:
    """Two thousand mover processes of one robot each: that they start, run and leave."""
    peer = "the aim for 1,000"
    with headless(MOST, 1, RATE) as made:
        up = made.begin()
        starting = made.session.stats.frame.since(0)
        before, began = made.session.source.updates, time.perf_counter()
        found, rate = made.frames(2.0 if quick else LASTS)
        hertz = (made.session.source.updates - before) / (time.perf_counter() - began) / MOST
        began = time.perf_counter()
        made.crew.close()
        left = time.perf_counter() - began
    note = f"{rate:.1f} frames/s; each mover is read at {hertz:.1f} Hz"
    case = f"{MOST:,} movers at {RATE} Hz, 1/fps"
    yield Row("twothousand", case, "ms", 1000 / rate, peer, AIM["frame"], note, contest=False)
    p99 = float(np.percentile(found, 99))
    note = f"median {np.median(found):.1f}, max {found.max():.1f} ms"
    yield Row("twothousand", "frame p99", "ms", p99, peer, AIM["p99"], note, contest=False)
    note = f"frames meanwhile: p99 {np.percentile(starting, 99):.1f}, max {starting.max():.1f} ms"
    yield Row("twothousand", "all published", "s", up, peer, AIM["all up"], note, contest=False)
    yield Row("twothousand", "all ended", "s", left, "a second or two", 2.0)


def hundred(quick: bool) -> Iterator[Row]:
    """A hundred movers added at once to a session that runs, against a bare loop of starts."""
    longest, others, up, bare = [], [], [], []
    for _ in range(1 if quick else 3):
        with headless(ADDED, 1, RATE) as made:
            made.begin()
            made.frames(SETTLES)  # the first ones make pictures that are kept
            for slot in list(made.crew.members):
                made.crew.remove(slot)
            while made.crew.members:
                made.session.frame()
            first, began = len(made.session.stats.frame), time.perf_counter()
            for _ in range(ADDED):
                made.crew.add()
            while len(made.session.source.frame.agents) < ADDED:
                made.session.frame()
                if time.perf_counter() - began > PATIENCE:
                    raise Missing("they did not come")
            up.append(time.perf_counter() - began)
            found = made.session.stats.frame.since(first)
            longest.append(float(found.max()))
            others.append(float(np.median(found)))
        bare.append(bare_starts(ADDED))
    note = f"of those meanwhile; their median {median(others):.1f} ms"
    yield Row("hundred", "longest frame", "ms", median(longest), "the aim", LONGEST, note)
    peer = "a bare loop of forkserver starts"
    yield Row(
        "hundred",
        f"{ADDED} added, to the last row",
        "ms",
        median(up) * MILLI,
        peer,
        median(bare) * MILLI,
    )


ENDLESS = """
class Mover:
    def __init__(self, agent):
        self.place = agent.random.uniform(0, 100), agent.random.uniform(0, 100)
        self.steps = 0
    def step(self, dt):
        self.steps += 1
        while self.steps > 1:
            pass
        return self.place
"""


def busy(quick: bool) -> Iterator[Row]:
    """The window beside movers that never come back from their second step."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "endless.py")
        path.write_text(ENDLESS)
        with headless(BUSY, 1, RATE, str(path)) as made:
            made.begin()
            made.frames(SETTLES)
            found, rate = made.frames(2.0 if quick else LASTS)
    case, peer = f"{BUSY} endless loops, 1/fps", "the aim"
    p99, most = np.percentile(found, 99), found.max()
    note = f"{rate:.1f} frames/s; median {np.median(found):.1f}, p99 {p99:.1f}, max {most:.1f} ms"
    yield Row("busy", case, "ms", 1000 / rate, peer, AIM["frame"], note)


def bare_starts(count: int) -> float:
    """Start bare processes one after another; how long until each has written [s]."""
    context = forkserver()
    values = context.Array("d", count, lock=False)
    began = time.perf_counter()
    # A function that the forkserver has loaded: nothing to import in the child.
    processes = [
        context.Process(target=operator.setitem, args=(values, number, 1.0))
        for number in range(count)
    ]
    for process in processes:
        process.start()
    until(lambda: all(values))
    took = time.perf_counter() - began
    for process in processes:
        process.join()
    return took


def rest(quick: bool) -> Iterator[Row]:
    """Processor time of a race of five cars, window and movers together, for each second."""
    for case, paused, aim in (("5 cars", False, AT_REST), ("5 cars, paused", True, AT_PAUSE)):
        with race(paused) as window:
            share = processor_share(window, 3.0 if quick else 10.0)
        note = "window and movers together, at 60 frames/s"
        yield Row("rest", case, "core", share, "the aim", aim, note)


PAUSED = """
import sys
from game.__main__ import main
from game.session.session import Session
init = Session.__init__
def paused(self, options, definition, window, parts, *given):
    init(self, options, definition, window, parts, *given)
    parts.time.pause()
if sys.argv.pop(1) == "True":
    Session.__init__ = paused
sys.exit(main(sys.argv[1:]))
"""


@contextmanager
def race(paused: bool) -> Iterator[int]:
    """A race without a display that runs until it is ended; its process id."""
    words = ["race", "--headless", "--seconds", "600", "--seed", "1"]
    child = subprocess.Popen(
        [sys.executable, "-c", PAUSED, str(paused), *words], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        time.sleep(SETTLES)
        yield child.pid
    finally:
        child.terminate()
        child.wait()


def processor_share(pid: int, seconds: float) -> float:
    """The processor time that a process and its descendants take for each second of a while."""
    try:
        import psutil
    except ImportError:
        raise Missing("psutil is not installed") from None
    root = psutil.Process(pid)

    def spent() -> float:
        family = [root, *root.children(recursive=True)]
        return sum(sum(process.cpu_times()[:2]) for process in family)

    began, before = time.perf_counter(), spent()
    time.sleep(seconds)
    return (spent() - before) / (time.perf_counter() - began)
