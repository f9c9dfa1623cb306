"""Plain values: anything that a scene remembers or a source adds, as JSON and numpy arrays.

    saved(value) ──> what JSON has, with {"array": NAME} in the place of each array
    restored(plain, arrays) ──> the value

Unlike a pickle, it runs nothing: of a class there is a name, which has to be that of a tuple, a
dataclass or an Enum of ours that is loaded already. Used by what records and what replays.
"""

import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
OURS = ("game.", "outside_")  # modules, by the beginning of their name
SIMPLE = (bool, int, float, str)


def saved(value: Any, arrays: Arrays, name: str) -> Any:
    """What JSON has of a value; its arrays are added to `arrays` under names that begin with
    `name`. What nobody could restore becomes None."""

    def each(items: Any) -> list[Any]:
        return [saved(item, arrays, f"{name}.{place}") for place, item in enumerate(items)]

    kind = type(value)
    if value is None or kind in SIMPLE:
        return value
    if kind is list:
        return each(value)
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            return None
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.generic):
        return saved(value.item(), arrays, name)
    if kind is tuple:
        return {"tuple": each(value)}
    if kind is deque:
        return {"deque": each(value), "most": value.maxlen}
    if kind in (set, frozenset):
        return {kind.__name__: each(value)}
    if isinstance(value, Mapping):
        return {"map": [[each([key])[0], saved(v, arrays, f"{name}.{key}")] for key, v in
                        value.items()]}  # fmt: skip
    return _of_a_class(value, arrays, name)


def _of_a_class(value: Any, arrays: Arrays, name: str) -> Any:
    kind = type(value)
    place = f"{kind.__module__}:{kind.__qualname__}"
    if _class(place) is not kind:
        return None
    if isinstance(value, Enum):
        return {"of": place, "name": value.name}
    parts = {part: saved(getattr(value, part), arrays, f"{name}.{part}") for part in _parts(kind)}
    return {"of": place, "parts": parts}


def restored(plain: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    """The value that was saved; what cannot be made any more is None."""
    if isinstance(plain, list):
        return [restored(item, arrays) for item in plain]
    if not isinstance(plain, dict):
        return plain
    if "array" in plain:
        return arrays.get(plain["array"])
    if "of" in plain:
        return _made(plain, arrays)
    if "map" in plain:
        return {restored(key, arrays): restored(item, arrays) for key, item in plain["map"]}
    if "deque" in plain:
        return deque(restored(plain["deque"], arrays), plain.get("most"))
    for kind in (tuple, set, frozenset):
        if kind.__name__ in plain:
            return kind(restored(plain[kind.__name__], arrays))
    return None


def _made(plain: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Any:
    """A value of one of our classes, of the fields that it has today."""
    kind = _class(plain["of"])
    if kind is None:
        return None
    try:
        if issubclass(kind, Enum):
            return kind[plain["name"]]
        have = _parts(kind)
        parts = {n: restored(v, arrays) for n, v in plain["parts"].items() if n in have}
        return kind(**parts)
    except (KeyError, TypeError, AttributeError):  # of another version
        return None


def _class(place: str) -> Any:
    """The class of that name, if it is one that only holds values; else None."""
    module, _, name = place.partition(":")
    found: Any = sys.modules.get(module) if module.startswith(OURS) else None
    for part in name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type) or found.__module__ != module:  # what it imports is not ours
        return None
    plain = issubclass(found, Enum) or hasattr(found, "_fields") or is_dataclass(found)
    return found if plain else None


def _parts(kind: Any) -> tuple[str, ...]:
    """The names of what a tuple or a dataclass holds."""
    if is_dataclass(kind):
        return tuple(field.name for field in fields(kind) if field.init)
    return tuple(kind._fields)
