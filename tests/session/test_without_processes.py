"""A session that has no processes and no time that can be told: frames come from anywhere."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.opening import make_screen
from game.session import report
from game.session.controls import WITHOUT, Parts
from game.session.session import Session
from game.session.stats import plain
from game.view.hud import hints
from game.view.painter import Painter
from game.view.theme import Theme
from game.view.window import Window
from tests.made import options_of
from tests.scenes.moving import FPS, FRAMES, OPTIONS, run

AGENTS = 8


class Recording:
    """A source that gives frames from a list; the last one again and again."""

    updates = rejected = shown_torn = 0
    unsettled = ended = recalled = False
    status = 0

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = iter(frames)
        self.frame = frames[0]

    def read(self, now: float) -> Frame:
        self.frame = next(self._frames, self.frame).next(now=now)
        return self.frame

    def reset_silence(self, now: float) -> None:
        """It blames nobody."""

    def figures(self) -> dict[str, Any]:
        return {}

    def finish(self) -> None:
        """Nothing is under way."""

    def close(self) -> None:
        """It holds nothing."""


class Viewer:
    """A session of a scene and a recording, with a person at the keyboard."""

    def __init__(self, name: str) -> None:
        options = options_of(name, "--fps", "0", *OPTIONS.get(name, ()))
        definition = scenes.find(name)
        self.window = Window(options.size, "test", headless=True)
        self.now = 0.0
        screen = make_screen(definition, options)
        parts = Parts(screen, Recording(run(name, AGENTS)))
        clock, sleep = lambda: self.now, lambda seconds: None
        self.session = Session(options, definition, self.window, parts, 0.0, clock, sleep)

    def frame(self) -> None:
        """The next frame, when it is due."""
        self.now += 1 / FPS
        self.session.frame()

    def press(self, key: int = 0, typed: str = "") -> None:
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed))
        self.frame()

    def click(self, x: int, y: int) -> None:
        for kind in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            pygame.event.post(pygame.event.Event(kind, button=1, pos=(x, y)))
        self.frame()


@pytest.fixture(params=scenes.OWN)
def viewer(request: pytest.FixtureRequest) -> Iterator[Viewer]:
    made = Viewer(request.param)
    yield made
    made.window.close()


def test_it_runs_frame_by_frame(viewer: Viewer):
    session = viewer.session
    for _ in range(FRAMES + 10):
        viewer.frame()
        assert session.screen.scene.error == ""
    assert session.stats.frames == FRAMES + 10
    assert session.screen.scene.scene.frame is session.source.frame
    assert session.screen.canvas is not None
    assert len(session.screen.canvas.drawn[1]) == AGENTS
    session.finish()
    session.last_picture()
    assert not session.over
    assert session.status == 0
    viewer.press(pygame.K_ESCAPE)
    assert session.over


def test_it_can_be_reported_on(viewer: Viewer):
    for _ in range(FRAMES):
        viewer.frame()
    figures = json.loads(json.dumps(plain(report.summary(viewer.session))))
    assert figures["frames"] == FRAMES
    assert (figures["movers"], figures["deaths"], figures["restarts"]) == ([], [], 0)
    assert len(figures["values"]) == AGENTS
    scene = viewer.session.screen.scene
    assert list(report.final_lines(viewer.session)) == list(scene.results())


def test_an_agent_is_clicked_at_and_its_values_are_read(viewer: Viewer):
    for _ in range(20):
        viewer.frame()
    screen = viewer.session.screen
    assert screen.canvas is not None
    places, numbers = screen.canvas.drawn
    x, y = places[5].tolist()
    viewer.click(round(x), round(y))
    assert screen.selected == int(numbers[5])
    viewer.frame()
    assert screen._layout is not None
    assert screen._layout.inspector is not None
    viewer.press(pygame.K_ESCAPE)
    assert screen.selected == -1


def test_keys_whose_part_is_missing_say_why(viewer: Viewer):
    viewer.frame()
    session, screen = viewer.session, viewer.session.screen
    keys = [key for key in screen.keys.table.keys if key.needs]
    assert {key.needs for key in keys} == {"cast", "time", "keys", "keeping"}
    for key in keys:
        screen.hud.message = ""
        viewer.press(*key.codes[:1])
        assert screen.hud.message == f"{key.label}: {WITHOUT[key.needs]}"
        assert not session.over
        assert not session.controls.paused
        assert session.controls.pace_shown == ""


def test_all_other_keys_do_what_they_do(viewer: Viewer, tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    viewer.frame()
    session = viewer.session
    for key in session.screen.keys.table.keys:
        if not key.needs and key.action != "escape":
            viewer.press(*key.codes[:1])
            assert session.screen.scene.error == ""
            assert not session.over
    assert list(tmp_path.glob("*.png"))


class Noting(Painter):
    """A painter that notes in which colour it has written what."""

    def __init__(self) -> None:
        super().__init__(pygame.Surface((1600, 1200)), Theme("dark"), 1.0)
        self.inks: dict[str, str] = {}

    def write(self, words, x, y, ink="text", size=13, across=0.0, down=0.0):
        self.inks[words] = ink
        return super().write(words, x, y, ink, size, across, down)


def test_keys_whose_part_is_missing_are_grey_in_the_help(viewer: Viewer):
    screen, painter = viewer.session.screen, Noting()
    viewer.press(pygame.K_F1)
    assert screen.keys.open
    screen.keys.draw(painter)
    for key in screen.keys.table.keys:
        inks = painter.inks[key.label], painter.inks[key.does]
        assert inks == (("dim", "dim") if key.needs else ("accent", "text")), key.label


def test_no_key_is_recommended_that_can_do_nothing(viewer: Viewer):
    viewer.frame()
    session = viewer.session
    words = hints(session._lines.at(session.source.frame), session.screen.keys.missing)
    assert "all keys" in words
    for key in session.screen.keys.table.keys:
        if key.needs:
            assert f"  {key.label}  " not in f"  {words}"
