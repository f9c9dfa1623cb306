"""A check's text becomes functions: every node of it is looked up in what is allowed, or refused.

Used by Expression, once a check; what comes of it is called for every look.
"""

import ast
from collections.abc import Callable, Collection
from typing import Any

from game.invariant.bounds import HIGHEST, CheckFailed, Room, truth
from game.invariant.functions import ATTRIBUTES, CONSTANTS, FUNCTIONS, METHODS, NUMPY, Function
from game.invariant.operations import (
    BINARY,
    COMPARISONS,
    MEMBERSHIP,
    UNARY,
    combine,
    compare,
    index_part,
    pick,
)
from game.invariant.parsing import ExpressionError

Value = Callable[[Room], Any]

DEEPEST = 60  # [levels] of nodes inside nodes
PLACES = (None, ...)  # that stand in an index, besides numbers
ALLOWED = "numbers, arrays, comparisons, arithmetic, and, or, not, indexing, functions and methods"
REFUSED = {
    "Lambda": "a lambda",
    "ListComp": "a comprehension",
    "SetComp": "a comprehension",
    "DictComp": "a comprehension",
    "GeneratorExp": "a comprehension",
    "JoinedStr": "an f-string",
    "NamedExpr": "an assignment",
    "IfExp": "'if ... else'",
    "Starred": "'*'",
    "Dict": "a dictionary",
    "Set": "a set",
    "MatMult": "'@'",
    "Is": "'is'",
    "IsNot": "'is not'",
    "Slice": "a slice outside of an index",
}


