"""A check on an array, as text: allowed node by node, then asked of one copy after another.

Used by whoever watches an array. Nothing that is not allowed by name can be reached: the text is
never handed to Python's `eval`.
"""

from collections.abc import Iterable

import numpy as np

from game.invariant.bounds import OF_NUMPY, Arrays, CheckFailed, Room, shown
from game.invariant.distance import distance
from game.invariant.parsing import EXAMPLE, ExpressionError, parsed
from game.invariant.translation import Translator

__all__ = ["Arrays", "CheckFailed", "Expression", "ExpressionError"]


class Expression:
    """What must hold of one or several arrays, such as `a.sum() == 1000`."""

    def __init__(self, text: str, names: Iterable[str] = ("a",)) -> None:
        """For arrays of these names. ExpressionError: one line, what is not allowed, and where."""
        tree = parsed(text.strip() if isinstance(text, str) else text)
        self.text = text.strip()
        self.names = tuple(names)
        translator = Translator(self.text, self.names)
        self._value = translator.value(tree)
        self._distance = distance(translator, tree)

    def holds(self, arrays: Arrays) -> bool:
        """Whether it holds of these arrays, none of which it changes.

        CheckFailed says in one line why it cannot be told: something raised, a result would be
        too large, or what comes out is no truth value.
        """
        try:
            with np.errstate(all="ignore"):
                value = self._value(Room(arrays))
        except CheckFailed:
            raise
        except Exception as error:
            raise CheckFailed(words(error)) from None
        return verdict(value)

    def distance(self, arrays: Arrays) -> float | None:
        """How far the sides of its comparison are from what must hold, at most; None if unknown.

        For `left == right` the largest |left - right|, for `left <= right` the largest
        left - right; not a number counts as infinitely far. Known for a comparison, a chain of
        them, and for all(...) of one.
        """
        if self._distance is None:
            return None
        try:
            with np.errstate(all="ignore"):
                return self._distance(Room(arrays))
        except Exception:
            return None


def verdict(value: object) -> bool:
    """A result as the truth value that it must be; CheckFailed where it is none."""
    if type(value) is bool:
        return value
    if isinstance(value, OF_NUMPY) and value.dtype.kind == "b":
        if value.size == 1:
            return bool(value)
        raise CheckFailed(f"gives {value.size:,} values; say all(...) or any(...)")
    size = getattr(value, "size", 1)
    what = f"{size:,} values" if size != 1 else shown(value)
    raise CheckFailed(f"gives {what}, no truth value; compare it, as in {EXAMPLE}")


def words(error: Exception) -> str:
    """What an error says, on one line."""
    said = " ".join(str(error).split()) or "no words"
    short = said if len(said) <= 200 else f"{said[:197]}..."
    return f"{type(error).__name__}: {short}"
