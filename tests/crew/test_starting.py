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
