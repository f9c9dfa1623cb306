"""Who drives ahead of a car, and who behind."""

from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.scenes import race
from game.shared.table import State
from tests.scenes.seen import CAPACITY, Seen

LENGTH = Seen("race").agent(0).world.track.length  # [m]


def cars(*distances: float) -> Seen:
    return Seen("race").with_rows([(36.0 * n, distance) for n, distance in enumerate(distances)])


def test_the_next_one_on_the_track_is_ahead_and_the_one_before_behind():
    seen = cars(100, 120, 70, 400)
    car = seen.agent(0)
    assert car.ahead() == (1, pytest.approx(20), pytest.approx(10), 0)
    assert car.behind() == (2, pytest.approx(30), pytest.approx(20), 0)
    assert car.ahead()._fields == ("number", "gap", "speed", "offset")


def test_the_way_leads_over_the_line():
    seen = cars(LENGTH - 10, LENGTH + 15)
    assert seen.agent(0).ahead() == (1, pytest.approx(25), pytest.approx(10), 0)
    assert seen.agent(1).behind() == (0, pytest.approx(25), 0, 0)
    assert seen.agent(0).behind() == (1, pytest.approx(LENGTH - 25), pytest.approx(10), 0)


def test_laps_make_no_difference_nor_does_a_start_behind_the_line():
    seen = cars(7 * LENGTH + 30, 10, -20)
    assert seen.agent(1).ahead()[:2] == (0, pytest.approx(20))
    assert seen.agent(1).behind()[:2] == (2, pytest.approx(30))


def test_one_that_is_alone_has_nobody():
    assert cars(100).agent(0).ahead() is cars(100).agent(0).behind() is None


def test_before_its_own_first_row_there_is_nobody():
    assert cars(100).agent(3).ahead() is None


def test_of_two_on_one_spot_the_lower_number_is_ahead():
    seen = cars(100, 100)
    assert (seen.agent(1).ahead()[:2], seen.agent(0).behind()[:2]) == ((0, 0), (1, 0))
    assert seen.agent(0).ahead()[:2] == (1, LENGTH)
    assert seen.agent(1).behind()[:2] == (0, LENGTH)


def test_a_hair_behind_the_line_is_on_it():
    seen = cars(-1e-20, 5)
    assert seen.agent(0).ahead()[:2] == (1, pytest.approx(5))
    assert seen.agent(1).behind()[:2] == (0, pytest.approx(5))


@pytest.mark.parametrize("nowhere", [nan, inf, -inf, race.FAR])
def test_one_that_is_nowhere_is_on_no_track(nowhere: float):
    seen = cars(100, nowhere, 300)
    assert seen.agent(0).ahead().number == seen.agent(0).behind().number == 2
    assert seen.agent(1).ahead() is None


def test_one_that_has_finished_is_on_the_track_no_more():
    seen = cars(100, LENGTH * 2, LENGTH * 2 - 1)
    assert seen.agent(0, laps=2).ahead().number == seen.agent(0, laps=2).behind().number == 2
    assert seen.agent(0, laps=3).behind().number == 1
    assert seen.agent(2, laps=3).ahead().number == 1


def test_one_that_has_died_stands_where_it_was():
    seen = cars(100, 120)
    seen.table.mark(1, State.FAILED)
    assert seen.agent(0).ahead() == (1, pytest.approx(20), 0.0, 0.0)


def test_a_speed_that_is_none_is_not_passed_on():
    seen = cars(100, 120)
    seen.write(1, nan, 120)
    assert seen.agent(0).ahead().speed == 0.0


def test_the_place_beside_the_line_is_told_where_cars_publish_it():
    seen = Seen("race", offset="m")
    seen.with_rows([(50, 100, 0), (50, 120, -1.5), (50, 140, nan)])
    assert seen.agent(0).ahead().offset == -1.5
    assert seen.agent(1).ahead().offset == 0.0


@given(st.lists(st.floats(-5e3, 5e5) | st.sampled_from((0.0, 7.0)), min_size=2, max_size=CAPACITY))
def test_whoever_is_behind_the_one_ahead_is_oneself(distances: list[float]):
    seen, order = cars(*distances), [0]
    for _ in distances:
        rival = seen.agent(order[-1]).ahead()
        back = seen.agent(rival.number).behind()
        assert (back.number, back.gap) == (order[-1], pytest.approx(rival.gap, abs=1e-6))
        assert 0 <= rival.gap <= LENGTH
        order.append(rival.number)
    assert sorted(order[:-1]) == list(range(len(distances)))
    assert order[-1] == 0, "once around, everybody is met once"
