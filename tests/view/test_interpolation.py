"""Interpolation and headings: smooth between rows at any frame rate, by the reader's own clock."""

import tracemalloc

import numpy as np
import pytest

from game.frame import Frame
from game.view.interpolation import LONGEST, MOST, Headings, Interpolation


def frame(*slots: int, per_process: int = 1) -> Frame:
    made = Frame({"x": "m", "y": "m"}, 4, per_process)
    made.expected = 1.0
    made.agents = np.array(
        [s * per_process + i for s in slots for i in range(per_process)], np.int64
    )
    return made


def row(made: Frame, now: float, slot: int, *values: float) -> Frame:
    """A new row of a slot, as the reader notes it."""
    begun = made.updates[slot] == 0
    made.values[slot * made.per_process : (slot + 1) * made.per_process] = np.reshape(
        values, (made.per_process, 2)
    )
    made.updates[slot] += 1
    made.interval[slot] = 0.5 if begun else now - made.changed[slot]
    made.changed[slot] = made.now = now
    if begun:
        made.first[slot] = now
    made.fresh[:] = False
    made.fresh[slot] = True
    return made


def turned(headings: Headings, places: object, made: Frame) -> np.ndarray:
    """Which way the agents look after they have followed a frame."""
    headings.follow(np.array(places, float), made)
    return headings.of(made.agents)


def later(made: Frame, now: float) -> Frame:
    """A frame without news."""
    made.now = now
    made.fresh[:] = False
    return made


def test_the_first_row_is_shown_where_it_is():
    assert Interpolation().follow(row(frame(0), 1.0, 0, 3, 4)).tolist() == [[3, 4]]


def test_between_two_rows_it_moves_evenly_and_arrives():
    glide, made = Interpolation(), frame(0)
    glide.follow(row(made, 1.0, 0, 0, 0))
    glide.follow(row(made, 2.0, 0, 10, 20))
    shown = [glide.follow(later(made, 2.0 + t)).tolist()[0] for t in (0, 0.25, 0.5, 1.0, 5.0)]
    assert shown == [[0, 0], [2.5, 5], [5, 10], [10, 20], [10, 20]]


def test_the_frame_rate_does_not_matter():
    ends = []
    for frames in (3, 300):
        glide, made = Interpolation(), frame(0)
        for n in range(5):
            glide.follow(row(made, n * 0.1, 0, n * n, n))
            for t in np.linspace(0, 0.1, frames)[1:-1]:
                glide.follow(later(made, n * 0.1 + float(t)))
        ends.append(glide.follow(later(made, 0.437)))
    np.testing.assert_allclose(ends[0], ends[1])


def test_a_row_that_comes_early_does_not_make_it_jump():
    glide, made = Interpolation(), frame(0)
    glide.follow(row(made, 1.0, 0, 0, 0))
    glide.follow(row(made, 2.0, 0, 10, 0))
    assert glide.follow(later(made, 2.5)).tolist() == [[5, 0]]
    assert glide.follow(row(made, 2.5, 0, 20, 0)).tolist() == [[5, 0]]
    assert glide.follow(later(made, 2.75)).tolist() == [[12.5, 0]]


def test_after_a_long_silence_it_arrives_soon():
    glide, made = Interpolation(), frame(0)
    glide.follow(row(made, 1.0, 0, 0, 0))
    glide.follow(row(made, 60.0, 0, 10, 0))
    assert glide.follow(later(made, 60.0 + LONGEST * made.expected)).tolist() == [[10, 0]]


def test_a_value_that_is_no_number_leaves_it_where_it_was():
    glide, made = Interpolation(), frame(0, 1)
    glide.follow(row(made, 1.0, 0, 1, 2))
    glide.follow(row(made, 1.0, 1, np.nan, np.inf))
    glide.follow(row(made, 2.0, 0, np.nan, 5))
    assert glide.follow(later(made, 9.0)).tolist() == [[1, 5], [0, 0]]


