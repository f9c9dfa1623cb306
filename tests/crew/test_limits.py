"""What the system has room for: limits that are lowered for a child process, and made-up ones."""

import ctypes
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest

from game.crew import limits
from game.crew.limits import TASKS_BESIDE
from game.parts import Limit
from game.shared.table import Table

pytest.importorskip("resource", reason="these limits are POSIX's")

ROOT = Path(__file__).parents[2]


def write(root: Path, **files: str) -> str:
    """A system whose files say this; `__` in a name stands for a slash."""
    for name, text in files.items():
        path = root / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n")
    return str(root)


LOAD = "0.10 0.20 0.30 2/130 4711"
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, {hard}), {hard}))
from game.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


METHODS = ["forkserver", "spawn"] if sys.platform == "linux" else ["spawn"]


def run(hard: int, *words: str) -> subprocess.CompletedProcess[str]:
    """The program in a process whose limit of open files is lowered."""
    command = [sys.executable, "-c", LIMITED.format(hard=hard), "swarm", "--headless", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)


def test_too_many_for_the_open_files_is_one_line_before_anything_starts(tmp_path: Path):
    done = run(256, "--agents", "200", "--stats", str(tmp_path / "s.json"))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: --agents: 200 processes need 272 ")
    assert "open files, the system allows 256; give at most " in line
    assert "--per-process" in line
    assert not (tmp_path / "s.json").exists()


@pytest.mark.parametrize(
    ("agents", "hard", "needs", "advice"),
    [
        (1, 10, "1 process needs 73 open files", "; raise the limit (ulimit -Hn)"),
        (5, 10, "5 processes need 77 open files", "; raise the limit (ulimit -Hn)"),
        (5, 73, "5 processes need 77 open files", "; give at most 1 process (more agents "),
    ],
)
def test_where_there_is_no_room_at_all_only_the_limit_is_named(
    agents: int, hard: int, needs: str, advice: str, monkeypatch: pytest.MonkeyPatch
):
    room = Limit("open files", hard, 72, 1, "raise the limit (ulimit -Hn)")
    monkeypatch.setattr(limits, "limits", lambda *_: [room])
    with pytest.raises(ValueError, match="--agents: ") as caught:
        limits.check(agents, 0, "forkserver")
    words = f"--agents: {needs}, the system allows {hard}{advice}"
    assert str(caught.value).startswith(words)
    assert ("at most" in str(caught.value)) is (hard == 73)


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_what_the_line_says_is_right(method: str):
    way = ("--start-method", method)
    line = run(128, "--agents", "200", *way).stderr
    most = line.partition("give at most ")[2].partition(" ")[0]
    done = run(128, "--agents", most, "--updates", "1", *way)
    assert (done.returncode, "could not be started" in done.stderr) == (0, False), done.stderr


def test_fewer_processes_for_as_many_agents_fit():
    done = run(256, "--agents", "200", "--per-process", "50", "--updates", "1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_the_soft_limit_is_raised_for_the_nursery_too():
    """It holds a descriptor for each mover."""
    done = run(2000, "--agents", "300", "--frames", "1000000", "--updates", "1")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "words"), [("pid_max", "process ids"), ("threads-max", "threads")]
)
def test_the_kernels_limits_count_what_runs_already(tmp_path: Path, name: str, words: str):
    root = write(tmp_path, proc__loadavg=LOAD, **{f"proc__sys__kernel__{name}": "1000"})
    (limit,) = limits.tasks(1, root)
    assert (limit.name, limit.value, limit.used) == (words, 1000, 130 + TASKS_BESIDE)
    with pytest.raises(ValueError, match=f"{words}, the system allows 1,000; give at most 854 "):
        limits.check(855, 0, "forkserver", root)
    limits.check(854, 0, "forkserver", root)


@pytest.mark.parametrize(
    ("groups", "tree"),
    [("0::/a/b", "sys__fs__cgroup"), ("8:pids:/a/b\n7:cpu:/x", "sys__fs__cgroup__pids")],
)
def test_every_control_group_above_counts(tmp_path: Path, groups: str, tree: str):
    files = {f"{tree}__a__b__pids.max": "max", f"{tree}__a__pids.max": "100"}
    files |= {f"{tree}__a__b__pids.current": "3", f"{tree}__a__pids.current": "40"}
    root = write(tmp_path, proc__loadavg=LOAD, proc__self__cgroup=groups, **files)
    (limit,) = limits.tasks(1, root)
    assert limit.room == 100 - 40 - TASKS_BESIDE


def test_a_users_processes_are_counted_only_where_it_may_be_too_many(tmp_path, monkeypatch):
    root = write(tmp_path, proc__loadavg=LOAD)
    monkeypatch.setattr(limits, "tasks_of_a_user", lambda: 200)
    monkeypatch.setattr(limits, "tasks_of", lambda user, root: 20)
    assert [limit.room for limit in limits.tasks(10, root)] == [200 - 130 - TASKS_BESIDE]
    assert [limit.room for limit in limits.tasks(100, root)] == [200 - 20 - TASKS_BESIDE]


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="reads /proc")
def test_ones_own_tasks_are_among_those_of_the_user():
    mine = limits.tasks_of(os.getuid(), "/")
    assert 0 < mine <= (limits.tasks_of_all("/") or 0) + 50


def test_a_system_that_tells_nothing_sets_no_limit_of_tasks(tmp_path: Path):
    assert list(limits.tasks(10**6, str(tmp_path))) == []


def test_a_limit_that_is_passed_leaves_no_room():
    assert Limit("x", 100, 150, 2, "").room == 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system may refuse the limit")
def test_too_little_room_for_numpy_is_one_line_before_anything_starts():
    code = "from resource import *; setrlimit(RLIMIT_AS, (61_440_000, RLIM_INFINITY))\n"
    code += "import sys; from game.__main__ import main; sys.exit(main(sys.argv[1:]))"
    command = [sys.executable, "-c", code, "swarm", "--headless", "--updates", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("game: the address space may have 61 MB, ")
    assert line.endswith("raise the limit (ulimit -v)")


def test_a_table_larger_than_any_memory_is_refused():
    with pytest.raises(ValueError, match=r"--capacity: the shared table needs .* MB, neither"):
        limits.check_memory(10**18)
    limits.check_memory(1)


def test_a_table_is_as_large_as_is_said():
    table = Table(multiprocessing.get_context("spawn"), {"x": "m", "y": "m"}, 600, 3)
    size = sum(ctypes.sizeof(part) for part in table.shared)
    assert limits.table_bytes(200, 3, 2) == pytest.approx(size, abs=64)  # but for the world's row