class Translator:
    """Turns the nodes of one text into functions of the room; ExpressionError at the first bad."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self._lines = text.splitlines()
        self._names = names
        self._depth = 0
        self._translations: dict[type[ast.expr], Callable[[Any], Value]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Tuple: self._tuple,
            ast.List: self._tuple,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.BoolOp: self._boolean,
            ast.Compare: self._compare,
            ast.Subscript: self._subscript,
            ast.Attribute: self._attribute,
            ast.Call: self._call,
        }

    def value(self, node: ast.expr) -> Value:
        """The function that gives what this node stands for."""
        translate = self._translations.get(type(node))
        if translate is None:
            raise self._not_allowed(node, type(node).__name__)
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.error(node, f"nested too deeply; {DEEPEST} levels are the most")
        found: Value = translate(node)
        self._depth -= 1
        return found

    def _constant(self, node: ast.Constant) -> Value:
        constant = node.value
        if type(constant) is str:
            raise self.error(node, f"text ({self.part(node)}) names a field, as in a['x']; no more")
        if type(constant) not in (bool, int, float, complex):
            raise self.error(node, f"{self.part(node)} is no number")
        if type(constant) is int and constant > HIGHEST:
            raise self.error(node, "a number of more than 64 bits is too large")
        return lambda room: constant

    def _name(self, node: ast.Name) -> Value:
        name = node.id
        if name in self._names:
            return lambda room: room.arrays[name]
        if name in CONSTANTS:
            constant = CONSTANTS[name]
            return lambda room: constant
        if name in FUNCTIONS:
            raise self.error(node, f"'{name}' is a function, as in {name}({self._first()})")
        raise self.error(node, f"{named(name)} is no array here; there is {', '.join(self._names)}")

    def _tuple(self, node: ast.Tuple | ast.List) -> Value:
        """Numbers, and tuples of them: no arrays, which would multiply."""
        kind = tuple if isinstance(node, ast.Tuple) else list
        items = [self.value(item) for item in node.elts]

        def build(room: Room) -> Any:
            values = [item(room) for item in items]
            if any(getattr(value, "ndim", 0) for value in values):
                raise CheckFailed("a list or tuple holds numbers, not arrays")
            return kind(values)

        return build

    def _binary(self, node: ast.BinOp) -> Value:
        operation = self._sign(node, node.op, BINARY)
        left, right = self.value(node.left), self.value(node.right)
        return lambda room: combine(room, operation, left(room), right(room))

    def _unary(self, node: ast.UnaryOp) -> Value:
        operation = UNARY[type(node.op).__name__]
        operand = self.value(node.operand)
        return lambda room: operation(room, operand(room))

    def _boolean(self, node: ast.BoolOp) -> Value:
        values = [self.value(value) for value in node.values]
        if isinstance(node.op, ast.And):
            return lambda room: all(truth(value(room), "a side of 'and'") for value in values)
        return lambda room: any(truth(value(room), "a side of 'or'") for value in values)

    def _compare(self, node: ast.Compare) -> Value:
        """One comparison; of a chain, each and all of them, also element by element."""
        links = [
            self._link(node, sign, left, right)
            for sign, left, right in zip(
                node.ops, [node.left, *node.comparators], node.comparators, strict=False
            )
        ]
        whole = links[0]
        for link in links[1:]:
            whole = both(whole, link)
        return whole

    def _link(self, node: ast.expr, sign: ast.cmpop, left: ast.expr, right: ast.expr) -> Value:
        one, other = self.value(left), self.value(right)
        name = type(sign).__name__
        if name in MEMBERSHIP:
            member = MEMBERSHIP[name]
            return lambda room: member(room, one(room), other(room))
        operation = self._sign(node, sign, COMPARISONS)
        return lambda room: compare(room, operation, one(room), other(room))

    def _subscript(self, node: ast.Subscript) -> Value:
        base, index = self.value(node.value), self._index(node.slice)
        return lambda room: pick(room, base(room), index(room))

    def _index(self, node: ast.expr) -> Value:
        """What stands between the brackets."""
        if isinstance(node, ast.Constant) and (type(node.value) is str or node.value in PLACES):
            place = node.value
            return lambda room: place
        if isinstance(node, ast.Slice):
            ends = [
                self._index(end) if end else None for end in (node.lower, node.upper, node.step)
            ]
            return lambda room: slice(*(end(room) if end else None for end in ends))
        if isinstance(node, ast.Tuple):
            parts = [self._index(part) for part in node.elts]
            return lambda room: tuple(part(room) for part in parts)
        value = self.value(node)
        return lambda room: index_part(value(room))

    def _attribute(self, node: ast.Attribute) -> Value:
        name = node.attr
        if self._is_numpy(node.value) and name in CONSTANTS:
            constant = CONSTANTS[name]
            return lambda room: constant
        if name not in ATTRIBUTES:
            raise self._no_attribute(node, f"use it as {name}(...)" if name in METHODS else "")
        read, value = ATTRIBUTES[name], self.value(node.value)
        return lambda room: read(value(room))

    def _call(self, node: ast.Call) -> Value:
        called = node.func
        if isinstance(called, ast.Name):
            return self._function(node, called.id, FUNCTIONS, [])
        if not isinstance(called, ast.Attribute):
            raise self.error(called, f"{self.part(called)} is no function; {may(FUNCTIONS)}")
        if self._is_numpy(called.value):
            return self._function(node, called.attr, NUMPY, [])
        if called.attr in METHODS:
            return self._function(node, called.attr, METHODS, [called.value])
        if called.attr in ATTRIBUTES:
            raise self.error(called, f"'{called.attr}' stands without brackets")
        if called.attr in FUNCTIONS:
            raise self.error(called, f"'{called.attr}' is no method here; say {called.attr}(...)")
        raise self._no_attribute(called)

    def _function(
        self, node: ast.Call, name: str, among: dict[str, Function], before: list[ast.expr]
    ) -> Value:
        """A call of a function with what it may be given; a method's array comes before."""
        if name not in among:
            raise self.error(node.func, f"{named(name)} is no function here; {may(among)}")
        function = among[name]
        arguments = before + node.args
        if not function.least <= len(arguments) <= function.most:
            raise self.error(node.func, f"{name}() takes {span(function, len(before))}")
        for keyword in node.keywords:
            if keyword.arg not in function.keywords:
                allowed = ", ".join(function.keywords) or "none"
                what = named(keyword.arg) if keyword.arg else "'**'"
                raise self.error(keyword, f"{name}() has no keyword {what}; it has {allowed}")
        call = function.call
        values = [self.value(argument) for argument in arguments]
        keywords = {str(keyword.arg): self.value(keyword.value) for keyword in node.keywords}
        if len(values) == 1 and not keywords:
            (only,) = values
            return lambda room: call(room, only(room))
        return lambda room: call(
            room,
            *(value(room) for value in values),
            **{key: value(room) for key, value in keywords.items()},
        )

    def _is_numpy(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == "np" and "np" not in self._names

    def _sign(self, node: ast.expr, sign: ast.AST, among: dict[str, Any]) -> Any:
        name = type(sign).__name__
        if name not in among:
            raise self._not_allowed(node, name)
        return among[name]

    def _no_attribute(self, node: ast.Attribute, instead: str = "") -> ExpressionError:
        allowed = instead or may({**METHODS, **ATTRIBUTES})
        return self.error(
            node, f"{named(node.attr)} is no attribute that a check may use; {allowed}"
        )

    def _not_allowed(self, node: ast.expr, kind: str) -> ExpressionError:
        what = REFUSED.get(kind, "this")
        return self.error(node, f"{what} ({self.part(node)}) is not allowed; a check has {ALLOWED}")

    def _first(self) -> str:
        return next(iter(self._names), "a")

    def part(self, node: ast.expr) -> str:
        """A node as it stands in the text, on one line and cut short."""
        words = " ".join((ast.get_source_segment("\n".join(self._lines), node) or "").split())
        return words if len(words) <= 40 else f"{words[:37]}..."

    def error(self, node: ast.expr | ast.keyword, words: str) -> ExpressionError:
        """An error with its place: column, and line from the second on; an attribute's own."""
        number, offset = node.lineno, node.col_offset
        if isinstance(node, ast.Attribute) and node.end_lineno and node.end_col_offset:
            number, offset = node.end_lineno, node.end_col_offset - len(node.attr.encode())
        ahead = self._lines[number - 1].encode()[: max(offset, 0)]
        line = f"line {number}, " if number > 1 else ""
        return ExpressionError(f"{line}column {len(ahead.decode(errors='ignore')) + 1}: {words}")


def both(left: Value, right: Value) -> Value:
    return lambda room: combine(room, BINARY["BitAnd"], left(room), right(room))


def named(name: str) -> str:
    """A name in quotes; letters beyond ASCII as numbers too, for some look like others."""
    short = name if len(name) <= 40 else f"{name[:37]}..."
    return f"'{short}'" if name.isascii() else f"'{short}' ({ascii(short)[1:-1]})"


def may(names: Collection[str]) -> str:
    return f"it may use {', '.join(sorted(names))}"


def span(function: Function, before: int) -> str:
    """How many arguments a function takes, in words."""
    least, most = function.least - before, function.most - before
    count = f"{least}" if least == most else f"{least} to {most}"
    return f"{count} argument{'' if most == 1 else 's'}"
