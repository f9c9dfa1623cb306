"""What scenes remember: drawing changes nothing, and what was saved and restored goes on as if it
had never been away. Every scene is tested by being there."""

import pickle
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.opening import make_screen
from game.session.inspector import inspect
from game.session.process_stats import ProcessStats
from game.view.canvas import Canvas
from game.view.curves import Moment
from game.view.hud import Status
from game.view.inspector import Inspection
from game.view.memory import State
from game.view.pointer import Gesture
from game.view.scene import BaseScene
from game.view.screen import Screen
from game.view.theme import Theme
from tests.made import options_of, scene_of
from tests.scenes.moving import FRAMES, OPTIONS, blank, run
from tests.seen import picture

SIZE = (1100, 720)  # [px]
LAYERS = frozenset(("trails", "heat", "labels"))
SAVED = (1, 8, 36, 44, 60, 66)  # after which frames there is a checkpoint
SELECTED = 2
LATER = 30  # frame with which another run begins

pytestmark = pytest.mark.usefixtures("display")
SLOW = pytest.mark.slow
crowds = pytest.mark.parametrize(
    ("agents", "per_process"),
    [(8, 1), pytest.param(8, 2, marks=SLOW), pytest.param(300, 1, marks=SLOW)],
)
every_scene = pytest.mark.parametrize("name", scenes.OWN)


def bare(name: str) -> BaseScene:
    return scene_of(name, *OPTIONS.get(name, ()))


class Easel:
    """A canvas for a scene, with all layers."""

    def __init__(self, name: str, theme: str = "dark") -> None:
        self._theme = Theme(theme, scenes.find(name).colours)
        self._canvas: Canvas | None = None

    def draw(self, scene: BaseScene) -> np.ndarray:
        """The picture of the frame that the scene followed last."""
        if self._canvas is None:
            area = 0, 0, 600, 450
            self._canvas = Canvas(pygame.Surface(area[2:]), area, scene.bounds, self._theme)
        canvas = self._canvas
        canvas.layers, canvas.selected, canvas.pointed = LAYERS, SELECTED, range(1, 2)
        canvas.look(canvas.camera, scene.frame.now)
        scene.draw(canvas)
        return picture(canvas.surface)


def whole(name: str) -> Screen:
    """A screen with everything on it."""
    options = options_of(name, *OPTIONS.get(name, ()))
    screen = make_screen(scenes.find(name), options)
    screen.wishes.layers, screen.selected, screen.curves.shown = LAYERS, SELECTED, True
    return screen


def moment(frame: Frame) -> Moment:
    wave = float(np.sin(3 * frame.now))
    return Moment(8 + 4 * wave, 100 + 20 * wave, 12, max(0.0, wave))


def follow(screen: Screen, frames: Sequence[Frame]) -> None:
    for frame in frames:
        screen.follow(frame, moment(frame))


def show(screen: Screen, surface: pygame.Surface, frame: Frame) -> np.ndarray:
    """Draw the frame that was followed last; its picture."""
    status = Status("A made-up run", "mover wander", ("60 fps",), "", moment(frame))
    facts = [("pid", str(frame.pid[0])), ("updates", str(frame.updates[0]))]
    screen.draw(surface, status, Inspection("Agent 2", SELECTED, facts, "", "K: kill"))
    assert screen.scene.error == ""
    return picture(surface)


@every_scene
@crowds
def test_drawn_twice_it_is_the_same_picture(name: str, agents: int, per_process: int):
    scene, seen = bare(name), []
    one, other, another = Easel(name), Easel(name), Easel(name, "light")
    for number, frame in enumerate(run(name, agents, per_process), 1):
        scene.follow(frame)
        if number in SAVED:
            seen.append(one.draw(scene))
            another.draw(scene)  # whatever is kept of it must not matter
            assert (one.draw(scene) == seen[-1]).all()
            assert (other.draw(scene) == seen[-1]).all()
    assert all((before != after).any() for before, after in pairwise(seen))


@every_scene
@crowds
def test_a_scene_goes_on_from_a_checkpoint(name: str, agents: int, per_process: int):
    frames, scene, easel = run(name, agents, per_process), bare(name), Easel(name)
    saved: dict[int, State] = {}
    for number, frame in enumerate(frames, 1):
        scene.follow(frame)
        wanted = easel.draw(scene)
        if number in SAVED:
            saved[number] = scene.checkpoint()
    easel = Easel(name)
    for number, state in saved.items():
        other = bare(name)
        other.restore(state)
        for frame in frames[number:]:
            other.follow(frame)
        assert (easel.draw(other) == wanted).all(), f"from frame {number}"
        assert list(other.results()) == list(scene.results())
        assert table(other) == table(scene)


