"""A check as text: what it gives, as plain numpy would, and the words where it may not be."""

import builtins
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as of_numpy

from game.invariant.expression import CheckFailed, Expression, ExpressionError

BANK = np.array([400.0, 100, 250, 250, 0])
GRID = np.arange(12).reshape(3, 4)
RECORDS = np.array([(1.5, 2), (2.5, 4)], dtype=[("x", "f8"), ("n", "i4")])


def holds(text: str, array: "np.ndarray[Any, Any]" = BANK) -> bool:
    return Expression(text).holds({"a": array})


def numpy_says(text: str, array: "np.ndarray[Any, Any]") -> bool:
    numpys = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
    pythons = {name: getattr(builtins, name) for name in ("min", "max", "len", "int", "float")}
    with np.errstate(all="ignore"):
        return bool(eval(text, {**numpys, **pythons, "np": np, "a": array}))


SOUND = """
a.sum() == 1000
np.sum(a) != 1000
a.min() >= 0 and a.max() <= 400
0 <= a.min() <= a.max() < 400
not (a < 0).any() or a.size == 3
all(a[1:] >= a[:-1])
(diff(sort(a)) >= 0).all()
len(unique(a)) == a.size
a[a > 100].sum() == 900
a[[0, 1]].sum() == 500
a[-1] == 0
a[..., 0] == 400
a[::2].sum() == 650
abs(a[0] - a[1]) <= 300
max(a[0], a[1]) == 400
min(a[0], a[1], 3) == 3
isnan(a).sum() == 0
isfinite(a).all() and not isinf(a).any()
allclose(a, a.mean(), atol=400.5)
array_equal(a, a[::-1])
where(a > 100, 1, 0).sum() == 3
roll(a, 1)[0] == 0
round(a.mean(), 2) == 200.0
sqrt(a[0]) == 20 and floor(2.5) == 2 and ceil(2.5) == 3
argmax(a) == 0 and argmin(a) == 4
median(a) == 250 and std(a) > 1
count_nonzero(a) == 4
cumsum(a)[-1] == a.sum()
a.shape == (5,)
a.shape[0] == 5 and a.ndim == 1 and a.T.size == 5
a.real.sum() == 1000 and a.imag.sum() == 0
a.reshape(-1, 1).sum(axis=0)[0] == 1000
(a[:, None] == a).sum() == 7
(a.astype == 3) if False else True
int(a.sum()) % 7 == 6
int(a.sum()) // 7 << 2 == 568
(int(a.sum()) & 0xff) | 1 == 233
~(a > 500).any()
2 ** 10 > 1000 and 2.0 ** -1 == 0.5
-a.sum() < +a.sum() < inf
isin(a, [0, 100, 250, 400]).all()
3 in a
a[0] in (400, 500) and a[1] not in (1, 2)
clip(a, 0, 100).sum() == 400
(a == arange(a.size)).any()
a.sum(keepdims=True) == 1000
prod(a) == 0
""".strip().splitlines()
SOUND.remove("(a.astype == 3) if False else True")


@pytest.mark.parametrize("text", SOUND)
def test_it_gives_what_numpy_gives(text: str):
    assert holds(text) == numpy_says(text, BANK)


@pytest.mark.parametrize("text", [text for text in SOUND if "<= a.max() <" not in text])
@pytest.mark.parametrize("array", [np.zeros(5), np.array([400.0, 100, np.nan, -np.inf, 7])])
def test_it_gives_what_numpy_gives_for_other_arrays(text: str, array: "np.ndarray[Any, Any]"):
    try:
        expected = numpy_says(text, array)
    except (ValueError, OverflowError):
        with pytest.raises(CheckFailed):
            holds(text, array)
        return
    assert holds(text, array) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a.sum(axis=0)[1] == 15",
        "a.sum(1)[0] == 6",
        "a.max(axis=(0, 1)) == 11",
        "a[1, 2] == 6",
        "a[1][2] == 6",
        "a[:, 0].sum() == 12",
        "a[a.sum(axis=1) > 10, 0].sum() == 12",
        "a[[0, 2], [1, 3]].sum() == 12",
        "trace(a[:3, :3]) == 15 and diagonal(a)[1] == 5",
        "a.T.shape == (4, 3)",
        "(a == a.ravel().reshape((3, 4))).all()",
        "(np.flip(a, axis=0)[0] == a[-1]).all()",
        "a.sum(axis=1, keepdims=True).shape == (3, 1)",
    ],
)
def test_a_grid_is_indexed_as_numpy_does(text: str):
    assert holds(text, GRID) is numpy_says(text, GRID) is True


