"""The last seconds in memory: a ring that keeps what it can, and says so."""

import numpy as np
import pytest

from game.recording.memory import Memory
from game.recording.tape import Gone, Mark, Playing
from tests.recording.made import record
from tests.recording.test_file import same
from tests.scenes.moving import run


def test_every_frame_comes_back():
    memory, frames = Memory(30, 10_000_000), run("swarm", 8)
    record(frames, [memory])
    assert (memory.first, memory.last) == (0, len(frames) - 1)
    came = [update.frame for update in Playing(memory).through(0, memory.last)]
    assert all(same(a, b) for a, b in zip(frames, came, strict=True))
    assert memory.words.startswith("the last 3 s are kept")


def test_what_is_older_goes_and_the_first_is_a_whole_one():
    memory, frames = Memory(1.0, 10_000_000), run("swarm", 8)
    record(frames, [memory])
    assert memory.first == 48
    came = [update.frame for update in Playing(memory).through(memory.first, memory.last)]
    assert all(same(a, b) for a, b in zip(frames[48:], came, strict=True))
    assert memory.message(3) is None
    assert [mark.words for mark in memory.marks] == ["lap 65"]
    with pytest.raises(Gone):
        list(Playing(memory).through(3, 4))


@pytest.mark.parametrize("room", [40_000, 60_001])
def test_a_ring_that_has_gone_around_holds_the_newest(room: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.recording.memory.LARGEST", 1 / 4)
    memory, frames = Memory(30, room), run("swarm", 8)
    record(frames, [memory])
    assert 0 < memory.first <= memory.last == len(frames) - 1
    came = [update.frame for update in Playing(memory).through(memory.first, memory.last)]
    assert all(same(a, b) for a, b in zip(frames[memory.first :], came, strict=True))


def test_no_two_messages_overlap(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("game.recording.memory.LARGEST", 1 / 4)
    memory, random = Memory(1000, 10_000), np.random.default_rng(1)
    sent: dict[int, bytes] = {}
    for number in range(500):
        sent[number] = bytes([number % 251]) * int(random.integers(1, 1200))
        half = len(sent[number]) // 2
        parts = [sent[number][:half], b"", memoryview(sent[number])[half:]]
        memory.write(number / 10, parts, number % 5 == 0, None)
        for kept in range(number + 1):
            found = memory.message(kept)
            assert found is None or found == sent[kept]
        assert memory.message(number) is not None


def test_a_frame_that_is_too_large_is_told_of():
    memory = Memory(30, 10_000)
    memory.write(0.0, [b"x" * 500], True, None)
    assert memory.last < memory.first
    assert "--keep-memory" in memory.words


def test_checkpoints_and_marks_go_with_what_they_are_of():
    memory = Memory(10.0, 1_000_000)
    for number in range(100):
        memory.note(Mark(float(number), "lap", str(number)))
        memory.write(float(number), [b"x" * 100], number % 4 == 0, {"n": number})
    assert memory.checkpoint(50) is None
    assert memory.checkpoint(95) == (95, {"n": 95})
    assert [mark.words for mark in memory.marks] == [str(number) for number in range(89, 100)]
    assert memory.at(-5.0) == memory.first
    assert memory.at(95.5) == 95
