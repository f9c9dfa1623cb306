"""Whole programs, watched: the tutorial's five, unchanged, and what can go wrong around them."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from multiprocessing import shared_memory
from pathlib import Path

import numpy as np
import psutil
import pytest

import game
from tests.attach.programs import counter, running
from tests.conftest import LIMIT, until

ROOT = Path(game.__file__).parents[1]
pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc"),
]

# The tutorial's programs, by what they share and do; each prints what stands in its array at the
# end, and then lives on until it is told to go, so that both can be compared.
TUTORIAL = {
    "traffic": """
def drive(a, i):
    for _ in range(5):
        a[i] = random.randint(20, 100)
        time.sleep(0.02)
a = Array("i", 5)
everybody = [Process(target=drive, args=(a, i)) for i in range(5)]
""",
    "duel": """
def one(a):
    for _ in range(3):
        a[0] = random.randint(40, 80)
        time.sleep(0.02)
def two(a):
    for _ in range(3):
        a[1] = random.randint(60, 100)
        time.sleep(0.02)
a = Array("i", 2)
everybody = [Process(target=one, args=(a,)), Process(target=two, args=(a,))]
""",
    "observer": """
def update(a):
    for _ in range(5):
        for i in range(3):
            a[i] = random.randint(50, 100)
        time.sleep(0.02)
def monitor(a):
    for _ in range(5):
        list(a)
        time.sleep(0.02)
a = Array("i", 3)
everybody = [Process(target=update, args=(a,)), Process(target=monitor, args=(a,))]
""",
    "lock": """
def write(a):
    for _ in range(5):
        for i in range(4):
            a[i] += 1
        time.sleep(0.02)
def read(a):
    for _ in range(5):
        list(a)
        time.sleep(0.02)
a = Array("i", 4)
everybody = [Process(target=write, args=(a,)), Process(target=read, args=(a,))]
""",
    "swarm": """
def move(a, i):
    for _ in range(5):
        a[2 * i], a[2 * i + 1] = random.randint(1, 100), random.randint(1, 100)
        time.sleep(0.02)
a = Array("i", 6)
everybody = [Process(target=move, args=(a, i)) for i in range(3)]
""",
}
BEFORE = "import random, sys, time\nfrom multiprocessing import Array, Process\n"
AFTER = """
for process in everybody:
    process.start()
for process in everybody:
    process.join()
