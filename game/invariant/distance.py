"""How far a comparison is from what must hold: what makes one violation worse than another.

Used by Expression.
"""

import ast
from collections.abc import Callable
from typing import Any

import numpy as np

from game.invariant.bounds import Room
from game.invariant.translation import Translator, Value

Distance = Callable[[Room], float]
# How much of left - right is too much.
EXCESS: dict[type[ast.cmpop], Callable[[Any], Any]] = {
    ast.Eq: np.abs,
    ast.Lt: np.positive,
    ast.LtE: np.positive,
    ast.Gt: np.negative,
    ast.GtE: np.negative,
}


def distance(translator: Translator, tree: ast.expr) -> Distance | None:
    """The function that gives the distance, or None where the check is no such comparison."""
    tree = inside_all(tree)
    if not isinstance(tree, ast.Compare) or not all(type(sign) in EXCESS for sign in tree.ops):
        return None
    sides = [translator.value(side) for side in (tree.left, *tree.comparators)]
    excesses = [EXCESS[type(sign)] for sign in tree.ops]

    def largest(room: Room) -> float:
        links = zip(excesses, sides, sides[1:], strict=False)
        return max(farthest(room, excess, left, right) for excess, left, right in links)

    return largest


def inside_all(tree: ast.expr) -> ast.expr:
    """What all(...), np.all(...) or (...).all() is asked of; else the tree itself."""
    if not isinstance(tree, ast.Call) or tree.keywords:
        return tree
    called = tree.func
    name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
    if name != "all":
        return tree
    if len(tree.args) == 1:
        return tree.args[0]
    return called.value if isinstance(called, ast.Attribute) and not tree.args else tree


def farthest(room: Room, excess: Callable[[Any], Any], left: Value, right: Value) -> float:
    """The largest excess over all elements, 0 at least; infinite where one is not a number."""
    one, other = (np.asarray(side(room)) for side in (left, right))
    room.fit(one, other)
    apart = excess(as_float(one) - as_float(other))
    if apart.size == 0:
        return 0.0
    most = float(np.max(apart))
    return max(most, 0.0) if most == most else np.inf


def as_float(values: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """So that differences of unsigned and of truth values neither wrap nor raise."""
    return values if values.dtype.kind == "c" else values.astype(float)
