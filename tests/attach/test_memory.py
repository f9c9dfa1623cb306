"""Memory, opened for reading alone."""

import os
from pathlib import Path

import pytest

from game.attach import AttachError
from game.attach.memory import Memory, open_path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "memory"
    made.write_bytes(bytes(range(100)))
    return made


def test_it_is_read_from_any_place(path: Path):
    memory = open_path(str(path))
    into = bytearray(4)
    assert memory.read(into, 50) == 4
    assert bytes(into) == bytes((50, 51, 52, 53))
    assert memory.read(into, 98) == 2, "there is no more"
    assert memory.size == 100
    memory.close()


def test_two_who_read_through_the_same_open_file_do_not_disturb_each_other(path: Path):
    memory = open_path(str(path))
    other = Memory(os.dup(memory.descriptor))  # as it arrives in another process
    into = bytearray(4)
    memory.read(into, 50)
    assert os.lseek(other.descriptor, 0, os.SEEK_CUR) == 0
    os.lseek(other.descriptor, 7, os.SEEK_SET)
    memory.read(into, 20)
    assert bytes(into) == bytes((20, 21, 22, 23))
    assert os.lseek(other.descriptor, 0, os.SEEK_CUR) == 7
    memory.close()
    other.close()


def test_it_grows_and_shrinks_with_its_owner(path: Path):
    memory = open_path(str(path))
    path.write_bytes(b"short")
    into = bytearray(10)
    assert (memory.size, memory.read(into, 0)) == (5, 5)
    memory.close()


def test_what_is_not_there_is_told_in_a_line(tmp_path: Path):
    with pytest.raises(AttachError, match="cannot be read: No such file"):
        open_path(str(tmp_path / "nothing"))
