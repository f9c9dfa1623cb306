"""Changes of a state: whatever it holds comes back bit by bit, and only what is new is written."""

from collections import deque
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.recording.changes import Decoder, Encoder, described, joined, undescribed
from game.recording.plain import restored, saved
from game.scenes.road.figures import KeptOut, SyncFigures
from game.view.curves import Moment

DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1", "|b1", "<c16", "<i2")
RECORD = np.dtype([("id", "<i4"), ("place", "<f8", (3,)), ("name", "S5"), ("in", [("a", "u1")])])

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5)
    | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    | st.lists(inner, max_size=3).map(tuple)
    | st.lists(inner, max_size=3).map(deque),
    max_leaves=8,
)  # fmt: skip


@st.composite
def states(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Arrays of the same names, changed a little from each state to the next."""
    found = []
    shapes = {name: draw(shape()) for name in "abc"}
    kinds = {name: draw(st.sampled_from(DTYPES)) for name in "abc"}
    for _ in range(draw(st.integers(1, 6))):
        state = {}
        for name in draw(st.sets(st.sampled_from("abc"))):
            seed = draw(st.integers(0, 3))
            random = np.random.default_rng(seed)
            array = random.integers(0, 256, np.prod(shapes[name], dtype=int) * 16).astype(np.uint8)
            size = int(np.prod(shapes[name]))
            state[name] = array.view(kinds[name] if kinds[name] != "|b1" else "|u1")[:size]
            state[name] = state[name].reshape(shapes[name])
            state[name].reshape(-1)[: draw(st.integers(0, 3))] = 0
        found.append(state)
        if draw(st.booleans()):
            shapes["a"] = draw(shape())
    return found


def shape() -> st.SearchStrategy[tuple[int, ...]]:
    return st.lists(st.integers(0, 20), min_size=1, max_size=3).map(tuple)


@given(states(), st.integers(1, 4))
def test_every_state_comes_back_bit_by_bit(found: list[dict[str, Any]], whole: int):
    encoder, decoder = Encoder(), Decoder()
    for number, state in enumerate(found):
        decoder.take(joined(encoder.message({"n": number}, state, number % whole == 0)))
        assert decoder.plain == {"n": number}
        assert decoder.arrays.keys() == state.keys()
        for name, array in state.items():
            came = decoder.arrays[name]
            assert (came.dtype, came.shape) == (array.dtype, array.shape)
            assert came.tobytes() == array.tobytes()
            assert not came.flags.writeable


@given(plain)
def test_every_plain_value_comes_back(value: Any):
    assert restored(saved(value, {}, "v"), {}) == value


def test_only_what_is_new_is_written():
    before = np.zeros((1000, 2))
    after = before.copy()
    after[7] = np.nan
    encoder = Encoder()
    encoder.message({}, {"v": before}, whole=True)
    message = joined(encoder.message({}, {"v": after}, whole=False))
    assert len(message) < 200
    message = joined(encoder.message({}, {"v": after.copy()}, whole=False))
    assert len(message) < 80, "nan is the same as nan"


def test_what_is_kept_whole_is_not_copied():
    values, flags = np.zeros((1000, 2)), np.ones(7, bool)
    message = Encoder().message({}, {"v": values, "f": flags, "t": values.T}, whole=True)
    arrays = [np.frombuffer(part, np.uint8) for part in message]
    shares = [[np.shares_memory(a, array) for array in (values, flags)] for a in arrays]
    assert shares == [[False, False], [True, False], [False, True], [False, False]]


def test_rows_that_change_together_are_numbered_once():
    encoder, rows = Encoder(), slice(100, 400)
    arrays = {name: np.zeros(2000) for name in "abcd"}
    encoder.message({}, arrays, whole=True)
    after = {name: array.copy() for name, array in arrays.items()}
    for array in after.values():
        array[rows] = 1.0
    assert len(joined(encoder.message({}, after, whole=False))) < 4 * 300 * 8 + 300 * 4 + 500


def test_what_a_frame_held_does_not_change_with_the_next():
    encoder, decoder = Encoder(), Decoder()
    decoder.take(joined(encoder.message({}, {"v": np.zeros(100)}, whole=True)))
    held = decoder.arrays["v"]
    changed = np.zeros(100)
    changed[3] = 5
    decoder.take(joined(encoder.message({}, {"v": changed}, whole=False)))
    assert held[3] == 0
    assert decoder.arrays["v"][3] == 5


def test_values_can_be_kept_in_half_the_room():
    values = np.array([1.0, 1e300, np.nan, -np.inf, 1 / 3])
    encoder, decoder = Encoder(("v",)), Decoder()
    message = joined(encoder.message({}, {"v": values}, whole=True))
    decoder.take(message)
    with np.errstate(over="ignore"):
        np.testing.assert_array_equal(decoder.arrays["v"], values.astype("f4").astype("f8"))
    assert decoder.arrays["v"].dtype == np.float64


@pytest.mark.parametrize("dtype", [*DTYPES, RECORD, np.dtype("S3"), np.dtype(">i4")])
def test_every_type_is_described(dtype: Any):
    import json

    told = json.loads(json.dumps(described(np.dtype(dtype))))
    assert undescribed(told) == np.dtype(dtype).newbyteorder("<")


def test_records_come_back():
    before = np.zeros(50, RECORD)
    after = before.copy()
    after[4] = 7, (1, 2, 3), b"abc", (9,)
    encoder, decoder = Encoder(), Decoder()
    decoder.take(joined(encoder.message({}, {"v": before}, whole=True)))
    decoder.take(joined(encoder.message({}, {"v": after}, whole=False)))
    assert decoder.arrays["v"].tobytes() == after.tobytes()
    assert decoder.arrays["v"].dtype == RECORD


def test_a_tuple_of_ours_comes_back_and_one_of_another_version_as_far_as_it_goes():
    figures = SyncFigures(1, 2, 3, 0.1, 0.2, 0.3, 5.0, KeptOut(3, 4))
    told = saved({"none": figures, "at": Moment(1, 2, 3, 4)}, {}, "v")
    assert restored(told, {})["none"] == figures
    inner = saved(figures, {}, "v")
    inner["parts"]["of_tomorrow"] = 5
    del inner["parts"]["retried"]
    assert restored(inner, {}) == figures
    del inner["parts"]["reads"]  # which has no default
    assert restored(inner, {}) is None


@pytest.mark.parametrize(
    "place", ["os:system", "subprocess:Popen", "game.app:run", "game.session.session:Session", "x"]
)
def test_nothing_of_a_file_is_run(place: str):
    assert restored({"of": place, "parts": {"args": "true"}}, {}) is None
    assert restored({"of": place, "name": "x"}, {}) is None


def test_what_nobody_could_restore_is_nothing():
    assert saved(object(), {}, "v") is None
    assert saved(np.array([object()]), {}, "v") is None
