"""`game.watch`: what a program says of its arrays, checked before anything is started.

Runs in somebody's program; numpy is loaded only where a type or a shape is given.
"""

import json
import math
import operator
from collections.abc import Iterable, Mapping
from typing import Any

from game.attach import AttachError
from game.attach.shared_object import Handed, hand_over
from game.attach.viewer import Viewer, close_all, open_viewer
from game.scenes.watch import NAME, VIEWS

LONGEST = 3_600_000  # [ms] that a check may have to be violated to count


def watch_arrays(
    arrays: Mapping[str, Any],
    described: Mapping[str, Any],
    headless: bool,
) -> Viewer:
    """Open a viewer on arrays by name; `described` holds the rest of `game.watch`'s arguments.

    AttachError, of one line, where something does not fit; OSError where descriptors are scarce.
    """
    if not arrays:
        raise AttachError("nothing to watch: give an array, or several by name")
    told = checked(described)
    if told["check"]:
        from game.invariant.expression import Expression

        Expression(told["check"], tuple(arrays))
    handed: dict[str, Handed] = {}
    try:
        for name, thing in arrays.items():
            handed[name] = hand_over(thing, name)
            handed[name] = as_described(handed[name], name, described)
        return open_viewer(NAME, handed, told, ["--headless"] if headless else [])
    finally:
        close_all(list(handed.values()))


def checked(described: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for all arrays, as the viewer is told it; AttachError where it is nothing."""
    view = text(described, "view")
    if view and view not in VIEWS:
        raise AttachError(f"view: there is no view {view!r}; give one of {', '.join(VIEWS)}")
    limits = several(described["limits"])
    pairs = list(zip(limits[::2], limits[1::2], strict=False))
    numbers = all(is_number(one) for one in limits)
    if len(limits) not in (0, 2, 4) or not numbers or not all(low < high for low, high in pairs):
        raise AttachError(
            f"limits: {described['limits']!r} are none; give low, high or x0, x1, y0, y1, "
            "each pair ascending"
        )
    columns = several(described["columns"])
    if not all(isinstance(name, str) for name in columns) or len(set(columns)) < len(columns):
        raise AttachError(
            f"columns: {described['columns']!r} are no different names, such as ('x', 'y')"
        )
    settled = described["settled"]
    if not is_number(settled) or not 0 <= settled <= LONGEST:
        raise AttachError(f"settled: {settled!r} is no time; give 0 to {LONGEST:,} milliseconds")
    return {
        "view": view,
        "limits": [float(number) for number in limits],
        "columns": [str(name) for name in columns],
        "title": text(described, "title"),
        "check": text(described, "check"),
        "settled": float(settled) / 1000,
    }


def text(described: Mapping[str, Any], word: str) -> str:
    """An argument that is text or None; AttachError where it is something else."""
    given = described[word]
    if given is not None and not isinstance(given, str):
        raise AttachError(f"{word}: {given!r} is no text; give text, or leave it out")
    return given or ""


def several(given: Any) -> tuple[Any, ...]:
    """An argument that is a sequence or None; where it is neither, it is its own only item."""
    if given is None:
        return ()
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        return (None,)
    return tuple(given)


def is_number(given: Any) -> bool:
    """Whether it is a number, of numpy's too, that is finite."""
    if isinstance(given, str | bytes | bool):
        return False
    try:
        return math.isfinite(given)
    except (TypeError, ValueError, OverflowError):
        return False


def as_described(handed: Handed, name: str, described: Mapping[str, Any]) -> Handed:
    """An array with the type and the shape that its program gives it."""
    dtype, shape, columns = (described[word] for word in ("dtype", "shape", "columns"))
    if dtype is None and handed.dtype is None:
        raise AttachError(f'{name}: a SharedMemory has no type; say it, such as dtype="float64"')
    if dtype is not None or shape is not None:
        handed = reshaped(handed, name, dtype, shape)
    wide = len(several(columns))
    if wide > 1 and not isinstance(handed.dtype, dict):
        assert handed.shape is not None
        flat, rest = handed.shape, math.prod(handed.shape) % wide
        if len(flat) == 1 and rest == 0:
            return handed._replace(shape=(flat[0] // wide, wide))
        if flat[-1] != wide:
            raise AttachError(
                f"columns: {wide} names for {name}, whose shape is {flat}; "
                "give as many as its last number says"
            )
    return handed


def reshaped(handed: Handed, name: str, dtype: Any, shape: Any) -> Handed:
    """An array taken for another type, or shaped anew; AttachError where it does not fit."""
    import numpy

    from game.attach.shared_object import as_dtype, as_plain

    try:
        kind = numpy.dtype(as_dtype(handed.dtype) if dtype is None else dtype)
        if kind.hasobject or not kind.itemsize:
            raise TypeError
    except (TypeError, ValueError):
        raise AttachError(
            f"dtype: {dtype!r} is no type that memory can hold; give one such as 'float64'"
        ) from None
    have = handed.size // kind.itemsize
    try:
        sizes = (have,) if shape is None else tuple(map(operator.index, several(shape)))
    except TypeError:
        raise AttachError(
            f"shape: {shape!r} is no shape; give whole numbers, such as (480, 640)"
        ) from None
    if min(sizes, default=1) < 1 or math.prod(sizes) > have or not have:
        raise AttachError(
            f"shape: {sizes} takes {math.prod(sizes):,} of {kind}; {name} has room for {have:,}"
        )
    return handed._replace(dtype=json.loads(json.dumps(as_plain(kind))), shape=sizes)
