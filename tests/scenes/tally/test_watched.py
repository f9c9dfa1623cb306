"""The tally's own array under a check: the lost update is found, and where a lock is taken around
the whole addition there is nothing to be found."""

import os
from collections.abc import Iterator

import numpy as np
import pytest

import game
from game.attach.viewer import Viewer
from game.scenes.tally.cells import DONE, ROW
from game.session.session import Session
from tests.made import frames_until, opened

pytestmark = [
    pytest.mark.slow,  # real processes in every test
    pytest.mark.skipif(not os.path.exists("/proc/self/maps"), reason="needs /proc"),
]

# Each process counts an addition right after it: until then it may be in the cell already.
CHECK = f"abs(rows[:, {DONE}].sum() - counter[0]) <= 2"


@pytest.fixture(params=["none", "lock"])
def watched(request: pytest.FixtureRequest) -> Iterator[tuple[str, Session, Viewer]]:
    """A tally of two processes, and a viewer that checks it."""
    with opened("tally", "--sync", request.param, "--agents", "2") as session:
        cells = session.cast.table.cells
        rows = np.frombuffer(cells.rows, np.int64).reshape(-1, ROW)
        with game.watch(counter=cells.counter, rows=rows, check=CHECK, headless=True) as viewer:
            yield request.param, session, viewer


def test_the_lost_update_is_found_by_a_check(watched: tuple[str, Session, Viewer]):
    mode, session, viewer = watched
    frames_until(session, lambda: viewer.running and viewer.told, "the first report")
    if mode == "none":
        frames_until(session, lambda: viewer.violations, "a violation")
        return
    checks = viewer.told["checks"]
    frames_until(
        session, lambda: viewer.running and viewer.told["checks"] > checks + 200, "more checks"
    )
    assert viewer.violations == 0
