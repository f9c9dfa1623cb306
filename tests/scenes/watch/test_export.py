"""Saving an array: what is read back is what was there."""

import csv
import io

import numpy as np
import pytest

from game.scenes.watch.export import ENDINGS, save
from game.scenes.watch.looks import Look
from tests.scenes.watch.test_elements import ARRAYS


def saved(look: Look, ending: str) -> io.BytesIO:
    file = io.BytesIO()
    save(file, look, ending)
    file.seek(0)
    return file


@pytest.mark.parametrize("name", ARRAYS)
def test_an_npy_gives_the_array_back(name: str):
    data = ARRAYS[name]
    found = np.load(saved(Look("a", data, 1, 0.0), ".npy"))
    assert (found.dtype, found.shape) == (data.dtype, data.shape)
    assert (found == data).all()


def test_a_csv_has_a_line_for_each_row_with_all_digits():
    data = np.random.default_rng(1).normal(size=(25_000, 2))
    file = saved(Look("a", data, 1, 0.0, columns=("x", 'the "y", in m')), ".csv")
    rows = list(csv.reader(io.TextIOWrapper(file)))
    assert rows[0] == ["x", 'the "y", in m']
    assert np.array_equal(np.array(rows[1:], float), data)


def test_a_csv_of_records_has_their_fields_as_columns():
    lines = saved(Look("a", ARRAYS["records"], 1, 0.0), ".csv").read().decode().splitlines()
    assert lines[0] == "id,place[0],place[1],on"
    assert lines[2] == "1,0.5,-1.0,True"


def test_another_ending_is_refused():
    with pytest.raises(ValueError, match=r"'\.txt': an array is saved as \.npy or \.csv"):
        save(io.BytesIO(), Look("a", np.zeros(1), 1, 0.0), ".txt")
    assert ENDINGS == (".npy", ".csv")
