"""What is watched from outside: processes, programs, names, files."""

import json
import os
import signal
import sys
import time
from contextlib import suppress
from itertools import count, pairwise
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import psutil
import pytest

from game.attach import AttachError, arenas, listing
from game.attach.programs import Arenas, Running, Started
from game.attach.subjects import Named, Subject
from game.scenes.watch import Settings
from game.scenes.watch.attached import Wish
from game.scenes.watch.reader import WatchSource
from tests.attach.programs import counter, running
from tests.conftest import offspring, until

pytestmark = [
    pytest.mark.slow,  # real processes in nearly every test
    pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc"),
]


def values(subject: Subject, dtype: str = "i4", count: int = 3, now: float = 0.0) -> list[float]:
    """What stands first in its first array; [] while there is none."""
    found = subject.find(now)
    if not found:
        return []
    data = np.zeros(count, dtype)
    found[0].memory.read(data, 0)
    return data.tolist()


@pytest.mark.parametrize("start", ["fork", "forkserver", "spawn"])
def test_a_running_program_is_read_unchanged(tmp_path: Path, start: str):
    with running(tmp_path, counter(start)) as program:
        subject = Running(program.pid)
        first = values(subject)
        steps = [later - before for before, later in pairwise(first)]
        assert steps in ([10, 10], [9, 10], [10, 9])
        until(lambda: values(subject)[0] > first[0] + 5, "its counting")
        assert subject.gone(1.0) == ""
        for child in psutil.Process(program.pid).children(recursive=True):
            child.kill()
        program.kill()
        until(lambda: subject.gone(time.monotonic()) != "", "its end")
        assert values(subject)[0] > first[0], "what it wrote last is still there"
        subject.close()


def test_nobody_finds_us_among_those_who_share(tmp_path: Path):
    with running(tmp_path, counter()) as program:
        subject = Running(program.pid)
        values(subject)
        (arena,) = arenas.arenas(program.pid)
        assert arena.key not in {mine.key for mine in arenas.mapped(os.getpid())}
        subject.close()


def test_a_process_that_shares_nothing_is_told_with_the_child_that_does(tmp_path: Path):
    program = tmp_path / "inner.py"
    program.write_text(counter())
    text = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, {str(program)!r}], stdin=subprocess.PIPE)\n"
        "sys.stdin.read()\nchild.kill()\n"
    )
    with running(tmp_path, text) as outer:  # "begun" is the child's own word
        with pytest.raises(AttachError, match=r"shares no arrays; .* does: give \d+"):
            Running(outer.pid)
        for child in psutil.Process(outer.pid).children(recursive=True):
            child.kill()


def test_a_process_that_is_not_there():
    with pytest.raises(AttachError, match="there is no such process"):
        Running(2**22 + 1)
    with pytest.raises(AttachError, match="shares no arrays"):
        Running(psutil.Process(os.getpid()).ppid())


def test_a_name_is_waited_for_and_its_memory_outlives_it():
    name = f"arena-test-{os.getpid()}"
    subject = Named(name)
    assert subject.find(0.0) == []
    assert subject.waits() == f"a SharedMemory called {name!r}"
    memory = shared_memory.SharedMemory(name, create=True, size=64)
    try:
        assert memory.buf is not None
        memory.buf[0] = 7
        assert values(subject, "u1", 1, now=1.0) == [7]
        assert subject.waits() == ""
    finally:
        memory.close()
        memory.unlink()
    assert values(subject, "u1", 1, now=2.0) == [7]
    again = shared_memory.SharedMemory(name, create=True, size=64)
    try:
        assert again.buf is not None
        again.buf[0] = 9
        assert values(subject, "u1", 1, now=3.0) == [9], "another one of that name"
        subject.close()
        assert os.path.exists(f"/dev/shm/{name}"), "we are guests"
    finally:
        again.close()
        again.unlink()


