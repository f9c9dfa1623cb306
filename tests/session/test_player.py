"""The player: what is replayed is what was shown, pixel for pixel, wherever one goes."""

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.opening import make_screen
from game.recording.memory import Memory
from game.recording.reading import FileTape
from game.recording.recorder import Recorder
from game.recording.tape import Tape
from game.recording.update import Taken
from game.session.player import Player
from game.view.hud import Status
from game.view.screen import Screen
from tests.made import options_of
from tests.recording.made import moment, own, record, refuse, writer
from tests.scenes.moving import OPTIONS, run

SIZE = (1100, 720)  # [px]
MOMENTS = 100, 20  # of a file, in memory

pytestmark = pytest.mark.usefixtures("display")


def screen_of(name: str) -> Screen:
    """A screen with all layers."""
    screen = make_screen(scenes.find(name), options_of(name, *OPTIONS.get(name, ())))
    screen.wishes.layers, screen.selected = frozenset(("trails", "heat", "labels")), 2
    screen.curves.shown = True
    return screen


def picture(screen: Screen, frame: Frame) -> np.ndarray:
    """The pixels of the frame that was followed last."""
    screen.renew()
    surface = pygame.Surface(SIZE)
    screen.draw(surface, Status("A run", "", ("60 fps",), "", moment(frame)))
    assert screen.scene.error == ""
    return pygame.surfarray.array3d(surface)


def shown(name: str, frames: Sequence[Frame]) -> list[np.ndarray]:
    """What a live run shows of each frame."""
    screen, pictures = screen_of(name), []
    for frame in frames:
        screen.follow(frame, moment(frame))
        screen.hud.forget()
        pictures.append(picture(screen, frame))
    return pictures


@pytest.mark.parametrize("name", scenes.OWN)
def test_what_is_replayed_is_what_was_shown(name: str, tmp_path: Path):
    frames, path = run(name, 8), tmp_path / "run.mcap"
    pictures = shown(name, frames)
    recorded = screen_of(name)
    recorded.table.rows.room = 20
    memory = Memory(30, 50_000_000)
    record(frames, [writer(path, name), memory], recorded)
    tapes: list[Tape] = [file := FileTape(str(path)), memory]
    for seed, tape in enumerate(tapes):
        player = Player(tape, screen_of(name))
        player.screen.table.rows.room = 20
        check_ground(player, pictures, MOMENTS[seed])
    file.close()


def check_ground(player: Player, pictures: Sequence[np.ndarray], many: int) -> None:
    """Compare the ground at random moments, and the bar below it."""
    for number in random.Random(many).choices(range(len(pictures)), k=many):
        player.show(number)
        player.screen.hud.forget()
        found = picture(player.screen, player.frame)
        layout = player.screen._layout
        assert layout is not None
        assert player.at == number
        for area in (layout.ground, layout.bar):
            part = slice(area.left, area.right), slice(area.top, area.bottom)
            assert (found[part] == pictures[number][part]).all(), f"frame {number}"


def test_a_start_again_is_replayed(tmp_path: Path):
    """Where the scene was told to forget everything, so it is in the replay."""
    frames, memory = run("swarm", 8), Memory(30, 50_000_000)
    live, pictures, recorder = screen_of("swarm"), [], Recorder(refuse)
    recorder.add(memory)
    for number, frame in enumerate(frames):
        if number == 30:
            live.scene.reset()
        live.follow(frame, moment(frame))
        pictures.append(picture(live, frame))
        resets = [live.resets, live.scene.resets]
        checkpoint = live.checkpoint() if number % 20 == 0 else None
        recorder.take(Taken(frame, own(frame, number, resets=resets), {}, checkpoint))
    recorder.close()
    player = Player(memory, screen_of("swarm"))
    for number in (29, 30, 35, 29, 31, 45, 68):
        player.show(number)
        ground = player.screen
        found = picture(ground, player.frame)
        area = ground._layout.ground  # type: ignore[union-attr]
        part = slice(area.left, area.right), slice(area.top, area.bottom)
        assert (found[part] == pictures[number][part]).all(), number


def test_what_the_ring_has_let_go_of_is_no_error():
    frames, memory = run("swarm", 8), Memory(1.0, 50_000_000)
    record(frames, [memory])
    player = Player(memory, screen_of("swarm"))
    player.show(2)
    assert player.at == memory.first
    player.show(60)
    for number in range(100):  # the run goes on meanwhile
        memory.write(10 + number, [b"x" * 1000], False, None)
    player.show(50)
    assert player.frame is not None
