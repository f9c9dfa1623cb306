"""What is remembered of each element, against the plain way to find it out."""

import numpy as np
import pytest

from game.scenes.watch import history, statistics
from game.scenes.watch.elements import elements_of
from game.scenes.watch.history import Ranges, Strip, Traces
from game.scenes.watch.looks import Look
from game.scenes.watch.statistics import Statistics, differ


def gone_through(arrays: list[np.ndarray], rate: float = 10.0) -> Statistics:
    """Statistics that have gone through each of some arrays whole."""
    found, now = Statistics(), 0.0
    for number, data in enumerate(arrays, 1):
        elements = elements_of(Look("a", data, number, now))
        while not found.follow(elements, number, now):
            now += 1 / rate
        now += 1 / rate
    return found


def some(many: int, dtype: str, looks: int = 6) -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    arrays = [np.zeros(many, dtype)]
    for _ in range(looks):
        data = arrays[-1].copy()
        where = rng.integers(0, many * 3 // 4, many // 3)
        data[where] = rng.integers(-9, 9, len(where)) if dtype != "?" else ~data[where]
        if data.dtype.kind == "f":
            data[rng.integers(0, many, 2)] = np.nan
        arrays.append(data)
    return arrays


@pytest.mark.parametrize("dtype", ["f8", "f4", "i2", "u1", "?"])
@pytest.mark.parametrize(("many", "blocks", "at_once"), [(50, 2**19, 2**15), (1003, 64, 32)])
def test_each_element_and_each_block_are_as_if_they_had_been_counted_one_by_one(
    dtype: str, many: int, blocks: int, at_once: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(statistics, "MOST_BLOCKS", blocks)
    monkeypatch.setattr(statistics, "A_FRAME", 100)
    monkeypatch.setattr(statistics, "AT_ONCE", at_once)
    arrays = some(many, dtype)
    found = gone_through(arrays)
    table = np.array(arrays)
    bits = table.view(f"u{table.dtype.itemsize}")
    counts = (bits[1:] != bits[:-1]).sum(axis=0)
    assert found.counts.tolist() == counts.tolist()
    assert np.array_equal(found.least, np.fmin.reduce(table), equal_nan=dtype[0] == "f")
    assert np.array_equal(found.most, np.fmax.reduce(table), equal_nan=dtype[0] == "f")
    assert (np.isfinite(found.last) == (counts > 0)).all()
    assert found.never_written == int(((counts == 0) & (arrays[-1] == 0)).sum())
    starts = range(0, many, found.per)
    for block, first in enumerate(starts):
        part = slice(first, first + found.per)
        assert found.changes[block] == counts[part].sum()
        assert found.newest[block] == found.last[part].max()
        values = arrays[-1][part]
        if dtype[0] == "f":
            assert found.nans[block] == np.isnan(values).sum()
            values = values[~np.isnan(values)]
        if len(values):
            assert (found.low[block], found.high[block]) == (values.min(), values.max())
    assert len(starts) == len(found.low) <= blocks


def test_a_nan_that_stays_is_no_change_and_minus_zero_is():
    assert differ(np.array([np.nan, 0.0, 1.0]), np.array([np.nan, -0.0, 1.0])).tolist() == [
        *(False, True, False),
    ]


def test_a_large_array_takes_several_frames_and_looks_meanwhile_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(statistics, "A_FRAME", 100)
    monkeypatch.setattr(statistics, "AT_ONCE", 32)
    found = Statistics()
    taken = []
    monkeypatch.setattr(
        Statistics, "_take", lambda self, flat, part, now: taken.append((flat[0], part.stop))
    )
    for number in range(12):
        elements = elements_of(Look("a", np.full(300, float(number)), number, 0.0))
        found.follow(elements, number, number / 60)
    firsts = [first for first, _ in taken]
    assert sorted(set(firsts)) == [0.0, 3.0, 6.0, 9.0]  # three frames for each
    assert found.passes == 4
    assert max(len([f for f in firsts if f == look]) for look in (0.0, 3.0)) * 32 <= 320


def test_the_changes_of_a_large_array_count_in_the_frames_that_found_them(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(statistics, "A_FRAME", 100)
    monkeypatch.setattr(statistics, "AT_ONCE", 50)
    found = gone_through([np.zeros(300)])
    after = np.zeros(300)
    after[[5, 7, 250]] = 1.0
    counted = []
    for _ in range(4):
        found.follow(elements_of(Look("a", after, 2, 0.0)), 2, 1.0)
        counted.append(found.changed)
    assert counted == [2, 0, 1, 0]


def test_the_same_look_again_is_not_gone_through_again():
    found = Statistics()
    elements = elements_of(Look("a", np.arange(4.0), 7, 0.0))
    assert found.follow(elements, 7, 0.0)
    assert not found.follow(elements, 7, 0.1)
    assert found.passes == 1


def test_another_shape_begins_anew():
    found = gone_through([np.zeros(4), np.ones(4)])
    assert found.counts.tolist() == [1] * 4
    found.follow(elements_of(Look("a", np.ones(6), 3, 0.0)), 3, 5.0)
    assert found.counts.tolist() == [0] * 6
    assert (found.passes, found.begun) == (1, 5.0)


def test_the_extremes_and_the_busiest():
    found = gone_through([np.array([0, 5, 1, 3]), np.array([9, 5, 2, 3]), np.array([9, 5, -1, 3])])
    assert found.extremes == (2, 0)
    assert found.busiest(3) == [2, 0, 1]
    assert gone_through([np.full(3, np.nan)]).extremes is None
    assert gone_through([np.full(3, np.nan)]).range is None


def test_the_strip_shows_when_how_many_changed():
    strip = Strip()
    for now, changed in ((0.0, 5), (0.1, 3), (0.3, 2), (1.0, 7)):
        strip.follow(changed, now)
    assert strip.changes[-5:].tolist() == [8, 2, 0, 0, 7]
    assert strip.rate(1.2) == 10.0  # the second before the one under way
    strip.follow(0, 1000.0)
    assert not strip.changes.any()


def test_traces_are_of_all_elements_or_of_the_busiest():
    few, many = Traces(), Traces()
    for number in range(5):
        few.follow(gone_through([np.arange(3.0) + number]), [], number / 10)
    assert few.elements == [0, 1, 2]
    assert few.values[-2, :3].tolist() == [3.0, 4.0, 5.0]
    state = gone_through([np.arange(100.0)])
    many.follow(state, [7, 5], 0.0)
    many.follow(state, [5, 9], 1.0)
    assert many.elements == [9, 5]  # who stays keeps its place
    assert many.values[-1, :2].tolist() == [9.0, 5.0]
    assert np.isnan(many.values[-2, 0])  # a newcomer has no past
    assert (many.low[-1], many.high[-1]) == (0.0, 99.0)


def test_a_scale_glides_and_never_jumps():
    ranges = Ranges()
    ranges.aim("values", (0.0, 1.0))
    ranges.follow(0.0)
    assert ranges.of("values") == (0.0, 1.0)  # the first one is there at once
    ranges.aim("values", (0.0, 100.0))
    tops = []
    for number in range(1, 90):
        ranges.follow(number / 60)
        tops.append(ranges.of("values")[1])
    assert tops == sorted(tops)
    assert tops[0] < 20
    assert tops[-1] == 100.0
    assert max(np.diff(tops)) < 15
    assert history.widened(3.0, 3.0)[0] < 3.0 < history.widened(3.0, 3.0)[1]
    assert history.widened(0.0, 0.0) == (-0.5, 0.5)
