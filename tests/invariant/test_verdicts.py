"""What comes of looks that are made by hand: counts, and the violations that are kept."""

import io
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.invariant.expression import Expression
from game.invariant.verdicts import Look, Verdict, Verdicts, summed_up
from game.invariant.violations import Violation, copied, save

FREE, HELD = (False, False, False), (False, True, False)


def bank(check: str = "a.sum() == 1000", settled: float = 0.0) -> Verdicts:
    return Verdicts(Expression(check), settled)


def look(time: float, *values: float, agree: bool = True, locked: tuple[bool, ...] = ()) -> Look:
    return Look(time, {"a": np.array(values, float)}, agree, locked)


def words_of(verdicts: Verdicts) -> str:
    violations, text = verdicts.counts[Verdict.VIOLATION], verdicts.expression.text
    return summed_up(text, violations, verdicts.checks, verdicts.lock_known)


def cells(violation: Violation | None) -> list[list[int]]:
    assert violation is not None
    return [list(map(int, cell)) for cell in violation.changed()["a"]]


def test_a_careful_bank_is_never_accused():
    """It takes its lock around both writes; the looks between them see the lock held."""
    verdicts = bank()
    for transfer in range(691):
        verdicts.take(look(transfer, 500, 500, locked=FREE))
        verdicts.take(look(transfer + 0.3, 490, 500, locked=HELD))
        verdicts.take(look(transfer + 0.6, 490, 500, locked=(True, False)))
        verdicts.take(look(transfer + 0.7, 490, 510, locked=(False, True)))
        verdicts.take(look(transfer + 0.8, 490, 500, agree=False, locked=FREE))
    assert verdicts.counts == {
        **dict.fromkeys(Verdict, 0),
        Verdict.PASSED: 691,
        Verdict.LOCKED: 3 * 691,
        Verdict.MID_WRITE: 691,
    }
    assert (verdicts.first, verdicts.last, verdicts.worst) == (None, None, None)
    assert words_of(verdicts) == "a.sum() == 1000: 0 violations in 691 checks"


@pytest.mark.parametrize("still", [True, False])
def test_what_has_changed_once_it_was_checked_is_no_violation(still: bool):
    verdicts = bank()
    verdicts.take(look(0.0, 1000, locked=FREE))
    torn = Look(1.0, {"a": np.array([990.0])}, True, FREE, still=lambda: still)
    assert verdicts.take(torn) is (Verdict.VIOLATION if still else Verdict.MID_WRITE)
    assert (verdicts.first is not None) == still


def test_a_careless_bank_is_caught_with_its_lock_free():
    verdicts = bank()
    verdicts.take(look(1.0, 500, 500, 0, locked=FREE))
    verdicts.take(look(2.0, 490, 500, 0, locked=FREE))
    assert verdicts.counts[Verdict.VIOLATION] == 1
    first = verdicts.first
    assert first is not None
    assert first.before is not None
    assert first.before["a"].tolist() == [500, 500, 0]
    assert first.after["a"].tolist() == [490, 500, 0]
    assert (first.right, first.since, first.time, first.distance) == (1.0, 2.0, 2.0, 10.0)
    assert cells(first) == [[0]]


def test_without_a_lock_it_says_as_whom_it_was_seen():
    verdicts = bank()
    verdicts.take(look(0.0, 990))
    expected = "a.sum() == 1000: 1 violation in 1 check, as a reader without a lock sees it"
    assert words_of(verdicts) == expected


def test_the_first_the_last_and_the_worst_are_kept():
    verdicts = bank()
    for time, value in enumerate([1000, 999, 1000, 900, 950, 1000, 998]):
        verdicts.take(look(time, value))
    kept = [verdicts.first, verdicts.worst, verdicts.last]
    assert [(v.time, v.distance) for v in kept if v] == [(1, 1.0), (3, 100.0), (6, 2.0)]
    assert verdicts.counts[Verdict.VIOLATION] == 4
    assert verdicts.rows == 3


