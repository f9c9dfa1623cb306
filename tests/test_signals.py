"""The signals of a terminal: Ctrl-Z and fg, a terminal that goes, and nohup."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.conftest import LIMIT, command, stopped, until

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(not hasattr(signal, "SIGTSTP"), reason="there is no Ctrl-Z"),
]

ROOT = Path(__file__).parents[1]
AGENTS = 4


@contextmanager
def swarm(method: str, *words: str, **given) -> Iterator[tuple[subprocess.Popen[str], list]]:
    """A headless swarm, and its movers."""
    window = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "swarm", "--headless", "--agents", str(AGENTS)),
            *("--rate", "50", "--start-method", method, *words),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        **given,
    )
    try:
        until(lambda: len(movers(window.pid)) == AGENTS, "its movers")
        yield window, movers(window.pid)
    finally:
        window.kill()
        window.communicate()


def movers(window: int) -> list[psutil.Process]:
    """The movers of a window."""
    children = psutil.Process(window).children(recursive=True)
    return [child for child in children if child.name() == f"mover {child.pid}"]


def ignored(pid: int, number: int) -> bool:
    """Whether a process ignores a signal."""
    return bool(mask(pid, "SigIgn") & 1 << (number - 1))


def mask(pid: int, name: str) -> int:
    """The signals of a process that stand under a name in /proc, a bit each."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    (found,) = [line.split()[1] for line in lines if line.startswith(name)]
    return int(found, 16)


def test_ctrl_z_stops_all_and_fg_wakes_all(method: str):
    # A group of its own, whose leader's parent is in the same session: as a shell makes it.
    with swarm(method, process_group=0) as (window, crowd):
        window.send_signal(signal.SIGTSTP)
        until(lambda: stopped(window.pid), "a window that stands still")
        until(lambda: all(stopped(mover.pid) for mover in crowd), "movers that do")
        window.send_signal(signal.SIGCONT)
        until(lambda: not any(stopped(mover.pid) for mover in crowd), "all awake")
        window.send_signal(signal.SIGTSTP)
        until(lambda: stopped(window.pid), "once more")
        window.send_signal(signal.SIGTERM)
        window.send_signal(signal.SIGCONT)
        _, errors = window.communicate(timeout=LIMIT)
        assert (window.returncode, errors) == (143, "")


@pytest.mark.skipif(sys.platform != "linux", reason="looks for who is in its boot")
def test_ctrl_z_in_the_start_stops_it_at_once_and_one_fg_wakes_it(method: str):
    words = ("swarm", "--headless", "--agents", "3", "--seconds", "0.5", "--start-method", method)
    window = subprocess.Popen(
        [sys.executable, "-m", "game", *words],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    try:
        until(lambda: booting(window.pid), "a child in its boot")
        booted = booting(window.pid)
        os.killpg(window.pid, signal.SIGTSTP)  # the terminal's key reaches the whole group
        until(lambda: stopped(window.pid), "a window that stands still")
        if method == "forkserver":
            until(lambda: all(os.getpgid(c.pid) == c.pid for c in booted), "a nursery that goes on")
        os.killpg(window.pid, signal.SIGCONT)
        assert window.communicate(timeout=LIMIT)[1] == ""
        assert window.returncode == 0
    finally:
        window.kill()
        window.communicate()


def booting(window: int) -> list[psutil.Process]:
    """The children of a window that have not left its group yet, but for the tracker."""
    found = []
    for child in psutil.Process(window).children():
        with suppress(ProcessLookupError):
            if "spawn_main" in command(child) and os.getpgid(child.pid) == window:
                found.append(child)
    return found


def test_a_window_that_is_killed_while_it_stands_still_takes_all_with_it(method: str):
    with swarm(method, process_group=0) as (window, crowd):
        window.send_signal(signal.SIGTSTP)
        until(lambda: stopped(window.pid), "a window that stands still")
        window.kill()
        window.wait()
        until(lambda: not any(mover.is_running() for mover in crowd), "the end of all")


@pytest.mark.skipif(sys.platform != "linux", reason="reads what is ignored in /proc")
@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTSTP])
def test_a_signal_that_was_ignored_stays_ignored(number: int):
    ignore = lambda: signal.signal(number, signal.SIG_IGN)  # noqa: E731
    with swarm("forkserver", preexec_fn=ignore) as (window, _):
        assert ignored(window.pid, number)
        others = {signal.SIGHUP, signal.SIGINT, signal.SIGTSTP} - {number}
        assert not any(ignored(window.pid, other) for other in others)


def test_the_keys_of_the_terminal_reach_the_window_alone():
    with swarm("forkserver", start_new_session=True) as (window, crowd):
        assert all(os.getsid(mover.pid) != os.getsid(window.pid) for mover in crowd)
        assert all(os.getpgid(mover.pid) == mover.pid for mover in crowd)
        assert all(mask(mover.pid, "SigBlk") == 0 for mover in crowd), "its own keys reach it"
