"""A real window on a real X server, driven by keys and mouse as by a person.

What a step did is seen on the screen, in the processes, in the updates that movers count, and
at the end in --stats.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pygame
import pytest

from game.view.theme import Theme
from tests.conftest import LIMIT, until
from tests.window.screen import MISSING, SIZE, Picture, Screen

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"without {' and '.join(MISSING)} (Debian: apt-get install xvfb xdotool)",
    ),
]

ROOT = Path(__file__).parents[2]
AGENTS = 12
NOSE = 10  # [px] that the middle of a robot's colour may stand off the robot's own, nose included
HALT = 0.5  # [s] that everything has to stand still for: ten of the movers' periods
PNG_END = b"IEND\xaeB`\x82"  # before it, the file is still being written
# Every robot goes round a spot of its own, and writes a byte for each update.
MOVER = '''"""Goes round one spot."""

from math import cos, sin


class Mover:
    def __init__(self, agent):
        self.spot = 20 + 15 * (agent.number % 5), 35 + 15 * (agent.number // 5)
        self.angle = 0.0
        self.counted = open({counted!r}, "ab", buffering=0)

    def step(self, dt):
        self.angle += 0.5
        self.counted.write(b".")
        return self.spot[0] + 3 * cos(self.angle), self.spot[1] + 3 * sin(self.angle)
'''


class Desk:
    """The program in its window, and a person in front of it."""

    def __init__(self, screen: Screen, folder: Path) -> None:
        self.screen, self.folder = screen, folder
        self.counted = folder / "counted"
        self.counted.touch()
        (folder / "spot.py").write_text(MOVER.format(counted=str(self.counted)))
        self.temporary = folder / "tmp"
        self.temporary.mkdir()
        hidden = ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY")
        environment = {k: v for k, v in os.environ.items() if k not in hidden}
        places = {"PYTHONPATH": str(ROOT), "DISPLAY": screen.name, "TMPDIR": str(self.temporary)}
        arguments = ["swarm", "--mover", "spot.py", "--rate", "20", "--stats", "stats.json"]
        self.program = subprocess.Popen(
            [sys.executable, "-m", "game", *arguments, "--agents", str(AGENTS)],
            cwd=folder,
            env={**environment, **places},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    # Eyes.

    @property
    def window(self) -> str:
        return self.screen.xdotool("search", "--onlyvisible", "--pid", self.program.pid)

    @property
    def place(self) -> pygame.Rect:
        """Of the window on the screen [px]; where it cannot be asked at this moment, empty."""
        words = self.screen.xdotool("getwindowgeometry", "--shell", self.window).split()
        found = {name: int(value) for name, _, value in (word.partition("=") for word in words)}
        return pygame.Rect(*(found.get(name, 0) for name in ("X", "Y", "WIDTH", "HEIGHT")))

    def ground(self) -> Picture:
        """A part of the screen in which the window shows nothing but its ground."""
        return self.screen.picture()[60:540, 20:940]

    def aside(self) -> Picture:
        """The part of the screen in which the table stands, and the inspector."""
        return self.screen.picture()[60:540, 990:1270]

    def everybody(self) -> list[psutil.Process]:
        """The program, its nursery, multiprocessing's tracker, the movers."""
        program = psutil.Process(self.program.pid)
        return [program, *program.children(recursive=True)]

    def updates(self) -> int:
        """How many updates all movers have made so far."""
        return self.counted.stat().st_size

    def robot(self, number: int) -> tuple[int, int]:
        """Where a robot is seen in the window [px]: in the middle of what has its colour."""
        far = np.abs(self.ground().astype(int) - Theme("dark").agent(number)).sum(axis=2)
        rows, columns = np.nonzero(far < 60)
        assert rows.size > 20, f"robot {number} is not in sight"
        return int(np.median(columns)) + 20, int(np.median(rows)) + 60

    # Hands.

    def press(self, *keys: str) -> None:
        for key in keys:
            self.screen.xdotool("key", key)

    def mouse(self, x: int, y: int, *then: object) -> None:
        self.screen.xdotool("mousemove", "--window", self.window, x, y, *then)

    def close(self) -> dict[str, Any]:
        """Press the window's button; the program ends well, quietly and without a trace.

        Returns what --stats has written.
        """
        everybody = self.everybody()
        self.screen.press_close_button(self.window)
        assert self.program.communicate(timeout=LIMIT) == ("", "")
        assert self.program.returncode == 0
        until(lambda: not any(process.is_running() for process in everybody), "everybody's end")
        assert list(self.temporary.iterdir()) == []
        for process in everybody:
            assert not list(Path("/dev/shm").glob(f"*-{process.pid}-*"))
        return json.loads((self.folder / "stats.json").read_text())

    # Both.

    def shows(self, agents: int) -> None:
        until(lambda: len(self.everybody()) == 3 + agents, f"{agents} processes")

    def fills(self, width: int, height: int) -> None:
        """Wait until the window has this size and its picture goes to its edge, no further."""

        def filled() -> bool:
            place = self.place
            seen = place.clip((0, 0), SIZE)  # SDL alone puts a full screen where the window was
            painted = self.screen.picture().any(axis=2)
            inside = painted[seen.top : seen.bottom, seen.left : seen.right]
            edges = inside[-1:].all() and inside[:, -1:].all()
            return place.size == (width, height) and edges and inside.sum() == painted.sum()

        until(filled, f"a window of {width}x{height} that is filled")
        assert self.picture().shape == (height, width, 3)

    def pause(self) -> None:
        """Press Space, and wait until everything stands."""
        self.press("space")
        self.stands()

    def stands(self) -> None:
        """Wait until nothing has moved for ten of the movers' periods."""
        seen, since = None, 0.0

        def still() -> bool:
            nonlocal seen, since
            now = self.updates(), self.ground().tobytes()
            if now != seen:
                seen, since = now, time.monotonic()
            return time.monotonic() - since > HALT

        until(still, "a halt")

    def picture(self) -> Picture:
        """The picture that F12 saves."""
        self.press("F12")
        found: list[pygame.Surface] = []

        def saved() -> bool:
            for path in self.folder.glob("swarm-*.png"):
                if path.read_bytes().endswith(PNG_END):
                    found.append(pygame.image.load(path))
                    path.unlink()
            return bool(found)

        until(saved, "the picture of F12")
        return pygame.surfarray.array3d(found[0]).swapaxes(0, 1)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A program that shows all its robots, its window in the corner of the screen."""
    screen = Screen(tmp_path)
    try:
        made = Desk(screen, tmp_path)
        try:
            until(lambda: made.window, "a window")
            screen.xdotool("windowmove", made.window, 0, 0)
            made.mouse(600, 300)
            made.shows(AGENTS)
            until(lambda: made.updates() > AGENTS, "updates")
            until(lambda: made.ground().any(), "a picture")
            yield made
        finally:
            made.program.kill()
            made.program.communicate()
    finally:
        screen.close()


def test_five_are_added_two_removed_and_one_is_clicked_at_and_deleted(desk: Desk):
    desk.press(*["plus"] * 5)
    desk.shows(AGENTS + 5)
    desk.press(*["minus"] * 2)
    desk.shows(AGENTS + 5 - 2)
    desk.pause()
    before = desk.aside()
    desk.mouse(*desk.robot(3), "click", 1)
    until(lambda: (desk.aside() != before).mean() > 0.1, "the inspector of the selected")
    desk.press("Delete")
    desk.shows(AGENTS + 5 - 2 - 1)
    stats = desk.close()
    slots = [mover["slot"] for mover in stats["movers"]]
    assert slots == [0, 1, 2, *range(4, AGENTS + 5 - 2)]
    assert stats["agents"] == AGENTS + 5 - 2 - 1
    assert stats["deaths"] == []


def test_a_pause_stops_every_mover_and_a_step_is_one_update_of_each(desk: Desk):
    desk.pause()
    before, table = desk.updates(), desk.aside()
    desk.press("period")
    until(lambda: desk.updates() == before + AGENTS, "one update of each")
    desk.stands()
    assert desk.updates() == before + AGENTS
    assert (desk.aside() != table).any()
    desk.press("space")
    until(lambda: desk.updates() > before + 3 * AGENTS, "going on")
    desk.pause()
    stats = desk.close()
    assert sum(mover["updates"] for mover in stats["movers"]) == desk.updates()


def test_the_wheel_zooms_a_drag_moves_and_0_fits(desk: Desk):
    desk.pause()
    whole = desk.ground()
    x, y = desk.robot(5)
    desk.mouse(x, y, "click", "--repeat", 4, 4)
    until(lambda: changed(desk.ground(), whole), "a zoom")
    desk.stands()
    near = desk.ground()
    away = np.hypot(*np.subtract(desk.robot(5), (x, y)))
    assert away < NOSE, "it stays under the pointer"
    desk.mouse(x, y, "mousedown", 1, "mousemove_relative", 30, 20, "mousemove_relative", 30, 20)
    desk.screen.xdotool("mouseup", 1)
    until(lambda: np.hypot(*np.subtract(desk.robot(5), (x + 60, y + 40))) < NOSE, "a drag")
    assert changed(desk.ground(), near)
    desk.press("0")
    until(lambda: (desk.ground() == whole).all(), "the whole ground, as before")
    desk.close()


def test_the_picture_follows_the_windows_size(desk: Desk):
    desk.pause()
    for size in ((480, 320), (1500, 900)):
        desk.screen.xdotool("windowsize", desk.window, *size)
        desk.fills(*size)
    desk.close()


def test_full_screen_and_back_as_fast_as_one_likes(desk: Desk):
    desk.pause()
    window = desk.window
    desk.press("F11")
    desk.fills(*SIZE)
    assert desk.window == window, "a new window loses the keys that the old one was sent"
    desk.press("F11")
    desk.fills(1280, 720)
    desk.press(*["F11"] * 5)
    desk.fills(*SIZE)
    desk.press("F11")
    desk.fills(1280, 720)
    desk.close()


def test_what_is_on_the_screen_is_what_was_drawn(desk: Desk):
    desk.pause()
    saved = desk.picture()
    assert (saved[60:540, 20:940] == desk.ground()).all()
    desk.press("h")
    until(lambda: changed(desk.ground(), saved[60:540, 20:940]), "the help")
    desk.press("Escape")
    until(lambda: (saved[60:540, 20:940] == desk.ground()).all(), "the ground again")
    desk.close()


def changed(one: Picture, other: Picture) -> bool:
    return bool((one != other).mean() > 0.01)
