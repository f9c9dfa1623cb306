"""What bytes mean: given, or guessed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from game.attach import AttachError
from game.attach.elements import fit, guess, type_of

ARENA = 4096  # [bytes]


def arena(array: np.ndarray, size: int = ARENA) -> np.ndarray:
    """The bytes of an arena in which an array stands first."""
    data = np.zeros(size, np.uint8)
    whole = array.reshape(-1).view(np.uint8)
    data[: len(whole)] = whole
    return data


RANDOM = np.random.default_rng(1)
ARRAYS = {
    "speeds of the tutorial": np.array([57, 91, 20, 100, 33], "i4"),
    "metres": RANDOM.uniform(0, 100, 50),
    "whole metres": np.array([50.0, 12, 3, 0, 1000]),
    "small ones": RANDOM.normal(0, 1, 100),
    "single precision": RANDOM.uniform(0, 100, 50).astype("f4"),
    "single precision, normal": RANDOM.normal(0, 1, 100).astype("f4"),
    "longs": np.array([5, 0, 7, 1000, -3], "i8"),
    "negative ones": np.array([-1, 3, -500, 2], "i4"),
    "pixels": RANDOM.integers(0, 255, 1000).astype("u1"),
    "one double": np.array([3.5]),
    "one int": np.array([7], "i4"),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_a_guess_finds_what_people_share(name: str):
    array = ARRAYS[name]
    found = guess(arena(array))
    assert (found.dtype, found.shape) == (array.dtype, array.shape)
    assert found.guessed == "type and length"


def test_with_the_type_given_the_length_alone_is_a_guess():
    found = guess(arena(np.array([1, 2, 3], "i2")), dtype=np.dtype("i2"))
    assert (found.shape, found.guessed) == ((3,), "length")


@given(hnp.arrays(np.uint8, st.integers(1, 300)), st.integers(0, 40))
def test_a_guess_never_leaves_the_memory(data: np.ndarray, eights: int):
    offset = 8 * eights
    found = guess(data, offset)
    assert offset + found.size <= max(len(data), offset)


@given(
    st.integers(1, 10_000),
    st.sampled_from(["f8", "f4", "i2", "u1"]),
    st.integers(-8, 10_100),
    st.one_of(st.none(), st.lists(st.integers(1, 50), min_size=1, max_size=3).map(tuple)),
)
def test_what_fits_lies_in_the_memory_and_the_rest_is_refused(size, kind, offset, shape):
    try:
        found = fit(size, np.dtype(kind), shape, offset)
    except AttachError:
        return
    assert offset >= 0
    assert offset + found.size <= size
    assert shape is None or found.shape == shape


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"offset": 4}, "--offset: 4 is no multiple of 8, where float64 may stand"),
        ({"offset": 96}, "--offset: 96 is beyond the end; the memory has 96 bytes"),
        (
            {"shape": (3, 5)},
            "--shape: 3,5 of float64 takes 120 bytes from 0 on; the memory has 96 there",
        ),
        (
            {"shape": (2, 2), "columns": ("x", "y", "z")},
            "--columns: 3 names for a shape of 2,2; give as many as its last number says",
        ),
    ],
)
def test_what_does_not_fit_is_told_in_a_line(wish: dict, words: str):
    with pytest.raises(AttachError) as told:
        fit(96, np.dtype("f8"), **{"shape": None, **wish})
    assert str(told.value) == words


def test_columns_make_rows():
    found = fit(96, np.dtype("f8"), None, columns=("x", "y"))
    assert found.shape == (6, 2)


@pytest.mark.parametrize("word", ["float65", "O", "V0", "(", ""])
def test_a_type_that_memory_cannot_hold_is_refused(word: str):
    with pytest.raises(AttachError, match="--dtype: "):
        type_of(word)
