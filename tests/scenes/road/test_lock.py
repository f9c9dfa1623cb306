"""The road's lock: what counts as kept out by the writer, and what is the scheduler's."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from game.crew.starting import spawning
from game.scenes.road.cells import HELD, Cells
from game.scenes.road.lock import ReaderLock, WriterLock
from tests.conftest import LIMIT


@pytest.fixture
def cells() -> Cells:
    return Cells(spawning())


@contextmanager
def kept(lock: AbstractContextManager[object]) -> Iterator[None]:
    """Have another thread keep a lock meanwhile."""
    has, leave = threading.Event(), threading.Event()

    def keep() -> None:
        with lock:
            has.set()
            leave.wait(LIMIT)

    keeper = threading.Thread(target=keep)
    keeper.start()
    assert has.wait(LIMIT)
    try:
        yield
    finally:
        leave.set()
        keeper.join()


def test_a_free_lock_keeps_nobody_out(cells: Cells):
    reader = ReaderLock(cells)
    assert reader.take(LIMIT)
    assert (reader.refused, reader.kept_out, reader.waited) == (0, 0.0, 0.0)
    reader.release()


def test_a_read_is_kept_out_as_long_as_the_writer_has_the_lock(cells: Cells):
    reader = ReaderLock(cells)
    with kept(WriterLock(cells)):
        assert not reader.take(0.01)
        assert reader.refused == 1
        before = reader.kept_out
        assert before >= reader.waited > 0, "the writer had it all the time"
        assert not reader.take(0.0)
        assert reader.kept_out > before, "it waits still"
        assert reader.refused == 1, "for the same"
    assert reader.take(LIMIT)
    had = cells.commands[HELD] / 1e9
    assert before < reader.kept_out <= had
    after = reader.kept_out
    with kept(threading.Lock()):  # whatever happens later
        assert reader.kept_out == after
    reader.release()
    reader.begin()
    assert (reader.refused, reader.kept_out, reader.waited) == (0, 0.0, 0.0)


def test_time_in_which_the_writer_has_not_got_it_is_the_schedulers(cells: Cells):
    reader = ReaderLock(cells)
    with kept(cells.lock):  # somebody who is no writer: it publishes nothing
        assert not reader.take(0.01)
    assert reader.take(LIMIT)
    assert reader.refused == 1
    assert reader.kept_out == 0.0
    assert reader.waited >= 0.005
    reader.release()


def test_each_refusal_of_a_read_counts_and_so_does_all_its_time(cells: Cells):
    reader, writer = ReaderLock(cells), WriterLock(cells)
    kept_out = 0.0
    for number in (1, 2):
        with kept(writer):
            assert not reader.take(0.001)
        assert reader.take(LIMIT)
        assert reader.refused == number
        assert reader.kept_out > kept_out
        kept_out = reader.kept_out
        reader.release()


def test_the_writers_time_adds_up_and_is_cleared_with_its_answers(cells: Cells):
    writer = WriterLock(cells)
    with writer:
        assert cells.commands[HELD] < 0
    first = cells.commands[HELD]
    assert first > 0
    with writer:
        pass
    assert cells.commands[HELD] > first
    cells.clear_answers()
    assert cells.commands[HELD] == 0
