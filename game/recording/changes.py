"""Changes: a state that is written again and again, and only what is new of it.

A state is plain values by name (what JSON has) and numpy arrays by name. A message holds it
whole, or what differs from the message before:

    one line of JSON ──> "plain": those that changed; "gone": names; "arrays": one entry for each
    bytes            ──> for each entry: the rows' numbers (int32) if only some are new, then these
                         rows, in the order of the entries, little-endian

An entry is {"name", "dtype", "shape"}, "rows": how many are new where not all are, "like": which
entry before has the same rows' numbers, "kept": its type in these bytes where that is another.
"""

import json
from collections.abc import Mapping, Sequence
from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.recording.plain import Arrays

LARGEST = 1 << 27  # rows or columns of an array that anybody makes
NARROW = 16  # columns at most, up to which an array's rows are told apart, and not its elements
Array = NDArray[Any]
Buffer = bytes | memoryview  # of bytes, (n,)
SINGLE = "<f4"  # how values may be kept that are float64
AS_JSON = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Encoder:
    """Makes messages of one state after the other."""

    def __init__(self, single: tuple[str, ...] = ()) -> None:
        """Arrays of the names `single` are kept as float32."""
        self._single = single
        self._plain: dict[str, Any] = {}
        self._arrays: Arrays = {}

    def message(self, plain: Mapping[str, Any], arrays: Arrays, whole: bool) -> list[Buffer]:
        """What is new in a state, or all of it, as buffers, one after the other. The arrays must
        not change any more: where all of one is kept, the buffer is its own bytes."""
        if whole:
            self._plain, self._arrays = {}, {}
        gone = [name for name in (*self._plain, *self._arrays)
                if name not in plain and name not in arrays]  # fmt: skip
        news = {name: value for name, value in plain.items() if self._is_new(name, value)}
        entries: list[dict[str, Any]] = []
        parts: list[Buffer] = []
        known: dict[bytes, str] = {}
        for name, array in arrays.items():
            self._add(name, array, entries, parts, known)
        self._plain, self._arrays = dict(plain), dict(arrays)
        header = {"whole": whole, "plain": news, "gone": gone, "arrays": entries}
        line = AS_JSON(header).encode() + b"\n"
        return [line, *parts]

    def _is_new(self, name: str, value: Any) -> bool:
        before = self._plain.get(name, self)
        return before is not value and before != value

    def _add(
        self,
        name: str,
        array: Array,
        entries: list[dict[str, Any]],
        parts: list[Buffer],
        known: dict[bytes, str],
    ) -> None:
        """Add an array's entry and its bytes, if anything in it is new."""
        before = self._arrays.get(name)
        if before is array:
            return
        rows = changed(array, before)
        if rows is not None and not len(rows):
            return
        entry: dict[str, Any] = {"name": name, "dtype": described(array.dtype)}
        entry["shape"] = array.shape
        kept = array if rows is None else in_rows(array)[rows]
        if name in self._single and array.dtype == np.float64:
            entry["kept"] = SINGLE
            with np.errstate(over="ignore"):
                kept = kept.astype(SINGLE)
        if rows is not None:
            entry["rows"] = len(rows)
            numbers = rows.astype("<i4").tobytes()
            if numbers in known:
                entry["like"] = known[numbers]
            else:
                known[numbers] = name
                parts.append(numbers)
        entries.append(entry)
        parts.append(own_bytes(kept))


