"""Elements: what the bytes of a memory mean. Given by the person, or guessed from the bytes."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from game.attach import AttachError

Bytes = NDArray[np.uint8]

# Types that a person can go through when the guess was wrong.
TYPES = ("f8", "f4", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1")
PLAUSIBLE = 0.95  # of the numbers, for a guess
SMALL, LARGE = 1e-9, 1e15  # magnitudes that people's floating-point numbers have
WHOLE = 1 << 31  # the same of whole ones
SPREAD = 3.0  # times as wide in magnitude: two float32 read as one float64


class Elements(NamedTuple):
    """The type, the shape and the place of an array in a memory."""

    dtype: Any  # numpy.dtype
    shape: tuple[int, ...]
    offset: int = 0  # [bytes]
    columns: tuple[str, ...] = ()
    guessed: str = ""  # what of it is a guess, in words

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return int(self.dtype.itemsize) * math.prod(self.shape)


def type_of(words: Any) -> "np.dtype[Any]":
    """The numpy type that is meant; AttachError where there is none that memory can hold."""
    try:
        found: np.dtype[Any] = np.dtype(words)
    except Exception:  # numpy raises whatever its parser meets
        raise AttachError(
            f"--dtype: numpy knows no type {words!r}; give one such as float64, int32 or d"
        ) from None
    if found.hasobject or found.itemsize == 0:
        raise AttachError(f"--dtype: {words!r} has no size in memory; give one such as float64")
    return found


def fit(
    size: int,
    dtype: "np.dtype[Any]",
    shape: tuple[int, ...] | None,
    offset: int = 0,
    columns: Sequence[str] = (),
) -> Elements:
    """The elements of a memory of `size` bytes; AttachError where they are not all in it.

    Without a shape it is everything from `offset` on, a row for each `columns`.
    """
    each = dtype.itemsize
    if offset % dtype.alignment:
        raise AttachError(
            f"--offset: {offset} is no multiple of {dtype.alignment}, where {dtype} may stand"
        )
    if offset < 0 or offset + each > size:
        raise AttachError(f"--offset: {offset} is beyond the end; the memory has {size:,} bytes")
    if shape is None:
        count = (size - offset) // each
        wide = len(columns)
        shape = (count // wide, wide) if wide > 1 else (count,)
    made = Elements(dtype, shape, offset, tuple(columns))
    if offset + made.size > size:
        words = ",".join(map(str, shape))
        raise AttachError(
            f"--shape: {words} of {dtype} takes {made.size:,} bytes from {offset} on; "
            f"the memory has {size - offset:,} there"
        )
    if columns and dtype.names is None and (not shape or shape[-1] != len(columns)):
        raise AttachError(
            f"--columns: {len(columns)} names for a shape of {','.join(map(str, shape))}; "
            "give as many as its last number says"
        )
    return made


def guess(data: Bytes, offset: int = 0, dtype: "np.dtype[Any] | None" = None) -> Elements:
    """What the bytes may mean: the type, and as many elements as are not zeros at the end."""
    used = np.flatnonzero(data[offset:])
    end = int(used[-1]) + 1 if len(used) else 0
    words = "length" if dtype else "type and length"
    kind = dtype or guess_type(data[offset : offset + end])
    room = max(len(data) - offset, 0) // kind.itemsize
    count = min(max(-(-end // kind.itemsize), 1), room)
    return Elements(kind, (count,), offset, guessed=words)


def guess_type(data: Bytes) -> "np.dtype[Any]":
    """The type that makes the most sense of some bytes that do not end with zeros."""
    if len(data) == 0:
        return np.dtype("f8")
    whole = np.zeros(-(-len(data) // 8) * 8, np.uint8)
    whole[: len(data)] = data
    if sensible(whole.view("f8")) and not pairs_of_f4(whole):
        return np.dtype("f8")
    if wide_integers(whole):
        return np.dtype("i8")
    fours = whole[: -(-len(data) // 4) * 4]
    if small(fours.view("i4")):
        return np.dtype("i4")
    if sensible(fours.view("f4")):
        return np.dtype("f4")
    twos = whole[: -(-len(data) // 2) * 2].view("i2")
    return np.dtype("i2") if len(twos) > 1 and small(twos, 1 << 12) else np.dtype("u1")


def sensible(numbers: NDArray[Any]) -> bool:
    """Whether nearly all are floating-point numbers that people work with."""
    with np.errstate(all="ignore"):
        size = np.abs(numbers.astype(np.float64))
        plain = (size == 0) | ((size > SMALL) & (size < LARGE)) | np.isnan(numbers)
    return bool(plain.mean() >= PLAUSIBLE) and bool((size > 0).any())


def pairs_of_f4(data: Bytes) -> bool:
    """Whether eight bytes are two float32 rather than one float64: then the magnitudes of the
    latter differ far more."""
    halves = data.view("f4")
    if not sensible(halves) or not np.count_nonzero(halves[::2]):
        return False
    return spread(data.view("f8")) > SPREAD * spread(halves)


def spread(numbers: NDArray[Any]) -> float:
    """How much magnitudes differ, in powers of two."""
    with np.errstate(all="ignore"):
        powers = np.log2(np.abs(numbers[numbers != 0].astype(np.float64)))
    powers = powers[np.isfinite(powers)]
    return float(np.std(powers)) if len(powers) > 1 else 0.0


def wide_integers(data: Bytes) -> bool:
    """Whether these are whole numbers of eight bytes, of which the upper four say no more than
    the sign."""
    halves = data.view("i4")
    lower, upper = halves[::2], halves[1::2]
    if len(lower) < 2 or not np.count_nonzero(lower):
        return False
    return bool((upper == np.where(lower < 0, -1, 0)).all())


def small(numbers: NDArray[Any], limit: int = WHOLE >> 7) -> bool:
    """Whether nearly all are whole numbers that people work with."""
    return bool((np.abs(numbers.astype(np.int64)) < limit).mean() >= PLAUSIBLE)
