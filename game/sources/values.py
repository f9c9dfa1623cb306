"""Values: a frame of any array, so that bar, table and inspector can show it.

A row of a two-dimensional array, or of records, is an agent; of everything else each element is.
Who writes it is not known.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.frame import Flags, Floats, Foreign, Frame

SLOTS = 1 << 16  # at most: from there on several agents share what is known of a writer
COLUMNS = 16  # at most: what is wider is taken for elements one by one


def framed(
    before: Frame, data: NDArray[Any], columns: Sequence[str], now: float, offset: int = 0
) -> Frame:
    """The frame that follows, with an array of any type and shape as its values; it begins
    `offset` [bytes] from the start of its memory."""
    values, names = as_rows(data, columns)
    same = before.values.shape == values.shape and tuple(before.fields) == names
    frame = before if same else blank(names, len(values))
    fresh = changed(before.values if same else None, values, frame.per_process)
    first = frame.updates == 0
    return frame.next(
        now=now,
        foreign=about(data, values, offset),
        values=values,
        fresh=fresh,
        updates=frame.updates + fresh,
        changed=np.where(fresh, now, frame.changed),
        first=np.where(fresh & first, now, frame.first),
    )


def about(data: NDArray[Any], values: Floats, offset: int) -> Foreign:
    """What is known of an array."""
    records = data.dtype.names is not None
    kind = "records" if records else str(data.dtype)
    noun = "record" if records else "row" if values.shape[1] > 1 else "element"
    shape = " x ".join(f"{size:,}" for size in data.shape)
    each = 0 if records else data.dtype.itemsize
    return Foreign(f"{kind}, {shape}", noun, kind, each, offset)


def blank(names: Sequence[str], rows: int) -> Frame:
    """A frame of an array of which nothing is known yet."""
    share = max(1, -(-rows // SLOTS))
    slots = -(-rows // share)
    frame = Frame(dict.fromkeys(names, ""), slots, share)
    agents = np.arange(rows)
    return frame.next(agents=agents, expected=np.inf)


def as_rows(data: NDArray[Any], columns: Sequence[str]) -> tuple[Floats, tuple[str, ...]]:
    """An array as (rows, fields) float64, and what the fields are called; not a copy where it
    is such already."""
    if data.dtype.names:
        plain = [name for name in data.dtype.names if is_number(data.dtype[name])]
        rows = [as_floats(data[name].reshape(-1)) for name in plain]
        return np.column_stack(rows) if rows else np.zeros((data.size, 0)), tuple(plain)
    if data.ndim == 2 and data.shape[1] <= COLUMNS:
        names = tuple(columns) or tuple(f"[{column}]" for column in range(data.shape[1]))
        return as_floats(data), names
    return as_floats(data.reshape(-1, 1)), ("value",)


def as_floats(data: NDArray[Any]) -> Floats:
    """Numbers as float64; what is no number is nan."""
    if data.dtype == np.float64:
        return data
    if not is_number(data.dtype):
        return np.full(data.shape, np.nan)
    floats: Floats = (data.real if data.dtype.kind == "c" else data).astype(np.float64)
    return floats


def is_number(dtype: "np.dtype[Any]") -> bool:
    """Whether a type is of single numbers."""
    return dtype.kind in "biufc" and dtype.subdtype is None


def changed(before: Floats | None, values: Floats, share: int) -> Flags:
    """Which slots hold another value than before, (slots,); nan is the same as nan."""
    slots = -(-len(values) // share) if share else 0
    if before is None or values.shape[1] == 0:
        return np.ones(slots, np.bool_)
    differ: Flags = (before != values) & ~((before != before) & (values != values))
    rows = differ[:, 0] if differ.shape[1] == 1 else np.logical_or.reduce(differ, axis=1)
    starts = np.arange(0, len(rows), share)
    found: Flags = np.logical_or.reduceat(rows, starts) if len(rows) else np.zeros(0, np.bool_)
    return found
