"""The cases: what the reference pictures show, drawn by the whole stage from made-up snapshots.

No processes, no clock, no font: the same picture on every machine.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pygame

from game import assets, movers, scenes
from game.snapshot import Floats, Snapshot, SyncFigures, SyncView
from game.stage import Stage
from game.view.bar import Bar
from game.view.card import Card
from game.view.curves import Moment
from game.view.hud import Facts
from tests.pictures import letters

FOLDER = Path(__file__).with_name("reference")
FRAMES, RATE = 24, 10.0  # that are drawn until the picture is taken, and how many a second
AGENTS = {"swarm": 12, "race": 5, "road": 4}
FIGURES = ("60 fps", "12 agents", "4 lost")
TRACEBACK = """Traceback (most recent call last):
  File "robots/mine.py", line 12, in step
    return 1 / 0
ZeroDivisionError: division by zero"""
CARD = Card(
    *("Agent 1", 1, [("process", "agent-1, pid 4711"), ("state", "ended: killed: SIGKILL")]),
    *(TRACEBACK, "Enter: start again     Delete: remove"),
)


class Case(NamedTuple):
    """One picture."""

    scene: str
    theme: str
    size: tuple[int, int]  # [px]
    scale: float = 1.0  # [px/pt]
    chosen: bool = False  # an agent is selected, and has a card
    help: bool = False
    curves: bool = False

    @property
    def name(self) -> str:
        """Of the picture's file."""
        size = "x".join(map(str, self.size)) + ("-dense" if self.scale > 1 else "")
        return f"{self.scene}-{self.theme}-{size}" + ("-help" if self.help else "")


def cases() -> Iterator[Case]:
    """Every scene in every theme: small, ordinary and dense; and the help in two sizes."""
    for theme in assets.names("themes", ".toml"):
        for scene in AGENTS:
            yield Case(scene, theme, (480, 320))
            yield Case(scene, theme, (1280, 720), curves=True)
            yield Case(scene, theme, (960, 640), 2.0, chosen=True)
    yield Case("swarm", "dark", (1280, 720), help=True)
    yield Case("race", "light", (480, 320), help=True)


def paint(case: Case) -> pygame.Surface:
    """The picture of a case; pygame's display and font have to be there."""
    surface = pygame.display.set_mode(case.size)
    world = movers.world(case.scene)
    scene = scenes.make(
        case.scene, assets.path("tracks", world.TRACK + ".csv") if world.TRACK else ""
    )
    stage = Stage(scene, Bar(world.ARRAY, world.name), case.theme, case.scale)
    stage.keys.open = case.help
    stage.curves.shown = case.curves
    stage.hud.note("Agent 1: killed: SIGKILL", 0.0)
    with letters.in_use():
        for snapshot in run(case.scene):
            snapshot.selected = 1 if case.chosen else -1
            stage.draw(surface, snapshot, facts(snapshot.now), CARD if case.chosen else None)
    return surface


def facts(now: float) -> Facts:
    """What the header says and the curves show at a moment."""
    wave = float(np.sin(3 * now))
    moment = Moment(8 + 4 * wave, 100 + 20 * wave, 12, max(0.0, wave))
    return Facts("A made-up run", "mover wander", FIGURES, "0.5x", moment=moment)


def run(scene: str) -> Iterator[Snapshot]:
    """One snapshot, moment by moment; at the end one agent is lost and one is silent."""
    agents = AGENTS[scene]
    made = Snapshot(movers.world(scene).FIELDS, 2 * agents)
    made.agents = np.arange(agents)
    made.expected, made.first[:] = 1 / RATE, 1 / RATE
    made.interval[:] = made.period[:] = 1 / RATE
    made.pid[:agents] = 4710 + made.agents
    for frame in range(1, FRAMES + 1):
        made.now = frame / RATE
        made.fresh[:agents] = made.agents != agents - 1  # the last one: silent from the start
        if frame == 1:
            made.fresh[:agents] = True
        writers = np.flatnonzero(made.fresh)
        made.changed[writers] = made.now
        made.updates[writers] = frame
        made.values[writers] = values(scene, agents, made.now)[writers]
        made.lost[1] = frame == FRAMES
        if scene == "road":
            figures = dict.fromkeys(("none", "lock"), SyncFigures(99, 7, 2, 0.1, 2.0, 30.0, 1e6))
            made.sync = SyncView("none", figures, True, True, 5.0, 0.0, "", "It was killed.")
        yield made


def values(scene: str, agents: int, now: float) -> Floats:
    """What the agents have written by then, (agents, fields)."""
    n = np.arange(agents)
    if scene == "swarm":
        angle = 0.5 * now + n
        away = 10 + 3 * n
        return np.column_stack((50 + away * np.cos(angle), 50 + away * np.sin(angle)))
    if scene == "race":
        speed = 60.0 + 12 * n
        return np.column_stack((speed, 90 * n + speed * now / 3.6))
    return np.floor(now * RATE - n / 2)[:, None]