def opened() -> set[str]:
    """What this process has open."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):  # the folder itself
            found.add(os.readlink(f"/proc/self/fd/{number}"))
    return found


def test_what_nobody_has_mapped_any_more_is_let_go():
    known, name = Arenas(), f"arena-gone-{os.getpid()}"
    memory = shared_memory.SharedMemory(name, create=True, size=64)
    known.take(arenas.arenas(os.getpid()))
    memory.close()
    memory.unlink()
    gone = f"/dev/shm/{name} (deleted)"
    assert gone in opened(), "it is held while it is known"
    known.take(arenas.arenas(os.getpid()))
    assert gone not in opened(), "a removed memory takes up room as long as somebody has it open"
    known.close()


def test_an_array_that_does_not_fit_is_passed_over(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(counter(values=(1, 2, 3)).replace("sys.stdin.read()", "time.sleep(600)"))
    subject = Started([sys.executable, str(program)])
    wish = Wish(np.dtype("f8"), (100_000,))
    source = WatchSource(Settings("", subject, wish), 0.0)
    now = count(1.0)
    until(lambda: source.read(float(next(now))).extra.waits.startswith("array 1: --shape"), "it")
    assert source.frame.extra.looks == ()
    source.close()


def lives(process: psutil.Process) -> bool:
    """Whether a process is there that has not ended."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_program_is_started_waited_for_and_ended(tmp_path: Path):
    file = tmp_path / "program.py"
    file.write_text(counter().replace("sys.stdin.read()", "time.sleep(600)"))
    subject = Started([sys.executable, str(file)])
    subject.begin()
    assert subject.waits().endswith(" to share an array")
    now = iter(range(1, 10**9))
    until(lambda: values(subject, now=float(next(now))), "its array")
    assert subject.gone(0.0) == ""
    until(lambda: len(offspring()) >= 2, "the program and its process")
    everybody = offspring()
    subject.close()
    until(lambda: not any(map(lives, everybody)), "the end of all of them")


def test_a_program_that_ignores_being_asked_is_killed(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("game.attach.programs.GRACE", 0.05)
    file = tmp_path / "deaf.py"
    file.write_text(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open('deaf', 'w').close()\ntime.sleep(600)\n"
    )
    monkeypatch.chdir(tmp_path)
    subject = Started([sys.executable, str(file)])
    subject.begin()
    until(lambda: (tmp_path / "deaf").exists(), "its deafness")
    subject.close()


@pytest.mark.parametrize(("end", "status"), [("raise SystemExit(7)", 7), ("os.abort()", 134)])
def test_the_status_of_a_program_is_known(tmp_path: Path, end: str, status: int):
    subject = Started([sys.executable, "-c", f"import os; {end}"])
    subject.begin()
    until(lambda: subject.gone(0.0), "its end")
    assert subject.status == status
    subject.close()


def test_the_list_has_every_program_with_its_arrays(tmp_path: Path):
    with running(tmp_path, counter()) as program:
        listed = {one["pid"]: one for one in json.loads(listing.as_json(lambda seconds: None))}
        children = [child.pid for child in psutil.Process(program.pid).children()]
        (array,) = listed[program.pid]["arrays"]
        assert (array["bytes"], array["also"], array["name"]) == (4096, children, None)
        assert f"{program.pid}  " in listing.as_text()


def test_a_shared_memory_is_listed_with_the_name_that_it_is_watched_by():
    memory = shared_memory.SharedMemory(f"arena-listed-{os.getpid()}", create=True, size=64)
    try:
        listed = {one["pid"]: one for one in json.loads(listing.as_json(lambda seconds: None))}
        names = [array["name"] for array in listed[os.getpid()]["arrays"]]
        assert f"arena-listed-{os.getpid()}" in names
        assert f": arena-listed-{os.getpid()}, " in listing.as_text(lambda seconds: None)
    finally:
        memory.close()
        memory.unlink()


def test_how_often_an_array_changes_is_counted(tmp_path: Path):
    with running(tmp_path, counter(pause=0.001)) as program:
        listed = {one["pid"]: one for one in json.loads(listing.as_json())}
        assert listed[program.pid]["arrays"][0]["changed"] > listing.LOOKS // 2
        os.kill(program.pid, signal.SIGSTOP)
        for child in psutil.Process(program.pid).children():
            child.suspend()
        until(
            lambda: all(
                child.status() == psutil.STATUS_STOPPED
                for child in psutil.Process(program.pid).children()
            ),
            "a standstill",
        )
        listed = {one["pid"]: one for one in json.loads(listing.as_json(lambda seconds: None))}
        assert listed[program.pid]["arrays"][0]["changed"] == 0
        for child in psutil.Process(program.pid).children(recursive=True):
            child.kill()
