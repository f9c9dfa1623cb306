"""Values: a frame of any array."""

import numpy as np
import pytest

from game.frame import Frame
from game.sources import values
from game.sources.values import as_rows, framed

BLANK = Frame({"value": ""}, 0)


@pytest.mark.parametrize(
    ("data", "columns", "shape", "names"),
    [
        (np.arange(5, dtype="i4"), (), (5, 1), ("value",)),
        (np.zeros((4, 2)), ("x", "y"), (4, 2), ("x", "y")),
        (np.zeros((4, 3), "u1"), (), (4, 3), ("[0]", "[1]", "[2]")),
        (np.zeros((4, 100)), (), (400, 1), ("value",)),
        (np.zeros((2, 3, 4)), (), (24, 1), ("value",)),
        (np.zeros(3, [("a", "i4"), ("b", "S3"), ("c", "f4", (2,))]), (), (3, 1), ("a",)),
        (np.zeros(3, "S5"), (), (3, 1), ("value",)),
        (np.zeros(3, "c16"), (), (3, 1), ("value",)),
    ],
)
def test_every_array_has_rows(data, columns, shape, names):
    rows, found = as_rows(data, columns)
    assert (rows.shape, found, rows.dtype) == (shape, names, np.float64)


def test_doubles_are_not_copied():
    data = np.arange(6.0).reshape(3, 2)
    assert np.shares_memory(as_rows(data, ())[0], data)


def test_a_frame_says_which_elements_changed_and_when():
    one = framed(BLANK, np.array([1.0, np.nan, 3.0]), (), 1.0)
    assert one.fresh.tolist() == [True, True, True]
    two = framed(one, np.array([1.0, np.nan, 4.0]), (), 2.0)
    assert two.fresh.tolist() == [False, False, True], "nan is the same as nan"
    assert two.changed.tolist() == [1.0, 1.0, 2.0]
    assert two.updates.tolist() == [1, 1, 2]
    assert not two.silent.any(), "nobody is blamed"
    assert two["value"].tolist()[2] == 4.0


def test_another_shape_begins_anew():
    one = framed(BLANK, np.zeros(3), (), 1.0)
    two = framed(one, np.zeros((3, 2)), (), 2.0)
    assert two.updates.tolist() == [1, 1, 1]
    assert list(two.fields) == ["[0]", "[1]"]


def test_very_many_elements_share_what_is_known_of_a_writer(monkeypatch):
    monkeypatch.setattr(values, "SLOTS", 4)
    data = np.zeros(10)
    one = framed(BLANK, data, (), 1.0)
    assert (one.per_process, len(one.fresh)) == (3, 4)
    two = framed(one, np.where(np.arange(10) == 9, 1.0, 0.0), (), 2.0)
    assert two.fresh.tolist() == [False, False, False, True]
    assert two.agents.tolist() == list(range(10))


@pytest.mark.parametrize(
    ("data", "words", "noun", "itemsize"),
    [
        (np.zeros(5, "i4"), "int32, 5", "element", 4),
        (np.zeros((480, 2), "u1"), "uint8, 480 x 2", "row", 1),
        (np.zeros(3, [("a", "i4"), ("b", "f8")]), "records, 3", "record", 0),
    ],
)
def test_what_is_known_of_an_array_stands_in_its_frame(data, words, noun, itemsize):
    foreign = framed(BLANK, data, (), 1.0, offset=16).foreign
    assert foreign is not None
    assert (foreign.words, foreign.noun, foreign.itemsize) == (words, noun, itemsize)
    assert foreign.offset == 16
