"""The run behind the past: what is done to it, what is told of it, and how it ends meanwhile."""

import os
from pathlib import Path

import pygame
import pytest

from game.frame import Frame
from game.parts import Standing
from game.session.past import THERE
from game.session.session import Session
from game.view.hud import OVER
from game.view.scene import BaseScene, ShownScene
from tests.conftest import until
from tests.made import frames_until, opened
from tests.session.test_past import press, reads

pytestmark = pytest.mark.slow  # real processes in nearly every test


def wind_back(session: Session, updates: int = 20) -> None:
    """Let a session run for a while, and go back."""
    begun = session.source.updates
    frames_until(session, lambda: session.source.updates > begun + updates)
    press(session, pygame.K_g, typed="g")
    assert session.past is not None


def test_the_arrows_are_those_of_the_past():
    with opened("swarm", "--mover", "keys", "--agents", "1") as session:
        cells = session.controls._driving._cells._shared  # type: ignore[union-attr]
        begun = session.source.updates
        frames_until(session, lambda: session.source.updates > begun + 20)
        press(session, pygame.K_UP)
        assert cells[:4] == [1, 0, 0, 0]
        press(session, pygame.K_g, typed="g")
        assert not any(cells), "it is let go"
        for key in (pygame.K_LEFT, pygame.K_RIGHT, pygame.K_UP):
            press(session, key)
            assert not any(cells)
        press(session, pygame.K_LEFT)
        assert session.past is not None
        assert session.past.playback.paused
        press(session, pygame.K_END)
        press(session, pygame.K_LEFT)
        assert cells[:4] == [0, 0, 1, 0]


def test_esc_ends_what_is_nearest():
    with opened("swarm", "--agents", "3") as session:
        wind_back(session)
        press(session, pygame.K_TAB)
        press(session, pygame.K_h, typed="h")
        press(session, pygame.K_ESCAPE)
        assert not session.screen.keys.open
        assert session.screen.selected >= 0
        press(session, pygame.K_ESCAPE)
        assert session.screen.selected < 0
        assert session.past is not None
        press(session, pygame.K_ESCAPE)
        assert session.past is None
        assert not session.controls.closed
        press(session, pygame.K_ESCAPE)
        assert session.controls.closed


def test_g_of_another_keyboard_returns_as_well():
    """Where its letters are of another script, the place of the key counts."""
    with opened("swarm", "--agents", "3") as session:
        wind_back(session)
        event = pygame.event.Event(
            pygame.KEYDOWN, key=0x43F, mod=0, unicode="п", scancode=pygame.KSCAN_G
        )
        pygame.event.post(event)
        session.frame()
        assert session.past is None
        assert session.live_screen is session.screen


@pytest.mark.parametrize(
    ("scene", "keys"), [("road", "sx,;zr+-"), ("tally", "sr+-"), ("swarm", "rk+-f.")]
)
def test_nothing_is_done_to_the_run(scene: str, keys: str):
    with opened(scene) as session:
        wind_back(session, 5)
        assert session.cast is not None
        before = session.source.frame.extra, dict(session.cast.members)
        for key in keys:
            press(session, ord(key), typed=key)
            assert session.screen.hud.message.endswith(THERE), key
            assert reads(session), key
        press(session, pygame.K_DELETE)
        assert session.screen.hud.message.endswith(THERE)
        assert session.cast.members == before[1]
        if scene != "swarm":
            assert session.source.frame.extra.mode == before[0].mode  # type: ignore[attr-defined]


def test_what_becomes_of_the_run_is_told_and_is_no_event_of_the_past():
    with opened("swarm", "--agents", "3") as session:
        wind_back(session, 60)
        press(session, pygame.K_HOME)
        press(session, pygame.K_SPACE, typed=" ")
        assert session.cast is not None
        victim = session.cast.members[1]
        os.kill(victim.pid, 9)
        frames_until(session, lambda: victim.standing is Standing.FAILED)
        assert "killed" in session.screen.hud.message.lower()
        assert reads(session)
        now = session.past.player.frame.now  # type: ignore[union-attr]
        assert all(when <= now for when, _ in session.screen.hud.events)
        press(session, pygame.K_END)
        assert any(victim.name in words for _, words in session.screen.hud.events)