def test_the_array_before_is_the_one_that_was_right_last():
    verdicts = bank()
    for time, values in enumerate([(500, 500), (600, 400), (600, 300), (500, 300), (1, 2)]):
        verdicts.take(look(time, *values))
    assert verdicts.last is not None
    assert verdicts.last.before is not None
    assert verdicts.last.before["a"].tolist() == [600, 400]
    assert verdicts.last.right == 1
    assert cells(verdicts.first) == [[1]]
    assert cells(verdicts.last) == [[0], [1]]


def test_what_was_wrong_from_the_start_has_no_array_before():
    verdicts = bank()
    verdicts.take(look(0.0, 3))
    assert verdicts.first is not None
    assert (verdicts.first.before, verdicts.first.right) == (None, None)
    assert verdicts.first.changed() == {}


def test_without_a_distance_the_worst_is_at_the_end_of_the_longest_row():
    verdicts = bank("a[0] != 0")
    for time, value in enumerate([1, 0, 0, 0, 1, 0, 0, 1]):
        verdicts.take(look(time, value))
    assert verdicts.worst is not None
    assert (verdicts.worst.since, verdicts.worst.time) == (1, 3)


def test_settled_counts_what_still_does_not_hold_after_so_long():
    verdicts = bank(settled=0.5)
    seen = [(0.0, 1000), (1.0, 990), (1.4, 1000), (1.5, 990), (1.9, 990), (2.0, 980), (2.1, 980)]
    came = [verdicts.take(look(time, value)) for time, value in seen]
    assert came[1:6] == [
        Verdict.UNSETTLED,
        Verdict.PASSED,
        Verdict.UNSETTLED,
        Verdict.UNSETTLED,
        Verdict.VIOLATION,
    ]
    assert verdicts.first is not None
    assert (verdicts.first.since, verdicts.first.time, verdicts.first.right) == (1.5, 2.0, 1.4)
    assert verdicts.first.after["a"].tolist() == [980]


@pytest.mark.parametrize(
    "silent",
    [
        look(1.2, 1000, agree=False),
        look(1.2, 1000, locked=HELD),
        Look(1.2, {"b": np.zeros(1)}),
    ],
)
def test_a_look_that_says_nothing_does_not_end_a_row(silent: Look):
    verdicts = bank(settled=0.5)
    for seen in (look(1.0, 990), silent):
        verdicts.take(seen)
    assert verdicts.take(look(1.5, 990)) is Verdict.VIOLATION


def test_the_first_words_of_what_raises_are_kept_and_all_are_counted():
    verdicts = bank("a[1] == 0")
    verdicts.take(look(0, 1))
    verdicts.take(look(1))
    verdicts.take(look(2, 1, 0))
    assert verdicts.counts[Verdict.RAISED] == 2
    assert verdicts.raised_first is not None
    assert verdicts.raised_first.endswith("for axis 0 with size 1")
    assert verdicts.counts[Verdict.PASSED] == 1


def test_the_rate_is_that_of_the_last_second():
    verdicts = bank()
    for tick in range(101):
        verdicts.take(look(tick / 50, 1000))
    assert verdicts.rate == pytest.approx(50)
    verdicts.take(look(4.0, 1000))
    assert verdicts.rate == pytest.approx(0.5)


def test_the_arrays_of_a_look_may_be_used_again():
    verdicts, values = bank(), np.array([500.0, 500.0])
    for time, now in enumerate([(500, 500), (400, 500), (600, 400), (300, 400), (1, 999)]):
        values[:] = now
        verdicts.take(Look(time, {"a": values}))
    values[:] = 7
    kept = [verdicts.first, verdicts.last]
    assert [v.after["a"].tolist() for v in kept if v] == [[400, 500], [300, 400]]
    assert [v.before["a"].tolist() for v in kept if v and v.before] == [[500, 500], [600, 400]]


looks = st.lists(
    st.tuples(
        st.floats(0.01, 0.5),
        st.sampled_from([1000.0, 990.0, 1.0]),
        st.booleans(),
        st.sampled_from([(), FREE, HELD]),
    ),
    max_size=40,
)


