"""The cases: what the reference pictures show, drawn by the whole screen from made-up frames.

No processes, no clock, no font: the same picture on every machine.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pygame

from game import assets, scenes
from game.frame import Floats, Frame
from game.recording.tape import Mark
from game.scenes.road.figures import SyncFigures, SyncView
from game.scenes.tally.figures import Count, TallyView
from game.view.bar import Bar
from game.view.curves import Moment
from game.view.hud import Status
from game.view.inspector import Inspection
from game.view.keys import KeyTable
from game.view.scene import ShownScene
from game.view.screen import Screen
from game.view.timeline import Timeline
from tests.made import scene_of
from tests.pictures import letters

FOLDER = Path(__file__).with_name("reference")
FRAMES, RATE = 24, 10.0  # that are drawn until the picture is taken, and how many a second
AGENTS = {"swarm": 12, "race": 5, "road": 4, "tally": 3}
FIGURES = ("60 fps", "12 agents", "4 lost")
TRACEBACK = """Traceback (most recent call last):
  File "robots/mine.py", line 12, in step
    return 1 / 0
ZeroDivisionError: division by zero"""
CARD = Inspection(
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
    replay: bool = False

    @property
    def name(self) -> str:
        """Of the picture's file."""
        size = "x".join(map(str, self.size)) + ("-dense" if self.scale > 1 else "")
        more = ("-help" if self.help else "") + ("-replay" if self.replay else "")
        return f"{self.scene}-{self.theme}-{size}{more}"


def cases() -> Iterator[Case]:
    """Every scene in every theme: small, ordinary and dense; a replay; the help in two sizes."""
    for theme in assets.names("themes", ".toml"):
        for scene in AGENTS:
            yield Case(scene, theme, (480, 320))
            yield Case(scene, theme, (1280, 720), curves=True)
            yield Case(scene, theme, (960, 640), 2.0, chosen=True)
        yield Case("race", theme, (800, 600), replay=True)
    yield Case("swarm", "dark", (1280, 720), help=True)
    yield Case("race", "light", (480, 320), help=True)


def paint(case: Case) -> pygame.Surface:
    """The picture of a case; pygame's display and font have to be there."""
    surface = pygame.display.set_mode(case.size)
    found = scenes.find(case.scene)
    scene = ShownScene(scene_of(case.scene))
    bar = Bar(found.array, found.agent_name)
    screen = Screen(scene, bar, case.theme, case.scale)
    screen.keys.table = KeyTable(found.offers("keys", "KEYS") or (), scene.layers)
    screen.keys.open = case.help
    screen.curves.shown = case.curves
    screen.selected = 1 if case.chosen else -1
    screen.hud.note("Agent 1: killed: SIGKILL", 0.0)
    with letters.in_use():
        for frame in run(case.scene):
            status = facts(frame.now)
            if case.replay:
                status = replayed(status, frame.now)
            screen.follow(frame, status.moment)
            screen.draw(surface, status, CARD if case.chosen else None)
            assert not scene.error, scene.error
    return surface


def facts(now: float) -> Status:
    """What the header says and the curves show at a moment."""
    wave = float(np.sin(3 * now))
    moment = Moment(8 + 4 * wave, 100 + 20 * wave, 12, max(0.0, wave))
    return Status("A made-up run", "mover wander", FIGURES, "0.5x", moment=moment)


def replayed(status: Status, now: float) -> Status:
    """What the header says of a replay, with a mark of each kind; two laps are in each other's
    way, and one in that of a death."""
    kinds = ("death", "violation", "torn", "freeze", "restart", "mode", "lap", "lap", "lap")
    times = (0.2, 0.5, 0.8, 1.1, 1.4, 1.7, 2.0, 2.015, 0.205)
    marks = [Mark(time, kind, kind) for time, kind in zip(times, kinds, strict=True)]
    return status._replace(pace="replay, 0.5x", timeline=Timeline(0.0, 3.0, now, marks))


def run(scene: str) -> Iterator[Frame]:
    """One frame, moment by moment; at the end one agent is dead and one is silent."""
    agents = AGENTS[scene]
    made = Frame(scenes.find(scene).fields, 2 * agents)
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
        made.died[1] = frame == FRAMES
        if scene == "road":
            figures = dict.fromkeys(("none", "lock"), SyncFigures(99, 7, 2, 0.1, 2.0, 30.0, 1e6))
            made.extra = SyncView("none", figures, True, True, 5.0, 0.0, "", "It was killed.")
        if scene == "tally":
            added = int(made.values.sum())
            count = Count(added, added * 2 // 3, 1, 2.0)
            counts = {"none": count, "lock": Count(800, 800, 0, 4.0)}
            made.extra = TallyView("none", counts, count, False, "", "Process 2", "", "")
        columns = {name: part for name, part in vars(made).items() if isinstance(part, np.ndarray)}
        yield made.next(**{name: column.copy() for name, column in columns.items()})


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
    if scene == "tally":
        return np.floor(1e5 * now * (n + 2))[:, None]
    return np.floor(now * RATE - n / 2)[:, None]
