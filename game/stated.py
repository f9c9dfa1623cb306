"""What a behaviour states of itself, read from its file without running it.

    FIELDS = {"offset": "m"}      values that it publishes after the scene's own: name -> unit

At the top level of the file, as plain values. Called by the options, before anything starts.
Every complaint is a ValueError of one line: the file and the line, what is wrong, what would be
right.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

FIELDS_RIGHT = 'state it as FIELDS = {"offset": "m"}, names and units'


class Statement(NamedTuple):
    """A name that a file gives a value at its top level."""

    value: Any
    place: str  # file:line


def statements(path: str, wanted: Mapping[str, str]) -> dict[str, Statement]:
    """What a file states of the names `wanted`, each with words that say what would be right."""
    import ast

    with open(path, "rb") as file:
        tree = ast.parse(file.read(), path)
    found = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Name) and target.id in wanted:
                assert isinstance(node, ast.Assign | ast.AnnAssign)
                place = f"{path}:{node.lineno}"
                found[target.id] = Statement(plain(node.value, place, wanted[target.id]), place)
    return found


def plain(node: Any, place: str, right: str) -> Any:
    """The value that an expression of plain values stands for; ValueError where it is another."""
    import ast

    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        words = ast.unparse(node)
        raise ValueError(f"{place}: {words:.40} is no plain value; {right}") from None


def fields(path: str, scene: str, own: Mapping[str, str]) -> dict[str, str]:
    """The fields that a behaviour states besides those of the scene, whose `own` they are."""
    found = statements(path, {"FIELDS": FIELDS_RIGHT}).get("FIELDS")
    if found is None:
        return {}
    stated, place = found
    if not isinstance(stated, dict):
        raise ValueError(f"{place}: FIELDS is {stated!r:.40}; {FIELDS_RIGHT}")
    for name, unit in stated.items():
        sound = isinstance(name, str) and isinstance(unit, str) and name.strip()
        if not sound or not f"{name}{unit}".isprintable():
            raise ValueError(f"{place}: FIELDS has {name!r:.40}: {unit!r:.40}; {FIELDS_RIGHT}")
        if own.get(name, unit) != unit:
            raise ValueError(
                f"{place}: FIELDS has {name} in {unit!r:.40}; it is {scene}'s own, in {own[name]!r}"
            )
    return {name: unit for name, unit in stated.items() if name not in own}


def union(all_fields: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """All fields of some behaviours, in order of first mention; ValueError where two of them,
    each by its file, mean another unit by the same name."""
    found: dict[str, str] = {}
    whose: dict[str, str] = {}
    for path, stated in all_fields.items():
        for name, unit in stated.items():
            if found.setdefault(name, unit) != unit:
                raise ValueError(
                    f"{path}: FIELDS has {name} in {unit!r}, and {whose[name]} has it in "
                    f"{found[name]!r}; give both the same unit, or another name to one"
                )
            whose.setdefault(name, path)
    return found
