"""The storm: a seeded run of faults against a whole session, checked after every step.

Used by test_storm (a short one) and by `python -m tests.chaos` (as long as you like).
"""

import gc
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import psutil

from game import opening
from game.child.lifeline import Lifeline
from game.crew.crew import Crew
from game.crew.nursery import AGAIN, WITHIN, Nursery
from game.crew.starting import spawning, start
from game.frame import Frame
from game.parts import Standing
from game.shared.table import Table
from game.shared.view import View
from game.view import sprites
from tests.conftest import LIMIT, until
from tests.crew.descent import marked
from tests.made import options_of

try:
    import resource

    RUSAGE_THREAD: int | None = resource.RUSAGE_THREAD
except (ImportError, AttributeError):  # Linux alone counts for each thread
    RUSAGE_THREAD = None

TWINS = str(Path(__file__).with_name("twins.py"))
PER_PROCESS = 8  # robots of a process: a slice large enough to be caught half-written
CROWD = 10  # processes that the storm keeps around
CALM = 200  # frames before and after it
VIEWERS = 2  # processes that only look on
APART = 1.5 * WITHIN / AGAIN  # [s] between two faults of the nursery: else no new one is started
# A variable that everything that a storm starts has in its environment, and nothing else: there
# may be another storm beside it.
MARK = f"ARENA_STORM_{os.getpid()}"
LOOKS, TORN, MISSED = range(3)  # what a viewer counts: rows, those that were torn, those not whole


class Left(NamedTuple):
    """What a process holds: to be the same before and after."""

    channels: int  # pipes and sockets
    threads: int
    shared: int  # files of its own in /dev/shm
    memory: int  # [bytes] without the pictures that are kept up to a number of bytes


class Storm:
    """A session without a display, and the faults that are done to it."""

    def __init__(self, seed: int, method: str, ends: ExitStack) -> None:
        self.random = Random(seed)
        self.kills = self.steps = 0
        arguments = ["swarm", "--mover", TWINS, "--headless", "--size", "640x480", "--rate", "100"]
        arguments += ["--agents", str(PER_PROCESS * CROWD), "--per-process", str(PER_PROCESS)]
        arguments += ["--capacity", "400", "--fps", "0", "--start-method", method]
        clock = time.perf_counter
        options = options_of(*arguments)
        self.session = opening.open_session(options, clock(), clock, lambda seconds: None, ends)
        assert isinstance(self.session.cast, Crew)
        self.crew = self.session.cast
        self.reads = self.waits = self.nursery_faults = 0
        self._last_nursery_fault = time.monotonic()
        self.viewers = Viewers(self.crew.table)
        ends.callback(self.viewers.close)
        self.session.source.read = self.watched(self.session.source.read)

    def watched(self, read: Callable[[float], Frame]) -> Callable[[float], Frame]:
        """The source's read, with a count of those in which it waited for something."""

        def watch(now: float) -> Frame:
            before = handed_over()
            frame = read(now)
            self.reads += 1
            self.waits += handed_over() > before
            return frame

        return watch

    def frame(self) -> None:
        """A frame of the real loop, and what must hold in each."""
        self.session.frame()
        frame = self.session.source.frame
        shown = frame.values[frame.agents]
        assert (shown[:, 0] == shown[:, 1]).all(), "a torn row was shown"
        assert self.session.source.shown_torn == 0

    def frames(self, count: int) -> np.ndarray:
        """Some frames; how long reading and checking the array took in each [s]."""
        before = len(self.session.stats.snapshot)
        for _ in range(count):
            self.frame()
        return self.session.stats.snapshot.since(before)

    def step(self) -> None:
        """One fault, a frame or two, and the books compared."""
        self.steps += 1
        members = list(self.crew.members.values())
        running = [m for m in members if m.running and not m.leaving]
        dead = [m for m in members if m.exitcode is not None]
        what = self.random.choices(
            ("kill", "freeze", "add", "remove", "mend", "nursery"), (50, 10, 10, 10, 30, 2)
        )[0]
        if what == "kill" and running:
            self.random.choice(running).kill()
            self.kills += 1
        elif what == "freeze" and running:
            self.random.choice(running).freeze()
        elif what == "add" and self.crew.room:
            self.crew.add()
        elif what == "remove" and members:
            self.crew.remove(self.random.choice(members).slot)
        elif what == "mend":
            for member in dead:
                if self.random.random() < 0.7:
                    self.crew.restart(member.slot)
                else:
                    self.crew.remove(member.slot)
        elif what == "nursery":
            self.fault_of_nursery()
        for _ in range(self.random.randint(1, 3)):
            self.frame()
        while len(self.crew.members) < CROWD:
            self.crew.add()
        self.compare()

    @property
    def nursery(self) -> int:
        """The nursery's pid; 0 where there is none."""
        launcher = self.crew._launcher
        link = launcher._link if isinstance(launcher, Nursery) else None
        return link.pid if link else 0

    def fault_of_nursery(self) -> None:
        """Kill or freeze the nursery, if there is one and the last time is long enough ago."""
        now = time.monotonic()
        if self.nursery and now - self._last_nursery_fault > APART:
            os.kill(self.nursery, self.random.choice((signal.SIGKILL, signal.SIGSTOP)))
            self.nursery_faults += 1
            self._last_nursery_fault = now

    def compare(self) -> None:
        """Slots and processes match: each slot is free or held, each process known."""
        crew = self.crew
        assert crew.room + len(crew.members) == crew.table.slots
        assert crew.alive == sum(member.running for member in crew.members.values())
        pids = [member.pid for member in crew.members.values() if member.running]
        assert len(set(pids)) == len(pids)

    def settle(self) -> None:
        """Let everything calm down; then every process is a member and the reverse."""
        for member in self.crew.members.values():
            if member.standing is Standing.FROZEN:
                member.freeze()

        def calm() -> bool:
            self.frame()
            members = self.crew.members.values()
            known = {m.pid for m in members if m.running}
            started = all(m.running or m.exitcode is not None for m in members)
            return (
                started
                and known == everybody() - self.viewers.pids - {self.nursery}
                and self.crew.alive == len(known)
            )

        until(calm, "calm")


