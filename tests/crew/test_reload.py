"""Saved while processes drive by it, under both start methods; and their logs."""

from pathlib import Path

import pytest

from game.child.reload import KEPT, TOOK
from tests.made import frames_until, opened

pytestmark = pytest.mark.slow  # real processes

MOVER = """
import os
class Mover:
    def __init__(self, agent): self.n = 0
    def step(self, dt):
        self.n += 1
        return self.n % 90, 10.0
"""


def test_all_processes_take_what_is_saved(method: str, tmp_path: Path, capsys):
    path = tmp_path / "mine.py"
    path.write_text(MOVER)
    options = ["--agents", "3", "--rate", "50", "--start-method", method, "--log", str(tmp_path)]
    with opened("swarm", "--mover", str(path), "--reload", *options) as session:
        values = lambda: session.source.frame["y"].tolist()  # noqa: E731
        frames_until(session, lambda: values() == [10.0] * 3, "three agents")
        path.write_text(MOVER.replace("10.0", "20.0"))
        frames_until(session, lambda: values() == [20.0] * 3, "the new code")
        frames_until(session, lambda: TOOK in session.screen.hud.message, "word of it")
        assert session.screen.hud.message == f"all 3 movers: {TOOK}"
        path.write_text(MOVER + "x = (\n")
        frames_until(session, lambda: session.screen.hud.standing, "word of the error")
        assert session.screen.hud.standing.startswith(f"{KEPT}: mine.py:8: SyntaxError")
        again = MOVER.replace("10.0", "30.0").replace("self.n += 1", "self.n += 1; print('here')")
        path.write_text(again)
        frames_until(session, lambda: values() == [30.0] * 3, "the next code")
        frames_until(session, lambda: not session.screen.hud.standing, "no error")
        assert session.stats.died == 0
        assert session.source.frame["x"].min() > 3  # it goes on where it stood
        session.cast.signal(1, 9)
        frames_until(session, lambda: session.stats.died, "a death")
        session.cast.restart(1)
        frame = lambda: session.source.frame  # noqa: E731
        frames_until(session, lambda: frame().pid[1] == session.cast.members[1].pid > 0)
        frames_until(session, lambda: frame().updates[1] and values() == [30.0] * 3, "the new one")
    logs = sorted(tmp_path.glob("*.log"))
    assert [log.name[:18] for log in logs] == [
        *("agent-0000-run-1-p", "agent-0001-run-1-p", "agent-0001-run-2-p"),
        "agent-0002-run-1-p",
    ]
    assert logs[0].read_text().startswith("here\nhere\n")
    assert f"all 3 movers: {TOOK}" in capsys.readouterr().err


def test_a_program_that_a_mover_starts_prints_into_its_log(method: str, tmp_path: Path):
    path = tmp_path / "mine.py"
    path.write_text(MOVER.replace("self.n += 1", "self.n += 1; os.system('echo a child')"))
    options = ["--agents", "1", "--start-method", method, "--log", str(tmp_path / "logs")]
    with opened("swarm", "--mover", str(path), *options) as session:
        frames_until(session, lambda: len(session.source.frame.agents), "an update")
    (log,) = (tmp_path / "logs").iterdir()
    assert log.read_text().startswith("a child\n")
