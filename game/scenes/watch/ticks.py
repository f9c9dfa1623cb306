"""Ticks: round numbers along a scale, all written with as many digits."""

from math import ceil, floor, isfinite, log10

APART = 1e-9  # of its numbers, that a scale is long: of a shorter one floats tell nothing apart
LARGE, SMALL = 1e6, 1e-4  # from where on, and up to where, there is an exponent


def ticks(
    low: float, high: float, most: int, large: float = LARGE
) -> tuple[list[float], list[str]]:
    """At most `most` + 1 round numbers from `low` to `high`, and how they are written: with an
    exponent where they are `large`, or very small."""
    if not (isfinite(high - low) and high > low):
        return [], []
    most_of_all = max(abs(low), abs(high))
    if high - low < APART * most_of_all:
        return [low], [written(low, most_of_all, most_of_all, large)]
    step = round_step((high - low) / max(most, 1))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    values = [number * step for number in range(first, last + 1)]
    return values, [written(value, step, most_of_all, large) for value in values]


def round_step(least: float) -> float:
    """The first of 1, 2, 5 and ten times as much that is no less."""
    power = 10.0 ** floor(log10(least)) if least >= 1e-300 else 1e-300
    return next(digit * power for digit in (1, 2, 5, 10) if digit * power >= least * (1 - 1e-9))


def written(value: float, step: float, most: float, large: float = LARGE) -> str:
    """A number of a scale in such steps, the largest of which is `most`."""
    if most >= large or most < SMALL:
        digits = max(0, floor(log10(most)) - floor(log10(step))) if most else 0
        return f"{value:.{digits}e}".replace("e+0", "e").replace("e+", "e").replace("e-0", "e-")
    decimals = max(0, -floor(log10(step)))
    return f"{value + 0.0:,.{decimals}f}"  # never "-0"
