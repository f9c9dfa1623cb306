"""What movers start by themselves: it ends with its mover, and with the window, wherever it is."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import psutil
import pytest

from game.child.channel import PRIVATE
from tests.conftest import LIMIT, offspring, until
from tests.crew.descent import OUTSIDE, WAYS, marked, write
from tests.processes import Run, running

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody finds them"),
]

ROOT = Path(__file__).parents[2]
DEAF = "[signal.signal(n, signal.SIG_IGN) for n in (signal.SIGTERM, signal.SIGHUP)]"
SHUT = "os.closerange(3, 256)"


def three(run: Run) -> None:
    """Have three movers running; what the first one starts is there soon."""
    for _ in range(3):
        run.crew.add()
    run.until(lambda: len(run.reader.frame.agents) == 3, "three that run")


def known(run: Run) -> set[int]:
    """The movers, and what starts them."""
    launcher = run.crew._launcher
    link = getattr(launcher, "_link", None)
    return {m.pid for m in run.crew.members.values()} | ({link.pid} if link else set())


def others(run: Run) -> list[psutil.Process]:
    """All descendants that are no movers."""
    return [process for process in offspring() if process.pid not in known(run)]


@pytest.mark.parametrize("way", WAYS)
def test_it_ends_when_its_mover_is_removed(method: str, tmp_path: Path, way: str):
    with running(method, mover=write(tmp_path, way)) as run:
        three(run)
        run.until(lambda: others(run), "what it has started")
        run.crew.remove(0)
        run.until(lambda: 0 not in run.crew.members, "its removal")
        run.until(lambda: not others(run), "the end of what it has started")
        before = run.reader.frame.updates.copy()
        run.until(lambda: (run.reader.frame.updates[1:3] > before[1:3] + 3).all(), "the others")
        assert run.crew.alive == 2


@pytest.mark.parametrize("end", ["os._exit(3)", "1 / 0", "os.kill(os.getpid(), 9)"])
def test_it_ends_when_its_mover_dies(method: str, tmp_path: Path, end: str):
    then = f"if self.number == 0 and self.n == 20: {end}"
    path = write(tmp_path, "os.system('setsid sleep 600 &')", then=then)
    with running(method, mover=path) as run:
        three(run)
        run.until(lambda: run.events, "its death")
        run.until(lambda: not others(run), "the end of what it has started")
        assert run.crew.alive == 2


def test_what_others_have_started_stays(method: str, tmp_path: Path):
    path = tmp_path / "all.py"
    path.write_text(
        "import os\n"
        "class Mover:\n"
        "    def __init__(self, agent):\n"
        "        os.system('sleep 600 & setsid sleep 600 &')\n"
        "    def step(self, dt): return 1, 2\n"
    )
    with running(method, mover=str(path)) as run:
        three(run)
        run.until(lambda: len(others(run)) == 6, "two of each")
        run.crew.remove(1)
        run.until(lambda: len(others(run)) == 4, "the end of two")
        run.crew.add()
        run.until(lambda: len(others(run)) == 6, "two more")
        run.crew.remove(0)
        run.until(lambda: len(others(run)) == 4, "the end of two others")


def test_one_that_has_closed_its_descriptors_can_be_removed(method: str, tmp_path: Path):
    path = write(tmp_path, f"{SHUT}; {DEAF}\n            while True: pass")
    with running(method, mover=path) as run:
        for _ in range(3):
            run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 3, "three")
        run.until(lambda: run.reader.frame.silent[0], "silence")
        assert run.crew.alive == 3
        assert run.events == []
        run.crew.remove(0)
        run.until(lambda: 0 not in run.crew.members, "its removal")
        assert run.crew.alive == 2


# A whole program.


@contextmanager
def program(mover: str, *words: str) -> Iterator[tuple[subprocess.Popen[str], Callable[[], list]]]:
    """A headless swarm of four, and what finds everything that descends from it."""
    mark = f"ARENA_TEST={uuid4()}"
    name, _, value = mark.partition("=")
    window = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "swarm", "--headless", "--agents", "4"),
            *("--rate", "50", "--mover", mover, *words),
        ],
        cwd=ROOT,
        env={**os.environ, name: value},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield window, lambda: marked(mark)
    finally:
        window.kill()
        for pid in marked(mark):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        window.communicate()


HELPERS = {"forkserver": 3, "spawn": 2}  # the window, the tracker, the nursery


def is_mover(pid: int) -> bool:
    """Whether a process is a mover itself."""
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).name() == f"mover {pid}"
    return False


@pytest.mark.parametrize("where", ["in its mover's group", "outside"])
def test_it_ends_with_a_killed_window(method: str, tmp_path: Path, where: str):
    """Each mover starts something in another way."""
    ways = [way for way in WAYS if (way in OUTSIDE) == (where == "outside")]
    words = ("--start-method", method, "--agents", str(len(ways)))
    with program(write(tmp_path, *ways), *words) as (window, everybody):
        crowd = HELPERS[method] + 2 * len(ways)
        until(lambda: len([*tmp_path.glob("mine.py.*")]) == len(ways), "all have started it")
        until(lambda: len(everybody()) >= crowd, "a crowd, each with descent")
        window.kill()
        window.wait()
        if method == "spawn" and where == "outside":  # nobody is left who would know of it
            until(lambda: not any(is_mover(pid) for pid in everybody()), "the end of all movers")
        else:
            until(lambda: not everybody(), "the end of all")


@pytest.mark.parametrize("state", ["frozen", "killed"])
@pytest.mark.parametrize("mover", ["lives on", "is shut", "is deaf"])
def test_a_nursery_that_cannot_help_changes_nothing(tmp_path: Path, state: str, mover: str):
    if (state, mover) == ("killed", "is shut"):
        pytest.skip("killed in the same moment: what would end a mover is in neither process")
    shut = f"if self.n > 3:\n            {SHUT}\n            while True: pass"
    then = {"lives on": "pass", "is shut": shut, "is deaf": DEAF}[mover]
    with program(write(tmp_path, "a program", then=then)) as (window, everybody):
        until(lambda: len(everybody()) > HELPERS["forkserver"] + 4, "a crowd with descent")
        os.kill(nursery(everybody()), signal.SIGSTOP if state == "frozen" else signal.SIGKILL)
        window.kill()
        window.wait()
        until(lambda: not everybody(), "the end of all")


def test_those_of_a_dead_nursery_end_with_the_window_as_well(tmp_path: Path):
    shut = f"if self.n > 3:\n            {SHUT}\n            while True: pass"
    with program(write(tmp_path, "a program", then=shut)) as (window, everybody):
        until(lambda: len(everybody()) > HELPERS["forkserver"] + 4, "a crowd with descent")
        first = nursery(everybody())
        os.kill(first, signal.SIGKILL)
        until(lambda: nursery(everybody()) not in (0, first), "another nursery")
        until(lambda: ends_held(nursery(everybody())) >= 4, "an end of its pipe for each mover")
        window.kill()
        window.wait()
        until(lambda: not everybody(), "the end of all")


def nursery(pids: list[int]) -> int:
    """The pid of the nursery among some processes; 0 where there is none."""
    with suppress(psutil.NoSuchProcess):
        for pid in pids:
            if psutil.Process(pid).name() == "nursery":
                return pid
    return 0


def ends_held(pid: int) -> int:
    """How many movers a nursery ends with the window, by its own descriptors."""
    folder = Path(f"/proc/{pid}/fd")
    with suppress(OSError):
        files = [os.readlink(fd) for fd in folder.iterdir() if int(fd.name) >= PRIVATE]
        return max(map(files.count, files), default=0)
    return 0


def test_nobody_holds_the_programs_stdout(method: str, tmp_path: Path):
    mover = write(tmp_path, "os.system('setsid sleep 600 & echo heard')")
    words = ("--start-method", method, "--updates", "10")
    with program(mover, *words) as (window, everybody):
        output, errors = window.communicate(timeout=LIMIT)
        assert "heard" not in output + errors
        assert window.returncode == 0
        until(lambda: not everybody(), "the end of all")
