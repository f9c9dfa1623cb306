"""The twelve examples of assets/examples: what each is to show, it shows."""

from pathlib import Path

import pytest

from game import assets, stated
from game.check import findings

FOLDER = Path(assets.path("examples", "circle.py")).parent
EVERY = sorted(path.stem for path in FOLDER.glob("*.py"))
AMISS = {"crash", "typo"}  # on purpose


def scene_of(name: str) -> str:
    return next(s for s in ("race", "swarm") if f'SCENE = "{s}"' in source(name))


def source(name: str) -> str:
    return (FOLDER / f"{name}.py").read_text()


def test_there_are_twelve_each_with_a_number_of_its_own():
    numbers = [int(source(name).removeprefix('"""').partition(".")[0]) for name in EVERY]
    assert sorted(numbers) == list(range(1, 13))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EVERY if name not in AMISS])
def test_it_keeps_its_promises(name: str):
    assert findings(FOLDER / f"{name}.py", scene_of(name)) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("crash", "share = 1 / self.left", "ZeroDivisionError"),
        ("typo", "return self.place", "returned"),
    ],
)
def test_what_is_amiss_is_found_on_its_line(name: str, line: str, words: str):
    found = findings(FOLDER / f"{name}.py", "swarm")
    where = [row for row, text in enumerate(source(name).splitlines(), 1) if line in text]
    assert any(one.line in where and words in one.what for one in found), found


def test_what_they_state_can_be_read_without_running_them():
    for name in EVERY:
        assert stated.fields(str(FOLDER / f"{name}.py"), scene_of(name), {}) in (
            {},
            {"offset": "m"},
        )