def test_a_slow_mover_still_moves_evenly():
    glide, made = Interpolation(), frame(0)
    made.expected = 8.0
    glide.follow(row(made, 0.0, 0, 0, 0))
    glide.follow(row(made, 8.0, 0, 8, 0))
    assert [glide.follow(later(made, 8.0 + t)).tolist()[0][0] for t in (1, 4, 7)] == [1, 4, 7]


def test_a_jump_across_all_numbers_stays_a_number():
    glide, made = Interpolation(), frame(0)
    for n, value in enumerate((1e308, -1e308, 50.0)):
        glide.follow(row(made, float(n), 0, value, value))
        assert np.isfinite(glide.follow(later(made, n + 0.5))).all()
    assert glide.follow(later(made, 9.0)).tolist() == [[50, 50]]


def test_a_slot_of_several_agents_glides_together():
    glide, made = Interpolation(), frame(1, per_process=2)
    glide.follow(row(made, 1.0, 1, 0, 0, 100, 100))
    glide.follow(row(made, 2.0, 1, 10, 0, 110, 100))
    assert glide.follow(later(made, 2.5)).tolist() == [[5, 0], [105, 100]]


@pytest.mark.parametrize(
    ("way", "heading"), [((1, 0), 0), ((0, 1), np.pi / 2), ((-1, 0), np.pi), ((0, -1), -np.pi / 2)]
)
def test_a_robot_faces_the_way_it_goes_and_keeps_it(way: tuple[int, int], heading: float):
    headings, made = Headings(), frame(0)
    row(made, 1.0, 0, 0, 0)
    assert turned(headings, [[0, 0]], made).tolist() == [0]
    shown = turned(headings, [way], later(made, 1.1))
    assert np.remainder(shown[0] - heading + 1, 2 * np.pi) == pytest.approx(1)
    again = turned(headings, [way], later(made, 1.2))
    assert again.tolist() == shown.tolist()


def test_it_turns_the_short_way_round():
    headings, made = Headings(), frame(0)
    row(made, 0.0, 0, 0, 0)
    x, y = 0.0, 0.0
    headings.follow(np.array([[x, y]]), made)
    for number, angle in enumerate([3.0] * 5 + [-3.0] * 200):
        x, y = x + np.cos(angle), y + np.sin(angle)
        shown = turned(headings, [[x, y]], later(made, 0.016 * (number + 1)))[0]
        assert np.cos(shown) < -0.9, "it never faces right on its way from 3 to -3 rad"
    assert np.remainder(shown, 2 * np.pi) == pytest.approx(2 * np.pi - 3, abs=1e-3)


def test_a_crowd_that_shrinks_below_the_most_glides_on_from_where_it_is():
    glide, made = Interpolation(), Frame({"x": "m", "y": "m"}, 2, MOST)
    made.expected = 1.0
    made.agents, made.values[:] = np.arange(MOST), 1.0
    glide.follow(made)
    made.agents, made.values[:] = np.arange(2 * MOST), 7.0
    assert glide.follow(made).shape == (2 * MOST, 2)
    made.agents, made.now = np.arange(MOST), 1.0
    assert (glide.follow(made) == 7.0).all()
    made.values[:] = 9.0
    made.changed[0], made.interval[0], made.fresh[0] = 1.0, 1.0, True
    glide.follow(made)
    assert (glide.follow(later(made, 1.5)) == 8.0).all()


def test_a_slot_with_room_for_very_many_costs_what_those_that_are_shown_do():
    made = Frame({"x": "m"}, 2, per_process=1_000_000)
    made.agents, made.fresh[1] = np.array([1_000_003]), True
    made.values[1_000_003], made.now, made.first[1] = 7.0, 1.0, 1.0
    glide = Interpolation()
    glide.follow(made)  # makes room
    tracemalloc.start()
    assert glide.follow(made).tolist() == [[7.0]]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000
