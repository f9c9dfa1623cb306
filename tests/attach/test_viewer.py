"""`game.watch`: a viewer that the watched program does not notice."""

import os
import select
import signal
import subprocess
import sys
from multiprocessing import Array, shared_memory
from pathlib import Path

import numpy as np
import psutil
import pytest

import game
from game.attach import viewer as viewers
from tests.conftest import LIMIT, until

ROOT = Path(game.__file__).parents[1]
pytestmark = [
    pytest.mark.slow,  # real processes in nearly every test
    pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc"),
]

# In place of the viewer: says what it was handed, and what stands in the arrays, then waits.
ECHO = """
import json, os, sys
sys.path.append({root!r})
from game.attach import state
from game.scenes.watch.handed import received
subject, answer, _ = received(sys.argv[sys.argv.index("--handed") + 1])
told = {{"pid": os.getpid(), "words": sys.argv[1:], "arrays": {{}}}}
for found in subject.find(0.0):
    import numpy
    data = numpy.zeros(found.elements.shape, found.elements.dtype)
    found.memory.read(data, found.elements.offset)
    told["arrays"][found.name] = [str(data.dtype), list(data.shape), data.tolist()]
state.write(answer, told)
while not (subject.gone(0.0) or subject.recalled):
    import time; time.sleep(0.01)
"""


@pytest.fixture
def echo(monkeypatch):
    """A viewer that draws nothing, so that it is quick."""
    monkeypatch.setattr(viewers, "PROGRAM", ECHO.format(root=str(ROOT)))


def told(viewer: viewers.Viewer) -> dict:
    """What the viewer has said."""
    until(lambda: viewer.running and viewer.told, "its first words")
    return viewer.told


def gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_arrays_arrive_by_name_with_type_and_shape(echo):
    speeds, places = Array("i", [57, 91]), Array("d", range(6))
    with game.watch(speeds=speeds, places=np.frombuffer(places.get_obj()).reshape(3, 2)) as viewer:
        arrays = told(viewer)["arrays"]
        assert arrays["speeds"] == ["int32", [2], [57, 91]]
        assert arrays["places"] == ["float64", [3, 2], [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]]
        assert told(viewer)["words"][:1] == ["watch"]


def test_columns_type_and_shape_are_the_programs(echo):
    memory = shared_memory.SharedMemory(create=True, size=96)
    try:
        with game.watch(memory, dtype="f4", shape=(2, 3), headless=True) as viewer:
            assert told(viewer)["arrays"]["a"][:2] == ["float32", [2, 3]]
            assert "--headless" in told(viewer)["words"]
        with game.watch(Array("d", 6), columns=("x", "y")) as viewer:
            assert told(viewer)["arrays"]["a"][1] == [3, 2]
    finally:
        memory.close()
        memory.unlink()


WRONG = {
    "nothing to watch: give an array": lambda: game.watch(),
    "mine: a list is not shared": lambda: game.watch(mine=[1, 2]),
    "view: there is no view 'pie'": lambda: game.watch(Array("d", 3), view="pie"),
    r"limits: \(3, 1\) are none": lambda: game.watch(Array("d", 3), limits=(3, 1)),
    r"columns: \('x', 'x'\)": lambda: game.watch(Array("d", 4), columns=("x", "x")),
    r"columns: 2 names for a, whose shape is \(3,\)": lambda: game.watch(
        Array("d", 3), columns=("x", "y")
    ),
    r"shape: \(4, 4\) takes 16 of float64; a has room for 3": lambda: game.watch(
        Array("d", 3), shape=(4, 4)
    ),
    "settled: 'x' is no time": lambda: game.watch(Array("d", 3), settled="x"),
    "settled: None is no time": lambda: game.watch(Array("d", 3), settled=None),
    "settled: nan is no time": lambda: game.watch(Array("d", 3), settled=float("nan")),
    "settled: -1 is no time": lambda: game.watch(Array("d", 3), settled=-1),
    "limits: 5 are none": lambda: game.watch(Array("d", 3), limits=5),
    "limits: '12' are none": lambda: game.watch(Array("d", 3), limits="12"),
    r"limits: \(0, inf\) are none": lambda: game.watch(Array("d", 3), limits=(0, float("inf"))),
    "shape: 5 is no shape": lambda: game.watch(Array("d", 5), shape=5),
    r"shape: \(2.7,\) is no shape": lambda: game.watch(Array("d", 5), shape=(2.7,)),
    "columns: 5 are no different names": lambda: game.watch(Array("d", 5), columns=5),
    "columns: 'xy' are no different names": lambda: game.watch(Array("d", 4), columns="xy"),
    r"columns: \(\[\],\) are no different names": lambda: game.watch(Array("d", 4), columns=([],)),
    "title: 5 is no text": lambda: game.watch(Array("d", 3), title=5),
    "check: 5 is no text": lambda: game.watch(Array("d", 3), check=5),
    "view: 5 is no text": lambda: game.watch(Array("d", 3), view=5),
    "a: ndarray is a type": lambda: game.watch(np.ndarray),
    "a: the array without a name": lambda: game.watch(Array("d", 3), a=Array("d", 3)),
    "dtype: 'q9' is no type": lambda: game.watch(Array("d", 3), dtype="q9"),
}


