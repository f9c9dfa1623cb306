"""`game.watch`: what a program says of its arrays, checked before anything is started.

Runs in somebody's program; numpy is loaded only where a type or a shape is given.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from game.attach import AttachError
from game.attach.shared_object import Handed, hand_over
from game.attach.viewer import Viewer, close_all, open_viewer
from game.scenes.watch import NAME, VIEWS


def watch_arrays(
    arrays: Mapping[str, Any],
    described: Mapping[str, Any],
    headless: bool,
) -> Viewer:
    """Open a viewer on arrays by name; `described` holds the rest of `game.watch`'s arguments."""
    if not arrays:
        raise AttachError("nothing to watch: give an array, or several by name")
    if described["check"] is not None:
        from game.invariant.expression import Expression

        Expression(described["check"], tuple(arrays))
    told = checked(described)
    handed: dict[str, Handed] = {}
    try:
        for name, thing in arrays.items():
            handed[name] = hand_over(thing, name)
            handed[name] = as_described(handed[name], name, described)
        return open_viewer(NAME, handed, told, ["--headless"] if headless else [])
    finally:
        close_all(list(handed.values()))


def checked(described: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for all arrays, as the viewer is told it."""
    view, limits = described["view"] or "", tuple(described["limits"] or ())
    if view and view not in VIEWS:
        raise AttachError(f"view: there is no view {view!r}; give one of {', '.join(VIEWS)}")
    pairs = list(zip(limits[::2], limits[1::2], strict=False))
    if len(limits) not in (0, 2, 4) or not all(low < high for low, high in pairs):
        raise AttachError(
            f"limits: {limits} are none; give low, high or x0, x1, y0, y1, each pair ascending"
        )
    columns = tuple(described["columns"] or ())
    if len(set(columns)) < len(columns) or not all(isinstance(name, str) for name in columns):
        raise AttachError(f"columns: {columns} are no different names, such as ('x', 'y')")
    return {
        "view": view,
        "limits": [float(number) for number in limits],
        "columns": list(columns),
        "title": described["title"] or "",
        "check": described["check"] or "",
        "settled": described["settled"] / 1000,
    }


def as_described(handed: Handed, name: str, described: Mapping[str, Any]) -> Handed:
    """An array with the type and the shape that its program gives it."""
    dtype, shape, columns = (described[word] for word in ("dtype", "shape", "columns"))
    if dtype is None and handed.dtype is None:
        raise AttachError(f'{name}: a SharedMemory has no type; say it, such as dtype="float64"')
    if dtype is not None or shape is not None:
        handed = reshaped(handed, name, dtype, shape)
    wide = len(columns or ())
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


def reshaped(handed: Handed, name: str, dtype: Any, shape: Sequence[int] | None) -> Handed:
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
    sizes = (have,) if shape is None else tuple(int(number) for number in shape)
    if min(sizes, default=1) < 1 or math.prod(sizes) > have or not have:
        raise AttachError(
            f"shape: {sizes} takes {math.prod(sizes):,} of {kind}; {name} has room for {have:,}"
        )
    return handed._replace(dtype=json.loads(json.dumps(as_plain(kind))), shape=sizes)
