"""A violation of a check, as it is kept: the whole arrays before and after, and what changed.

Used by Verdicts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from game.invariant.bounds import Arrays

Array = np.ndarray[Any, Any]
MOST_CHANGED = 1000  # [cells] that are named, of each array


@dataclass(frozen=True, eq=False)
class Violation:
    """One look at which the check did not hold."""

    time: float  # [s] of the look
    since: float  # [s] of the first look of those in a row that did not hold
    right: float | None  # [s] of the last look before them that passed; None where there was none
    before: Arrays | None  # as they were then
    after: Arrays  # as they were at this look
    distance: float | None  # from what must hold, see Expression.distance

    def changed(self, most: int = MOST_CHANGED) -> dict[str, Array]:
        """For each array the first cells that differ: indices, shape (cells, dimensions).

        Cells differ where their bytes do. A whole record of an array with fields is one cell.
        """
        if self.before is None:
            return {}
        return {
            name: np.argwhere(differing(self.before[name], after))[:most]
            for name, after in self.after.items()
        }

    def columns(self, name: str) -> dict[str, Array]:
        """What is written of it, under names that begin with `name`."""
        found = {f"{name}_time": np.array(self.time), f"{name}_since": np.array(self.since)}
        if self.distance is not None:
            found[f"{name}_distance"] = np.array(self.distance)
        found |= {f"{name}_after_{key}": np.asarray(array) for key, array in self.after.items()}
        if self.before is not None and self.right is not None:
            found[f"{name}_right"] = np.array(self.right)
            found |= {f"{name}_before_{key}": np.asarray(a) for key, a in self.before.items()}
        return found | {f"{name}_changed_{key}": where for key, where in self.changed().items()}


def differing(before: Array, after: Array) -> Array:
    """Which cells' bytes differ: truth values of the arrays' shape."""
    if before.shape != after.shape or before.dtype != after.dtype:
        return np.ones(after.shape, bool)
    if after.size == 0 or after.dtype.itemsize == 0:
        return np.zeros(after.shape, bool)
    one, other = (cell_bytes(array) for array in (before, after))
    differ: Array = (one != other).any(axis=-1).reshape(after.shape)
    return differ


def cell_bytes(array: Array) -> Array:
    """An array's bytes, shape (cells, bytes of a cell)."""
    flat = np.ascontiguousarray(array).reshape(-1)
    return flat.view(np.uint8).reshape(array.size, array.dtype.itemsize)


def copied(arrays: Arrays, into: dict[str, Array] | None = None) -> dict[str, Array]:
    """Copies of arrays, in the place of older ones where those have the same shape and type."""
    copies = into if into is not None else {}
    for name, array in arrays.items():
        copy = copies.get(name)
        if copy is not None and copy.shape == array.shape and copy.dtype == array.dtype:
            np.copyto(copy, array)
        else:
            copies[name] = np.array(array)
    return copies


def save(file: IO[bytes], check: str, kept: Mapping[str, Violation | None]) -> None:
    """Write a check and its violations, each under its name, to an open file as .npz.

    Of an array `a` and the violation `first`: first_before_a, first_after_a, first_changed_a
    (see Violation.changed), first_time, first_since, first_right [s], first_distance. What is not
    known is left out. Nothing in it needs pickle. OSError where the file does not take it.
    """
    columns: dict[str, Array] = {"check": np.array(check)}
    for name, violation in kept.items():
        if violation is not None:
            columns |= violation.columns(name)
    np.savez(file, **columns)  # type: ignore[arg-type]  # none of them is called allow_pickle
