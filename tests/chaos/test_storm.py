"""A short storm of each kind, as the long one is: `python -m tests.chaos --kills 10000`."""

import signal

import pytest

from tests.chaos.storm import left, rage, survivors
from tests.conftest import until

KILLS = {"forkserver": 300, "spawn": 100}  # an interpreter takes its time to start
WAITS = 0.02  # of all reads, in which the thread that starts processes had Python's own lock
GROWTH = 10_000_000  # [bytes] the fragments of what was freed, and some slack

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="this system cannot freeze a process"
)


@pytest.mark.slow
def test_a_storm_holds_up_nobody_and_leaves_nothing(method: str):
    # What stays: imports, fonts, pictures, the blocks that multiprocessing's heap keeps.
    rage(seed=1, method=method, kills=KILLS[method] // 2)
    before = left()
    seen = rage(seed=2, method=method, kills=KILLS[method])
    assert seen.waits <= WAITS * seen.reads
    assert seen.looks > 1000
    assert seen.torn == 0
    after = left()
    until(lambda: survivors() == 0, "the end of everybody")
    assert after[:3] == before[:3]
    assert after.memory < before.memory + GROWTH
