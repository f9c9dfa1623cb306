"""Screens that are not like others: few colours, very many, and one that goes away."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pygame
import pytest

from tests.conftest import LIMIT, until
from tests.window.screen import MISSING, Screen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"without {' and '.join(MISSING)} (Debian: apt-get install xvfb xdotool)",
    ),
]

ROOT = Path(__file__).parents[2]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts the program on a screen, in the test's folder."""
    started: list[subprocess.Popen[str]] = []

    def start(screen: Screen, *words: str) -> "subprocess.Popen[str]":
        hidden = ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY")
        environment = {k: v for k, v in os.environ.items() if k not in hidden}
        started.append(
            subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "game", *words],
                cwd=tmp_path,
                env={**environment, "PYTHONPATH": str(ROOT), "DISPLAY": screen.name},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return started[-1]

    yield start
    for program in started:
        program.kill()
        program.communicate()


@pytest.fixture
def odd(bits: int, tmp_path: Path) -> Iterator[Screen]:
    """A screen whose pixels are not of 8 bits for each of three colours."""
    try:
        screen = Screen(tmp_path, bits)
    except AssertionError:
        pytest.skip(f"this Xvfb has no screen of {bits} bits")
    yield screen
    screen.close()


SCENES = {
    "swarm": ("swarm", "--agents", "30"),
    "heat map": ("swarm", "--agents", "20000", "--per-process", "20000"),
    "race": ("race",),
    "road": ("road",),
    "tally": ("tally",),
}
# Which kind of screen it is shows in the window alone, for which all scenes are the same.
ON_EACH = [(16, scene) for scene in SCENES] + [(15, "heat map"), (8, "race"), (30, "heat map")]


@pytest.mark.parametrize(("bits", "scene"), ON_EACH)
def test_every_scene_and_every_screen(
    odd: Screen, start: Start, tmp_path: Path, bits: int, scene: str
):
    # Without a window, the picture is the same.
    files = ("--screenshot", "a.png", "--stats", "a.json", "--frames", "25")
    program = start(odd, *SCENES[scene], *files)
    _, told = program.communicate(timeout=LIMIT)
    assert program.returncode == 0, told
    if bits in (15, 16):
        assert told == ""
    else:  # SDL 2 makes no window there
        (line,) = told.splitlines()
        assert line.startswith("game: no display: running without a window")
    picture = pygame.image.load(tmp_path / "a.png")
    assert picture.get_size() == (1280, 720)
    assert len({tuple(picture.get_at((x, y))) for x in range(0, 1280, 7) for y in (100, 400)}) > 2
    assert json.loads((tmp_path / "a.json").read_text())["frames"] >= 25


@pytest.mark.parametrize("bits", [16])
def test_what_is_drawn_is_seen_on_a_screen_of_few_colours(tmp_path: Path, bits: int):
    """Through F11 and other sizes, too."""
    screen = Screen(tmp_path, bits)
    try:
        done = subprocess.run(
            [sys.executable, "-c", SHOWN],
            env={**os.environ, "PYTHONPATH": str(ROOT), "DISPLAY": screen.name},
            capture_output=True,
            text=True,
            timeout=LIMIT,
        )
    finally:
        screen.close()
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, ["shown"] * 3, "")


SHOWN = """
import os
os.environ.pop("SDL_VIDEODRIVER", None)
os.environ["PYGAME_HIDE_SUPPORT_PROMPT"] = "1"
import pygame
from game.view.window import Window, plain
window = Window((320, 240), "test", False)
for then in (window.toggle_full_screen, window.toggle_full_screen, int):
    window.events()
    assert plain(window.surface) and not plain(pygame.display.get_surface())
    assert window.surface.get_size() == pygame.display.get_surface().get_size()
    window.surface.fill((200, 100, 50))
    window.present()
    seen = pygame.display.get_surface().get_at((3, 3))
    assert all(abs(a - b) < 9 for a, b in zip(seen, (200, 100, 50))), seen
    print("shown")
    then()
window.close()
"""


@pytest.mark.parametrize("paused", [False, True])
def test_a_screen_that_goes_away_takes_neither_picture_nor_figures(
    start: Start, tmp_path: Path, paused: bool
):
    screen = Screen(tmp_path)
    try:
        files = ("--screenshot", "a.png", "--stats", "a.json")
        program = start(screen, "swarm", "--agents", "5", "--rate", "20", *files)
        until(lambda: screen.xdotool("search", "--onlyvisible", "--pid", program.pid), "a window")
        until(lambda: screen.picture().any(), "a picture")
        if paused:
            screen.xdotool("key", "space")
            time.sleep(1.5)  # until it rests: no state of it can be seen
        screen.die()
        began = time.monotonic()
        out, told = program.communicate(timeout=LIMIT)
    finally:
        screen.close()
    assert program.returncode == 1
    (line,) = told.splitlines()
    assert line.startswith("game: the display is gone")
    assert out == ""
    assert time.monotonic() - began < 10
    assert pygame.image.load(tmp_path / "a.png").get_size() == (1280, 720)
    assert json.loads((tmp_path / "a.json").read_text())["agents"] == 5


def test_ctrl_c_right_after_it_is_no_crash(start: Start, tmp_path: Path):
    screen = Screen(tmp_path)
    try:
        program = start(screen, "swarm", "--agents", "2")
        until(lambda: screen.picture().any(), "a picture")
        screen.die()
        program.send_signal(signal.SIGINT)
        _, told = program.communicate(timeout=LIMIT)
    finally:
        screen.close()
    assert program.returncode in (1, 130)
    assert "Traceback" not in told
    assert "fatal" not in told
