"""Full pipes: nothing on the window's side waits for a reader, and a signal ends the program."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.conftest import command, until

LIMIT = 20.0

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(sys.platform != "linux", reason="makes pipes small, and looks into them"),
]

ROOT = Path(__file__).parents[1]
SMALL = 4096  # [bytes] that a pipe of these tests takes
ENDINGS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]

DEADLY = """
class Mover:
    def __init__(self, agent): self.n = agent.number
    def step(self, dt):
        if self.n:
            raise ValueError(f"{self.n} " + "x" * 900)
        return 1.0, 2.0
"""


class Running:
    """The program with a small pipe as stdout or stderr that is read when the test says so."""

    def __init__(self, *words: str, full: str, cwd: Path, both: bool = False) -> None:
        self._seen = 0, 0.0  # [bytes] that waited at last, and since when [s]
        self.end, write = os.pipe()
        fcntl.fcntl(write, fcntl.F_SETPIPE_SZ, SMALL)
        other = "stderr" if full == "stdout" else "stdout"
        streams = {full: write, other: write if both else subprocess.DEVNULL}
        command = [sys.executable, "-m", "game", *words, "--headless"]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(command, cwd=cwd, env=environment, **streams)
        os.close(write)

    @property
    def waiting(self) -> int:
        """[bytes] that could be read."""
        found = array("i", [0])
        fcntl.ioctl(self.end, termios.FIONREAD, found)
        return found[0]

    @property
    def offspring(self) -> list[psutil.Process]:
        """Its processes, but for multiprocessing's own helper."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return [c for c in children if "resource_tracker" not in command(c)]

    def frozen(self) -> bool:
        """Whether nothing more fits in: what waits has not changed for a while."""
        now, waiting = time.monotonic(), self.waiting
        if waiting != self._seen[0]:
            self._seen = waiting, now
        return waiting > 0 and now - self._seen[1] > 0.5

    def read(self, slowly: float = 0.0, enough: Callable[[str], bool] = lambda text: False) -> str:
        """Everything up to the end, or enough of it."""
        found = b""
        while not enough(found.decode()) and (piece := os.read(self.end, 1024)):
            found += piece
            time.sleep(slowly)
        return found.decode()

    def ends(self) -> int:
        return self.process.wait(LIMIT)


@contextmanager
def program(*words: str, **given) -> Iterator[Running]:
    made = Running(*words, **given)
    try:
        yield made
    finally:
        made.process.kill()
        made.process.wait()
        os.close(made.end)


@pytest.fixture
def deadly(tmp_path: Path) -> tuple[str, ...]:
    """A swarm of which one lives, and the others have long last words."""
    (tmp_path / "deadly.py").write_text(DEADLY)
    return ("swarm", "--mover", "deadly.py", "--agents", "12")


@pytest.mark.parametrize("both", [False, True], ids=["stderr", "both"])
def test_no_frame_waits_for_a_full_stderr(deadly: tuple[str, ...], tmp_path: Path, both: bool):
    words = (*deadly, "--seconds", "2", "--stats", "a.json")
    with program(*words, full="stderr", both=both, cwd=tmp_path) as run:
        assert run.ends() == 0, "without anybody who reads"
        assert run.waiting > 0
    stats = json.loads((tmp_path / "a.json").read_text())
    assert len(stats["deaths"]) == 11, "many more words than there is room for"
    assert 2 <= stats["seconds"] < 3


def test_whoever_reads_late_reads_every_line(deadly: tuple[str, ...], tmp_path: Path):
    with program(*deadly, full="stderr", cwd=tmp_path) as run:
        until(run.frozen, "a full pipe")
        words = run.read(enough=lambda text: text.count("Traceback") == 11)
        run.process.send_signal(signal.SIGTERM)
        words += run.read()
        assert run.ends() == 143
    assert all(f"game: Robot {n}: ValueError: {n} x" in words for n in range(1, 12))


