"""Room for processes: the limit of open files is raised, and looked at before each start."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the limits of open files are POSIX's")

ROOT = Path(__file__).parents[2]

RAISED = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (256, {hard}))
from game.crew.starting import make_room
make_room(1000)
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""

FULL = """
import os, resource
from game.crew.starting import see_room
see_room()
resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/dev/fd")) + 5, 256))
held = len(os.listdir("/dev/fd"))
try:
    see_room()
except OSError as error:
    print(error.strerror, len(os.listdir("/dev/fd")) - held)
"""


DEAF = """
import os, signal
from multiprocessing import resource_tracker
from game.child.lifeline import Lifeline
from game.child.parent_watch import STOPS
from game.crew.starting import spawning, start

class Process:
    pid = os.getpid()
    def start(self):
        resource_tracker.getfd()  # as spawn does
        print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()))

spawning()
for _ in range(2):
    tracker = resource_tracker._resource_tracker._pid
    for line in open(f"/proc/{tracker}/status"):
        if line.startswith("SigBlk"):
            print(all(int(line.split()[1], 16) & 1 << number - 1 for number in STOPS))
    os.kill(tracker, signal.SIGKILL)
    os.waitid(os.P_PID, tracker, os.WEXITED | os.WNOWAIT)
    start(Process(), Lifeline())
print(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def output(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_soft_limit_is_raised_as_far_as_needed():
    assert output(RAISED.format(hard=5000)) == f"{3 * 1000 + 256} 5000"


def test_or_as_far_as_the_hard_one_allows():
    assert output(RAISED.format(hard=700)) == "700 700"


def test_a_full_table_is_seen_before_a_start_and_nothing_stays_open():
    assert output(FULL) == "Too many open files 0"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_start_is_deaf_to_ctrl_c_and_the_tracker_to_ctrl_z_though_that_was_killed():
    assert output(DEAF).split("\n") == ["True"] * 4 + ["set()"]
