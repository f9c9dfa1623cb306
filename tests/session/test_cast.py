"""Several behaviours in one session: who drives what, and who says so. Real processes."""

import json
from pathlib import Path

import pygame
import pytest

from game.app import save_files
from game.parts import KILL
from tests.made import frames_until, opened

pytestmark = pytest.mark.slow
MINE = """
FIELDS = {"offset": "m"}
PARAMETERS = {"at": 1.0}
from game.scenes.race import Driver
class Mover(Driver):
    def choose(self): return 50
    def step(self, dt):
        return *super().step(dt), self.agent.parameters.at
"""


def press(session, character: str) -> None:
    event = {"key": ord(character), "unicode": character, "mod": 0}
    session.controls.handle(pygame.event.Event(pygame.KEYDOWN, event))


def test_agents_are_shared_out_and_stay_so(method: str, tmp_path: Path):
    path = tmp_path / "mine.py"
    path.write_text(MINE)
    movers = ("--mover", str(path), "--set", "at=3", "--mover", "cruise:1")
    options = (*movers, "--agents", "3", "--rate", "50", "--start-method", method)
    with opened("race", *options, "--stats", str(tmp_path / "a.json")) as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 3)

        def offsets() -> list[float]:
            frame = session.source.frame
            return frame["offset"].tolist() if "offset" in frame.fields else []

        assert offsets() == [3.0, 0.0, 3.0], "as counted; whoever says nothing of it has 0"
        session.cast.signal(1, KILL)
        frames_until(session, lambda: session.cast.members[1].exitcode is not None)
        session.cast.restart(1)
        press(session, "+")
        frames_until(session, lambda: len(session.source.frame.agents) == 4)
        frames_until(session, lambda: session.source.frame.pid[1] == session.cast.members[1].pid)
        assert offsets() == [3.0, 0.0, 3.0, 3.0], "restarted as it was; the next one in turn"
        names = [session.agent_name(agent) for agent in range(4)]
        assert names == ["Car 1 (mine)", "Car 2 (cruise)", "Car 3 (mine)", "Car 4 (mine)"]
        rows = session.screen.scene.panel(5, -1).rows
        assert {cells[1]: cells[4] for _, cells in rows}["Car 2"] == "cruise"
        press(session, "c")
        session.frame()
        assert session.screen.canvas.colouring.choice.kind == "mover"
        press(session, "c")
        session.frame()
        assert session.screen.canvas.colouring.choice.field == "offset"
        session.finish()
        assert save_files(session)
    told = json.loads((tmp_path / "a.json").read_text())
    assert [row["mover"] for row in told["movers"]] == ["mine", "cruise", "mine", "mine"]
    assert told["values"][0][2] == 3.0


def test_a_race_of_several_ends_as_one_of_one_does(method: str, tmp_path: Path):
    path = tmp_path / "mine.py"
    path.write_text(MINE.replace("return 50", "return 900_000"))
    options = ("--mover", str(path), "--mover", "cruise", "--rate", "50", "--laps", "1")
    with opened(
        "race",
        *options,
        "--agents",
        "10",
        "--per-process",
        "5",
        "--start-method",
        method,
    ) as session:
        frames_until(session, lambda: session.source.frame.done[0])
        assert not session.source.frame.done[1], "whose cars are slow"
