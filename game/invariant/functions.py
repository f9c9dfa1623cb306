"""The functions, methods and attributes that a check may use, one by one.

None of them writes to its arguments, and none makes more than it was given without asking the
room first. Used by the translation of a check.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from game.invariant.bounds import (
    PLAIN,
    SEQUENCES,
    CheckFailed,
    Room,
    array,
    bounded,
    number,
    shown,
    truth,
    whole,
)

MOST_DECIMALS = 30


class Function(NamedTuple):
    """What is called with the room and the arguments, and how many of which it may be given."""

    call: Callable[..., Any]
    least: int = 1
    most: int = 1
    keywords: tuple[str, ...] = ()


def elementwise(function: Callable[..., Any], count: int = 1) -> Function:
    """A function of so many numbers or arrays, element by element."""

    def call(room: Room, *values: Any) -> Any:
        numbers = [number(value) for value in values]
        room.fit(*numbers)
        return function(*numbers)

    return Function(call, count, count)


def reduction(function: Callable[..., Any], empty: bool = True) -> Function:
    """A function of all elements, or of those along an axis; some have no meaning for none."""

    def call(room: Room, values: Any, axis: Any = None, keepdims: Any = False) -> Any:
        values = array(values)
        if not empty and values.size == 0:
            raise CheckFailed(f"{function.__name__}() of no values")
        if axis is None and keepdims is False:
            return function(values)
        return function(values, axis=axis_of(axis), keepdims=truth(keepdims, "keepdims"))

    return Function(call, 1, 2, ("axis", "keepdims"))


def along(function: Callable[..., Any], axis: int | None) -> Function:
    """A function along an axis that leaves as many elements, or fewer; `axis` if none is given."""

    def call(room: Room, values: Any, axis: Any = axis) -> Any:
        return function(array(values), axis=axis_of(axis))

    return Function(call, 1, 1, ("axis",))


def whole_array(function: Callable[..., Any]) -> Function:
    """A function of one array that leaves as many elements, or fewer."""
    return Function(lambda room, values: function(array(values)))


def extreme(of_array: Function, of_numbers: Callable[..., Any], other: str) -> Function:
    """min and max as a plain name: of an array, or of two and more numbers as in Python."""

    def call(room: Room, *values: Any, **keywords: Any) -> Any:
        if len(values) == 1:
            return of_array.call(room, *values, **keywords)
        numbers = [number(value) for value in values]
        if keywords:
            raise CheckFailed("axis and keepdims are for one array")
        if any(np.ndim(value) for value in numbers):
            raise CheckFailed(f"of several arrays, element by element: {other}(x, y)")
        return of_numbers(*numbers)

    return Function(call, 1, 8, ("axis", "keepdims"))


def close(function: Callable[..., Any]) -> Function:
    """allclose and isclose."""

    def call(room: Room, left: Any, right: Any, **tolerances: Any) -> Any:
        left, right = number(left), number(right)
        room.fit(left, right)
        return function(left, right, **{name: one(t, float) for name, t in tolerances.items()})

    return Function(call, 2, 2, ("rtol", "atol"))


def length(room: Room, values: Any) -> int:
    if type(values) in SEQUENCES or (type(values) is np.ndarray and values.ndim):
        return len(values)
    raise CheckFailed(f"{shown(values)} has no length")


def rounded(room: Room, values: Any, decimals: Any = 0) -> Any:
    decimals = whole(decimals, "the number of decimals")
    if abs(decimals) > MOST_DECIMALS:
        raise CheckFailed(f"{decimals} decimals are too many; {MOST_DECIMALS} are the most")
    return np.round(number(values), decimals)


def rolled(room: Room, values: Any, shift: Any, axis: Any = None) -> Any:
    return np.roll(array(values), whole(shift, "what an array is rolled by"), axis=axis_of(axis))


def counted(room: Room, stop: Any) -> Any:
    stop = whole(stop, "what arange counts to")
    room.take(stop)
    return np.arange(stop)


def reshaped(room: Room, values: Any, *shape: Any) -> Any:
    sizes = shape[0] if len(shape) == 1 and type(shape[0]) in SEQUENCES else shape
    return array(values).reshape([whole(size, "each size") for size in sizes])


def plain(kind: Callable[[Any], Any]) -> Function:
    """int and float, of one number."""

    return Function(lambda room, value: one(value, kind))


def one(value: Any, kind: Callable[[Any], Any]) -> Any:
    """One number as another kind of number."""
    value = number(value)
    if np.size(value) != 1:
        raise CheckFailed(f"{np.size(value):,} values are not one number")
    return bounded(kind(value if type(value) in PLAIN else value.item()))


def axis_of(axis: Any) -> int | tuple[int, ...] | None:
    """An axis, or several, as numpy takes them."""
    if type(axis) in SEQUENCES:
        return tuple(whole(part, "an axis") for part in axis)
    return None if axis is None else whole(axis, "an axis")


ELEMENTWISE = "isnan isfinite isinf floor ceil trunc sqrt square sign exp log sin cos logical_not"
OF_TWO = "maximum minimum hypot logical_and logical_or logical_xor"
REDUCTIONS = "sum prod min max all any ptp argmin argmax count_nonzero"
MEANS = "mean median std var"  # of no values they have no meaning
ALONG = {"sort": -1, "argsort": -1, "cumsum": None, "cumprod": None, "flip": None, "diff": -1}
WHOLE = "unique ravel transpose diagonal trace flatnonzero conj"

# As numpy has them: np.sum(a), and where it has a method, a.sum().
NUMPY: dict[str, Function] = {
    "abs": elementwise(np.abs),
    **{name: elementwise(getattr(np, name)) for name in ELEMENTWISE.split()},
    **{name: elementwise(getattr(np, name), 2) for name in OF_TWO.split()},
    "where": elementwise(np.where, 3),
    "clip": elementwise(np.clip, 3),
    **{name: reduction(getattr(np, name)) for name in REDUCTIONS.split()},
    **{name: reduction(getattr(np, name), empty=False) for name in MEANS.split()},
    **{name: along(getattr(np, name), axis) for name, axis in ALONG.items()},
    **{name: whole_array(getattr(np, name)) for name in WHOLE.split()},
    "allclose": close(np.allclose),
    "isclose": close(np.isclose),
    "isin": Function(lambda room, values, among: np.isin(array(values), array(among)), 2, 2),
    "array_equal": Function(lambda room, x, y: np.array_equal(array(x), array(y)), 2, 2),
    "round": Function(rounded, 1, 2, ("decimals",)),
    "roll": Function(rolled, 2, 3, ("axis",)),
    "arange": Function(counted),
    "reshape": Function(reshaped, 2, 2),
}
# By plain name, where Python's own meaning differs from numpy's.
FUNCTIONS: dict[str, Function] = {
    **NUMPY,
    "min": extreme(NUMPY["min"], min, "minimum"),
    "max": extreme(NUMPY["max"], max, "maximum"),
    "len": Function(length),
    "int": plain(int),
    "float": plain(float),
    "bool": Function(lambda room, value: truth(value, "what bool() is given")),
}
METHOD_NAMES = "all any argmax argmin argsort clip conj cumprod cumsum diagonal max mean min prod"
METHOD_NAMES += " ravel round std sum trace transpose var"
METHODS: dict[str, Function] = {
    **{name: NUMPY[name] for name in METHOD_NAMES.split()},
    "reshape": Function(reshaped, 2, 9),
}
ATTRIBUTES: dict[str, Callable[[Any], Any]] = {
    "size": np.size,
    "shape": np.shape,
    "ndim": np.ndim,
    "nbytes": lambda value: np.asarray(value).nbytes,
    "itemsize": lambda value: np.asarray(value).itemsize,
    "T": lambda value: array(value).T,
    "real": lambda value: np.real(number(value)),
    "imag": lambda value: np.imag(number(value)),
}
CONSTANTS = {"inf": np.inf, "nan": np.nan, "pi": np.pi}
