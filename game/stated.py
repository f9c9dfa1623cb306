"""What a behaviour states of itself, read from its file without running it.

    FIELDS = {"offset": "m"}      values that it publishes after the scene's own: name -> unit
    PARAMETERS = {"mu": 2.0}      what --set may change, and what it is else
    SCENE = "NAME"                for which scene it is
    KEYS = True                   it is driven by the arrow keys

At the top level of the file, as plain values. Called by the options, before anything starts.
Every complaint is a ValueError of one line: the file and the line, what is wrong, what would be
right.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

RIGHT = {  # what may be stated, and what would be right
    "FIELDS": 'state it as FIELDS = {"offset": "m"}, names and units',
    "PARAMETERS": 'state it as PARAMETERS = {"mu": 2.0}, names and numbers, text, True or False',
    "SCENE": 'state it as SCENE = "NAME"',
    "KEYS": "state it as KEYS = True, or leave it out",
}
KINDS = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


class Made(NamedTuple):
    """What a file of Python defines or imports, as far as that is known without running it."""

    names: frozenset[str]
    anything: bool  # "import *" may bring any name

    def has(self, name: str) -> bool:
        """Whether there may be something of that name."""
        return self.anything or name in self.names

    @property
    def behaves(self) -> bool:
        """Whether it may be a behaviour."""
        return self.has("Mover") or self.has("drive")


def made_of(path: str) -> Made:
    """What a file defines; ValueError where it cannot be compiled."""
    try:
        with open(path, "rb") as file:
            code = compile(file.read(), path, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        what = error.msg if isinstance(error, SyntaxError) else str(error) or "too deeply nested"
        raise ValueError(f"--mover: {path}{line}: {what}; give a file of Python") from None
    except OSError as error:
        raise ValueError(f"--mover: {path!r} cannot be read: {error.strerror}") from None
    return Made(frozenset(code.co_names), ("*",) in code.co_consts)


class Statement(NamedTuple):
    """What a file states at its top level, or what holds where it states nothing."""

    value: Any
    place: str  # file:line


def statement(path: str, name: str, otherwise: Any) -> Statement:
    """What a file states by a name, of the same type as `otherwise`, which holds where it states
    nothing; ValueError where it is of another."""
    found = Statement(otherwise, path)
    with open(path, "rb") as file:
        text = file.read()
    if name.encode() not in text:
        return found
    import ast  # only where something is stated: it takes a while

    for node in ast.parse(text, path).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            targets = [node.target]
        if any(isinstance(target, ast.Name) and target.id == name for target in targets):
            assert isinstance(node, ast.Assign | ast.AnnAssign)
            place = f"{path}:{node.lineno}"
            found = Statement(plain(node.value, place, RIGHT[name]), place)
    if not isinstance(found.value, type(otherwise)):
        raise ValueError(f"{found.place}: {name} is {found.value!r:.40}; {RIGHT[name]}")
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
    stated, place = statement(path, "FIELDS", {})
    for name, unit in stated.items():
        sound = isinstance(name, str) and isinstance(unit, str) and name.strip()
        if not sound or not f"{name}{unit}".isprintable():
            raise ValueError(f"{place}: FIELDS has {name!r:.40}: {unit!r:.40}; {RIGHT['FIELDS']}")
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


def scene(path: str) -> str:
    """The scene that a behaviour states; "" if it states none."""
    stated, place = statement(path, "SCENE", "")
    if not stated.isprintable():
        raise ValueError(f"{place}: SCENE is {stated!r:.40}; {RIGHT['SCENE']}")
    return str(stated)


def keys(path: str) -> bool:
    """Whether a behaviour is driven by the arrow keys."""
    return bool(statement(path, "KEYS", False).value)


def parameters(path: str) -> dict[str, Any]:
    """The parameters that a behaviour states, with their defaults."""
    stated, place = statement(path, "PARAMETERS", {})
    right = RIGHT["PARAMETERS"]
    for name, value in stated.items():
        if not isinstance(name, str) or not re.fullmatch(r"[A-Za-z]\w*", name) or hasattr({}, name):
            raise ValueError(
                f"{place}: PARAMETERS has {name!r:.40}, which is no name for one; {right}"
            )
        if type(value) not in KINDS:
            raise ValueError(f"{place}: PARAMETERS has {name} = {value!r:.40}; {right}")
    return dict(stated)


def setting(text: str, stated: Mapping[str, Any], mover: str) -> tuple[str, Any]:
    """What NAME=VALUE says of one of the parameters that a mover has stated."""
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise ValueError(f"--set: {text!r:.40} is no NAME=VALUE, such as mu=2.0")
    name = name.strip()
    if name not in stated:
        from difflib import get_close_matches

        near = get_close_matches(name, stated, 1, 0.5)
        have = f"did you mean {near[0]}?" if near else f"it has: {', '.join(stated) or 'none'}"
        raise ValueError(f"--set: {mover} has no parameter {name!r:.40}; {have}")
    kind = type(stated[name])
    try:
        return name, converted(value, kind)
    except (ValueError, KeyError):
        raise ValueError(
            f"--set: {name} of {mover} is {value!r:.40}; give {KINDS[kind]}, as {stated[name]!r}"
        ) from None


def converted(text: str, kind: type) -> Any:
    """A value of that kind; ValueError or KeyError where the text is none."""
    if kind is bool:
        return TRUTH[text.strip().lower()]
    value = kind(text)
    if kind is float and not abs(value) < float("inf"):
        raise ValueError(text)
    return value


def told(path: str) -> list[str]:
    """What a behaviour states, for a list of them: a line each, as it would be given."""
    try:
        further, changed = fields(path, "", {}), parameters(path)
    except (ValueError, OSError) as error:
        return [str(error)]
    units = (f"{name} [{unit}]" if unit else name for name, unit in further.items())
    lines = [f"--set {' '.join(f'{name}={value}' for name, value in changed.items())}"]
    return lines[: bool(changed)] + [f"fields: {', '.join(units)}"][: bool(further)]
