"""Loading a behaviour: its neighbours are found, and nothing of it shadows anybody's modules."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from game.child.behaviour import is_standard, load, look_into

MINE = "class Mover:\n    def __init__(self, agent): pass\n    def step(self, dt): return 1, 2\n"
BAIT = "raise ImportError('the neighbour was imported')\n"


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = set(sys.modules)
    monkeypatch.setattr(sys, "path", list(sys.path))
    yield
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("name", ["random", "this", "json", "os", "dataclasses", "__main__"])
def test_a_file_called_as_a_module_of_everybody_shadows_none(tmp_path: Path, name: str):
    had = sys.modules.get(name)
    (tmp_path / f"{name}.py").write_text(
        "import random, dataclasses\n"
        "@dataclasses.dataclass\nclass Place:\n    x: 'float' = random.random()\n" + MINE
    )
    module = load("", str(tmp_path / f"{name}.py"))
    assert module.__name__ == f"mover_{name}"
    assert sys.modules[module.__name__] is module
    assert sys.modules.get(name) is had


def test_a_neighbour_called_as_one_of_the_standard_librarys_shadows_none(tmp_path: Path):
    (tmp_path / "colorsys.py").write_text(BAIT)
    (tmp_path / "helper.py").write_text("import colorsys\nRED = colorsys.rgb_to_hsv(1, 0, 0)\n")
    (tmp_path / "mine.py").write_text("from helper import RED\n" + MINE)
    sys.modules.pop("colorsys", None)
    assert load("", str(tmp_path / "mine.py")).RED == (0.0, 1.0, 1.0)


def test_nor_does_it_in_an_interpreter_that_the_mover_starts_with_its_path(tmp_path: Path):
    (tmp_path / "random.py").write_text(BAIT)
    look_into(str(tmp_path))
    code = f"import sys; sys.path[:] = {sys.path!r}; import random; print(random.__file__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert is_standard(os.path.dirname(done.stdout.strip()))


def test_neighbours_are_found_before_what_is_installed_or_lies_in_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    here, folder = tmp_path / "here", tmp_path / "movers"
    for place in (here, folder):
        place.mkdir()
        (place / "helper.py").write_text(f"PLACE = {place.name!r}\n")
    (folder / "mine.py").write_text("import helper\n" + MINE)
    monkeypatch.chdir(here)
    sys.path[:0] = ["", str(here)]
    for _ in range(2):
        module = load("", str(folder / "mine.py"))
        assert module.helper.PLACE == "movers"
        assert (module.__name__, sys.path.count(str(folder))) == ("mine", 1)


def test_the_places_of_the_standard_library_are_known():
    standard = [place for place in sys.path if is_standard(place)]
    assert os.path.dirname(os.__file__) in standard
    assert not any(place.endswith("-packages") for place in standard)
    dynamic = [place for place in sys.path if place.endswith("lib-dynload")]
    assert set(dynamic) <= set(standard)
