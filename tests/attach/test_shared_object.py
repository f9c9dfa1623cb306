"""What a program hands over: every kind of shared thing is found where it lies."""

import ctypes
import gc
import mmap
import multiprocessing
import os
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import pytest

from game.attach import AttachError
from game.attach.memory import Memory
from game.attach.shared_object import as_dtype, hand_over

TYPECODES = "bBhHiIlLqQfd"
pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc")


def read(thing: object) -> np.ndarray:
    """What stands in a thing, read as a viewer reads it."""
    handed = hand_over(thing, "a")
    memory = Memory(handed.descriptor)
    try:
        data = bytearray(handed.size)
        assert memory.read(data, handed.offset) == handed.size
        return np.frombuffer(bytes(data), np.dtype(as_dtype(handed.dtype))).reshape(handed.shape)
    finally:
        memory.close()


@pytest.fixture
def named():
    """A SharedMemory, closed and removed afterwards."""
    memory = shared_memory.SharedMemory(create=True, size=800)
    yield memory
    gc.collect()
    memory.close()
    memory.unlink()


@pytest.mark.parametrize("method", ["fork", "forkserver", "spawn"])
@pytest.mark.parametrize("code", TYPECODES)
@pytest.mark.parametrize("size", [1, 1000, 300_000])
def test_arrays_of_every_type(method: str, code: str, size: int):
    context = multiprocessing.get_context(method)
    array = context.Array(code, size)
    array[0], array[-1] = 7, 42
    seen = read(array)
    assert (len(seen), seen[-1]) == (size, 42)
    assert seen.dtype == np.dtype(code)
    assert (read(context.RawArray(code, [1, 2, 3])) == [1, 2, 3]).all()


def test_two_arrays_of_one_arena_are_told_apart():
    first, second = (multiprocessing.Array("i", [number, number]) for number in (1, 2))
    assert read(first).tolist() == [1, 1]
    assert read(second).tolist() == [2, 2]


def test_values_with_and_without_a_lock():
    assert read(multiprocessing.Value("d", 2.5)).tolist() == [2.5]
    assert read(multiprocessing.Value("i", 3, lock=False)).tolist() == [3]


class Point(ctypes.Structure):
    """A record of several types."""

    _fields_ = (("x", ctypes.c_double), ("n", ctypes.c_int), ("pair", ctypes.c_short * 2))


def test_structures_have_their_fields_as_columns():
    array = multiprocessing.Array(Point, 3)
    array[1].x, array[1].n = 0.5, 9
    array[1].pair[1] = 4
    seen = read(array)
    assert seen.dtype.names == ("x", "n", "pair")
    assert (seen[1]["x"], seen[1]["n"], seen[1]["pair"].tolist()) == (0.5, 9, [0, 4])
    assert read(multiprocessing.Value(Point, 1.5, 2))["x"].tolist() == [1.5]


class Sprite(Point):
    """One that is made from another, and hides a field of it."""

    _fields_ = (("size", ctypes.c_float), ("n", ctypes.c_short))


def test_structures_have_the_fields_they_are_made_from():
    array = multiprocessing.RawArray(Sprite, 2)
    array[1].x, array[1].size, array[1].n = 0.5, 2.5, -7
    Point.n.__set__(array[1], 99)
    seen = read(array)
    assert seen.dtype.names == ("x", "n", "pair", "size")
    assert (seen[1]["x"], seen[1]["size"], seen[1]["n"]) == (0.5, 2.5, -7)


class Wire(ctypes.BigEndianStructure):
    """Numbers as they go over a network."""

    _fields_ = (("n", ctypes.c_int), ("pair", ctypes.c_uint16 * 2), ("x", ctypes.c_double))


class Little(ctypes.LittleEndianStructure):
    """The other order."""

    _fields_ = (("n", ctypes.c_int), ("byte", ctypes.c_byte))


def test_structures_of_either_byte_order_have_their_values():
    array = multiprocessing.RawArray(Wire, 2)
    array[1].n, array[1].x, array[1].pair[1] = 258, 1.5, 3
    seen = read(array)[1]
    assert (seen["n"], seen["pair"].tolist(), seen["x"]) == (258, [0, 3], 1.5)
    value = multiprocessing.Value(Little, 258, 4)
    assert read(value)[0].tolist() == (258, 4)
    plain = multiprocessing.RawArray(ctypes.c_int.__ctype_be__, 2)
    plain[1] = 258
    assert read(plain).tolist() == [0, 258]