def table(scene: BaseScene) -> str:
    """What the table beside a scene says."""
    return repr(scene.panel(20, SELECTED))


@every_scene
@crowds
def test_a_screen_goes_on_from_a_checkpoint(name: str, agents: int, per_process: int):
    frames, screen = run(name, agents, per_process), whole(name)
    surface = pygame.display.get_surface()
    saved: dict[int, State] = {}
    for number, frame in enumerate(frames, 1):
        follow(screen, [frame])
        if number < FRAMES:
            show(screen, surface, frame)
        if number in SAVED:
            saved[number] = screen.checkpoint()
    screen.renew()
    wanted = show(screen, surface, frames[-1])
    for number, state in saved.items():
        other = whole(name)
        other.restore(state)
        follow(other, frames[number:])
        found = show(other, pygame.Surface(SIZE), frames[-1])
        assert (found == wanted).all(), f"from frame {number}"


@pytest.mark.slow
@every_scene
def test_a_checkpoint_is_used_as_often_as_one_likes_and_never_changes(name: str):
    frames, scene, screen = run(name, 8), bare(name), whole(name)
    surface = pygame.display.get_surface()
    states, kept = [], []
    for number, frame in enumerate(frames, 1):
        scene.follow(frame)
        follow(screen, [frame])
        show(screen, surface, frame)
        if number in SAVED:
            states.append((scene.checkpoint(), screen.checkpoint()))
            kept.append(pickle.dumps(states[-1]))
    assert [pickle.dumps(state) for state in states] == kept, "the original went on"
    pictures, easel = [], Easel(name)
    for _ in range(2):
        other, another = bare(name), whole(name)
        other.restore(states[2][0])
        another.restore(states[2][1])
        for frame in frames[SAVED[2] :]:
            other.follow(frame)
            follow(another, [frame])
        pictures.append((easel.draw(other), show(another, pygame.Surface(SIZE), frame)))
    assert [pickle.dumps(state) for state in states] == kept, "a restored one went on"
    assert all((one == other).all() for one, other in zip(*pictures, strict=True))


@every_scene
def test_a_scene_that_was_reset_is_as_a_new_one(name: str):
    frames, scene, new = run(name, 8), bare(name), bare(name)
    easels = Easel(name), Easel(name)
    for frame in frames:
        scene.follow(frame)
    easels[0].draw(scene)
    scene.reset()
    for number, frame in enumerate(frames[LATER:]):
        scene.follow(frame)
        new.follow(frame)
        if number % 4 == 0:
            assert (easels[0].draw(scene) == easels[1].draw(new)).all()
            assert table(scene) == table(new)


@every_scene
def test_a_scene_that_was_reset_shows_nothing_before_the_next_frame(name: str):
    scene = bare(name)
    for frame in run(name, 8):
        scene.follow(frame)
    scene.reset()
    assert (Easel(name).draw(scene) == Easel(name).draw(bare(name))).all()


@every_scene
def test_a_screen_that_was_reset_is_as_a_new_one(name: str):
    frames, screens = run(name, 8), (whole(name), whole(name))
    surfaces = pygame.display.get_surface(), pygame.Surface(SIZE)
    follow(screens[0], frames)
    show(screens[0], surfaces[0], frames[-1])
    screens[0].reset()
    for number, frame in enumerate(frames[LATER:]):
        pictures = []
        for screen, surface in zip(screens, surfaces, strict=True):
            follow(screen, [frame])
            if number % 4 == 0:
                screen.renew()
                pictures.append(show(screen, surface, frame))
        assert all((one == other).all() for one, other in pairwise(pictures))


@every_scene
@pytest.mark.parametrize("agents", [1, 8, 300])
@pytest.mark.parametrize("size", [(480, 320), SIZE])
def test_a_frame_without_any_process_behind_it_is_drawn(
    name: str, agents: int, size: tuple[int, int]
):
    screen, surface = whole(name), pygame.display.set_mode(size)
    selected = screen.selected = min(SELECTED, agents - 1)
    said = scenes.find(name).agent_name
    for number in range(3):
        frame = blank(name, agents, now=1.0 + number / 5)
        follow(screen, [frame])
        found = inspect(None, frame, selected, ProcessStats(), said)
        assert found is not None
        assert found.title == said(selected)
        assert [label for label, _ in found.facts] == ["updates", *frame.fields]
        assert dict(found.facts)["updates"] == "none"
        screen.draw(surface, Status("A run", "", (), "", moment(frame)), found)
        assert screen.scene.unheard() == screen.scene.error == ""
        bar = screen.bar.row
        screen.point(Gesture("hover", (bar.left + 3, bar.centery)))
    assert screen.canvas is not None
    assert screen.canvas.drawn[1].tolist() == list(range(agents)) or agents > 40
