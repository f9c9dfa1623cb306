"""With Ray, on two simulated nodes: whole runs, each of which has a cluster of its own.

Few of them: a cluster takes its time to come up. Everything else is tried without Ray.
"""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from tests.conftest import command, offspring, until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.cluster,
    pytest.mark.skipif(
        importlib.util.find_spec("ray") is None,
        reason="needs Ray: pip install 'array-arena[cluster]'",
    ),
    pytest.mark.skipif(sys.platform != "linux", reason="nodes are tried on Linux alone"),
]
ROOT = Path(__file__).parents[2]


class Playing:
    """A program that runs on two nodes."""

    def __init__(self, folder: Path, *more: str) -> None:
        self.stats, self.errors = folder / "stats.json", folder / "errors"
        self.out = folder / "out"
        words = ["swarm", "--agents", "6", "--headless", "--cluster", "local", "--seed", "1"]
        words += ["--stats", str(self.stats), *more]
        with self.errors.open("w") as errors, self.out.open("w") as out:
            self.program = subprocess.Popen(
                [sys.executable, "-m", "game", *words],
                cwd=ROOT,
                stdout=out,
                stderr=errors,
            )

    def lines(self) -> list[str]:
        return self.errors.read_text().splitlines()

    def movers(self) -> list[psutil.Process]:
        return [p for p in offspring() if name(p).startswith("mover ")]

    def until_up(self, movers: int = 6) -> None:
        until(lambda: len(self.movers()) == movers or self.program.poll() is not None, "movers")
        assert self.program.poll() is None, self.lines()

    def of(self, what: str) -> list[psutil.Process]:
        """Its processes by name."""
        return sorted((p for p in offspring() if name(p) == what), key=lambda p: p.create_time())


@contextmanager
def playing(folder: Path, *more: str) -> Iterator[Playing]:
    made = Playing(folder, *more)
    try:
        yield made
    finally:
        for process in (made.program, *offspring()):
            with suppress(psutil.Error):
                process.kill()
        made.program.wait()


def name(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return process.name()
    return ""


def test_a_run_on_two_nodes(tmp_path):
    with playing(tmp_path, "--frames", "240") as run:
        run.until_up()
        ours = {p.pid for p in offspring()}
        listening = [c for c in psutil.net_connections("inet") if c.status == "LISTEN"]
        reached = {c.laddr.ip for c in listening if c.pid in ours}
        assert reached <= {"127.0.0.1", "::ffff:127.0.0.1", "::1"}
        assert reached
        assert not any("include-dashboard" in command(p) for p in offspring())
        assert run.program.wait(60) == 0
        assert run.lines() == []
        assert run.out.read_text() == ""
        assert not offspring(), "nobody is left"
    stats = json.loads(run.stats.read_text())
    assert {row["host"] for row in stats["movers"]} == {"node 1", "node 2"}
    assert all(row["updates"] > 3 for row in stats["movers"])
    assert stats["cluster"]["nodes"] == ["node 1", "node 2"]
    assert 0 < stats["cluster"]["age_ms"]["median"] <= stats["cluster"]["age_ms"]["p99"]
    assert stats["start_ms"]["all_movers"] is not None


def test_a_node_dies_and_then_the_head(tmp_path):
    with playing(tmp_path, "--restart", "on-failure") as run:
        run.until_up()
        _, second = run.of("raylet")
        second.kill()
        until(lambda: run.lines(), "the line")
        (line,) = run.lines()
        assert line.startswith("game: node 2: ")
        assert "; its 3 agents are lost: Robot 1, Robot 3, Robot 5; started again on o" in line
        run.until_up()
        run.of("gcs_server")[0].kill()
        assert run.program.wait(60) == 1
        (line,) = run.lines()[1:]
        assert line.startswith("game: the cluster: its head at 127.0.0.1:")
        assert " is gone (Connection refused); its 6 agents are lost: Robot 0, " in line
        assert not offspring(), "nobody is left"


@pytest.mark.parametrize("who", ["window", "both"])
def test_nobody_outlives_the_window(tmp_path, who: str):
    with playing(tmp_path) as run:
        run.until_up()
        everybody = offspring()
        assert len(run.of("raylet")) == 2
        if who == "both":
            run.of("publisher")[0].suspend()
            os.kill(run.of("publisher")[0].pid, signal.SIGKILL)
        run.program.kill()
        run.program.wait(30)
        until(lambda: not [p for p in everybody if alive(p)], "everybody's end")
        assert run.lines() == []


def alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False
