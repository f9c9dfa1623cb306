"""The state that a program and its viewer share: the newest record, whole or not at all."""

import os
import threading

import pytest

from game.attach import state
from tests.conftest import until

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="needs memfd_create")


@pytest.fixture
def memory():
    """A file of memory."""
    descriptor = os.memfd_create("state")
    yield descriptor
    os.close(descriptor)


def test_the_newest_record_is_read_of_whatever_length(memory: int):
    assert state.read(memory) is None, "nothing yet"
    for told in ({"a": "x" * 1_000_000}, {"a": 1}, {}):
        state.write(memory, told)
        assert state.read(memory) == told
        assert state.read(memory) == told, "reading takes nothing away"


def test_one_that_is_half_written_is_none(memory: int):
    state.write(memory, {"a": 1})
    os.pwrite(memory, b"9", state.HEAD.size + 5)
    assert state.read(memory) is None
    state.write(memory, {"a": 1})
    os.ftruncate(memory, state.HEAD.size + 3)
    assert state.read(memory) is None
    os.pwrite(memory, b"\xff" * state.HEAD.size, 0)
    assert state.read(memory) is None, "a length that no file has"


def test_one_that_becomes_whole_meanwhile_is_read(memory: int, monkeypatch):
    state.write(memory, {"a": 1})
    os.pwrite(memory, b"9", state.HEAD.size + 5)
    monkeypatch.setattr(state.time, "sleep", lambda _: state.write(memory, {"a": 2}))
    assert state.read(memory) == {"a": 2}


def test_nothing_mixed_is_ever_read(memory: int):
    ended = threading.Event()

    def writes() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            state.write(memory, {"all": [number] * (number * 37 % 3000)})

    writer = threading.Thread(target=writes)
    writer.start()
    try:
        found: list[dict] = []

        def enough() -> bool:
            if told := state.read(memory):
                found.append(told)
            return len(found) >= 100

        until(enough, "records that are whole")
    finally:
        ended.set()
        writer.join()
    assert all(len(set(told["all"])) <= 1 for told in found)