@pytest.mark.parametrize("words", WRONG)
def test_what_is_wrong_is_told_in_a_line_and_nothing_is_started(words: str, echo):
    _kept = Array("d", 3)  # multiprocessing opens a file for the first one
    before = set(os.listdir("/proc/self/fd"))
    with pytest.raises(ValueError, match=words) as error:
        WRONG[words]()
    assert "\n" not in str(error.value)
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_memory_without_a_type_is_asked_for_one(echo):
    memory = shared_memory.SharedMemory(create=True, size=8)
    try:
        with pytest.raises(
            ValueError, match='a SharedMemory has no type; say it, such as dtype="f'
        ):
            game.watch(memory)
    finally:
        memory.close()
        memory.unlink()


def test_it_is_nobodys_child(echo):
    viewer = game.watch(Array("d", 3))
    pid = told(viewer)["pid"]
    assert psutil.Process(pid).ppid() != os.getpid()
    assert pid not in {child.pid for child in psutil.Process().children()}
    assert os.getsid(pid) != os.getsid(0)
    viewer.close()
    until(lambda: gone(pid), "its end")


def test_a_viewer_that_is_killed_is_not_noticed(echo):
    array = Array("d", 3)
    viewer = game.watch(array)
    os.kill(told(viewer)["pid"], signal.SIGKILL)
    assert viewer.wait(LIMIT)
    assert not viewer.running
    array[0] = 5.0
    viewer.close()


def test_nothing_is_left_over(echo):
    array = Array("d", 3)
    descriptors, maps = set(os.listdir("/proc/self/fd")), shared_maps()
    for _ in range(10):
        viewer = game.watch(array)
        told(viewer)
        viewer.close()
    assert set(os.listdir("/proc/self/fd")) == descriptors
    assert shared_maps() == maps
    assert viewers._OPEN == []


def shared_maps() -> list[str]:
    """The mappings of this process that others may share; Python's own memory comes and goes."""
    return [
        line
        for line in Path("/proc/self/maps").read_text().splitlines()
        if line[line.index(" ") + 4] == "s"
    ]


def test_a_viewer_lives_on_when_its_handle_is_forgotten(echo):
    viewer = game.watch(Array("d", 3))
    pid = told(viewer)["pid"]
    del viewer
    assert not gone(pid)
    (viewer,) = viewers._OPEN
    viewer.close()


# A program as people write them: no guard, nothing that it waits for.
PROGRAMS = {
    "no guard": """
import multiprocessing, game
array = multiprocessing.Array("d", [1.0, 2.0])
viewer = game.watch(array, headless=True)
""",
    "fork": """
import multiprocessing, game
def work(array):
    for step in range(50):
        array[0] += 1
array = multiprocessing.Array("d", [1.0, 2.0])
viewer = game.watch(array, headless=True)
process = multiprocessing.get_context("fork").Process(target=work, args=(array,))
process.start(); process.join()
assert array[0] == 51.0
""",
    "waits for its children": """
import multiprocessing, os, game
array = multiprocessing.RawArray("d", 3)  # no lock: multiprocessing starts no helper for it
viewer = game.watch(array, headless=True)
try:
    print("a child", os.wait())
except ChildProcessError:
    pass
""",
    "spawn": """
import multiprocessing, game
def work(array):
    for step in range(50):
        array[0] += 1
if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    array = context.Array("d", [1.0, 2.0])
    viewer = game.watch(array, headless=True)
    process = context.Process(target=work, args=(array,))
    process.start(); process.join()
    assert array[0] == 51.0
""",
}


