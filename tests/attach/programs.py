"""Programs that are not ours, with shared memory: what the tests watch."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.conftest import until

# Counts up in a process of its own, in the tutorial's way; says when it has begun.
COUNTER = """
import multiprocessing, sys, time

def count(array, pause):
    while True:
        for place in range(len(array)):
            array[place] += 1
        time.sleep(pause)

if __name__ == "__main__":
    context = multiprocessing.get_context({method!r})
    array = context.Array({code!r}, {values!r})
    process = context.Process(target=count, args=(array, {pause!r}), daemon=True)
    process.start()
    print("begun", flush=True)
    sys.stdin.read()
"""


def counter(
    method: str = "fork", code: str = "i", values: object = (10, 20, 30), pause: float = 0.01
) -> str:
    """The text of a program that counts up in every element."""
    given = values if isinstance(values, int) else list(values)  # type: ignore[call-overload]
    return COUNTER.format(method=method, code=code, values=given, pause=pause)


def alive(process: subprocess.Popen[str]) -> bool:
    return process.poll() is None


@contextmanager
def running(folder: Path, text: str) -> Iterator[subprocess.Popen[str]]:
    """A program from its text, begun; ended afterwards."""
    file = folder / "program.py"
    file.write_text(text)
    process = subprocess.Popen(
        [sys.executable, str(file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        assert process.stdout.readline() == "begun\n"
        yield process
    finally:
        process.stdin.close()
        everybody = psutil.Process(process.pid).children(recursive=True) if alive(process) else []
        for one in (*everybody, process):
            one.kill()
        process.stdout.close()
        until(lambda: process.poll() is not None, "its end")
