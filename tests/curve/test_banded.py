"""Equations of points in a ring: the same solutions as a full matrix has."""

import random

import numpy as np
import pytest

from game.curve.banded import interleaved, solve


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("count", [8, 9, 24, 101])
def test_a_ring_is_solved_as_a_full_matrix_is(width: int, count: int):
    chance = random.Random(count * width)
    bands = [[chance.uniform(-1, 1) for _ in range(count)] for _ in range(width + 1)]
    bands[0] = [2.5 * width + value for value in bands[0]]
    matrix = np.zeros((count, count))
    for k, band in enumerate(bands):
        for i, value in enumerate(band):
            matrix[i, (i + k) % count] = matrix[(i + k) % count, i] = value
    sides = [[chance.uniform(-1, 1) for _ in range(count)] for _ in range(2)]
    for side, found in zip(sides, solve(bands, *sides), strict=True):
        assert found == pytest.approx(np.linalg.solve(matrix, side))


def test_neighbours_in_the_ring_are_near_in_the_order():
    order = interleaved(11)
    assert sorted(order) == list(range(11))
    place = {point: at for at, point in enumerate(order)}
    assert max(abs(place[i] - place[(i + 1) % 11]) for i in range(11)) == 2