def test_a_run_that_ends_does_not_end_the_past():
    with opened("swarm", "--agents", "3", "--updates", "25") as session:
        wind_back(session, 15)
        frames_until(session, lambda: session.over, "its end")
        session.finish()
        assert session.past is not None
        session.hold()
        press(session, pygame.K_y, typed="y")
        assert not session.controls.closed, "in the past, no key ends it"
        press(session, pygame.K_ESCAPE)
        assert session.past is None
        assert session.held
        assert session._lines.at(session.source.frame).pace == OVER
        for _ in range(2):
            press(session, pygame.K_g, typed="g")
            assert (session.past is None) is bool(_)
        press(session, pygame.K_g, typed="g")
        session.last_picture()
        assert session.past is None
        assert session.screen.scene.scene.frame.now == session.source.frame.now
        press(session, pygame.K_y, typed="y")
        assert session.controls.closed


def test_recordings_of_one_second_have_names_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("time.strftime", lambda form: "20270101-000000")
    with opened("swarm", "--agents", "2") as session:
        for _ in range(3):
            press(session, pygame.K_m, typed="m")
            frames_until(session, lambda: session.source.frame.fresh.any())
            press(session, pygame.K_m, typed="m")
        stem = "swarm-20270101-000000"
        assert {path.name for path in tmp_path.iterdir()} == {
            f"{stem}.mcap",
            f"{stem}-2.mcap",
            f"{stem}-3.mcap",
        }
        assert all(path.stat().st_size > 1000 for path in tmp_path.iterdir())
        gone = tmp_path / "gone"
        gone.mkdir()
        monkeypatch.chdir(gone)
        gone.rmdir()
        press(session, pygame.K_m, typed="m")
        assert session.screen.hud.message.startswith("not recorded: ")


def test_what_is_filmed_is_recorded_to_its_end(tmp_path: Path):
    from game.filming import SPARE

    spare = tmp_path / f"{SPARE}1.mcap"
    with opened("swarm", "--agents", "2", "--record", str(spare)) as session:
        press(session, pygame.K_m, typed="m")
        assert "--film" in session.screen.hud.message
        size = spare.stat().st_size
        until(lambda: session.frame() or spare.stat().st_size > size, "more of it")


LAKE = """
from game.view.scene import BaseScene
FIELDS = {"x": "m", "y": "m"}
AGENTS = 2
class Scene(BaseScene):
    title = "Lake"
    REMEMBERS = ("_deep",)
    def reset(self):
        super().reset()
        self._deep = 1
    def draw(self, canvas): canvas.fill("background")
"""


def test_a_scene_that_is_saved_is_another_in_the_past_as_well(tmp_path: Path):
    scene, mover = tmp_path / "lake.py", tmp_path / "drift.py"
    scene.write_text(LAKE)
    mover.write_text("class Mover:\n    def __init__(self, agent): ...\n"
                     "    def step(self, dt): return 1, 2\n")  # fmt: skip
    with opened(str(scene), "--mover", str(mover)) as session:
        wind_back(session, 40)
        press(session, pygame.K_HOME)
        scene.write_text(LAKE.replace("Lake", "Pond").replace("_deep", "_wide"))
        os.utime(scene, (2e9, 2e9))
        shown = session.screen.scene
        frames_until(session, lambda: shown.scene.title == "Pond", "the past of a pond")
        frames_until(session, lambda: session.live_screen.scene.scene.title == "Pond")
        assert session.past is not None
        session.past.playback.go(session.past.playback.end - 0.1)
        session.frame()
        session.past.player.forget()
        press(session, pygame.K_LEFT)
        assert session.past.player.broken == "", "what another scene remembered is no fault"
        press(session, pygame.K_END)
        wind_back(session)
        assert session.live_screen.scene.scene.title == "Pond", "of the files as they are"
        press(session, pygame.K_END)
        session.frame()
        assert session.screen.scene.error == ""
        scene.write_text(LAKE.replace('("_deep",)', '("_nowhere",)'))
        os.utime(scene, (2.1e9, 2.1e9))
        frames_until(session, lambda: "_nowhere" in session.screen.scene.error)
        wind_back(session)
        press(session, pygame.K_END)
        assert session.past is None


def test_a_scene_that_is_saved_is_loaded_at_any_moment(tmp_path: Path):
    file = tmp_path / "scene.py"
    file.touch()
    shown = ShownScene(BaseScene(), str(file), BaseScene)
    first = shown.scene
    shown.follow(Frame({}, 0).next(now=100.0))
    os.utime(file, (2e9, 2e9))
    shown.follow(Frame({}, 0).next(now=60.0))
    assert shown.scene is not first, "also at one that is long past"
