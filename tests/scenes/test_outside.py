"""Scenes from outside: a file or a folder anywhere, with mistakes of all kinds."""

import os
import shutil
from pathlib import Path

import pygame
import pytest

from game import scenes
from game.session.session import Session
from tests.made import frames_until, opened
from tests.test_command_line import answer, game, refused

pytestmark = pytest.mark.slow  # real processes in nearly every test

GAME = Path(scenes.__file__).parent

LAKE = '''
"""Boats on a lake."""
import numpy as np
import pygame

from game.view import agents
from game.view.camera import Bounds
from game.view.scene import BaseScene

FIELDS = {"x": "m", "y": "m"}
AGENTS = 3
COLOURS = {"dark": {"lake": "#10344a"}}


def add_options(add):
    add("--waves", type=int, default=3, help="how many waves (3)")


def settle(given, options):
    if given.waves > 9:
        raise ValueError(f"--waves: {given.waves} is more than 9; give 9 or less")
    job = options.job._replace(settings={"waves": given.waves})
    return options._replace(job=job)


class Scene(BaseScene):
    title = "Lake"
    bounds = Bounds(-10, -10, 10, 10)

    def draw(self, canvas):
        canvas.fill("lake")
        agents.draw(canvas, self.frame, agents.Sprites("robot", 30, self.frame.shown))
'''

DRIFT = '''
"""Drifts about; would not, had its process loaded what draws."""
import sys

heavy = {name for name in sys.modules if name.startswith(("pygame", "numpy", "game.view"))}
assert not heavy, heavy
assert not [name for name in sys.modules if name.endswith(("lake", "drawing"))]


class Mover:
    def __init__(self, agent):
        self.x = agent.number
        self.waves = agent.world.waves

    def step(self, dt):
        self.x += 0.01
        return self.x, self.waves
'''


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    """A scene of one file, with a mover beside it."""
    (tmp_path / "movers").mkdir()
    (tmp_path / "movers" / "drift.py").write_text(DRIFT)
    file = tmp_path / "lake.py"
    file.write_text(LAKE)
    return file


def shows(session: Session, agents: int = 3) -> None:
    frames_until(session, lambda: len(session.source.frame.agents) == agents, "agents")


def colour(session: Session) -> tuple[int, ...]:
    """Of the ground in a corner."""
    assert session.screen.canvas is not None
    left, top, *_ = session.screen.canvas.view
    return tuple(session.window.surface.get_at((left + 3, top + 3)))[:3]


def test_a_scene_of_one_file_runs(lake: Path):
    with opened(str(lake), "--waves", "7") as session:
        shows(session)
        assert session.screen.scene.error == ""
        assert session.screen.scene.title == "Lake"
        assert colour(session) == (0x10, 0x34, 0x4A)
        assert set(session.source.frame["y"]) == {7.0}, "its settings, in agent.world"
        assert session.cast.members[0].name == "Agent 0"
        panel = session.screen.scene.panel(10, -1)
        assert [column.title for column in panel.columns] == ["agent", "x [m]", "y [m]"]
        assert len(panel.rows) == 3
    assert session.failures == 0


def test_its_options_stand_in_the_help_and_are_checked(lake: Path):
    assert "--waves" in answer(str(lake), "--help").out
    assert "--waves: 12 is more than 9; give 9 or less" in refused(str(lake), "--waves", "12")
    assert "give it to race" in refused(str(lake), "--track", "kart")
    assert "lake" in answer(str(lake), "--list-movers").out


