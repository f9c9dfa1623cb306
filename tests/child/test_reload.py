"""A behaviour that is loaded anew while it drives, in this process: nothing is forked."""

import multiprocessing
import os
import py_compile
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from game.child.behaviour import load
from game.child.reload import ANEW, KEPT, TOOK, Reloading, forget
from game.shared.table import NOTICE, Slice, Table

FIRST = """
from gain import Gain
class Mover:
    def __init__(self, told): self.x, self.gain = told, Gain()
    def step(self, dt):
        self.x += dt
        return self.x, self.gain.get()
class Crowd(Mover): pass
"""
GAIN = "class Gain:\n    def get(self): return 1\n"


class Files:
    """A mover's folder, and what drives by it."""

    def __init__(self, folder: Path) -> None:
        self.path, self.gain = folder / "mine.py", folder / "gain.py"
        self.path.write_text(FIRST)
        self.gain.write_text(GAIN)
        self.table = Table(multiprocessing.get_context("spawn"), {"x": "m", "y": "m"}, 1)
        self.table.open(0, 1)
        self.part = Slice(self.table, 0)
        self.behaviour = self.begin()
        self.mover = self.behaviour.Mover(5)

    def begin(self) -> Reloading:
        path = str(self.path)
        return Reloading(self.table, self.part, path, lambda: load("", path))

    def save(self, text: str) -> None:
        """Save the mover as another text, and have it loaded."""
        self.path.write_text(text)
        self.table.ask_to_reload()

    @property
    def said(self) -> str:
        return self.table.notice(0)


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    before = list(sys.path)
    yield Files(tmp_path)
    sys.path[:] = before
    forget(str(tmp_path) + os.sep)


def test_it_drives_on_where_it_stood(files: Files):
    assert files.mover.step(1) == (6, 1)
    files.save(FIRST.replace("+= dt", "-= dt"))
    assert files.mover.step(1) == (5, 1)
    assert files.said == TOOK
    assert files.mover.step(1) == (4, 1)
    assert files.table.row(0)[NOTICE] == 1


def test_nothing_is_loaded_that_the_window_has_not_told_of(files: Files):
    files.path.write_text(FIRST.replace("+= dt", "-= dt"))
    assert files.mover.step(1) == (6, 1)
    assert files.said == ""


def test_a_module_beside_it_counts_and_what_was_made_of_its_classes(files: Files, monkeypatch):
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    files.gain.write_text(GAIN)
    os.utime(files.gain, (1000, 1000))
    files.table.ask_to_reload()
    files.mover.step(1)
    py_compile.compile(str(files.gain))
    files.gain.write_text(GAIN.replace("1", "2"))  # as long, and in the same second
    os.utime(files.gain, (1000, 1000))
    files.table.ask_to_reload()
    assert files.mover.step(1) == (7, 2)


def test_a_crowd_takes_its_new_class_as_well(files: Files):
    crowd = files.behaviour.Crowd(7)
    files.save(FIRST.replace("+= dt", "-= dt"))
    assert crowd.step(1) == (6, 1)
    assert files.mover.step(1) == (4, 1)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (FIRST + "x = (\n", "mine.py:9: SyntaxError: '(' was never closed"),
        (FIRST + "1 / 0\n", "mine.py:9: ZeroDivisionError: division by zero"),
        (FIRST + "raise SystemExit('no')\n", "mine.py:9: left: no"),
        ("x = 1\n", "has no class Mover"),
        ("import nowhere\n" + FIRST, "mine.py:1: ModuleNotFoundError"),
        (FIRST + 'FIELDS = {"q": "m"}\n', "FIELDS has changed: that counts from the next start on"),
        (FIRST + 'SCENE = "race"\n', "SCENE has changed"),
    ],
)
def test_code_that_cannot_be_loaded_changes_nothing(files: Files, text: str, words: str):
    files.gain.write_text(GAIN.replace("1", "2"))
    files.save(text)
    assert files.mover.step(1) == (6, 1)
    assert files.said.startswith(f"{KEPT}: ")
    assert words in files.said
    files.save(FIRST)
    assert files.mover.step(1) == (7, 2)
    assert files.said == TOOK


def test_what_cannot_take_its_new_class_is_made_anew(files: Files):
    files.mover.step(1)
    files.save(FIRST.replace("class Mover:", "class Mover:\n    __slots__ = ('x', 'gain')"))
    assert files.mover.step(1) == (6, 1)
    assert files.said.startswith(f"{ANEW}: ")


def test_what_lacks_what_the_new_code_asks_for_is_made_anew(files: Files):
    files.mover.step(1)
    lacking = FIRST.replace("Gain()\n", "Gain(); self.k = 2\n").replace("+= dt", "+= self.k")
    files.save(lacking)
    assert files.mover.step(1) == (7, 1)
    assert files.said == f"{ANEW}: it had no k"
    files.save(lacking.replace("+= self.k", "+= self.z"))
    for _ in range(2):
        with pytest.raises(AttributeError):  # its own mistake: not made anew again and again
            files.mover.step(1)
    assert files.table.row(0)[NOTICE] == 4


def test_one_that_cannot_be_made_anew_drives_on(files: Files):
    files.save(FIRST.replace("class Mover:", "class Mover:\n    __slots__ = ('y',)"))
    assert files.mover.step(1) == (6, 1)
    assert files.said.startswith(f"{KEPT}: mine.py:5: AttributeError")


def test_one_that_is_started_later_gets_the_new_code(files: Files):
    files.gain.write_text(GAIN.replace("1", "2"))  # what the nursery has loaded is another
    files.table.ask_to_reload()
    assert files.begin().Mover(1).step(1) == (2, 2)


def test_the_notice_is_no_cause_of_death(files: Files):
    files.part.leave_note("", "printed\n")
    files.part.tell("took it")
    assert files.table.note(0) == ("", "took it\nprinted\n")
    assert files.table.printed(0) == "printed\n"
    files.part.leave_note("", "more\n")
    assert files.table.notice(0) == "took it"
    files.part.leave_note("ValueError: x", "more\n")
    assert files.table.note(0) == ("ValueError: x", "more\n")
    assert files.table.printed(0) == ""
    assert files.table.notice(0) == ""
    files.part.tell("once more")
    files.table.clear(0)
    assert (files.table.notice(0), files.table.notices()) == ("", [0])


def test_packages_that_are_installed_beside_it_stay(tmp_path: Path, monkeypatch):
    place = tmp_path / ".venv" / "lib" / "site-packages" / "heavy.py"
    for name, file in (("heavy", place), ("light", tmp_path / "light.py")):
        module = type(sys)(name)
        module.__file__ = str(file)
        monkeypatch.setitem(sys.modules, name, module)
    assert list(forget(str(tmp_path) + os.sep)) == ["light"]
    assert "heavy" in sys.modules
