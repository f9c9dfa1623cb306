"""Systems that were never at hand: what they lack is taken away, in every process of a run.

What is left has to be enough: the modules load, there is one start method, and a spawned crew
starts, is killed, leaves and ends. It shows that nothing is called that is not there; what
Windows and macOS do otherwise it cannot show.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import LIMIT

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="takes away what Linux has")

# multiprocessing and what it stands on have been loaded by then, and go on being Linux's.
TAKEN = """
import ctypes, multiprocessing, os, select, signal, subprocess, sys, tempfile, threading
import multiprocessing.connection, multiprocessing.heap, multiprocessing.popen_spawn_posix
import multiprocessing.resource_tracker, multiprocessing.sharedctypes, multiprocessing.synchronize
import asyncio, psutil, shutil, random, numpy, pygame, traceback
multiprocessing.resource_tracker.ensure_running()  # this one is Linux's, and asks for more
PLATFORM = {platform!r}
DARWIN = {{
    os: "pidfd_open P_PIDFD setns unshare pipe2 sched_getaffinity waitid P_PID P_ALL",
    select: "epoll EPOLLIN",
    signal: "sigtimedwait sigwaitinfo pidfd_send_signal",
}}
WINDOWS = {{
    os: "fork forkpty register_at_fork getpgid getpgrp setpgid setsid getsid killpg nice "
    "getpriority setpriority PRIO_PROCESS getuid geteuid mkfifo "
    "O_NONBLOCK O_CLOEXEC O_ASYNC sysconf getloadavg sched_yield",
    select: "poll POLLIN POLLOUT",
    signal: "SIGKILL SIGSTOP SIGCONT SIGTSTP SIGHUP SIGCHLD pthread_sigmask SIG_BLOCK SIG_UNBLOCK "
    "SIG_SETMASK setitimer sigwait sigpending",
}}
taken = dict(DARWIN) if PLATFORM == "darwin" else {{
    module: " ".join((DARWIN[module], WINDOWS[module])) for module in DARWIN
}}

def take():
    for module, names in taken.items():
        for name in names.split():
            vars(module).pop(name, None)
    import fcntl
    for name in ("F_SETSIG", "F_SETOWN", "F_DUPFD_CLOEXEC"):
        vars(fcntl).pop(name, None)
    if PLATFORM == "win32":
        for name in ("resource", "fcntl"):
            sys.modules[name] = None
        os.name = "nt"

        def lacks(*given):
            raise AttributeError("Windows has no such thing")

        multiprocessing.popen_spawn_posix.Popen.kill = lambda self: os.kill(self.pid, 9)
        multiprocessing.resource_tracker.ensure_running = lacks  # as good as: it calls what is not
    sys.platform = PLATFORM
    import builtins
    real_open = open
    def no_proc(path):
        if str(path).startswith(("/proc", "/dev/fd")):
            raise FileNotFoundError(2, "No such file or directory", path)
    def opens(path, *rest, **more):
        no_proc(path)
        return real_open(path, *rest, **more)
    builtins.open = opens

take()
"""

LOADS = """
import importlib
root = {root!r}
left_out = {{  # what only ever runs in a nursery
    *("game.child.nursery_process", "game.child.forked", "game.child.gate"),
    *("game.child.descriptors", "game.crew.nursery"),
}}
for folder, _, files in os.walk(os.path.join(root, "game")):
    for file in files:
        place = os.path.relpath(os.path.join(folder, file), root)
        name = place.removesuffix(".py").replace(os.sep, ".").removesuffix(".__init__")
        if not file.endswith(".py") or file == "__main__.py" or name in left_out:
            continue
        if ".movers." not in name:
            importlib.import_module(name)
from game import arguments
print(arguments.methods())
"""

CREW = """
import time
from game.child.job import Behaviour, Job
from game.crew.crew import Crew
from game.crew.launcher import launch
from game.crew.starting import make_room, our_path, spawning
from game.parts import KILL
from game.shared.table import UPDATES, Table

def until(state):
    end = time.monotonic() + 50
    while not state():
        crew.poll()
        assert time.monotonic() < end, "never came"
        time.sleep(0.01)

if __name__ == "__main__":
    make_room(8)
    with our_path():
        context = spawning()
        fields = {{"x": "m", "y": "m"}}
        table = Table(context, fields, 8)
        job = Job("swarm", fields, (Behaviour("wander"),), 1, 20.0, 0)
        crew = Crew(table, job, launch("spawn", context, table, job))
        for _ in range(4):
            crew.add()
        until(lambda: all(table.row(slot)[UPDATES] > 2 for slot in range(4)))
        crew.signal(0, KILL)
        until(lambda: crew.members[0].exitcode is not None)
        crew.restart(0)
        until(lambda: table.row(0)[UPDATES] > 2)
        crew.remove(1)
        until(lambda: 1 not in crew.members)
        crew.suspend()
        crew.resume()
        began = time.monotonic()
        crew.close()
        assert time.monotonic() - began < 5
        print("alive", crew.alive, "left", len(crew.members))
"""

RUN = """
if __name__ == "__main__":
    from game.__main__ import command
    sys.exit(command())
"""


@pytest.fixture(params=["darwin", "win32"])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path):
    """Runs a script where what the platform lacks is taken away."""

    def run(code: str, *words: str) -> "subprocess.CompletedProcess[str]":
        script = tmp_path / "elsewhere.py"
        script.write_text(TAKEN.format(platform=request.param) + code.format(root=str(ROOT)))
        return subprocess.run(
            [sys.executable, str(script), *words],
            capture_output=True,
            text=True,
            timeout=2 * LIMIT,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    return run


def test_every_module_that_is_used_there_loads(elsewhere):
    done = elsewhere(LOADS)
    assert (done.returncode, done.stdout, done.stderr) == (0, "('spawn',)\n", "")


def test_a_spawned_crew_lives_and_ends(elsewhere):
    done = elsewhere(CREW)
    assert (done.returncode, done.stdout, done.stderr) == (0, "alive 0 left 0\n", "")


@pytest.mark.slow
def test_a_whole_run(elsewhere):
    words = ("swarm", "--headless", "--agents", "3", "--updates", "3", "--stats", "a.json")
    done = elsewhere(RUN, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == 4


@pytest.mark.parametrize("scene", ["road", "tally"])
@pytest.mark.slow
def test_the_scenes_with_a_lock(elsewhere, scene: str, request: pytest.FixtureRequest):
    if "win32" in request.node.name:
        pytest.skip("there multiprocessing's own lock travels in another way")
    done = elsewhere(RUN, scene, "--headless", "--seconds", "2")
    assert (done.returncode, done.stderr) == (0, "")


def test_spawn_is_the_only_start_method_there(elsewhere):
    done = elsewhere(RUN, "swarm", "--headless", "--start-method", "forkserver")
    assert done.returncode == 2
    assert "forkserver" in done.stderr
