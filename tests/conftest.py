"""What every test stands on: no display, and nobody left behind."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from multiprocessing import resource_tracker
from types import FrameType

import psutil
import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

# What a test starts by multiprocessing need not load pytest first.
sys.modules["__main__"].__spec__ = None
vars(sys.modules["__main__"]).pop("__file__", None)

# A script that runs the tests with `&` has them, and all that they start, ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)

LIMIT = 60.0  # [s] a state may take to come about, on a machine that is busy with other things


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """How many tests run at once: one more than there are processors, as many wait most of their
    time for processes of their own."""
    return (os.cpu_count() or 1) + 1


def until(state: Callable[[], object], what: str = "") -> None:
    """Ask for a state again and again until it is there; fail when it never comes."""
    end = time.monotonic() + LIMIT
    while not state():
        if time.monotonic() > end:
            raise AssertionError(f"never came: {what or state}")
        time.sleep(0.002)


def stopped(pid: int) -> bool:
    """Whether a process stands still; a signal takes its time to reach it."""
    return psutil.Process(pid).status() == psutil.STATUS_STOPPED


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """After every test: no process is left but multiprocessing's own helper.

    Those that are left all the same are ended: the next test is not to blame for them.
    """
    yield
    if childless() or not (left := offspring()):
        return
    try:
        until(lambda: not offspring(), f"the end of {left}")
    finally:
        for process in offspring():
            with suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.fixture(autouse=True)
def _no_module_of_its_own_stays() -> Iterator[None]:
    """After every test: what it loaded from its own folder is forgotten, whatever it is called."""
    yield
    for name, module in list(sys.modules.items()):
        if "pytest-of-" in (getattr(module, "__dict__", {}).get("__file__") or ""):
            del sys.modules[name]


def childless() -> bool:
    """Whether the system knows at once that there are no children but multiprocessing's helper;
    Linux does, while psutil looks through all processes that there are."""
    found = set()
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                found |= {int(pid) for pid in file.read().split()}
    except OSError:
        return False
    return found <= {resource_tracker._resource_tracker._pid}


def offspring() -> list[psutil.Process]:
    """The living descendants of this process, without multiprocessing's tracker."""
    me = psutil.Process()
    return [child for child in me.children(recursive=True) if not helper(child, me.pid)]


def helper(child: psutil.Process, parent: int) -> bool:
    """Whether a process is one of multiprocessing's helpers, or gone."""
    try:
        if child.status() == psutil.STATUS_ZOMBIE:
            return True
        mine = child.ppid() == parent
    except psutil.NoSuchProcess:
        return True
    return mine and "resource_tracker" in command(child)


def command(process: psutil.Process) -> str:
    """The command line of a process; "" when it has ended, also just now."""
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # a zombie is one as well
        return ""


@pytest.fixture
def display(request: pytest.FixtureRequest) -> Iterator[None]:
    """A display to draw on, as large as the test's file says with SIZE [px]."""
    import pygame

    pygame.display.init()
    pygame.font.init()
    pygame.display.set_mode(getattr(request.module, "SIZE", (320, 240)))
    yield
    pygame.display.quit()


def calls(of: Callable[[], object]) -> int:
    """The calls that a function makes, those of C included."""
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        of()
    finally:
        sys.setprofile(None)
    return made


@pytest.fixture(params=["forkserver", "spawn"])
def method(request: pytest.FixtureRequest) -> str:
    """Each start method in turn."""
    return str(request.param)
