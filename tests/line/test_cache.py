"""What is kept: found again, made again where it is not whole, and never in the way."""

import os
import sys

import pytest

from game.line import cache
from game.line.cache import kept, key


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path


class Maker:
    """Makes columns, and counts how often."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> list[list[float]]:
        self.made += 1
        return [[1.5, -2.0, 1e-300], [3.0, 4.0, 5.0]]


def files(home) -> list[str]:
    return sorted(os.listdir(home / "array-arena" / "lines"))


def test_what_was_made_once_is_found_again(home):
    make = Maker()
    assert kept("a", 2, make) == kept("a", 2, make) == make()
    assert make.made == 2  # once for the file, once just now
    assert files(home) == ["a.columns"]


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 80])
def test_a_file_that_is_not_whole_is_made_again(home, damage: bytes):
    make = Maker()
    kept("a", 2, make)
    file = home / "array-arena" / "lines" / "a.columns"
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert kept("a", 2, make) == [[1.5, -2.0, 1e-300], [3.0, 4.0, 5.0]]
    assert (make.made, file.read_bytes()) == (2, whole)
    file.write_bytes(whole[:-8])
    kept("a", 2, make)
    file.write_bytes(whole[:40] + b"?" + whole[41:])
    kept("a", 2, make)
    assert make.made == 4


def test_a_folder_that_cannot_be_written_is_no_fault(home, monkeypatch):
    (home / "a-file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(home / "a-file"))
    make = Maker()
    assert kept("a", 2, make) == kept("a", 2, make)
    assert make.made == 2


def test_a_place_that_is_no_absolute_path_is_ignored(home, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(home))
    assert cache.folder() == str(home / ".cache" / "array-arena" / "lines")


def test_everything_that_counts_is_in_the_name(monkeypatch):
    names = {key([1.0], [2.0]), key([1.0, 2.0], []), key([1.0], [2.0000001]), key("1", [2.0])}
    assert len(names) == 4
    before = key([1.0])
    monkeypatch.setattr(cache, "VERSION", cache.VERSION + 1)
    assert key([1.0]) != before


def test_the_oldest_files_go(home, monkeypatch):
    monkeypatch.setattr(cache, "MOST", 3)
    for number in range(5):
        kept(str(number), 2, Maker())
        os.utime(home / "array-arena" / "lines" / f"{number}.columns", (number, number))
    kept("5", 2, Maker())
    assert files(home) == ["3.columns", "4.columns", "5.columns"]