class Viewers:
    """Processes that read the table all the time, each through a View of its own."""

    def __init__(self, table: Table) -> None:
        context = spawning()
        self.counts = [context.Array("q", 3, lock=False) for _ in range(VIEWERS)]
        self._processes = [
            context.Process(target=look_on, args=(table, count)) for count in self.counts
        ]
        for process in self._processes:
            start(process, Lifeline())
        self.pids = {process.pid for process in self._processes}
        until(lambda: all(count[LOOKS] for count in self.counts), "their first looks")

    def close(self) -> None:
        """End them."""
        for process in self._processes:
            process.kill()
            process.join(LIMIT)


def look_on(table: Table, counts: Any) -> None:
    """Read all rows again and again, until the parent is gone."""
    parent, view = multiprocessing.parent_process(), View(table)
    while parent is not None and parent.is_alive():
        rows = view.agents()
        counts[TORN] += sum(x == x and x != y for x, y in rows)
        counts[MISSED] += sum(x != x for x, _ in rows)
        counts[LOOKS] += 1 + len(rows)
        time.sleep(0.005)


@contextmanager
def storm(seed: int, method: str) -> Iterator[Storm]:
    """A storm that is cleared up at the end."""
    with ExitStack() as ends:
        os.environ[MARK] = method
        ends.callback(os.environ.pop, MARK)
        made = Storm(seed, method, ends)
        made.settle()
        yield made


def handed_over() -> int:
    """How often this thread gave its processor away to wait; being pushed off it is no waiting."""
    return resource.getrusage(RUSAGE_THREAD).ru_nvcsw if RUSAGE_THREAD is not None else 0


def left() -> Left:
    """What this process holds at this moment."""
    gc.collect()
    me = psutil.Process()
    shm = os.listdir("/dev/shm") if os.path.isdir("/dev/shm") else []
    shared = sum(f"-{me.pid}-" in name for name in shm)
    memory = me.memory_info().rss - sprites._store.held
    return Left(channels(me), me.num_threads(), shared, memory)


def channels(process: psutil.Process) -> int:
    """The descriptors that belong to processes: pipes, sockets and the kernel's own.

    Not the files: fonts in new sizes, and the blocks that multiprocessing's heap keeps for the
    next array.
    """
    folder = f"/proc/{process.pid}/fd"
    if not os.path.isdir(folder):
        return process.num_fds()
    kinds = ("pipe:", "socket:", "anon_inode:")
    count = 0
    for descriptor in os.listdir(folder):
        with suppress(OSError):
            count += os.readlink(f"{folder}/{descriptor}").startswith(kinds)
    return count


class Rage(NamedTuple):
    """What the reader went through in a storm."""

    calm: float  # [ms] p99 of its time before the first kill
    raging: float  # [ms] p99 of its time in the storm
    reads: int
    waits: int  # reads in which it waited for something
    looks: int  # rows that the viewers read
    torn: int  # of them
    missed: int  # of them, that were never whole
    nursery: int  # faults of the nursery


def rage(seed: int, method: str, kills: int, report: bool = False) -> Rage:
    """Run a storm of so many kills."""
    with storm(seed, method) as made:
        calm = made.frames(CALM)
        first = len(made.session.stats.snapshot)
        made.reads = made.waits = 0
        while made.kills < kills:
            made.step()
            if report and made.steps % 1000 == 0:
                print(f"{made.kills} kills, {made.crew.restarts} restarts", flush=True)
        raging = made.session.stats.snapshot.since(first)
        made.settle()
        p99 = (float(np.percentile(series, 99)) for series in (calm, raging))
        seen = (sum(count[n] for count in made.viewers.counts) for n in (LOOKS, TORN, MISSED))
        return Rage(*p99, made.reads, made.waits, *seen, made.nursery_faults)


def survivors() -> int:
    """How many processes of a storm are left anywhere on this machine."""
    return len(everybody())


def everybody() -> set[int]:
    """The pids of all processes of a storm, multiprocessing's own helper apart."""
    return {*marked(MARK)} - {resource_tracker._resource_tracker._pid}
