"""Operators and indexing, each with a look at the size before anything is made.

Used by the translation of a check.
"""

import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from game.invariant.bounds import (
    LONGEST_SHIFT,
    OF_NUMPY,
    SEQUENCES,
    CheckFailed,
    Room,
    bounded,
    number,
    shown,
    truth,
)

Operation = Callable[[Any, Any], Any]


def power(base: Any, exponent: Any) -> Any:
    """base ** exponent; whole numbers only as far as 64 bits go."""
    whole = isinstance(base, int) and isinstance(exponent, int)
    if whole and exponent > LONGEST_SHIFT and abs(base) > 1:
        raise CheckFailed(f"an exponent of {exponent} is too large; {LONGEST_SHIFT} is the most")
    return base**exponent


def shift_left(value: Any, bits: Any) -> Any:
    """value << bits; plain numbers by 64 at most."""
    if isinstance(value, int) and isinstance(bits, int) and bits > LONGEST_SHIFT:
        raise CheckFailed(f"a shift by {bits} is too far; {LONGEST_SHIFT} is the most")
    return value << bits


def negated(room: Room, value: Any) -> Any:
    return bounded(-number(value))


def same(room: Room, value: Any) -> Any:
    return bounded(+number(value))


def denied(room: Room, value: Any) -> bool:
    return not truth(value, "what stands after 'not'")


def inverted(room: Room, value: Any) -> Any:
    """~value; a plain truth value as numpy has it: the other one."""
    value = number(value)
    return not value if type(value) is bool else bounded(~value)


def combine(room: Room, operation: Operation, left: Any, right: Any) -> Any:
    """An operation on two numbers or arrays; a list only beside an array."""
    if type(left) in SEQUENCES or type(right) in SEQUENCES:
        beside = right if type(left) in SEQUENCES else left
        if type(beside) is not np.ndarray:
            raise CheckFailed("a list or tuple needs an array on the other side")
    left, right = number(left), number(right)
    room.fit(left, right)
    return bounded(operation(left, right))


def compare(room: Room, operation: Operation, left: Any, right: Any) -> Any:
    """A comparison; two lists or tuples, such as shapes, as Python compares them."""
    if type(left) in SEQUENCES and type(right) in SEQUENCES:
        return operation(tuple(left), tuple(right))
    return combine(room, operation, left, right)


def contained(room: Room, left: Any, right: Any) -> bool:
    """left in right: one number among several."""
    left = number(left)
    if np.ndim(left) > 0:
        raise CheckFailed("'in' looks for one number; for an array say isin(...)")
    if np.ndim(right) == 0:
        raise CheckFailed(f"'in' needs several numbers on its right, not {shown(right)}")
    return bool(np.any(np.asarray(number(right)) == left))


def not_contained(room: Room, left: Any, right: Any) -> bool:
    return not contained(room, left, right)


def pick(room: Room, base: Any, index: Any) -> Any:
    """base[index]. A list's by a number or a slice; an array's as numpy has it."""
    if type(base) in SEQUENCES:
        if isinstance(index, (int, slice)):
            return base[index]
        raise CheckFailed(f"a tuple or list has no [{shown(index)}]; a number or a slice")
    if not isinstance(base, OF_NUMPY):
        raise CheckFailed(f"{shown(base)} has no elements")
    if isinstance(index, str) and index not in (base.dtype.names or ()):
        fields = ", ".join(base.dtype.names or ("none",))
        raise CheckFailed(f"there is no field {shown(index)}; fields: {fields}")
    if type(base) is np.ndarray and not isinstance(index, (int, slice, str)):
        parts = index if type(index) is tuple else (index,)
        if any(type(part) is np.ndarray for part in parts):
            room.take(picked(base, parts))
    return base[index]


def picked(base: "np.ndarray[Any, Any]", parts: tuple[Any, ...]) -> int:
    """At most how many elements come of indexing with arrays: theirs, times what is left whole."""
    plain: list[Any] = []
    shapes: list[tuple[int, ...]] = []
    for part in parts:
        if type(part) is not np.ndarray:
            plain.append(part)
        elif part.dtype.kind == "b":
            plain += [slice(0, 1)] * part.ndim
            shapes.append((int(np.count_nonzero(part)),))
        else:
            plain.append(slice(0, 1))
            shapes.append(part.shape)
    left_whole = base[tuple(plain)].size
    return int(left_whole) * math.prod(np.broadcast_shapes(*shapes))


def index_part(value: Any) -> Any:
    """What an expression between the brackets gives, as numpy takes it."""
    if type(value) is list:
        value = np.asarray(value)
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return int(value)
    if type(value) is np.ndarray and value.dtype.kind in "biu":
        return value
    what = f"of {value.dtype}" if type(value) is np.ndarray else ""
    raise CheckFailed(f"{shown(value)} {what}".strip() + " is no index; whole numbers or a mask")


BINARY: dict[str, Operation] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": power,
    "LShift": shift_left,
    "RShift": operator.rshift,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
}
COMPARISONS: dict[str, Operation] = {
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
}
MEMBERSHIP: dict[str, Callable[[Room, Any, Any], bool]] = {
    "In": contained,
    "NotIn": not_contained,
}
UNARY: dict[str, Callable[[Room, Any], Any]] = {
    "USub": negated,
    "UAdd": same,
    "Not": denied,
    "Invert": inverted,
}
