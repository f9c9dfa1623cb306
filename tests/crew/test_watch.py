"""The watch: pipes stand for the sentinels of processes."""

import os
import select
import time
from collections.abc import Iterator

import pytest

from game.crew.watch import SLICE, Watch


@pytest.fixture(params=["epoll", "elsewhere"])
def watch(request, monkeypatch) -> Watch:
    if request.param == "elsewhere":
        monkeypatch.delattr(select, "epoll", raising=False)
    elif not hasattr(select, "epoll"):
        pytest.skip("this system has no epoll")
    return Watch()


@pytest.fixture
def pipes() -> Iterator[list[tuple[int, int]]]:
    made = [os.pipe() for _ in range(SLICE + 5)]  # more than are asked at once
    yield made
    for ends in made:
        for end in ends:
            os.close(end)


def test_it_tells_who_has_ended_until_nobody_asks_any_more(watch: Watch, pipes):
    assert watch.ended() == []
    for slot, (sentinel, _) in enumerate(pipes):
        watch.add(slot, sentinel)
    assert watch.ended() == []
    for slot in (2, SLICE + 1):
        os.write(pipes[slot][1], b"x")
    assert sorted(watch.ended()) == sorted(watch.wait(10.0)) == [2, SLICE + 1]
    watch.discard(2)
    assert watch.ended() == [SLICE + 1]


def test_waiting_for_nobody_takes_its_time(watch: Watch):
    began = time.monotonic()
    assert watch.wait(0.05) == []
    assert time.monotonic() >= began + 0.05


def test_a_slot_is_watched_again_with_another_sentinel(watch: Watch, pipes):
    (first, _), (second, ends) = pipes[:2]
    watch.add(7, first)
    watch.discard(7)
    watch.add(7, second)
    os.write(ends, b"x")
    assert watch.ended() == [7]