def test_a_folder_may_have_everything_that_ours_have(tmp_path: Path, method: str):
    folder = tmp_path / "abacus"
    shutil.copytree(GAME / "tally", folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in folder.rglob("*.py"):  # as one would write it: its own modules are its own
        file.write_text(file.read_text().replace("game.scenes.tally", "outside_abacus"))
    command = (str(folder), "--headless", "--updates", "2000", "--sync", "all", "--monitor")
    done = game(*command, "--start-method", method)
    assert (done.returncode, done.stderr) == (0, "")
    assert "own: 4,000 added, 4,000 counted, 0 lost" in done.stdout


BROKEN = {
    "": ("", "FIELDS is missing"),
    "syntax": ("FIELDS = {", ":1: SyntaxError"),
    "import": ('FIELDS = {"x": "m"}\nimport nonesuch\n', ":2: ModuleNotFoundError"),
    "raises": ('FIELDS = {"x": "m"}\n\nraise RuntimeError("no")\n', ":3: RuntimeError: no"),
    "leaves": ('FIELDS = {"x": "m"}\nraise SystemExit("words")\n', ":2: SystemExit: words"),
    "draws nothing": ('FIELDS = {"x": "m"}\n', "there is no class Scene"),
    "options": ('FIELDS = {"x": "m"}\ndef add_options(add): 1 / 0\n', ":2: ZeroDivisionError"),
    "scene": (
        'FIELDS = {"x": "m"}\nclass Scene:\n    def __init__(self, settings): 1 / 0\n',
        ":3: ZeroDivisionError",
    ),
    "fields": ("FIELDS = ['x']\n", "FIELDS is ['x']; state it as"),
}


@pytest.mark.parametrize("mistake", BROKEN)
def test_one_that_cannot_be_loaded_is_a_line(mistake: str, lake: Path):
    text, words = BROKEN[mistake]
    lake.write_text(text)
    line = refused(str(lake), "--headless", "--frames", "2")
    assert words in line
    assert str(lake) in line


def test_one_that_is_not_there_is_a_line(tmp_path: Path):
    assert "there is no such file" in refused(str(tmp_path / "none.py"))
    assert "there is no such file" in refused(str(tmp_path))


def test_settings_that_movers_could_not_read_are_refused(lake: Path):
    class_of_its_own = LAKE.replace(
        'settings={"waves": given.waves}', "settings=type('S', (), {})()"
    )
    lake.write_text(class_of_its_own)
    assert "gives a dict of plain values" in refused(str(lake))


def save(file: Path, text: str, earlier: int) -> None:
    """Save a file, some seconds after it was saved before, as far as its date tells."""
    beside = file.with_suffix(".new")
    beside.write_text(text)
    os.utime(beside, (2e9 + earlier, 2e9 + earlier))
    beside.replace(file)


@pytest.mark.parametrize("where", ["draw(self, canvas)", "follow(self, frame)"])
def test_one_that_raises_stands_in_the_window_until_its_file_is_saved(
    where: str, lake: Path, capsys: pytest.CaptureFixture[str]
):
    with opened(str(lake)) as session:
        shows(session)
        bad = LAKE + f"\n    def {where}:\n        raise ValueError('words of its own')\n"
        save(lake, bad, 1)
        frames_until(session, lambda: "words of its own" in session.screen.scene.error, "error")
        before = session.stats.frames
        frames_until(session, lambda: session.stats.frames > before + 20, "the loop lives on")
        canvas = session.screen.canvas
        assert canvas is not None
        picture = pygame.surfarray.array3d(session.window.surface)
        assert (picture == canvas.theme["alarm_ground"]).all(axis=2).sum() > 1000
        save(lake, LAKE.replace('"Lake"', '"Sea"'), 2)
        frames_until(session, lambda: session.screen.scene.title == "Sea", "loaded anew")
        session.frame()
        assert session.screen.scene.error == ""
        assert colour(session) == (0x10, 0x34, 0x4A)
        picture = pygame.surfarray.array3d(session.window.surface)
        assert not (picture == canvas.theme["alarm_ground"]).all(axis=2).any()
    told = capsys.readouterr().err
    assert told.count("ValueError: words of its own") == 1, "once, not in every frame"


def test_one_that_is_saved_with_a_mistake_goes_on_as_it_was(lake: Path):
    with opened(str(lake)) as session:
        shows(session)
        save(lake, "FIELDS = {", 1)
        frames_until(session, lambda: "SyntaxError" in session.screen.scene.error, "error")
        assert session.screen.scene.title == "Lake"
        before = session.stats.frames
        frames_until(session, lambda: session.stats.frames > before + 5, "the loop lives on")
        assert "SyntaxError" in session.screen.scene.error, "it stands there until it is mended"
        save(lake, LAKE, 2)
        frames_until(session, lambda: not session.screen.scene.error, "mended")


def test_words_that_raise_at_the_end_lose_neither_picture_nor_figures(lake: Path, tmp_path: Path):
    lake.write_text(LAKE + "\n\ndef final_line(name, values):\n    return 1 / 0\n")
    picture, figures = tmp_path / "a.png", tmp_path / "a.json"
    files = ("--screenshot", str(picture), "--stats", str(figures))
    done = game(str(lake), "--headless", "--updates", "2", *files)
    assert done.returncode == 1
    line = "game: the final lines were not printed: ZeroDivisionError: division by zero\n"
    assert done.stderr == line
    assert picture.exists()
    assert figures.exists()
