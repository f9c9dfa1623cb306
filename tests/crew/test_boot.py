"""A child that is frozen in its boot, before anything of ours runs in it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from game.child.lifeline import ends
from tests.conftest import LIMIT, until
from tests.processes import nursery_of, running

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel ends them on Linux alone"),
]

ROOT = Path(__file__).parents[2]
FROZEN = """
import os, signal, sys
import game.crew.crew
from game.crew import starting
game.crew.crew.PATIENCE = 1000.0  # [s] nobody is to be waited for
real = starting.start
def start(process, lifeline):
    real(process, lifeline)
    os.kill(process.pid, signal.SIGSTOP)
    print(process.pid, flush=True)
starting.start = start
from game.__main__ import command
sys.exit(command())
"""


@contextmanager
def frozen(method: str) -> Iterator[tuple["subprocess.Popen[str]", list[psutil.Process]]]:
    """A window, and its children: the first one that it starts is frozen in its boot."""
    words = ("swarm", "--headless", "--agents", "1", "--start-method", method)
    window = subprocess.Popen(
        [sys.executable, "-c", FROZEN, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert window.stdout
        child = psutil.Process(int(window.stdout.readline()))
        until(lambda: child.status() == psutil.STATUS_STOPPED, "a frozen child")
        yield window, psutil.Process(window.pid).children()
    finally:
        window.kill()
        window.communicate()


def test_it_goes_with_a_window_that_is_killed_and_so_does_the_tracker(method: str):
    with frozen(method) as (window, children):
        assert len(children) == 2
        window.kill()
        window.wait()
        try:
            until(lambda: not any(child.is_running() for child in children), "the end of both")
        finally:
            for child in children:
                if child.is_running():
                    child.kill()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_does_not_hold_up_the_end(method: str, number: int):
    with frozen(method) as (window, children):
        window.send_signal(number)
        errors = window.communicate(timeout=LIMIT)[1]
        assert (window.returncode, errors) == (128 + number, "")
        until(lambda: not any(child.is_running() for child in children), "the end of both")


def test_nobody_keeps_a_lifeline_for_longer_than_the_boot(method: str):
    with running(method) as run:
        run.crew.add()
        run.until(lambda: len(run.reader.frame.agents) == 1, "it runs")
        pids = [run.crew.members[0].pid]
        if method == "forkserver":
            pids.append(nursery_of(run))
        pipe = os.readlink(f"/proc/self/fd/{ends()[0]}")
        for pid in pids:
            folder = f"/proc/{pid}/fd"
            assert pipe not in [os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder)]
        mine = [os.readlink(f"/proc/self/fd/{fd}") for fd in open_here()]
        assert mine.count(pipe) == 2, "the two ends, and none for each child"


def open_here() -> list[int]:
    """The descriptors of this process."""
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
        except OSError:  # the one that the folder was read by
            continue
        found.append(int(name))
    return found
