"""Arrays of any type as numbers: what each element is called, and where its bytes are."""

import numpy as np
import pytest

from game.scenes.watch.elements import elements_of, same_kind
from game.scenes.watch.looks import Look
from game.scenes.watch.words import value_words

RECORD = np.dtype([("id", "<i4"), ("place", "<f8", (2,)), ("on", "?")], align=True)
ARRAYS = {
    "floats": np.linspace(-1, 1, 12).reshape(3, 4),
    "big-endian": np.linspace(-1, 1, 12).astype(">f4"),
    "integers": np.arange(-3, 9, dtype=np.int16),
    "flags": np.arange(6) % 2 == 0,
    "complex": np.arange(4) + 1j * np.arange(4)[::-1],
    "bytes": np.array([b"ab", b"c"], "S2"),
    "characters": np.frombuffer(b"hello", "S1"),
    "dates": np.array(["2024-01-01", "2024-01-02"], "M8[D]"),
    "long": np.arange(3, dtype=np.longdouble),
    "records": np.array([(n, (n / 2, -n), n % 2) for n in range(5)], RECORD),
    "one": np.array(7.5),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_each_number_stands_where_it_is_said_to_be(name: str):
    data = ARRAYS[name]
    array = elements_of(Look("a", data, 1, 0.0, offset=24))
    memory = bytes(24) + data.tobytes()
    for element in range(array.many):
        part, first = array.part(element), array.byte(element)
        stored = np.frombuffer(memory[first : first + part.dtype.itemsize], part.dtype)[0]
        value = array.flat[element]
        assert value == stored.astype(array.numbers.dtype), element
        if name in ("floats", "integers", "records", "complex", "flags"):
            assert eval(array.python(range(element, element + 1)), {"a": data}) == value
    assert array.numbers.dtype.isnative
    assert array.numbers.dtype.kind in "biuf"


def test_python_of_several_elements_is_a_slice_where_there_is_one():
    flat, table = (elements_of(Look("a", np.zeros(s), 1, 0.0)) for s in ((9,), (3, 3)))
    assert flat.python(range(2, 5)) == "a[2:5]"
    assert flat.python(range(2, 3)) == "a[2]"
    assert table.python(range(2, 5)) == "a[0, 2] to [1, 1]"
    assert table.place(5) == "1, 2"


def test_columns_that_are_named_x_and_y_come_first():
    table = np.zeros((4, 4))
    named = elements_of(Look("a", table, 1, 0.0, columns=("v", "Y", "x", "w")))
    assert named.coordinates == (2, 1, 0, 3)
    assert elements_of(Look("a", table, 1, 0.0)).coordinates == (0, 1, 2, 3)
    assert elements_of(Look("a", table, 1, 0.0, columns=("x",))).columns == ()  # too few


def test_another_shape_type_or_name_is_another_array():
    look = Look("a", np.zeros(4), 1, 0.0)
    one = elements_of(look)
    assert same_kind(one, elements_of(look._replace(data=np.ones(4), number=2)))
    others = ({"data": np.zeros(5)}, {"data": np.zeros(4, "f4")}, {"name": "b"}, {"offset": 8})
    others += ({"data": np.zeros((2, 2))},)
    for other in others:
        assert not same_kind(one, elements_of(look._replace(**other))), other
    assert not same_kind(None, one)


@pytest.mark.parametrize(
    ("value", "dtype", "letters", "words"),
    [
        (18.7000007, "f4", 10, "18.7"),
        (3.0, "f8", 7, "3"),
        (1 / 3, "f8", 5, "0.333"),
        (-1234567.0, "f8", 6, "-1.2e6"),
        (123456, "i4", 7, "123456"),
        (np.nan, "f8", 7, "nan"),
        (-np.inf, "f8", 7, "-inf"),
        (1, "?", 7, "True"),
        (0, "?", 3, "0"),
        (1e300, "f8", 7, "1e300"),
    ],
)
def test_a_value_has_as_many_digits_as_there_is_room_for(
    value: float, dtype: str, letters: int, words: str
):
    assert value_words(value, np.dtype(dtype), letters) == words
