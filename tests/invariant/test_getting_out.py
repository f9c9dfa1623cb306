"""Texts that try to get out, to grow without bounds or to write: none of them can."""

import tracemalloc
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game.invariant.bounds import GROWN
from game.invariant.expression import CheckFailed, Expression, ExpressionError
from game.invariant.functions import ATTRIBUTES, FUNCTIONS, METHODS, NUMPY

MOST = 6 * 16 * GROWN  # [bytes]: what was made, and what numpy needs besides while it makes it

ROOTS = ["a", "np", "a.T", "a[0]", "()", "1", "a.shape", "sum", "a.sum", "'{}'", "(lambda: 0)"]
HIDDEN = [
    *("__class__", "__globals__", "__builtins__", "__subclasses__()", "__mro__", "__dict__"),
    *("__array_interface__", "__reduce__()", "__setitem__(0, 1)", "_foo", "ctypes", "base", "data"),
    *("format(a)", "tofile('x')", "dump('x')", "setflags(write=1)", "fill(0)", "put(0, 9)"),
    *(
        "sort()",
        "resize(9)",
        "itemset(0, 1)",
        "setfield(1, 'f8')",
        "partition(1)",
        "byteswap(True)",
    ),
    *("view('O')", "astype('O')", "tobytes()", "flat", "lib", "load('x')", "fromfile('x')"),
    *("save('x', a)", "copyto(a, 0)", "put(a, 0, 9)", "f2py", "ctypeslib", "memmap('x')"),
    *("vectorize(a)", "fromfunction(a, 3)", "apply_along_axis(a, 0, a)", "testing", "os", "sys"),
]
CALLS = [
    *("getattr(a, 'sum')", "setattr(a, 'x', 1)", "eval('1')", "exec('1')", "open('x')", "print(a)"),
    *("compile('1', '', 'eval')", "__import__('os')", "globals()", "vars()", "dir()", "input()"),
    *("type(a)", "object()", "breakpoint()", "help()", "exit()", "memoryview(a)", "bytearray(9)"),
    *("str(a)", "format(a, '')", "map(sum, a)", "iter(a)", "super()", "delattr(a, 'x')"),
    *("sum(a, out=a)", "abs(a, out=a)", "cumsum(a, out=a)", "sort(a, out=a)", "where(a, a, out=a)"),
    *("median(a, overwrite_input=True)", "clip(a, 0, 1, a)", "a.round(0, a)", "sum(a, 0, None, a)"),
    *("a.clip(0, 1, out=a)", "a.sum(dtype=object)", "unique(a, return_inverse=True)"),
    *("f'{a.__class__}'", "'%s' % a", "'{0.__class__}'.format(a)", "b'%d' % 1", "'a' * 9 ** 9"),
    *("[x for x in a]", "{x for x in a}", "(x for x in a)", "{**a}", "[*a]", "sum(x for x in a)"),
    *("(a := 1)", "lambda: a", "await a", "(yield a)", "a if a else a", "a[0] = 1", "a += 1"),
    *("del a", "import os", "a; a", "a\na", "assert a", "raise a", "a: int", "...", "None"),
    *("a.\N{FULLWIDTH LOW LINE}\N{FULLWIDTH LOW LINE}class__", "a._\N{FULLWIDTH LOW LINE}dict__"),
    *(
        "\N{MATHEMATICAL BOLD SMALL E}val('1')",
        "\N{CYRILLIC SMALL LETTER A}.sum()",
        "a.s\u200bum()",
    ),
]
LARGE = [
    *("9 ** 9 ** 9", "9 ** 9 ** 9 ** 9", "2 ** 64 ** 2", "1 << 2 ** 60", "True << 9 ** 9"),
    *(
        "int(1e308)",
        "int(1e308) ** 2",
        "9999999999 ** 64 ** 1",
        "[0] * 10 ** 10",
        "(0,) * 10 ** 10",
    ),
    *(
        "arange(10 ** 12)",
        "arange(2 ** 63 - 1)",
        "b[:, None] * b",
        "b[:, None] == b",
        "b[:, None] & b",
    ),
    *("where(b[:, None] > 0, b, 1)", "clip(b[:, None], b, 1)", "maximum(b[:, None], b)"),
    *("isclose(b[:, None], b)", "allclose(b[:, None], b)", "hypot(b, b[:, None])"),
    *("b[b[:, None] * 0 + arange(99)]", "b.reshape(1000, 1000)[[0] * 9]", "round(7, -10 ** 9)"),
    *("(a[:, None] + a)[:, :, None, None, None] * a[:, None, None, None] * b[:, None]"),
    *("b.reshape(1000, 1000)[int(c[0]) + arange(0 + 4000000) * 0]", "0 < b[:, None] < b"),
    *("b[:4000][:, None] * b[:1000] + (b[:1000][:, None] * b[:4000]).T", "roll(a, 10 ** 30)"),
    *(
        "c.reshape(1000, 1000)[[[0, 1]] * 1, :]",
        "c.reshape(2, -1)[arange(99) * 0]",
        "diff(a, 10 ** 9)",
    ),
    "c.reshape(2, -1)[" + "[" + "0, " * 300 + "0]].any()",
]
DEEP = [
    *("(" * n + "a" + ")" * n for n in (90, 199, 450)),
    *("-" * n + "a" for n in (61, 200, 999)),
    *("not " * n + "a" for n in (61, 249)),
    *("a" + "[0]" * n for n in (61, 330)),
    *("a" + ".T" * n for n in (61, 499)),
    *("abs(" * n + "a" + ")" * n for n in (61, 199)),
    *("[" * n + "]" * n for n in (61, 199, 499)),
    *("a" + " + a" * n for n in (61, 249)),
    *("a" * n for n in (1001, 10**6)),
    *("a < " * n + "a" for n in (200, 240)),
]
NASTY = [
    *(f"{root}.{hidden}" for root in ROOTS for hidden in HIDDEN),
    *CALLS,
    *(text for text in LARGE if len(text) > 1),
    *DEEP,
]


