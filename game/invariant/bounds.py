"""What may be at hand while a check is worked out: numbers and arrays of them, and how large.

Used by operations and functions, which ask before they make anything.
"""

import operator
from collections.abc import Mapping
from typing import Any

import numpy as np

Arrays = Mapping[str, "np.ndarray[Any, Any]"]

GROWN = 4 * 2**20  # [elements], 16 bytes at most each: 64 MB
LOWEST, HIGHEST = -(2**63), 2**64 - 1  # of whole numbers; numpy has none beyond
LONGEST_SHIFT = 64  # [bits]; the largest exponent of whole numbers, too
NUMBERS = "biufc"  # the kinds of dtype that can be reckoned with
PLAIN = frozenset({bool, int, float, complex})
SEQUENCES = frozenset({tuple, list})
OF_NUMPY = (np.ndarray, np.generic)


class CheckFailed(Exception):
    """A check that could not be worked out on these arrays; one line says why."""


class Room:
    """The arrays of one look, and how many elements may be made beyond their own size.

    A result with no more elements than the largest array is always fine; all larger ones
    together have GROWN elements.
    """

    __slots__ = ("arrays", "largest", "left")

    def __init__(self, arrays: Arrays) -> None:
        """CheckFailed where an array holds Python objects, which could run code."""
        self.arrays = {name: np.asarray(array) for name, array in arrays.items()}
        self.largest = 0
        self.left = GROWN
        for name, array in self.arrays.items():
            self.largest = max(self.largest, array.size)
            if array.dtype.hasobject:
                raise CheckFailed(f"{name} holds Python objects; a check reads numbers")

    def take(self, count: int) -> None:
        """Make sure that there is room for a result of so many elements, before it is made."""
        if count <= self.largest:
            return
        self.left -= count
        if self.left < 0:
            raise CheckFailed(
                f"a result of {count:,} elements is too large; beyond the array's own "
                f"{self.largest:,} a check may make {GROWN:,} in all"
            )

    def fit(self, *values: Any) -> None:
        """Make sure that there is room for what comes of these together, element by element."""
        shapes = {value.shape for value in values if type(value) is np.ndarray}
        if len(shapes) > 1:
            self.take(np.broadcast(*values).size)


def number(value: Any) -> Any:
    """A value as a number or an array of numbers; CheckFailed where it is neither."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind in SEQUENCES:
        value = np.asarray(value)
    if isinstance(value, OF_NUMPY):
        if value.dtype.kind in NUMBERS:
            return value
        if value.dtype.names:
            example = f'a["{value.dtype.names[0]}"]'
            raise CheckFailed(f"an array with fields is no number; name one, as in {example}")
        raise CheckFailed(f"values of the type {value.dtype} are no numbers")
    raise CheckFailed(f"{shown(value)} is no number")


def array(value: Any) -> "np.ndarray[Any, Any]":
    """A value as an array of numbers."""
    return np.asarray(number(value))


def whole(value: Any, what: str) -> int:
    """A value as a whole number; `what` says of what, where it is none."""
    try:
        return operator.index(value)
    except TypeError:
        raise CheckFailed(f"{what} is a whole number, not {shown(value)}") from None


def bounded(value: Any) -> Any:
    """The same value; CheckFailed where it is a whole number beyond 64 bits."""
    if type(value) is int and not LOWEST <= value <= HIGHEST:
        raise CheckFailed("a whole number is too large; 64 bits are the most")
    return value


def truth(value: Any, where: str) -> bool:
    """One truth value; CheckFailed where there are several, or none."""
    value = number(value)
    size = getattr(value, "size", 1)
    if size != 1:
        raise CheckFailed(f"{where} gives {size:,} values; say all(...) or any(...)")
    return bool(value)


def shown(value: Any) -> str:
    """A value in a line of words, cut short."""
    words = " ".join(repr(value).split()) if type(value) is not np.ndarray else "an array"
    return words if len(words) <= 40 else f"{words[:37]}..."