@given(
    of_numpy.arrays(
        of_numpy.scalar_dtypes().filter(lambda dtype: dtype.kind in "biuf"),
        of_numpy.array_shapes(max_dims=2, max_side=6),
    )
)
def test_any_array_gives_what_numpy_gives(array: "np.ndarray[Any, Any]"):
    for text in ("a.sum() == 1000", "all(a >= 0)", "a.max() - a.min() < 5", "(a * 2 > a).any()"):
        try:
            expected = numpy_says(text, array)
        except TypeError:  # minus, of truth values
            continue
        assert holds(text, array) == expected


def test_chains_are_taken_element_by_element():
    assert holds("all(0 <= a <= 400)")
    assert not holds("all(0 <= a < 400)")


def test_several_arrays_by_their_names():
    both = Expression("sent.sum() == got.sum()", names=("sent", "got"))
    assert both.holds({"sent": np.array([1, 2]), "got": np.array([3])})
    assert not both.holds({"sent": np.array([1, 2]), "got": np.array([4])})


def test_an_array_may_have_a_functions_name():
    arrays = {"sum": np.array([3]), "np": np.array([4])}
    assert Expression("sum(sum) == 3 and np.sum() == 4", names=("sum", "np")).holds(arrays)


def test_fields_by_their_names():
    assert holds('a["x"].sum() == 4.0 and a[1]["n"] == 4 and a["n"][0] == 2', RECORDS)


def test_truth_values_are_inverted_as_numpy_does():
    assert holds("~False")
    assert not holds("~(a.size == 5)")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a.__class__", "column 3: '__class__' is no attribute that a check may use; it may use"),
        (
            "1 + a.\N{CYRILLIC SMALL LETTER ES}um()",
            "column 7: '\N{CYRILLIC SMALL LETTER ES}um' (\\u0441um) is no",
        ),
        ("a.sum", "column 3: 'sum' is no attribute that a check may use; use it as sum(...)"),
        ("a.size()", "column 3: 'size' stands without brackets"),
        ("a.sort()", "column 3: 'sort' is no method here; say sort(...)"),
        ("print(a)", "column 1: 'print' is no function here; it may use abs, all,"),
        ("1 < 2 and b.sum()", "column 11: 'b' is no array here; there is a"),
        ("sum == 3", "column 1: 'sum' is a function, as in sum(a)"),
        ("a.sum(out=a)", "column 7: sum() has no keyword 'out'; it has axis, keepdims"),
        ("sum(**a)", "column 1: sum() takes 1 to 2 arguments"),
        ("sum(a, **a)", "column 8: sum() has no keyword '**'; it has axis, keepdims"),
        ("where(a)", "column 1: where() takes 3 arguments"),
        ("sum(*a)", "column 5: '*' (*a) is not allowed; a check has numbers, arrays,"),
        ("(lambda: 0)()", "column 2: lambda: 0 is no function; it may use"),
        ("lambda: a", "column 1: a lambda (lambda: a) is not allowed; a check has numbers"),
        ("[x for x in a]", "column 1: a comprehension ([x for x in a]) is not allowed"),
        ("f'{a}'", "column 1: an f-string (f'{a}') is not allowed"),
        ("'x' == a", "column 1: text ('x') names a field, as in a['x']; no more"),
        ("b'x' == a", "column 1: b'x' is no number"),
        ("None == a", "column 1: None is no number"),
        ("(b := a).sum()", "column 2: an assignment (b := a) is not allowed"),
        ("a if 1 else 2", "column 1: 'if ... else' (a if 1 else 2) is not allowed"),
        ("a @ a", "column 1: '@' (a @ a) is not allowed"),
        ("a is a", "column 1: 'is' (a is a) is not allowed"),
        ("{1: a}", "column 1: a dictionary ({1: a}) is not allowed"),
        ("99999999999999999999 > a", "column 1: a number of more than 64 bits is too large"),
        ("a.sum( == 3", "; a check is, for example, a.sum() == 1000"),
        ("a.sum() = 3", "column 9: '=' gives a value; what compares is '=='; a check is"),
        ("import os", "column 1: "),
        ("  ", "an empty check; one is, for example, a.sum() == 1000"),
        ("a\0", "a check is, for example, a.sum() == 1000"),
        ("'\ud800'", "this is no check; one is, for example, a.sum() == 1000"),
        ("a" * 1001, "1,001 characters are too many; 1,000 are the most"),
        ("-" * 100 + "1", "column 61: nested too deeply; 60 levels are the most"),
        ("(" * 400 + "1" + ")" * 400, "a check is, for example, a.sum() == 1000"),
        ("1" + "+1" * 300, "901 parts are too many; 400 are the most"),
        ("(a.sum()\n== b)", "line 2, column 4: 'b' is no array here; there is a"),
        ("'\u00e9' == a or b", "text ('\u00e9') names a field"),
        (5, "a check is text such as 'a.sum() == 1000', not int"),
    ],
)
def test_what_is_not_allowed_is_named_with_its_column(text: Any, words: str):
    with pytest.raises(ExpressionError) as raised:
        Expression(text)
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a > 0", "gives 5 values; say all(...) or any(...)"),
        ("a.sum()", "no truth value; compare it, as in a.sum() == 1000"),
        ("(1, 2)", "gives (1, 2), no truth value"),
        ("a > 0 and True", "a side of 'and' gives 5 values; say all(...) or any(...)"),
        ("not a", "what stands after 'not' gives 5 values"),
        ("a[9] > 0", "IndexError: index 9 is out of bounds for axis 0 with size 5"),
        ("a['x'] > 0", "there is no field 'x'; fields: none"),
        ("a[True]", "True is no index; whole numbers or a mask"),
        ("a[a.shape]", "(5,) is no index"),
        ("a[a]", "an array of float64 is no index"),
        ("a.shape[a > 0]", "a tuple or list has no [an array]"),
        ("a == a[:2]", "ValueError: shape mismatch"),
        ("(a, 1)", "a list or tuple holds numbers, not arrays"),
        ("[1] * 10000000000", "a list or tuple needs an array on the other side"),
        ("a.shape < 3", "a list or tuple needs an array on the other side"),
        ("max(a, a)", "of several arrays, element by element: maximum(x, y)"),
        ("mean(a[:0]) == 0", "mean() of no values"),
        ("a[0] in 3", "'in' needs several numbers on its right, not 3"),
        ("a in a", "'in' looks for one number; for an array say isin(...)"),
        ("1 / 0 > a", "ZeroDivisionError"),
        ("9 ** 9 ** 9", "an exponent of 387420489 is too large; 64 is the most"),
        ("1 << 9 ** 9", "a shift by 387420489 is too far; 64 is the most"),
        ("True << 9 ** 9", "a shift by 387420489 is too far"),
        ("2 ** 60 * 2 ** 60 == 1", "a whole number is too large; 64 bits are the most"),
        ("int(1e300) == 1", "a whole number is too large; 64 bits are the most"),
        ("round(a, 999999999).all()", "999999999 decimals are too many; 30 are the most"),
        ("arange(2 ** 40).any()", "a result of 1,099,511,627,776 elements is too large"),
        ("int(a) == 1", "5 values are not one number"),
        ("len(3) == 1", "3 has no length"),
    ],
)
def test_what_cannot_be_worked_out_says_why(text: str, words: str):
    check = Expression(text)
    with pytest.raises(CheckFailed) as raised:
        check.holds({"a": BANK})
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_records_are_no_numbers():
    for text in ("a == a", "a[0] == a[1]", "a.sum() == 1"):
        with pytest.raises(CheckFailed, match='name one, as in a\\["x"\\]'):
            holds(text, RECORDS)