@pytest.mark.parametrize("kind", PROGRAMS)
def test_a_program_ends_without_a_word_and_its_viewer_after_it(tmp_path: Path, kind: str):
    program = tmp_path / "program.py"
    program.write_text(PROGRAMS[kind] + "\nprint(viewer.running)\n" * (kind != "spawn"))
    done = subprocess.run(
        [sys.executable, "-W", "error", str(program)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "a child" not in done.stdout
    until(lambda: not watching(tmp_path), "the end of the viewer")


def watching(folder: Path) -> list[int]:
    """The viewers that were started in a folder."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        words = process.info["cmdline"] or []
        if "--handed" in words and process.info["cwd"] == str(folder):
            found.append(process.pid)
    return found


def test_the_real_viewer_reads_until_its_program_recalls_it(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    array = Array("d", 3)
    viewer = game.watch(array, headless=True)
    until(lambda: watching(tmp_path), "a viewer")
    assert viewer.running
    viewer.close()
    assert not viewer.running
    until(lambda: not watching(tmp_path), "its end")


def test_what_is_handed_over_may_be_of_any_length(echo):
    listed = shared_memory.ShareableList([1, 2.0] * 3000)
    try:
        with game.watch(listed) as viewer:
            assert len(told(viewer)["arrays"]["a"][2][0]) == 6000
    finally:
        listed.shm.close()
        listed.shm.unlink()


# In place of the viewer: tells so much, again and again.
TELLS = """
import sys
sys.path.append({root!r})
from game.attach import state
from game.scenes.watch.handed import received
subject, answer, _ = received(sys.argv[sys.argv.index("--handed") + 1])
told = 0
while not (subject.gone(0.0) or subject.recalled):
    told += 1
    state.write(answer, {{"violations": told, "cells": ["x" * 100] * 100}})
"""


def test_the_newest_is_told_and_nothing_is_cut(monkeypatch):
    monkeypatch.setattr(viewers, "PROGRAM", TELLS.format(root=str(ROOT)))
    with game.watch(Array("d", 3)) as viewer:
        until(lambda: viewer.violations > 100, "many, of which nobody has read the first")
        seen = [viewer.violations for _ in range(100)]
        assert seen == sorted(seen)
        until(lambda: viewer.violations > seen[-1], "a newer one")


def test_a_wait_has_an_end_while_the_viewer_tells(monkeypatch):
    now = iter(range(1000))
    monkeypatch.setattr(viewers.time, "monotonic", lambda: float(next(now)))
    viewer = game.watch(Array("d", 3), headless=True)
    heard = []
    monkeypatch.setattr(viewer, "hear", heard.append)
    assert not viewer.wait(3.0)
    assert heard == [2.0, 1.0, 0.0], "what is left of it, whatever is heard"
    monkeypatch.undo()
    viewer.close()


def kill(viewer: viewers.Viewer) -> None:
    """End a viewer as the system does."""
    pid = told(viewer)["pid"]
    ends = os.pidfd_open(pid)  # a process looks ended before the last of its threads has
    os.kill(pid, signal.SIGKILL)
    until(lambda: select.select([ends], [], [], 0)[0], "its end")
    os.close(ends)


def test_a_close_survives_a_viewer_that_was_killed(echo):
    viewer = game.watch(Array("d", 3))
    kill(viewer)
    before = signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        viewer.close()
    finally:
        signal.signal(signal.SIGPIPE, before)
    assert not viewer.running


def test_a_new_watch_lets_go_of_viewers_that_are_gone(echo):
    array = Array("d", 3)
    dead = [game.watch(array) for _ in range(3)]
    for viewer in dead:
        kill(viewer)
    with game.watch(array) as viewer:
        assert viewer in viewers._OPEN
        assert not {*dead} & {*viewers._OPEN}


def test_a_child_that_holds_its_end_does_not_keep_it_running(echo, monkeypatch):
    start, held = subprocess.run, []

    def run(words, pass_fds, **rest):
        held.extend(os.dup(one) for one in pass_fds)  # as a child that is forked now
        return start(words, pass_fds=pass_fds, **rest)

    monkeypatch.setattr(viewers.subprocess, "run", run)
    viewer = game.watch(Array("d", 3))
    kill(viewer)
    try:
        assert viewer.wait(5.0)
    finally:
        for descriptor in held:
            os.close(descriptor)


def test_without_its_memory_a_program_is_watched_without_its_locks(echo, monkeypatch):
    real = os.open

    def denied(path, *rest):
        if path == "/proc/self/mem":
            raise PermissionError(13, "denied")
        return real(path, *rest)

    monkeypatch.setattr(viewers.os, "open", denied)
    with game.watch(Array("d", [1.0])) as viewer:
        assert told(viewer)["arrays"]["a"][2] == [1.0]


def program(tmp_path: Path, text: str, *flags: str, path: str = str(ROOT)) -> str:
    """What a program prints that watches."""
    file = tmp_path / "program.py"
    file.write_text(text)
    done = subprocess.run(
        [sys.executable, *flags, str(file)],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


SCARCE = """
import multiprocessing, os, resource, game
array = multiprocessing.Array("d", 5)
with game.watch(array, headless=True):
    pass
def opened():
    return sorted(os.listdir("/proc/self/fd"))
before, most = opened(), resource.getrlimit(resource.RLIMIT_NOFILE)
for more in range(25):
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(before) - 1 + more, most[1]))
    try:
        game.watch(array, headless=True).close()
        said = "opened"
    except ValueError as error:
        said = "one line" if len(str(error).splitlines()) == 1 else repr(error)
        assert "Too many open files" in said or said == "one line"
        assert "could not be started" in str(error), error
    resource.setrlimit(resource.RLIMIT_NOFILE, most)
    assert opened() == before, more
    if said == "opened":
        break