def own_bytes(array: Array) -> memoryview:
    """The bytes of an array, without a copy where they lie side by side."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def joined(message: Sequence[Buffer]) -> bytes:
    """A message in one piece, as it is read."""
    return b"".join(message)


class Decoder:
    """Takes messages in, in their order, and gives the state of each."""

    def __init__(self) -> None:
        self.plain: dict[str, Any] = {}
        self.arrays: Arrays = {}  # read-only, each stands as long as somebody holds it

    def take(self, message: bytes) -> None:
        """Take in the next message; ValueError where it is none."""
        end = message.index(b"\n")
        header = json.loads(message[:end])
        if header["whole"]:
            self.plain, self.arrays = {}, {}
        for name in header["gone"]:
            self.plain.pop(name, None)
            self.arrays.pop(name, None)
        self.plain |= header["plain"]
        at, numbers = end + 1, dict[str, Array]()
        for entry in header["arrays"]:
            at += self._take_array(entry, message, at, numbers)

    def _take_array(
        self, entry: Mapping[str, Any], message: bytes, at: int, numbers: dict[str, Array]
    ) -> int:
        """Take in one array; returns how many bytes it has."""
        name, shape = entry["name"], tuple(entry["shape"])
        dtype = np.dtype(undescribed(entry["dtype"]))
        kept = kept_as(entry, dtype)
        rows, before = entry.get("rows"), at
        if rows is None:
            many = elements(shape)
            array = np.frombuffer(message, kept, many, at).astype(dtype, copy=False).reshape(shape)
        else:
            if elements((rows,)) and "like" not in entry:
                numbers[name] = np.frombuffer(message, "<i4", rows, at)
                at += 4 * rows
            array = self.arrays[name].copy()
            target = in_rows(array)
            many = rows * target[0].size
            new = np.frombuffer(message, kept, many, at).reshape(rows, *target.shape[1:])
            target[numbers[entry.get("like", name)]] = new
        array.flags.writeable = False
        self.arrays[name] = array
        return int(at - before + many * kept.itemsize)


def elements(shape: tuple[Any, ...]) -> int:
    """How many elements an array of that shape has; ValueError where there is no such array."""
    if not all(type(length) is int and 0 <= length <= LARGEST for length in shape):
        raise ValueError(f"an array of {shape}")
    return prod(shape)


def kept_as(entry: Mapping[str, Any], dtype: "np.dtype[Any]") -> "np.dtype[Any]":
    """The type that an array's bytes are of; ValueError where it cannot be."""
    if "kept" not in entry:
        return dtype
    if entry["kept"] != SINGLE or dtype != np.float64:
        raise ValueError(f"{dtype} kept as {entry['kept']}")
    return np.dtype(SINGLE)


def changed(array: Array, before: Array | None) -> NDArray[np.intp] | None:
    """The numbers of the rows that differ, bit by bit; None where to keep all takes less room."""
    if before is None or before.shape != array.shape or before.dtype != array.dtype:
        return None
    if not array.size or not array.dtype.itemsize:
        return np.zeros(0, np.intp)
    differs = bits(array) != bits(before)
    if differs.ndim > 1:  # column by column: numpy is slow with many short rows
        differs = reduce(np.logical_or, differs.T)
    room = array.nbytes // len(differs)
    if np.count_nonzero(differs) * (4 + room) >= array.nbytes:
        return None
    return np.flatnonzero(differs)


def bits(array: Array) -> Array:
    """An array's rows, or elements, as whole numbers: nan equals itself. (n,) or (n, m)."""
    rows = np.ascontiguousarray(in_rows(array))
    size = rows.dtype.itemsize
    if size in (1, 2, 4, 8):
        return rows.view(f"u{size}")
    return rows.view(np.uint8).reshape(len(rows), -1)


def in_rows(array: Array) -> Array:
    """The same array as (rows, columns) where these are few, else as its elements (n,)."""
    if array.ndim == 2 and 0 < array.shape[1] <= NARROW:
        return array
    return array.reshape(-1)


def described(dtype: "np.dtype[Any]") -> Any:
    """A type as JSON has it."""
    return np.lib.format.dtype_to_descr(dtype.newbyteorder("<"))


def undescribed(kind: Any) -> "np.dtype[Any]":
    """The type that JSON told."""

    def exact(item: Any) -> Any:  # JSON knows no tuples
        if not isinstance(item, list):
            return item
        return [tuple(map(field, part)) for part in item]

    def field(part: Any) -> Any:
        deep = isinstance(part, list) and part and isinstance(part[0], list)
        return exact(part) if deep else tuple(part) if isinstance(part, list) else part

    return np.lib.format.descr_to_dtype(exact(kind))
