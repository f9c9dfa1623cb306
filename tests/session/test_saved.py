"""Files that are saved, in whatever steps an editor takes; what movers say of it, in words."""

import multiprocessing
import os
from pathlib import Path

import pytest

from game.crew.member import Member
from game.session.first_lines import LINES, MOVERS, FirstLines
from game.session.saved import EVERY, Notices, Saved, neighbours
from game.shared.table import Slice, Table


class Watched:
    """A mover's file, and looks at it on a clock of ours."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "mine.py"
        self.path.write_text("import near\n")
        (folder / "near.py").write_text("from pack import part\n")
        (folder / "pack").mkdir()
        (folder / "pack" / "__init__.py").write_text("")
        (folder / "pack" / "part.py").write_text("x = 1\n")
        (folder / "other.py").write_text("x = 1\n")
        self.told, self.now = 0, 1.0
        self.saved = Saved([str(self.path)], self.tell)

    def tell(self) -> None:
        self.told += 1

    def look(self, times: int = 4) -> str:
        """Look some times; returns what was told last."""
        found = ""
        for _ in range(times):
            self.now += 1.1 * EVERY
            found = self.saved.look(self.now) or found
        return found


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_file_that_is_saved_is_told_of_once(watched: Watched):
    assert watched.look() == ""
    watched.path.write_text("import near, json\n")
    assert watched.look() == "mine.py"
    assert watched.look() == ""
    assert watched.told == 1


@pytest.mark.parametrize("name", ["near.py", "pack/part.py"])
def test_what_it_imports_from_beside_it_counts(watched: Watched, name: str):
    (watched.path.parent / name).write_text("x = 2\n")
    assert watched.look() == os.path.basename(name)


@pytest.mark.parametrize("name", ["other.py", "pack/data.txt"])
def test_other_files_do_not(watched: Watched, name: str):
    (watched.path.parent / name).write_text("x = 2\n")
    assert watched.look() == ""


def test_a_file_that_is_emptied_first_counts_when_it_is_written(watched: Watched):
    watched.path.write_text("")
    assert watched.look() == ""
    watched.path.write_text("import near, os\n")
    assert watched.look() == "mine.py"
    assert watched.told == 1


def test_another_file_that_takes_its_name_counts(watched: Watched):
    beside = watched.path.with_suffix(".tmp")
    watched.path.unlink()
    assert watched.look() == ""
    beside.write_text("import near, os\n")
    beside.rename(watched.path)
    assert watched.look() == "mine.py"


def test_rights_and_dates_are_no_change(watched: Watched):
    watched.path.chmod(0o700)
    os.utime(watched.path, (1, 1))
    assert watched.look() == ""
    assert watched.told == 0


def test_a_file_that_does_not_rest_is_waited_for(watched: Watched):
    for number in range(5):
        watched.path.write_text(f"import near\nx = {'1' * number}\n")
        assert watched.look(1) == ""
    assert watched.look() == "mine.py"
    assert watched.told == 1


def test_one_that_cannot_be_read_now_keeps_its_neighbours(watched: Watched):
    watched.path.write_text("import near\nx = (\n")
    assert watched.look() == "mine.py"
    (watched.path.parent / "near.py").write_text("x = 3\n")
    assert watched.look() == "near.py"


def test_neighbours_that_import_each_other_are_found_once(watched: Watched):
    folder = watched.path.parent
    (folder / "near.py").write_text("import mine, pack\n")
    names = [os.path.relpath(path, folder) for path in neighbours([str(watched.path)])]
    assert sorted(names) == ["mine.py", "near.py", "pack/__init__.py", "pack/part.py"]


def cast(many: int) -> tuple[Table, dict[int, Member], list[Slice]]:
    table = Table(multiprocessing.get_context("spawn"), {"x": "m"}, many)
    for slot in range(many):
        table.open(slot, 1)
    members = {n: Member(n, f"Robot {n}", 1, lambda *signal: None) for n in range(many)}
    return table, members, [Slice(table, slot) for slot in range(many)]


def test_movers_that_say_the_same_are_told_of_together():
    table, members, parts = cast(8)
    notices = Notices(table)
    for part in parts[:7]:
        part.tell("took the new code")
    assert notices.look(1.0, members) == []  # one of them may still come
    (news,) = notices.look(1.6, members)
    assert news.words.startswith("Robot 0, Robot 1, ")
    assert news.words.endswith(" and 2 more: took the new code")
    for part in parts:
        part.tell("kept the old code: mine.py:3: SyntaxError: no")
    (news,) = notices.look(2.0, members)
    assert news.words == "all 8 movers: kept the old code: mine.py:3: SyntaxError: no"
    assert news.alarm
    assert notices.refused.startswith("kept the old code: mine.py:3")
    for part in parts:
        part.tell("took the new code")
    notices.look(3.0, members)
    assert notices.refused == ""
    assert notices.look(9.0, members) == []


def test_the_first_lines_of_each_mover_are_told_once():
    table, members, parts = cast(2)
    first = FirstLines(table)
    assert list(first.look(1.0, members)) == []
    parts[0].leave_note("", "one\ntw")
    assert list(first.look(2.0, members)) == ["Robot 0 prints: one"]
    parts[0].leave_note("", "one\ntwo\nthree\nfour\nfive\n")
    told = list(first.look(3.0, members))
    assert told[:-1] == ["Robot 0 prints: two", "Robot 0 prints: three"]
    assert told[-1].startswith(f"Robot 0 prints: … (the first {LINES} lines;")
    parts[0].leave_note("", "four\nfive\nsix\nseven\neight\n")
    assert list(first.look(4.0, members)) == []


def test_of_very_many_movers_that_print_a_few_are_told_of():
    table, members, parts = cast(MOVERS + 5)
    for part in parts:
        part.leave_note("", "here\n")
    told = list(FirstLines(table).look(1.0, members))
    assert len(told) == MOVERS + 1
    assert told[-1].startswith(f"more than {MOVERS} movers print")
