"""What every test stands on: no display, and nobody left behind."""

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator

import pytest

os.environ["SDL_VIDEODRIVER"] = "dummy"
os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

LIMIT = 60.0  # [s] a state may take to come about, on a machine that is busy with other things


def until(state: Callable[[], object], what: str = "") -> None:
    """Ask for a state again and again until it is there; fail when it never comes."""
    end = time.monotonic() + LIMIT
    while not state():
        if time.monotonic() > end:
            raise AssertionError(f"never came: {what or state}")
        time.sleep(0.002)


@pytest.fixture(autouse=True)
def _nobody_left() -> Iterator[None]:
    """After every test: no child process is left."""
    yield
    left = multiprocessing.active_children()
    for child in left:
        child.kill()
        child.join()
    assert not left, f"left behind: {left}"


@pytest.fixture(params=["forkserver", "spawn"])
def method(request: pytest.FixtureRequest) -> str:
    """Each start method in turn."""
    return str(request.param)