def test_numpy_over_a_shared_thing(named):
    raw = multiprocessing.RawArray("d", range(12))
    whole = np.frombuffer(raw).reshape(3, 4)
    assert (read(whole) == whole).all()
    assert (read(whole[1:]) == whole[1:]).all(), "a slice of whole rows"
    image = np.ndarray((10, 20, 4), np.uint8, named.buf)
    image[3, 4] = 1, 2, 3, 4
    assert read(image)[3, 4].tolist() == [1, 2, 3, 4]
    records = np.ndarray((5,), [("a", "i4"), ("b", "f8", (2,))], named.buf)
    records[2]["b"] = 8, 9
    assert read(records)[2]["b"].tolist() == [8, 9]
    del image, records


def test_memoryviews_over_a_shared_thing():
    raw = multiprocessing.RawArray("i", [5, 6, 7])
    assert read(memoryview(raw)).tolist() == [5, 6, 7]
    assert read(memoryview(raw).cast("B").cast("i")[1:]).tolist() == [6, 7]
    assert read(memoryview(raw).toreadonly()).size == 12, "as bytes"


def test_a_file_that_is_mapped(tmp_path: Path):
    mapped = np.memmap(tmp_path / "a.bin", np.float32, "w+", shape=(4, 5))
    mapped[2, 3] = 1.5
    assert read(mapped)[2, 3] == 1.5
    assert read(np.memmap(tmp_path / "a.bin", np.float32, "r"))[13] == 1.5


@pytest.mark.parametrize("items", [[1, 2, 3], [1.5, 2.5], [1, 2.5, True, None, "hello", b"x"]])
def test_lists_that_are_shared(items: list):
    listed = shared_memory.ShareableList(items)
    try:
        seen = read(listed)
        flat = seen.tolist() if seen.dtype.names is None else list(seen[0].tolist())
        for item, found in zip(items, flat, strict=True):
            if item is not None:
                assert found == (item.encode() if isinstance(item, str) else item)
    finally:
        listed.shm.close()
        listed.shm.unlink()


NOT_SHARED = {
    "a list": lambda: [1, 2],
    "an array of its own": lambda: np.zeros(5),
    "bytes": lambda: b"abc",
    "a number": lambda: 5,
    "a class of arrays": lambda: np.ndarray,
    "a class of ctypes": lambda: ctypes.c_int,
    "nothing": lambda: None,
    "a ctypes array of its own": lambda: (ctypes.c_int * 3)(),
    "an empty one": lambda: np.frombuffer(multiprocessing.RawArray("d", 4))[:0],
    "every second": lambda: np.frombuffer(multiprocessing.RawArray("d", 4))[::2],
    "one that is turned": lambda: np.frombuffer(multiprocessing.RawArray("d", 4)).reshape(2, 2).T,
    "every second byte": lambda: memoryview(multiprocessing.RawArray("b", 4))[::2],
    "a private copy of a file": lambda: memoryview(mmap.mmap(-1, 100, flags=mmap.MAP_PRIVATE)),
}


@pytest.mark.parametrize("kind", NOT_SHARED)
def test_what_is_not_shared_is_refused_in_a_line(kind: str):
    thing = NOT_SHARED[kind]()
    with pytest.raises(AttachError, match=r"^mine: ") as told:
        hand_over(thing, "mine")
    assert "\n" not in str(told.value)


def test_a_memory_that_was_closed_is_refused():
    memory = shared_memory.SharedMemory(create=True, size=8)
    memory.close()
    try:
        with pytest.raises(AttachError, match="it has been closed"):
            hand_over(memory, "a")
    finally:
        memory.unlink()


def test_nothing_stays_open_and_nothing_is_held(named):
    array = multiprocessing.Array("d", 10)
    before = set(os.listdir("/proc/self/fd"))
    for thing in (array, named, np.ndarray((10,), buffer=named.buf)):
        os.close(hand_over(thing, "a").descriptor)
    assert set(os.listdir("/proc/self/fd")) == before


def test_the_memory_is_open_for_reading_alone():
    handed = hand_over(multiprocessing.Array("d", 10), "a")
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.write(handed.descriptor, b"x")
    os.close(handed.descriptor)


def test_the_lock_is_looked_at_where_it_is():
    array = multiprocessing.Array("d", 10)
    handed = hand_over(array, "a")
    os.close(handed.descriptor)
    memory = Memory(os.open("/proc/self/mem", os.O_RDONLY))
    value = bytearray(4)
    try:
        memory.read(value, handed.lock)
        assert any(value), "free"
        with array.get_lock():
            memory.read(value, handed.lock)
            assert not any(value), "held"
    finally:
        memory.close()
