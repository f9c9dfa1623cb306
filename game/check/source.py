"""A mover's source, read and not run: on which lines it does what.

Used by the check, which points at them.
"""

import ast
from collections.abc import Iterator
from typing import NamedTuple

# What is not the same twice, though the seed is.
CLOCKS = ("time", "time_ns", "perf_counter", "monotonic", "now", "today", "utcnow")
CHANCE = ("random", "np.random", "numpy.random", "secrets", "uuid")
OTHERS = ("os.urandom", "os.getpid", "id", "hash", "set")
SOWN = ("Random", "default_rng", "Generator", "RandomState", "seed", "SeedSequence")


class Source(NamedTuple):
    """Lines of a file, from 1; 0 where there is no such thing."""

    classes: tuple[str, ...]  # all names that stand at its top level
    steps: dict[str, int]  # of each class's step(), or of the one line where that returns
    unsteady: tuple[int, str]  # what is first not the same twice, and on which line


def read(path: str) -> Source:
    """Read a file; SyntaxError, ValueError or OSError where it cannot be."""
    with open(path, "rb") as file:
        tree = ast.parse(file.read(), path)
    names: list[str] = []
    steps: dict[str, int] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.append(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names += [alias.asname or alias.name for alias in node.names]
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        if isinstance(node, ast.ClassDef):
            steps[node.name] = step_line(node)
    return Source(tuple(names), steps, next(unsteady(tree), (0, "")))


def step_line(node: ast.ClassDef) -> int:
    """Where a class's step() returns, or else begins."""
    for item in node.body:
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef) and item.name == "step":
            returns = [inner.lineno for inner in ast.walk(item) if isinstance(inner, ast.Return)]
            return returns[0] if len(returns) == 1 else item.lineno
    return node.lineno


def unsteady(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The calls whose answer is not the same twice, as far as their names tell."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: node.lineno):
        name = ast.unparse(call.func)
        module, _, last = name.rpartition(".")
        drawn = module in CHANCE and (last not in SOWN or not call.args)
        clock = last in CLOCKS and module in ("time", "datetime", "datetime.datetime", "")
        if drawn or clock or name in OTHERS:
            yield call.lineno, name
