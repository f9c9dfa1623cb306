"""Rows of behaviours that state further fields, or fewer than others of the run do."""

from typing import Any

import numpy as np
import pytest

from game.child.further import Shape, crowd_of, rows_of, scenes_own, shape_of
from game.child.job import Behaviour, Job

FIELDS = {"x": "m", "y": "m", "heading": "rad", "fuel": "kg"}
MINE, YOURS, PLAIN = (
    Behaviour("a", ("heading",)),
    Behaviour("b", ("fuel", "heading")),
    Behaviour("c"),
)
JOB = Job("swarm", FIELDS, (MINE, YOURS, PLAIN), 1, 1.0, 0)


@pytest.mark.parametrize(
    ("behaviour", "row", "stands"),
    [
        (MINE, (1, 2), [1, 2, 0, 0]),
        (MINE, [1, 2, 3], [1, 2, 3, 0]),
        (YOURS, (1, 2, 4, 3), [1, 2, 3, 4]),
        (YOURS, np.array([1.0, 2.0, 4.0, 3.0]), [1, 2, 3, 4]),
        (YOURS, (1, 2), [1, 2, 0, 0]),
        (PLAIN, (1, 2), [1, 2, 0, 0]),
    ],
)
def test_a_row_stands_where_its_fields_do(behaviour: Behaviour, row: Any, stands: list[float]):
    shape = shape_of(JOB, behaviour)
    assert rows_of([row, row], shape).tolist() == 2 * stands
    found = crowd_of(np.array([row, row], float), 2, shape)
    assert found.tolist() == 2 * stands
    assert scenes_own(found, shape).tolist() == [1, 2, 1, 2]


@pytest.mark.parametrize(
    ("behaviour", "row", "words"),
    [
        (MINE, (1, 2, 3, 4), r"wanted 3 values: x \[m\], y \[m\], heading \[rad\]"),
        (MINE, (1,), "wanted 3 values"),
        (PLAIN, (1, 2, 3), r"wanted 2 values: x \[m\], y \[m\]"),
        (YOURS, "1234", "returned str"),
        (YOURS, None, "returned None"),
    ],
)
def test_another_number_of_values_is_refused(behaviour: Behaviour, row: Any, words: str):
    with pytest.raises(ValueError, match=words):
        rows_of([row], shape_of(JOB, behaviour))
    with pytest.raises(ValueError, match=r"Crowd.step\(\)"):
        crowd_of(row if isinstance(row, str) else np.array([row]), 1, shape_of(JOB, behaviour))


def test_nothing_is_copied_where_nothing_is_missing():
    shape = Shape(FIELDS, 2, (2, 3))
    values = np.arange(8.0)
    found = crowd_of(values, 2, shape)
    values[0] = 9.0
    assert found[0] == 9.0
    assert rows_of([(1, 2, 3, 4)], shape).tolist() == [1, 2, 3, 4]
    own = Shape({"x": "m", "y": "m"}, 2, ())
    assert scenes_own(memoryview(values), own).obj is values