@given(looks, st.sampled_from([0.0, 0.2, 1.0]))
def test_every_look_is_counted_once_and_only_sound_ones_accuse(
    made: list[tuple[float, float, bool, tuple[bool, ...]]], settled: float
):
    verdicts, time = bank(settled=settled), 0.0
    for pause, value, agree, locked in made:
        time += pause
        came = verdicts.take(look(time, value, agree=agree, locked=locked))
        if came is Verdict.VIOLATION:
            assert agree
            assert not any(locked)
            assert value != 1000
            assert verdicts.last is not None
            assert verdicts.last.time - verdicts.last.since >= settled
    assert verdicts.looks == len(made)
    kept = [v for v in (verdicts.first, verdicts.worst, verdicts.last) if v is not None]
    assert len(kept) in (0, 3)
    assert (verdicts.counts[Verdict.VIOLATION] > 0) == bool(kept)
    assert verdicts.rows <= verdicts.counts[Verdict.VIOLATION]


@pytest.mark.parametrize("value", [1000.0, 990.0, None])
def test_ten_minutes_of_looks_take_no_more_memory_than_some(value: float | None):
    """Looks that pass, that violate, and that change with every look."""
    verdicts, values = bank(), np.zeros(1000)

    def run(begin: int) -> None:
        for tick in range(begin, begin + 3000):
            values[0] = value if value is not None else 1000 - tick % 7
            verdicts.take(Look(tick * 0.2, {"a": values}))

    tracemalloc.start()
    try:
        run(0)
        before, _ = tracemalloc.get_traced_memory()
        run(3000)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 20_000


def loaded(check: str, kept: dict[str, Violation | None]) -> dict[str, Any]:
    file = io.BytesIO()
    save(file, check, kept)
    file.seek(0)
    with np.load(file, allow_pickle=False) as columns:
        return dict(columns)


def test_the_violations_are_saved_whole():
    verdicts = bank()
    for time, value in enumerate([1000, 990]):
        verdicts.take(look(time, value, 0))
    columns = loaded("a.sum() == 1000", {"first": verdicts.first, "last": None})
    assert {name: column.tolist() for name, column in columns.items()} == {
        "check": "a.sum() == 1000",
        "first_time": 1,
        "first_since": 1,
        "first_right": 0,
        "first_distance": 10,
        "first_before_a": [1000, 0],
        "first_after_a": [990, 0],
        "first_changed_a": [[0]],
    }


def test_records_are_saved_and_compared_whole():
    kind = [("x", "f8"), ("n", "i4")]
    before, after = np.zeros((2, 2), kind), np.zeros((2, 2), kind)
    after["n"][1, 0] = 3
    violation = Violation(2.0, 2.0, 1.0, {"a": before}, {"a": after}, None)
    assert cells(violation) == [[1, 0]]
    assert loaded("x", {"last": violation})["last_after_a"].dtype == after.dtype


def test_a_cell_that_stays_no_number_has_not_changed():
    same = np.array([np.nan, 1.0])
    assert cells(Violation(2.0, 2.0, 1.0, {"a": same}, {"a": same.copy()}, None)) == []


def test_cells_that_changed_are_bounded():
    violation = Violation(2, 2, 1, {"a": np.zeros(9999)}, {"a": np.ones(9999)}, None)
    assert len(violation.changed()["a"]) == 1000
    assert len(violation.changed(5)["a"]) == 5


def test_an_array_of_another_shape_has_changed_whole():
    violation = Violation(2, 2, 1, {"a": np.zeros(2)}, {"a": np.zeros(3)}, None)
    assert cells(violation) == [[0], [1], [2]]


def test_copies_take_the_place_of_older_ones_of_the_same_shape():
    kept = copied({"a": np.zeros(3)})
    place = kept["a"]
    assert copied({"a": np.ones(3)}, kept)["a"] is place
    assert copied({"a": np.ones(4)}, kept)["a"].shape == (4,)
