"""Who is near a robot."""

from math import hypot, inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.shared.table import State
from tests.scenes.seen import CAPACITY, Seen

PLACES = st.tuples(st.floats(0, 100), st.floats(0, 100))


def near(places: list[tuple[float, float]], radius: float, number: int = 0) -> list:
    return Seen("swarm").with_rows(places).agent(number).near(radius)


def test_the_nearest_come_first_with_their_way_and_distance():
    found = near([(10, 10), (10, 30), (13, 6), (50, 50)], 25)
    assert found == [(2, 3, -4, 5), (1, 0, 20, 20)]
    assert found[0]._fields == ("number", "dx", "dy", "distance")


def test_who_stands_on_the_edge_of_the_circle_is_near_and_in_its_corner_is_not():
    places = [(0, 0), (3, 4), (5, 0), (0, -5), (4, 4), (-4.9, -4.9)]
    assert [n.number for n in near(places, 5)] == [1, 2, 3]
    assert near(places, 4.999) == []


def test_a_radius_of_nothing_finds_those_on_the_same_spot():
    assert near([(1, 2), (1, 2), (1, 2.001)], 0) == [(1, 0, 0, 0)]


def test_an_endless_radius_finds_all_but_those_that_are_nowhere():
    places = [(1, 2), (nan, 2), (inf, 2), (100, 2), (1, -inf), (1, nan)]
    assert [n.number for n in near(places, inf)] == [3]
    assert near([(nan, 0), (1, 1)], inf) == []
    assert near([(inf, 0), (inf, 0), (1, 1)], inf) == []


@pytest.mark.parametrize("radius", [nan, -1, -inf, "5", None, [1]])
def test_what_is_no_distance_is_refused_by_its_value(radius: object):
    with pytest.raises(ValueError, match="the radius is no distance; give 0 or more metres") as e:
        near([(1, 2)], radius)  # type: ignore[arg-type]
    assert repr(radius) in str(e.value)


def test_before_its_own_first_row_nobody_is_near():
    assert near([(1, 2), (3, 4)], 50, number=7) == []


def test_one_that_has_died_is_near_until_it_is_removed():
    seen = Seen("swarm").with_rows([(1, 2), (3, 4)])
    seen.table.mark(1, State.FAILED)
    assert len(seen.agent(0).near(5)) == 1
    seen.table.clear(1)
    assert seen.agent(0).near(5) == []


@given(st.lists(PLACES, min_size=1, max_size=CAPACITY), st.floats(0, 150))
def test_they_are_those_that_a_plain_search_finds(places: list, radius: float):
    ways = [(hypot(x - places[0][0], y - places[0][1]), n) for n, (x, y) in enumerate(places) if n]
    wanted = sorted(pair for pair in ways if pair[0] <= radius)
    found = near(places, radius)
    assert [n.number for n in found] == [number for _, number in wanted]
    assert [n.distance for n in found] == pytest.approx([way for way, _ in wanted])
