"""A mover's log: all that it prints, in a file of its own; and what asks for a terminal."""

import errno
import multiprocessing
import os
import sys
from pathlib import Path

import pytest

from game.child import log, terminal
from game.child.log import Log
from game.child.printed import Printed
from game.shared.table import Slice, Table
from tests.made import options_of


@pytest.fixture
def table() -> Table:
    made = Table(multiprocessing.get_context("spawn"), {"x": "m"}, 1)
    made.open(0, 1)
    return made


def test_all_of_it_is_kept_and_the_last_words_behind(table: Table, tmp_path: Path):
    kept = Log(str(tmp_path), 7, 1)
    printed = Printed(Slice(table, 0), kept)
    for number in range(2000):
        print("line", number, file=printed)
    printed.conclude("ValueError: no", "Traceback ...\nValueError: no\n")
    lines = Path(kept.path).read_text().splitlines()
    assert lines == [*(f"line {n}" for n in range(2000)), "Traceback ...", "ValueError: no"]
    assert os.listdir(tmp_path) == [f"agent-0007-run-2-pid-{os.getpid()}.log"]


def test_a_disk_that_is_full_is_told_once(table: Table, tmp_path: Path, monkeypatch):
    kept = Log(str(tmp_path), 0, 0)
    printed = Printed(Slice(table, 0), kept)
    print("before", file=printed)

    def full(file: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    print("one", file=printed)
    print("two", file=printed)
    assert table.notices() == [1]
    assert table.notice(0) == f"{kept.path}: No space left on device: no more is kept"
    assert table.printed(0) == "before\none\ntwo\n"


def test_a_log_that_is_full_says_so_at_its_end(table: Table, tmp_path: Path, monkeypatch):
    monkeypatch.setattr(log, "MOST", 100)
    kept = Log(str(tmp_path), 0, 0)
    for _ in range(30):
        kept.write("0123456789")
    text = Path(kept.path).read_text()
    assert text == "0123456789" * 10 + "\nmore was printed than is kept here\n"
    assert kept.why.endswith("no more is kept")


def test_its_folder_is_made_or_refused(tmp_path: Path):
    folder = tmp_path / "a" / "b"
    assert options_of("swarm", "--log", str(folder)).job.log == str(folder)
    assert folder.is_dir()
    assert list(folder.iterdir()) == []
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(ValueError, match=r"^--log: .*file.*; give a folder of yours$"):
        options_of("swarm", "--log", str(file))


def test_what_asks_for_a_terminal_is_told_how_to_get_it(monkeypatch):
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    monkeypatch.setattr(sys, "breakpointhook", sys.breakpointhook)
    monkeypatch.delenv("PYTHONBREAKPOINT", raising=False)
    terminal.without_terminal()
    for asks in (breakpoint, input, sys.stdin.read):
        with pytest.raises((RuntimeError, EOFError), match="add --debug"):
            asks()


def test_a_debugger_of_ones_own_is_left_alone(monkeypatch):
    monkeypatch.setattr(sys, "stdin", sys.stdin)
    monkeypatch.setattr(sys, "breakpointhook", hook := object())
    monkeypatch.setenv("PYTHONBREAKPOINT", "mine.stop")
    terminal.without_terminal()
    assert sys.breakpointhook is hook
