"""The four ways to share: which of them tear, and that nobody waits for a dead process."""

import threading
import time

import numpy as np
import pytest

from game.scenes.road import modes
from game.scenes.road.cells import FAULT, HOLDS, MODE, STRESS
from game.shared.table import SEQUENCE
from game.shared.view import View
from tests.conftest import LIMIT, until
from tests.processes import Run, running

pytestmark = pytest.mark.slow  # real processes in nearly every test

READS = 100_000
VEHICLES = 40


def road(method: str, vehicles: int = VEHICLES) -> "running":
    return running(method, "road", "convoy", capacity=vehicles, per_process=vehicles)


def start(run: Run, mode: str, vehicles: int = VEHICLES) -> modes.Mode:
    """Have the writer run flat out in a mode; the reader's half of it."""
    run.table.cells.commands[MODE] = modes.NAMES.index(mode)
    run.table.cells.commands[STRESS] = 1
    run.crew.add(vehicles)
    run.until(lambda: run.table.row(0)[1] > 50, "passes")
    return modes.make(run.table)[modes.NAMES.index(mode)]


def torn(copy: object) -> bool:
    positions = np.frombuffer(copy)
    return bool((positions != positions[0]).any())


@pytest.mark.parametrize("mode", ["none", "element"])
def test_without_a_lock_around_the_pass_it_tears(mode: str, method: str):
    with road(method) as run:
        reader = start(run, mode)
        found = 0
        for _ in range(READS):
            copy = reader.read(VEHICLES, 5.0)
            found += copy is not None and torn(copy)
            if found > 20:
                break
        assert found > 20


@pytest.mark.parametrize("mode", ["lock", "seqlock"])
def test_with_one_it_never_does(mode: str):
    with road("forkserver", 4) as run:
        reader = start(run, mode, 4)
        passes, whole, put_off = run.table.row(0)[1], 0, 0
        while whole < READS:
            copy = reader.read(4, 5.0)
            if copy is None:
                put_off += 1
                assert put_off < READS
            else:
                assert not torn(copy)
                whole += 1
        assert run.table.row(0)[1] > passes + 1000, "the writer went on meanwhile"


def test_a_read_that_takes_too_long_is_put_off_and_goes_on():
    with road("forkserver", 4) as run:
        reader = start(run, "element", 4)
        assert reader.read(4, -1.0) is None
        until(lambda: reader.read(4, 5.0) is not None, "the read")


def test_the_lock_of_a_dead_writer_is_not_waited_for():
    with road("forkserver", 4) as run:
        reader = start(run, "lock", 4)
        run.table.cells.commands[FAULT] = 1
        until(lambda: run.table.cells.commands[HOLDS], "the trap")
        run.crew.members[0].kill()
        run.until(lambda: run.events, "the news")
        before = time.monotonic()
        assert reader.read(4, 0.01) is None
        assert time.monotonic() - before < 30, "it came back at all"


def test_a_seqlock_reader_looks_a_few_times_and_waits_for_nobody():
    with road("forkserver", 4) as run:
        reader = modes.make(run.table)[modes.NAMES.index("seqlock")]
        reader.row[SEQUENCE] += 1  # as in the middle of a write
        assert reader.read(4, LIMIT) is None
        assert reader.retries == modes.LOOKS
        reader.row[SEQUENCE] += 1
        reader.begin()
        assert len(reader.read(4, LIMIT)) == 4
        assert reader.retries == 0


def test_a_view_cannot_write():
    with road("forkserver", 4) as run:
        view = View(run.table)
        with pytest.raises(TypeError, match="read-only"):
            view.values[0] = 1.0
        with pytest.raises(TypeError, match="read-only"):
            view.control[0] = 1
        assert not view.published()
        start(run, "seqlock", 4)
        assert view.published()
        assert len(set(view.agents())) == 1


@pytest.mark.parametrize("mode", ["element", "lock"])
def test_a_read_gives_up_while_somebody_keeps_the_lock_and_goes_on_after(mode: str):
    with road("forkserver") as run:
        lock = run.table.cells.lock
        reader = modes.make(run.table)[modes.NAMES.index(mode)]
        kept, given = threading.Event(), threading.Event()

        def keep() -> None:
            with lock:
                kept.set()
                given.wait(LIMIT)

        keeper = threading.Thread(target=keep)
        keeper.start()
        assert kept.wait(LIMIT)
        assert reader.read(VEHICLES, 0.01) is None
        given.set()
        keeper.join()
        assert len(reader.read(VEHICLES, LIMIT)) == VEHICLES
