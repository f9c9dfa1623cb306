"""What a behaviour states of itself: further fields."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import stated
from tests.made import options_of

OWN = {"speed": "km/h", "distance": "m"}
MOVER = "class Mover:\n    def step(self, dt): return 1, 2\n"


def written(folder: Path, text: str, name: str = "mine.py") -> str:
    path = folder / name
    path.write_text(text + "\n" + MOVER)
    return str(path)


def test_further_fields_are_read_without_running_the_file(tmp_path: Path):
    text = 'raise SystemExit\nFIELDS: dict[str, str] = {"offset": "m", "grip": ""}'
    assert stated.fields(written(tmp_path, text), "race", OWN) == {"offset": "m", "grip": ""}
    assert stated.fields(written(tmp_path, ""), "race", OWN) == {}


def test_a_name_that_the_scene_has_is_the_scenes(tmp_path: Path):
    path = written(tmp_path, 'FIELDS = {"fuel": "kg", "speed": "km/h", "offset": "m"}')
    assert stated.fields(path, "race", OWN) == {"fuel": "kg", "offset": "m"}
    job = options_of("race", "--mover", path).job
    assert list(job.fields.items())[2:] == [("fuel", "kg"), ("offset", "m")]
    assert job.behaviours[0].fields == ("fuel", "offset")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "FIELDS = dict(offset='m')",
            ["mine.py:1: dict(offset='m') is no plain value", "state it"],
        ),
        ("\nFIELDS = ['offset']", ["mine.py:2: FIELDS is ['offset']; state it as FIELDS = {"]),
        ("FIELDS = {'offset': 1}", ["mine.py:1: FIELDS has 'offset': 1; state it"]),
        ("FIELDS = {1: 'm'}", ["FIELDS has 1: 'm'"]),
        ("FIELDS = {'': 'm'}", ["FIELDS has '': 'm'"]),
        ("FIELDS = {'a\\nb': 'm'}", ["FIELDS has 'a\\nb': 'm'"]),
        ("FIELDS = {**OTHER}", ["is no plain value"]),
        ("FIELDS = {'speed': 'm/s'}", ["FIELDS has speed in 'm/s'; it is race's own, in 'km/h'"]),
    ],
)
def test_bad_fields_get_one_clear_line(tmp_path: Path, text: str, words: list[str]):
    with pytest.raises(ValueError, match="--mover: ") as refused:
        options_of("race", "--mover", written(tmp_path, text))
    assert "\n" not in str(refused.value)
    for word in words:
        assert word in str(refused.value)


def test_who_writes_the_memory_itself_has_no_further_fields(tmp_path: Path):
    text = 'FIELDS = {"offset": "m"}\ndef drive(table, part, pace, job): pass'
    with pytest.raises(ValueError, match="road has no further FIELDS; leave them out"):
        options_of("road", "--mover", written(tmp_path, text))


def test_two_units_of_one_name_are_refused():
    both = {"a.py": {"fuel": "kg", "grip": ""}, "b.py": {"grip": "", "wear": "mm"}}
    assert list(stated.union(both)) == ["fuel", "grip", "wear"], "in order of first mention"
    with pytest.raises(ValueError, match=r"b.py: FIELDS has fuel in 'l', and a.py .* in 'kg'"):
        stated.union({**both, "b.py": {"fuel": "l"}})


@given(st.text())
def test_any_text_is_fields_or_refused_in_one_line(text: str):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), f"FIELDS = {text!r}")
        with pytest.raises(ValueError, match="FIELDS is") as refused:
            stated.fields(path, "race", OWN)
        assert "\n" not in str(refused.value)