@pytest.mark.parametrize(("number", "status"), ENDINGS)
def test_a_signal_ends_it_while_stderr_is_full(
    deadly: tuple[str, ...], tmp_path: Path, number: int, status: int
):
    with program(*deadly, full="stderr", cwd=tmp_path) as run:
        until(run.frozen, "a full pipe")
        run.process.send_signal(number)
        assert run.ends() == status


FINAL = ("swarm", "--agents", "400", "--per-process", "400", "--updates", "2", "--rate", "50")


@pytest.mark.parametrize(("number", "status"), ENDINGS)
def test_a_signal_ends_it_while_the_final_lines_are_printed(
    tmp_path: Path, number: int, status: int
):
    with program(*FINAL, "--stats", "a.json", full="stdout", cwd=tmp_path) as run:
        until(lambda: run.frozen() and not run.offspring, "nothing but lines to be delivered")
        assert json.loads((tmp_path / "a.json").read_text())["agents"] == 400
        run.process.send_signal(number)
        assert run.ends() == status


def test_a_slow_reader_gets_all_final_lines(tmp_path: Path):
    with program(*FINAL, full="stdout", cwd=tmp_path) as run:
        until(lambda: run.frozen() and not run.offspring, "nothing but lines to be delivered")
        time.sleep(1.5)  # longer than complaints are waited for
        lines = run.read(slowly=0.02).splitlines()
        assert run.ends() == 0
    assert lines[0] == "Final robot positions:"
    assert [line.partition(":")[0] for line in lines[1:]] == [f"Robot {n}" for n in range(400)]


@pytest.mark.parametrize("method", ["forkserver", "spawn"])
def test_movers_that_wait_for_a_reader_hold_up_no_end(tmp_path: Path, method: str):
    words = ("--updates", "100000", "--rate", "2000", "--start-method", method)
    with program("swarm", "--preset", "swarm", *words, full="stdout", cwd=tmp_path) as run:
        until(run.frozen, "a full pipe")
        crowd = run.offspring
        run.process.send_signal(signal.SIGTERM)
        assert run.ends() == 143
        until(lambda: not any(mover.is_running() for mover in crowd), "the end of all")


LINGERING = """
import time
from game.view.camera import Bounds
from game.view.scene import BaseScene

FIELDS = {"x": "m", "y": "m"}

class Scene(BaseScene):
    bounds = Bounds(0, 0, 100, 100)

    def draw(self, canvas):
        pass

    def results(self):
        open("reached", "w").close()
        time.sleep(1000)
        return []
"""


def test_ctrl_c_once_more_ends_it_at_once_and_leaves_nobody(tmp_path: Path):
    (tmp_path / "lingering.py").write_text(LINGERING)
    (tmp_path / "still.py").write_text(DEADLY)
    words = ("lingering.py", "--mover", "still.py", "--agents", "1")
    with program(*words, full="stderr", cwd=tmp_path) as run:
        until(lambda: len(run.offspring) > 1, "nursery and mover")
        crowd = run.offspring
        run.process.send_signal(signal.SIGINT)
        until((tmp_path / "reached").exists, "an end that lasts")
        assert run.process.poll() is None
        run.process.send_signal(signal.SIGINT)
        assert run.ends() == 130
        until(lambda: not any(mover.is_running() for mover in crowd), "the end of all")


PRINTING = LINGERING.replace("pass", 'print("drawn " * 50)').replace("time.sleep(1000)", "pass")


def test_a_scene_that_prints_holds_up_no_frame(tmp_path: Path):
    (tmp_path / "printing.py").write_text(PRINTING)
    (tmp_path / "still.py").write_text(DEADLY)
    words = ("printing.py", "--mover", "still.py", "--agents", "1", "--frames", "100")
    with program(*words, "--stats", "a.json", full="stdout", cwd=tmp_path) as run:
        until((tmp_path / "a.json").exists, "the end of a hundred frames, which nobody has read")
        assert run.read().count("drawn \n") == 100
        assert run.ends() == 0
