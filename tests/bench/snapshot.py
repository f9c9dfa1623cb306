"""The source's copy of the whole table, and a mover's publish."""

import ctypes
import multiprocessing
from array import array
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import numpy as np

from game.shared.table import AGENTS, ROW, SEQUENCE, STATE, UPDATES, Slice, State, Table
from game.sources.own_table import TableSource
from tests.bench.measure import MICRO, Row, batch, compare, each, nothing

FIELDS = {"x": "m", "y": "m"}
SIZES = (100, 10_000, 100_000, 1_000_000)  # values
ONE_EACH = 10_000  # values up to which every agent has a process of its own; above: 2 processes
PUBLISHED = (2, 2_000)  # values of a slice: one agent's, a crowd's


def snapshots(quick: bool) -> Iterator[Row]:
    """A read in which every row is new, against other copies of as many values."""
    for size in SIZES:
        context = multiprocessing.get_context("spawn")
        shared = context.Array("d", size)
        bytes_, source = size * 8, shared.get_obj()
        view, targets = np.frombuffer(source), [np.zeros(size), np.zeros(size)]
        reader, publish = published_table(context, size // 2)
        address, begin = targets[0].ctypes.data, ctypes.addressof(source)
        spare = cycle(targets)  # two in turn, as a reader that shows one has to
        turns = {
            "read": each(lambda reader=reader: reader.read(1.0), publish),
            "list(array)": each(lambda shared=shared: list(shared), nothing),
            "array[:]": each(lambda shared=shared: shared[:], nothing),
            "memmove": each(lambda a=(address, begin, bytes_): ctypes.memmove(*a), nothing),
            "np.copyto, two targets": each(
                lambda spare=spare, view=view: np.copyto(next(spare), view), nothing
            ),
        }
        slots = f"{size // 2 if size <= ONE_EACH else 2:,} slots"
        rounds = 3 if quick else 5
        yield from compare("snapshot", f"{size:,} values", turns, rounds, MICRO, slots)


def published_table(context: Any, agents: int) -> tuple[TableSource, Callable[[], None]]:
    """A reader, and a function that makes every row of its table a new one."""
    table = Table(context, FIELDS, agents, 1 if 2 * agents <= ONE_EACH else agents // 2)
    control = np.frombuffer(table.shared.control, np.int64).reshape(-1, ROW)[1:]
    control[:, AGENTS], control[:, STATE] = table.per_process, State.RUNNING

    def publish() -> None:
        control[:, SEQUENCE] += 2
        control[:, UPDATES] += 1

    return TableSource(table), publish


def publishes(quick: bool) -> Iterator[Row]:
    """A mover's publish, against stores into a synchronized Array."""
    for size in PUBLISHED:
        context = multiprocessing.get_context("spawn")
        shared = context.Array("d", size)
        table = Table(context, FIELDS, size // 2, size // 2)
        table.open(0, size // 2)
        part, row = Slice(table, 0), memoryview(array("d", range(size)))
        turns = {
            "publish": batch(lambda part=part, row=row: part.publish(row)),
            "array[i] = v": batch(lambda a=(shared, row): store(*a)),
            "with get_lock(), array[i] = v": batch(lambda a=(shared, row): store_locked(*a)),
            "with get_lock(), array[:] = row": batch(lambda a=(shared, row): store_whole(*a)),
        }
        yield from compare("publish", f"{size:,} values", turns, 3 if quick else 5, MICRO)


def store(shared: Any, row: "memoryview[float]") -> None:
    """Write a row as the tutorial does: each element under the Array's own lock."""
    for index, value in enumerate(row):
        shared[index] = value


def store_locked(shared: Any, row: "memoryview[float]") -> None:
    """Write a row element by element, with the lock held all the while."""
    with shared.get_lock():
        values = shared.get_obj()
        for index, value in enumerate(row):
            values[index] = value


def store_whole(shared: Any, row: "memoryview[float]") -> None:
    """Write a row in one assignment with the lock held."""
    with shared.get_lock():
        shared.get_obj()[:] = row