print("begun", flush=True)
print(list(a), flush=True)
sys.stdin.read()
"""


def watch(*words: str, cwd: Path, **more) -> subprocess.CompletedProcess[str]:
    """Run `python -m game watch` with these words."""
    return subprocess.run(
        [sys.executable, "-m", "game", "watch", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=LIMIT,
        **more,
    )


def seen(folder: Path) -> dict:
    found: dict = json.loads((folder / "seen.json").read_text())
    return found


@pytest.mark.parametrize("name", TUTORIAL)
def test_the_tutorials_programs_are_watched_unchanged(tmp_path: Path, name: str):
    with running(tmp_path, BEFORE + TUTORIAL[name] + AFTER) as program:
        assert program.stdout is not None
        printed = json.loads(program.stdout.readline())
        words = (str(program.pid), "--headless", "--frames", "3", "--stats", "seen.json")
        done = watch(*words, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert seen(tmp_path)["values"] == printed
        assert seen(tmp_path)["watch"]["dtype"] == "int32"
        assert program.poll() is None, "it goes on"


def test_a_running_one_changes_while_it_is_watched(tmp_path: Path):
    with running(tmp_path, counter(pause=0.001)) as program:
        words = (str(program.pid), "--headless", "--frames", "30", "--stats", "seen.json")
        assert watch(*words, cwd=tmp_path).returncode == 0
        found = seen(tmp_path)["watch"]
        assert (found["reads"], found["shape"]) == (31, [3])
        assert found["changed"] > 10


def test_a_headless_watch_ends_with_its_program(tmp_path: Path):
    with running(tmp_path, counter()) as program:
        viewer = subprocess.Popen(
            [sys.executable, "-m", "game", "watch", str(program.pid), "--headless"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        held = f"/proc/{viewer.pid}/fd"
        until(lambda: any("/pym-" in link for link in links(held)), "a viewer that has its memory")
        assert viewer.poll() is None
    until(lambda: viewer.poll() is not None, "its end")
    assert viewer.returncode == 0


def links(folder: str) -> list[str]:
    """Where the links of a folder lead that are there at this moment."""
    found = []
    for name in os.listdir(folder):
        with suppress(OSError):
            found.append(os.readlink(os.path.join(folder, name)))
    return found


@pytest.mark.parametrize(("end", "status"), [("", 0), ("raise SystemExit(3)", 3)])
def test_a_command_is_started_watched_and_its_status_kept(tmp_path: Path, end: str, status: int):
    program = tmp_path / "program.py"
    program.write_text(BEFORE + TUTORIAL["traffic"] + AFTER + end)
    words = ("--headless", "--stats", "seen.json", "--", sys.executable, str(program), "--frames")
    done = watch(*words, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stderr) == (status, "")
    begun, printed = done.stdout.splitlines()
    assert begun == "begun"
    assert len(json.loads(printed)) == 5
    assert seen(tmp_path)["watch"]["reads"] > 0


def test_a_command_that_outlasts_the_run_is_ended(tmp_path: Path):
    program = tmp_path / "program.py"
    program.write_text(counter())
    words = ("--headless", "--frames", "20", "--stats", "seen.json", "--", sys.executable)
    done = watch(*words, str(program), cwd=tmp_path, stdin=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, "")
    left = [
        p for p in psutil.process_iter(["cmdline"]) if str(program) in (p.info["cmdline"] or ())
    ]
    until(lambda: not any(process.is_running() for process in left), "the end of all of it")


def test_files_of_numpy_and_of_bytes(tmp_path: Path):
    image = np.arange(12, dtype="u2").reshape(3, 4)
    np.save(tmp_path / "image.npy", image)
    words = ("--headless", "--frames", "2", "--stats", "seen.json")
    assert watch("image.npy", *words, cwd=tmp_path).returncode == 0
    assert (seen(tmp_path)["watch"]["shape"], seen(tmp_path)["watch"]["dtype"]) == (
        [3, 4],
        "uint16",
    )
    assert seen(tmp_path)["values"] == list(range(12))
    (tmp_path / "plain").write_bytes(np.arange(1, 6.0).tobytes())
    given = ("--dtype", "d", "--offset", "8", "--shape", "3")
    assert watch(f".{os.sep}plain", *given, *words, cwd=tmp_path).returncode == 0
    assert seen(tmp_path)["values"] == [2.0, 3.0, 4.0]


def test_a_name_is_waited_for_watched_and_left_alone(tmp_path: Path):
    name = f"arena-{os.getpid()}-name"
    words = (name, "--dtype", "f8", "--shape", "3", "--headless", "--stats", "seen.json")
    viewer = subprocess.Popen(
        [sys.executable, "-m", "game", "watch", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: psutil.Process(viewer.pid).cpu_times().user > 0.3, "a viewer that waits")
    memory = shared_memory.SharedMemory(name, create=True, size=24)
    try:
        assert memory.buf is not None
        np.frombuffer(memory.buf)[:3] = 1, 2, 3
        opened = f"/dev/shm/{name}"
        until(lambda: opened in {f.path for f in psutil.Process(viewer.pid).open_files()}, "opened")
        viewer.send_signal(signal.SIGINT)
        _, errors = viewer.communicate(timeout=LIMIT)
        assert (viewer.returncode, errors) == (130, "")
        assert os.path.exists(opened), "its owner lives on, and so does its name"
    finally:
        memory.close()
        memory.unlink()
    assert seen(tmp_path)["watch"]["dtype"] == "float64"


WRONG = {
    (): "watch what? Give a process id, a SharedMemory's name, a file, or --list",
    ("4194999",): "4194999: there is no such process; --list shows those that share memory",
    ("no.npy",): "'no.npy' is not there; give a file of numpy's (.npy), or one of bytes",
    ("bad.npy",): "'bad.npy' is no file that numpy has written: ",
    ("empty.bin",): "'empty.bin' is empty",
    ("full.bin", "--dtype", "q9"): "--dtype: numpy knows no type 'q9'",
    ("full.bin", "--shape", "2,x"): "--shape: '2,x' is no shape",
    ("full.bin", "--dtype", "f8", "--shape", "9"): "--shape: 9 of float64 takes 72 bytes from 0 on",
    ("full.bin", "--dtype", "f8", "--offset", "3"): "--offset: 3 is no multiple of 8",
    ("full.bin", "--dtype", "f8", "--offset", "160"): "--offset: 160 is beyond the end",
    ("full.bin", "--columns", "x,x"): "--columns: 'x,x' is no list of different names",
    ("full.bin", "--limits", "3,1"): "--limits: '3,1' are no limits",
    ("full.bin", "--agents", "3"): "there is no option --agents",
    ("full.bin", "--json"): "--json: it goes with --list",
    ("full.bin", "--", "true"): "full.bin: give it, or -- true to start a program, not both",
    ("--", "no-such-program-here"): "-- no-such-program-here: there is no such program",
    ("--list", "3"): "--list: it lists every process; leave 3 out",
}


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_is_wrong_takes_a_line(tmp_path: Path, words: tuple[str, ...]):
    (tmp_path / "bad.npy").write_bytes(b"\x93NUMPY nonsense")
    (tmp_path / "empty.bin").write_bytes(b"")
    (tmp_path / "full.bin").write_bytes(bytes(64))
    done = watch(*words, "--headless", "--frames", "1", cwd=tmp_path) if "--" not in words else None
    done = done or watch(*words, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"game: {WRONG[words]}")


def test_an_array_that_is_not_there_is_refused(tmp_path: Path):
    with running(tmp_path, counter()) as program:
        done = watch(str(program.pid), "--array", "2", cwd=tmp_path)
        assert done.returncode == 2
        assert done.stderr == "game: --array: 2 is not there; it has one, counted from 1\n"
