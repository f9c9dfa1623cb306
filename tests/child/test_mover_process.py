"""A mover's process: its pace on an injected clock, and that nothing outlives the window."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from game.child.pace import BACKLOG, NAP, Pace
from game.shared.table import PID, STATE, Table
from tests.conftest import until
from tests.processes import running

pytestmark = pytest.mark.slow  # real processes in nearly every test

ROOT = Path(__file__).parents[2]


class Time:
    """A clock that only moves when somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 100.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def nap(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def pace() -> tuple[Pace, Table, Time]:
    table = Table(multiprocessing.get_context("spawn"), {"x": "m"}, 1)
    time = Time()
    made = Pace(table, time)
    made.pause = time.nap
    return made, table, time


def test_the_movers_own_work_counts_towards_its_period():
    made, _, time = pace()
    for _ in range(10):
        time.now += 0.05
        made.wait(0.1)
    assert time.now == pytest.approx(101.0)


def test_oversleeping_is_made_up_for_but_not_a_long_stall():
    made, _, time = pace()
    made.pause = lambda seconds: time.nap(seconds + 0.004 * (seconds > 0))
    for _ in range(100):
        made.wait(0.1)
    assert time.now == pytest.approx(110.0, abs=0.01)
    made.pause = time.nap
    time.now += 1000.0
    made.wait(0.1)
    before = time.now
    made.wait(0.1)
    assert time.now - before == pytest.approx(0.1 - BACKLOG)


@pytest.mark.parametrize("speed", [1 / 16, 1.0, 64.0])
def test_what_is_made_up_for_is_the_same_real_time_at_any_speed(speed: float):
    made, table, time = pace()
    table.set_pace(speed)
    made.wait(0.1)
    time.now += 1000.0
    made.wait(0.1)
    before, waits = time.now, 0
    while made.wait(0.01) or time.now == before:
        waits += 1
    assert waits == pytest.approx(BACKLOG * speed / 0.01, abs=1)


def test_at_64_times_the_speed_an_oversleeper_keeps_up():
    made, table, time = pace()
    table.set_pace(64.0)
    made.pause = lambda seconds: time.nap(seconds + 0.004 * (seconds > 0))
    for _ in range(6400):
        made.wait(0.1)
    assert time.now == pytest.approx(110.0, abs=0.01)


def test_half_speed_takes_twice_as_long_and_a_new_speed_is_noticed():
    made, table, time = pace()
    table.set_pace(0.5)
    made.wait(1.0)
    assert time.now == pytest.approx(102.0)
    assert max(time.naps) <= NAP


def test_a_paused_mover_waits_whatever_it_owes_until_a_step_is_granted():
    made, table, time = pace()
    time.now += 50.0
    table.set_pace(0.0)
    naps = []

    def nap(seconds: float) -> None:
        naps.append(seconds)
        time.now += seconds
        if len(naps) == 30:
            table.grant_step()

    made.pause = nap
    made.wait(0.1)
    assert len(naps) == 30


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="reads signal masks in /proc")
def test_a_mover_is_deaf_to_ctrl_c_from_its_first_moment(method: str):
    with running(method) as run:
        slots = [run.crew.add() for _ in range(2)]
        for slot in slots:
            run.until(lambda s=slot: run.table.row(s)[PID], "its first word")
            pid = run.table.row(slot)[PID]
            lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            words = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
            deaf = int(words["SigBlk"], 16) | int(words["SigIgn"], 16)
            assert deaf & 1 << (signal.SIGINT - 1)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="lists descriptors in /proc")
def test_a_program_that_a_mover_starts_gets_none_of_its_pipes(method: str, tmp_path: Path):
    """One that lives on would hide the mover's end, which is told by the last end of a pipe."""
    listed = tmp_path / "listed"
    path = tmp_path / "mine.py"
    path.write_text(
        "import os\n"
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        f"        os.system('ls -l /proc/self/fd > {listed}.part; mv {listed}.part {listed}')\n"
        "    def step(self, dt): return 1, 2\n"
    )
    with running(method, mover=str(path)) as run:
        run.crew.add()
        run.until(lambda: run.reader.frame.updates[0] > 0, "it runs")
        files = dict(re.findall(r" (\d+) -> (\S+)", listed.read_text()))
        assert {"0", "1", "2"} <= files.keys()
        more = [file for number, file in files.items() if int(number) > 2]
        assert all(re.fullmatch(r"/proc/\d+/fd", file) for file in more), "but what it lists"


BEHAVIOURS = {
    "idle": "pass",
    "busy": "x = 1\n        while True: x += 1",
    "frozen": "import os; os.kill(os.getpid(), 19)",
}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a mover must come to its next step")
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_no_mover_outlives_a_killed_window(behaviour: str, method: str, tmp_path: Path):
    path = tmp_path / "mine.py"
    path.write_text(
        "class Mover:\n"
        "    def __init__(self, agent): self.n = 0\n"
        "    def step(self, dt):\n"
        "        self.n += 1\n"
        "        if self.n < 3: return 1, 2\n"
        f"        {BEHAVIOURS[behaviour]}\n"
        "        return 1, 2\n"
    )
    window = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "swarm", "--headless", "--agents", "4"),
            *("--rate", "50", "--mover", str(path), "--start-method", method),
        ],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
    )

    def movers() -> list[psutil.Process]:
        return psutil.Process(window.pid).children(recursive=True)

    helpers = {"forkserver": 2, "spawn": 1}[method]
    until(lambda: len(movers()) == 4 + helpers, "four movers, the tracker, perhaps a nursery")
    left = movers()
    if behaviour == "frozen":
        stopped = lambda: sum(p.status() == psutil.STATUS_STOPPED for p in left)  # noqa: E731
        until(lambda: stopped() == 4, "frozen movers")
    window.kill()
    window.wait()
    until(lambda: not any(alive(process) for process in left), "the end of every mover")


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_killed_mover_leaves_its_neighbours_alone(method: str):
    with running(method) as run:
        slots = [run.crew.add() for _ in range(3)]
        run.until(lambda: len(run.reader.frame.agents) == 3, "three agents")
        run.crew.members[1].kill()
        run.until(lambda: run.events, "the news")
        before = run.reader.frame.updates.copy()
        run.until(lambda: all(run.reader.frame.updates[s] > before[s] + 5 for s in (0, 2)))
        assert run.table.row(slots[1])[STATE] == 4
