"""A program that is killed while it records leaves a recording up to its last second."""

import multiprocessing
import multiprocessing.forkserver
import random
from collections.abc import Iterator
from ctypes import c_double
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.recording import RecordingError
from game.recording.file import CHUNK, Writer
from game.recording.reading import FileTape
from game.recording.recorder import Recorder
from game.recording.tape import Playing
from game.recording.update import Taken
from tests.conftest import until
from tests.scenes.moving import run

KILLS = 200
LOOKED_AT = 30  # frames, the last ones
FPS = 20.0  # [Hz] of the frames, which come as fast as they can


def record_for_ever(path: str, written: Any) -> None:
    """Record, and say up to which moment [s] everything has been handed to the system."""
    frames = run("swarm", 8)
    made = Writer(path, {"version": 1, "scene": "swarm"}, 0.0)
    recorder = Recorder(lambda *told: None)
    recorder.add(made)
    for number in range(1_000_000):
        frame = frames[number % len(frames)].next(now=number / FPS)
        recorder.take(Taken(frame, {"n": number}, {}, {} if number % 20 == 0 else None))
        recorder.wait()
        written.value = frame.now


@pytest.fixture
def forkserver() -> Iterator[Any]:
    """Processes that start at once; what starts them ends with the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    yield context
    multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.mark.slow
def test_two_hundred_kills(tmp_path: Path, forkserver: Any):
    choose, frames = random.Random(7), run("swarm", 8)
    path, cut = tmp_path / "killed.mcap", 0
    for number in range(KILLS):
        written = forkserver.RawValue(c_double, -1.0)
        process = forkserver.Process(target=record_for_ever, args=(str(path), written))
        process.start()
        moment = choose.uniform(0.0, 6.0)
        until(lambda written=written, moment=moment: written.value >= moment)  # type: ignore[misc]
        process.kill()
        process.join()
        last = written.value
        try:
            tape = FileTape(str(path))
        except RecordingError as error:
            pytest.fail(f"kill {number}, at {last} s: {error}")
        try:
            assert tape.length >= last - CHUNK - 2 / FPS
            cut += tape.cut
            first = max(0, tape.last - LOOKED_AT)
            for place, update in enumerate(Playing(tape).through(first, tape.last), first):
                assert update.own["n"] == place
                wanted = frames[place % len(frames)].values
                assert np.array_equal(update.frame.values, wanted, equal_nan=True)
        finally:
            tape.close()
    assert cut == KILLS
