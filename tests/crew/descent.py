"""Movers that start processes of their own, and how to find these wherever they have gone."""

import os
from contextlib import suppress
from pathlib import Path

WAYS = {
    "a program": "subprocess.Popen(['sleep', '600'])",
    "a program in the background": "os.system('sleep 600 &')",
    "a fork": "os.fork() or time.sleep(600)",
    "a program in a session of its own": (
        "subprocess.Popen(['sleep', '600'], start_new_session=True)"
    ),
    "an orphan in a session of its own": "os.system('setsid sleep 600 &')",
    "a daemon, forked twice": "daemon()",
    "a process of multiprocessing": (
        "self.kept = multiprocessing.Process(target=time.sleep, args=(600,)); self.kept.start()"
    ),
    "a pool": ("self.kept = futures.ProcessPoolExecutor(2); self.kept.submit(time.sleep, 600)"),
}
OUTSIDE = [way for way in WAYS if "session" in way or "daemon" in way]  # its mover's group
FILE = """
import multiprocessing, os, signal, subprocess, sys, time
from concurrent import futures

def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)

class Mover:
    def __init__(self, agent):
        self.number, self.n = agent.number, 0
    def step(self, dt):
        self.n += 1{starts}
        {then}
        return self.n, 2
"""
START = """
        if self.n == 3 and self.number == {number}:
            {way}
            open(__file__ + ".{number}", "w").close()"""


def write(folder: Path, *ways: str, then: str = "pass") -> str:
    """A mover file whose first agents start something in their third step, each in its way, and
    then go on so; what has started leaves a file mine.py.N."""
    path = folder / "mine.py"
    starts = "".join(START.format(number=n, way=WAYS.get(w, w)) for n, w in enumerate(ways))
    path.write_text(FILE.format(starts=starts, then=then))
    return str(path)


def marked(mark: str) -> list[int]:
    """The pids of all living processes on this machine with a mark in their environment."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        with suppress(OSError):
            if mark.encode() in Path(f"/proc/{name}/environ").read_bytes():
                found.append(int(name))
    return [pid for pid in found if pid != os.getpid()]
