"""How long the reader takes for its copy while others write, 60 times a second."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from tests.bench.children import write_elements
from tests.bench.crews import Bare, bare, forkserver, until
from tests.bench.measure import MILLI, Row

WRITERS = (2, 20, 200)
RATE = 30.0  # [Hz] of each writer
LOOKS = 60.0  # [Hz] of the reader
TORN = "can be half of an old row"  # a remark: x and y are stored one after the other
BEGIN = 0.2  # [s] in which the writers whose turn it is come to speed


class Locked:
    """One Array with its lock, and processes that write to it element by element."""

    def __init__(self, writers: int) -> None:
        context = forkserver()
        self.values = context.Array("d", 2 * writers)
        self.go = context.Array("q", 1, lock=False)
        self.processes = [
            context.Process(target=write_elements, args=(self.values, self.go, 2 * n, RATE))
            for n in range(writers)
        ]

    def close(self) -> None:
        """Let every writer leave by itself: one that is killed may hold the lock."""
        self.go[0] = 2
        for process in self.processes:
            process.join(10)
            process.kill()
            process.join()


@contextmanager
def locked(writers: int) -> Iterator[Locked]:
    """A Locked whose writers have all written, closed at the end."""
    made = Locked(writers)
    started = []
    try:
        for process in made.processes:
            process.start()
            started.append(process)
        made.go[0] = 1
        until(lambda: all(made.values.get_obj()[::2]))
        made.go[0] = 0
        yield made
    finally:
        made.processes = started
        made.close()


def waits(quick: bool) -> Iterator[Row]:
    """The read, and list(array) and array[:] of an Array whose writers take its lock."""
    for writers in WRITERS:
        with bare(writers, rate=RATE) as ours, locked(writers) as other:
            ours.add(writers)
            yield from wait_rows(ours, other, writers, quick)


def wait_rows(ours: Bare, other: Locked, writers: int, quick: bool) -> Iterator[Row]:
    """Each reader in turn while its own writers write and the others rest."""
    readers: dict[str, Callable[[], object]] = {
        "read": lambda: ours.reader.read(time.perf_counter()),
        "list(array), element-wise lock": lambda: list(other.values),
        "array[:], one lock": lambda: other.values[:],
    }
    waited: dict[str, list[float]] = {name: [] for name in readers}
    for _ in range(2 if quick else 3):
        for name, read in readers.items():
            mine = name == "read"
            ours.table.set_pace(float(mine))
            other.go[0] = int(not mine)
            time.sleep(BEGIN)
            waited[name] += looks(read, 0.5 if quick else 1.5)
    other.go[0] = 0
    best, *peers = waited
    for peer in peers:
        for what, share in (("p50", 50), ("p99", 99), ("max", 100)):
            mine, theirs = (np.percentile(waited[name], share) * MILLI for name in (best, peer))
            case = f"{writers} writers, {what}"
            yield Row("wait", case, "ms", float(mine), peer, float(theirs), TORN)


def looks(read: Callable[[], object], seconds: float) -> list[float]:
    """Read LOOKS times a second for some seconds; what each took [s]."""
    found = []
    due = time.perf_counter()
    end = due + seconds
    while due < end:
        began = time.perf_counter()
        read()
        found.append(time.perf_counter() - began)
        due = max(due + 1 / LOOKS, time.perf_counter())
        time.sleep(max(0.0, due - time.perf_counter()))
    return found
