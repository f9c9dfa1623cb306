"""Tips: what there is to say of the elements that the mouse is on."""

import numpy as np

from game.scenes.watch.elements import Elements
from game.scenes.watch.statistics import Statistics
from game.scenes.watch.watched import Watched
from game.scenes.watch.words import value_words, whole_value
from game.view.numbers import duration

SEVERAL = 4  # elements up to which the value of each is told


def tells(watched: Watched, elements: range) -> list[str]:
    """Lines about some elements of the array."""
    array, statistics = watched.elements, watched.statistics
    if array is None or not elements or elements.stop > array.many:
        return []
    lines = [array.python(elements), *values(array, elements), place(array, elements)]
    if statistics.elements is not None and len(statistics.counts) == array.many:
        lines += seen(statistics, elements, watched.ago)
    return lines


def values(array: Elements, elements: range) -> list[str]:
    """The value of each, or from where to where those of several go."""
    if len(elements) == 1:
        return [f"= {whole_value(array, elements.start)}"]
    if len(elements) <= SEVERAL:
        wide = max(1, array.table.shape[1])
        return [
            f"{array.column_name(element % wide)} = {whole_value(array, element)}"
            for element in elements
        ]
    part = array.flat[elements.start : elements.stop]
    nans = int(np.isnan(part).sum()) if part.dtype.kind == "f" else 0
    if nans == len(part):
        return ["all nan"]
    low, high = (float(fold.reduce(part)) for fold in (np.fmin, np.fmax))
    kind = part.dtype
    span = f"from {value_words(low, kind, 10)} to {value_words(high, kind, 10)}"
    return [span + (f", {nans:,} nan" if nans else "")]


def place(array: Elements, elements: range) -> str:
    """Type, where it is, and of one element its bytes as they lie in memory."""
    part, first = array.part(elements.start), array.byte(elements.start)
    if len(elements) > 1:
        return f"{len(elements):,} elements, {array.dtype}, from byte {first:,}"
    raw = array.flat[elements.start : elements.start + 1].astype(part.dtype)
    return f"{part.dtype}, byte {first:,}: {raw.tobytes().hex(' ')}"


def seen(statistics: Statistics, elements: range, now: float) -> list[str]:
    """How often they were seen to change, when last, from where to where they went."""
    part = slice(elements.start, elements.stop)
    changes, last = int(statistics.counts[part].sum()), float(statistics.last[part].max())
    if not changes:
        assert statistics.elements is not None
        never = not statistics.elements.flat[part].any()
        return ["never written" if never else "not seen to change"]
    lines = [f"changed {changes:,} times, last {duration(max(now - last, 0.0))} ago"]
    if len(elements) == 1:
        kind = statistics.least.dtype
        least, most = (float(ends[elements.start]) for ends in (statistics.least, statistics.most))
        lines.append(f"was {value_words(least, kind, 10)} to {value_words(most, kind, 10)}")
    return lines
