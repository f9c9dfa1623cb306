"""Words about an array: its values in few characters, what it is, how it stands with it.

Asked by the scene, its views, its table and its tips.
"""

from typing import Any

import numpy as np

from game.scenes.watch.elements import Elements
from game.scenes.watch.looks import Look, WatchView
from game.view.numbers import abbreviated

DIGITS = {2: 3, 4: 6}  # by bytes of a number: more would be what its type makes of it


def value_words(value: float, dtype: np.dtype[Any], letters: int = 7) -> str:
    """A value in so many letters, or nearly: as many digits as there is room for."""
    if value != value:
        return "nan"
    if dtype.kind == "b":
        return (
            "True" if value and letters >= 4 else "1" if value else "0" if letters < 5 else "False"
        )
    if value in (np.inf, -np.inf):
        return "inf" if value > 0 else "-inf"
    if dtype.kind in "iu" or (value == int(value) and abs(value) < 1e15):
        words = f"{int(value)}"
        if len(words) <= letters:
            return words
    for digits in range(min(letters, DIGITS.get(dtype.itemsize, 7)), 0, -1):
        words = f"{value:.{digits}g}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
        if len(words) <= letters:
            return words
    return words


def whole_value(elements: Elements, element: int) -> str:
    """A value with all of its digits, as Python writes it."""
    value = elements.flat[element].item()
    return repr(value)


def title_words(look: Look, elements: Elements) -> str:
    """What the array is: "a: float64, 480 x 640"."""
    shape = " x ".join(f"{n:,}" for n in elements.items) or "a single value"
    words = f"{look.name}: {elements.dtype}, {shape}"
    if elements.columns:
        words += f" ({', '.join(elements.columns)})"
    return words


def standing_words(view: WatchView) -> list[tuple[str, str]]:
    """How it stands with the array, in words and the colour of each."""
    look, found = view.look, []
    if view.gone:
        found.append((f"{view.gone}: this is the last of it", "alarm"))
    if view.waits:
        found.append((f"waits for {view.waits}", "accent"))
    if look and look.guessed:
        found.append((f"{look.guessed}: a guess", "accent"))
    if view.program:
        found.append((view.program, "dim"))
    if len(view.looks) > 1:
        found.append((f"array {view.shown + 1} of {len(view.looks)}", "dim"))
    return found


def measured_words(look: Look) -> list[str]:
    """What was measured of how it is written, in whole sentences."""
    found = []
    if look.number:
        found.append(
            f"caught in the middle of writing: {look.mid_write:,} of {look.number:,} reads"
        )
    if look.lock:
        found.append(f"lock seen held: {look.lock.held:,} of {look.lock.looks:,} looks")
    return found


def share_words(part: int, whole: int) -> str:
    """A count and which share it is of all."""
    count = f"{part:,}" if part < 100_000 else abbreviated(part)
    if part in (0, whole):
        return count
    share = 100 * part / whole
    return f"{count} ({share:.0f} %)" if share >= 1 else f"{count} (<1 %)"