@pytest.mark.parametrize("array", [np.array([object()]), np.array([([],)], dtype=[("x", "O")])])
def test_python_objects_are_not_read(array: "np.ndarray[Any, Any]"):
    with pytest.raises(CheckFailed, match="a holds Python objects; a check reads numbers"):
        holds("a.size == 1", array)


def test_text_in_an_array_is_no_number():
    with pytest.raises(CheckFailed, match="are no numbers"):
        holds("a[0] * 1000000000 == a", np.array([b"xy"]))


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        ("a.sum() == 1003", 3.0),
        ("a.max() <= 390", 10.0),
        ("a.min() >= 2", 2.0),
        ("2 < a.min() < 5", 2.0),
        ("all(a <= 200)", 200.0),
        ("(a <= 200).all()", 200.0),
        ("np.all(a == 0)", 400.0),
        ("a.max() <= 500", 0.0),
        ("a.max() == nan", np.inf),
        ("a.max() != 400", None),
        ("a.max() == 3 and a.min() == 0", None),
        ("all(a < 3, axis=0)", None),
        ("a[9] == 3", None),
    ],
)
def test_the_distance_from_what_must_hold(text: str, distance: float | None):
    assert Expression(text).distance({"a": BANK}) == distance


def test_the_distance_of_unsigned_numbers_does_not_wrap():
    assert Expression("a[0] <= a[1]").distance({"a": np.array([3, 5], np.uint8)}) == 0.0


def test_a_long_check_is_not_a_deep_one():
    assert holds(" and ".join(["a.size"] * 70) + " and a.ndim == 1")