def arrays() -> dict[str, "np.ndarray[Any, Any]"]:
    return {"a": np.arange(5), "b": np.arange(1_000_000.0), "c": np.zeros(1_000_000)}


def worked_out(text: str, given: dict[str, "np.ndarray[Any, Any]"]) -> bool | None:
    """What a check says of arrays; None where it is refused, in one line."""
    try:
        return Expression(text, given).holds(given)
    except (ExpressionError, CheckFailed) as error:
        words = str(error)
    assert words
    assert "\n" not in words
    assert len(words) < 1000
    return None


def test_there_are_enough_of_them():
    assert len(set(NASTY)) > 200


@pytest.mark.parametrize("text", CALLS + [f"a.{hidden}" for hidden in HIDDEN])
def test_what_tries_to_get_out_is_refused_when_it_is_read(text: str):
    with pytest.raises(ExpressionError):
        Expression(text)


def test_nothing_gets_out_and_nothing_grows():
    given = arrays()
    before = {name: array.copy() for name, array in given.items()}
    tracemalloc.start()
    try:
        for text in NASTY:
            worked_out(text, given)
            _, most = tracemalloc.get_traced_memory()
            assert most < MOST, text
            tracemalloc.reset_peak()
    finally:
        tracemalloc.stop()
    assert all(np.array_equal(before[name], given[name]) for name in given)


@pytest.mark.parametrize("text", [text for text in LARGE if "b[:, None]" in text])
def test_what_would_be_too_large_is_said_before_it_is_made(text: str):
    with pytest.raises(CheckFailed, match="elements is too large"):
        Expression(text, ("a", "b", "c")).holds(arrays())


def test_many_results_that_are_each_small_enough_have_a_limit_together():
    square = "(b[:1500][:, None] > b[:1500])"
    Expression(f"{square}.any()", ("b",)).holds(arrays())
    with pytest.raises(CheckFailed, match="may make 4,194,304 in all"):
        Expression(f"({square} & ({square} | {square})).any()", ("b",)).holds(arrays())


SIGNS = ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>"]
SIGNS += ["<", "<=", "==", "!=", "in", "and", "or"]
NAMES = sorted({*FUNCTIONS, *METHODS, *ATTRIBUTES, "a", "m", "np", "__class__", "out", "axis"})
leaves = st.sampled_from(
    ["a", "m", "0", "1", "-1", "2.5", "True", "10 ** 6", "a[0]", "(1, 0)", "[0, 1, 1]", "a > 1"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts made of smaller ones: calls, indices, operators, whether or not they make sense."""
    signs = st.sampled_from(SIGNS)
    return st.one_of(
        st.tuples(inner, signs, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(st.sampled_from(sorted(NUMPY)), inner, inner).map(
            lambda p: f"np.{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(st.sampled_from(NAMES), inner, inner, inner).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]}, {p[3]})"
        ),
        st.tuples(inner, st.sampled_from(NAMES), inner).map(lambda p: f"({p[0]}).{p[1]}({p[2]})"),
        st.tuples(inner, st.sampled_from(NAMES)).map(lambda p: f"({p[0]}).{p[1]}()"),
        st.tuples(inner, st.sampled_from(sorted(ATTRIBUTES))).map(lambda p: f"({p[0]}).{p[1]}"),
        st.tuples(inner, st.sampled_from(["axis", "keepdims", "out", "dtype"]), inner).map(
            lambda p: f"({p[0]}).sum({p[1]}={p[2]})"
        ),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]})[:, None, {p[1]}:]"),
        inner.map(lambda p: f"~({p})"),
    )


texts = st.recursive(leaves, grown, max_leaves=8)


@settings(max_examples=400, deadline=None)
@given(texts)
@example("sort(a)[0] == 1")
@example("ravel(a)[0] == roll(a, 1)[0]")
@example("arange(arange(10 ** 6)[-1]).sum() > 0")
def test_no_expression_changes_the_array_or_leaves_its_bounds(text: str):
    given = {"a": np.array([3, 1, 2]), "m": np.arange(6.0).reshape(2, 3)}
    before = {name: array.copy() for name, array in given.items()}
    worked_out(text, given)
    assert all(np.array_equal(before[name], given[name]) for name in given)


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60) | st.text("a.[]()_'\"{}:,*=+-<>&|~ 019sumx\n\\#", max_size=60))
def test_any_text_gives_a_truth_value_or_one_line(text: str):
    worked_out(text, {"a": np.arange(5)})


def test_no_attribute_that_is_allowed_begins_with_an_underscore():
    assert not [name for name in NAMES if name.startswith("_") and name != "__class__"]


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_each_function_leaves_the_array_alone(name: str):
    array = np.array([3.0, 1.0, 2.0])
    for arguments in ("a", "a, a", "a, 1", "a, 0, 1"):
        with suppress(ExpressionError, CheckFailed):
            Expression(f"all({name}({arguments}) == 3)").holds({"a": array})
    assert array.tolist() == [3.0, 1.0, 2.0]