print(said, more > 3)
"""


def test_where_descriptors_are_scarce_it_is_said_in_a_line_and_none_is_lost(tmp_path: Path):
    assert program(tmp_path, SCARCE) == "opened True"


CLOSED = """
import multiprocessing, os, sys, time, game
array = multiprocessing.RawArray("d", 5)  # no lock: the socket is among the first
out = os.dup(1)
for number in (0, 1, 2):
    os.close(number)
viewer = game.watch(array, headless=True)
end = time.monotonic() + 60
while viewer.running and not viewer._pid and time.monotonic() < end:
    time.sleep(0.01)
here = bool(viewer.running and viewer._pid)
viewer.close()
os.write(out, str(here).encode())
os._exit(0)
"""


def test_a_program_without_stdin_stdout_and_stderr(tmp_path: Path):
    assert program(tmp_path, CLOSED) == "True"


RUNS = """
import multiprocessing, sys, time
sys.path.insert(0, {root!r})
import game
array = multiprocessing.Array("d", 5)
viewer = game.watch(array, check="a.sum() == 1", headless=True)
end = time.monotonic() + 60
while viewer.running and not viewer.violations and time.monotonic() < end:
    time.sleep(0.01)
print(viewer.running, viewer.violations > 0)
viewer.close()
"""


@pytest.mark.parametrize("flags", [(), ("-E",), ("-I",)])
def test_no_other_game_takes_the_viewers_place(tmp_path: Path, flags: tuple[str, ...]):
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "game.py").write_text("raise SystemExit('not this one')")
    text = RUNS.format(root=str(ROOT))
    assert program(tmp_path, text, *flags, path=str(folder)) == "True True"


def test_its_python_takes_no_more_from_its_surroundings_than_the_programs(tmp_path: Path):
    text = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    text += "from game.attach.viewer import flags; print(*flags())"
    assert program(tmp_path, text) == "-P"
    assert program(tmp_path, text, "-E") == "-P -E"
    assert program(tmp_path, text, "-I") == "-I"
