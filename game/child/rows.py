"""Rows of values, made of what a behaviour returns; what is none is refused by its name.

Used in a mover's process, in each update.
"""

from array import array
from collections.abc import Mapping, Set
from contextlib import suppress
from itertools import islice
from typing import Any

PLAIN = (tuple, list)  # what step() returns nearly always: nothing else can be the matter with it


def flatten(rows: list[Any], fields: Mapping[str, str]) -> "memoryview[float]":
    """The rows of some agents side by side, float64; ValueError where one is none."""
    values, last, each = array("d"), 0, len(fields)
    for row in rows:
        last += each
        plain = type(row) in PLAIN
        why = "" if plain else misfit(row)
        if not why and hasattr(row, "__len__"):  # else it might never end
            with suppress(TypeError):
                values.extend(row if plain else islice(row, each + 1))
        if len(values) != last:
            wanted = ", ".join(f"{name} [{unit}]" for name, unit in fields.items())
            have = f"{why};" if why else f"returned {shown(row)},"
            raise ValueError(f"step() {have} wanted {each} values: {wanted}")
    return memoryview(values)


def flat_crowd(found: Any, agents: int, fields: Mapping[str, str]) -> "memoryview[float]":
    """What a Crowd returned, as it is, float64; ValueError where it is no such array."""
    wanted = f"{agents * len(fields)} values 'd' in one piece: {agents} x {len(fields)} float64"
    if why := misfit(found):
        raise ValueError(f"Crowd.step() {why}; wanted an array of {wanted}")
    try:
        values = memoryview(found)
    except (TypeError, ValueError, BufferError):  # no array, or one of things that are no numbers
        kind = type(found).__name__
        raise ValueError(f"Crowd.step() returned a {kind}, wanted an array of {wanted}") from None
    right = agents * len(fields) * 8
    if values.format != "d" or values.nbytes != right or not values.c_contiguous:
        shape = "x".join(map(str, values.shape or ()))
        raise ValueError(
            f"Crowd.step() returned an array of {shape} {values.format!r}, wanted {wanted}"
        )
    return values.cast("B").cast("d")


def misfit(found: Any) -> str:
    """Why something that was returned can be no row of values; "" if it may be one."""
    if why := unrun(found):
        return why
    kind = type(found).__name__
    if isinstance(found, Set):
        return f"returned a {kind}, which has no order: {shown(found)}"
    if isinstance(found, Mapping):
        return f"returned a {kind}, whose keys are no values: {shown(found)}"
    text = isinstance(found, str | bytes | bytearray)
    if text or (isinstance(found, memoryview) and found.format in ("B", "b", "c")):
        return f"returned {kind}, whose characters are no values: {shown(found)}"
    return ""


def unrun(found: Any) -> str:
    """Why the function that returned this has not run at all; "" if it has."""
    if isinstance(found, type):
        return ""
    if hasattr(found, "__await__") and hasattr(found, "close"):
        found.close()  # else Python warns that nobody awaits it
        return "is a coroutine function (async def); it has to be a plain def"
    if hasattr(found, "__anext__") or (hasattr(found, "__next__") and hasattr(found, "send")):
        return "is a generator function (it has a yield); it has to be a plain def"
    return ""


def shown(found: Any) -> str:
    """Something as Python writes it, not too long; its kind where it cannot be written."""
    try:
        return f"{found!r:.80}"
    except BaseException as error:
        return f"a {type(found).__name__} (its __repr__ raised {type(error).__name__})"
