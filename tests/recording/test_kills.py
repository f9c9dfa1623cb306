"""A program that is killed while it records leaves a recording up to its last second, and so does
one whose writer process is killed."""

import multiprocessing
import multiprocessing.forkserver
import os
import random
import signal
from collections.abc import Iterator
from ctypes import c_double, c_int
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from game.recording import RecordingError
from game.recording.file import CHUNK, Writer, open_alone
from game.recording.piped import Piped
from game.recording.reading import FileTape
from game.recording.recorder import Recorder
from game.recording.tape import Playing
from game.recording.update import Taken
from tests.conftest import until
from tests.scenes.moving import run

PARTS, KILLS = 4, 50  # 200 kills: parts that can be run side by side, and of each
LOOKED_AT = 30  # frames, the last ones
FPS = 20.0  # [Hz] of the frames, which come as fast as they can


def record_for_ever(path: str, written: Any, good: Any, process: Any) -> None:
    """Record, and say up to which moment [s] everything has been handed to the system, up to which
    the file is said to be good, and which process writes it; until that has ended."""
    frames = run("swarm", 8)
    made = Writer(path, {"version": 1, "scene": "swarm"}, 0.0)
    assert isinstance(made._into, Piped)
    process.value = made._into._process.pid
    recorder = Recorder(lambda *told: None)
    recorder.add(made)
    for number in range(1_000_000):
        frame = frames[number % len(frames)].next(now=number / FPS)
        recorder.take(Taken(frame, {"n": number}, {}, {} if number % 20 == 0 else None))
        recorder.wait()
        if not recorder.sinks:
            break
        good.value, written.value = made.seconds, frame.now
    made.close()


@pytest.fixture
def forkserver() -> Iterator[Any]:
    """Processes that start at once; what starts them ends with the test."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    yield context
    multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("who", ["window", "writer"])
def test_two_hundred_kills(tmp_path: Path, forkserver: Any, who: str, part: int):
    choose, path, cut = random.Random(part), tmp_path / "killed.mcap", 0
    for number in range(KILLS):
        written, good = forkserver.RawValue(c_double, -1.0), forkserver.RawValue(c_double, 0.0)
        writer = forkserver.RawValue(c_int, 0)
        window = forkserver.Process(target=record_for_ever, args=(str(path), written, good, writer))
        window.start()
        moment, seen = choose.uniform(0.0, 6.0), written if who == "window" else good
        until(lambda seen=seen, moment=moment: seen.value >= moment)  # type: ignore[misc]
        if who == "window":
            window.kill()
            last = written.value - CHUNK
        else:
            last = good.value
            os.kill(writer.value, signal.SIGKILL)
        window.join()
        until(lambda: alone(path), "the end of the process that writes")
        cut += check(path, last, f"kill {number}")
    if who == "window":
        assert cut == 0, "the process finishes the file"
    else:
        assert cut == KILLS


def alone(path: Path) -> bool:
    """Whether nobody writes a file any more."""
    try:
        open_alone(str(path)).close()
    except OSError:
        return False
    return True


def check(path: Path, last: float, which: str) -> bool:
    """See that a recording is right to its end, which is not before `last` [s]; whether it is
    cut."""
    frames = run("swarm", 8)
    try:
        tape = FileTape(str(path))
    except RecordingError as error:
        pytest.fail(f"{which}, at {last} s: {error}")
    try:
        assert tape.length >= last - 2 / FPS
        first = max(0, tape.last - LOOKED_AT)
        for place, update in enumerate(Playing(tape).through(first, tape.last), first):
            assert update.own["n"] == place
            wanted = frames[place % len(frames)].values
            assert np.array_equal(update.frame.values, wanted, equal_nan=True)
        return tape.cut
    finally:
        tape.close()
