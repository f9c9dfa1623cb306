"""Going back: the keys, the timeline, and the run that goes on behind it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pygame
import pytest

from game import replaying
from game.parts import Card, Standing
from game.recording.memory import Memory
from game.replay_arguments import parse
from game.session.company import Known
from game.session.playback import Playback
from game.session.replay import Replay
from game.session.session import Session
from game.view.hud import LASTS, Status
from tests.made import frames_until, opened
from tests.recording.made import record, writer
from tests.scenes.moving import run


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def tape() -> Memory:
    memory = Memory(30, 50_000_000)
    record(run("swarm", 8), [memory])
    return memory


@pytest.fixture
def replay(tmp_path: Path) -> Iterator[tuple[Replay, Clock]]:
    """A replay in a window that is none."""
    path, clock = tmp_path / "run.mcap", Clock()
    record(run("swarm", 8), [writer(path, "swarm")])
    with ExitStack() as ends:
        session = replaying.open_replay(
            parse(["replay", str(path), "--fps", "20"]), clock, clock.sleep, ends
        )
        yield session, clock


def reads(session: Replay | Session) -> bool:
    """Whether a person sees the message that was told last."""
    frame, hud = session.screen.scene.scene.frame, session.screen.hud
    return 0 <= frame.now - hud._told < LASTS


CARD = Card("", "", "", "forkserver", "", "running")
CAR = Known(0, "Robot 0", 1, 4711, Standing.RUNNING, None, CARD)


def press(session: Replay | Session, code: int, mod: int = 0, typed: str = "") -> None:
    event = pygame.event.Event(pygame.KEYDOWN, key=code, mod=mod, unicode=typed, scancode=0)
    pygame.event.post(event)
    session.frame()


def test_it_plays_to_the_end_and_says_so(replay: tuple[Replay, Clock]):
    session, clock = replay
    for _ in range(10):
        session.frame()
        clock.now += 0.02
    assert 0 < session.player.at < 20
    assert session.past.status.pace == "replay"
    for _ in range(100):
        session.frame()
    assert session.player.at == session.tape.last
    assert session.past.status.pace == "replay, the end"
    assert not session.over, "in a window it stays"
    press(session, pygame.K_SPACE, typed=" ")
    assert session.player.at < 5, "it begins again"


def test_frame_by_frame_and_by_the_second(replay: tuple[Replay, Clock]):
    session, _ = replay
    press(session, pygame.K_RIGHT)
    first = session.player.at
    press(session, pygame.K_RIGHT)
    assert session.player.at == first + 1
    press(session, pygame.K_RIGHT, pygame.KMOD_LSHIFT)
    assert session.player.at == first + 21
    press(session, pygame.K_LEFT)
    session.frame()
    assert session.player.at == first + 20
    assert session.past.status.pace == "replay, stopped"
    press(session, pygame.K_END)
    assert session.player.at == session.tape.last
    press(session, pygame.K_HOME)
    assert session.player.at == 0


def test_backwards_and_as_fast_as_one_likes(replay: tuple[Replay, Clock]):
    session, _ = replay
    press(session, pygame.K_END)
    press(session, pygame.K_DOWN)
    for _ in range(20):
        session.frame()
    assert 40 < session.player.at < 55
    press(session, pygame.K_RIGHTBRACKET, typed="]")
    assert session.past.status.pace == "replay, 2x backwards"
    for _ in range(60):
        session.frame()
    assert session.player.at == 0


def test_the_next_mark(replay: tuple[Replay, Clock]):
    session, _ = replay
    seen = []
    for _ in range(5):
        press(session, pygame.K_n, typed="n")
        seen.append((session.player.at, session.screen.hud.message))
        assert reads(session), "however far it leaps"
    assert seen == [(5, "lap 5"), (25, "lap 25"), (45, "lap 45"), (65, "lap 65"), (5, "lap 5")]


def test_the_timeline_is_clicked_and_dragged(replay: tuple[Replay, Clock]):
    session, _ = replay
    session.frame()
    layout, line = session.screen._layout, session.screen.timeline.line
    assert layout is not None
    assert layout.timeline is not None
    y = layout.timeline.centery
    middle = (line.centerx, y)
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONDOWN, button=1, pos=middle))
    session.frame()
    assert session.past.playback.time == pytest.approx(session.tape.length / 2, abs=0.02)
    beyond = (line.right + 200, y - 300)
    pygame.event.post(
        pygame.event.Event(pygame.MOUSEMOTION, buttons=(1, 0, 0), pos=beyond, rel=(0, 0))
    )
    session.frame()
    assert session.player.at == session.tape.last
    pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, button=1, pos=beyond))
    session.frame()
    assert session.screen.selected == -1


def test_keys_that_look_go_on_working(replay: tuple[Replay, Clock]):
    session, _ = replay
    press(session, pygame.K_TAB)
    assert session.screen.selected >= 0
    press(session, pygame.K_k, typed="k")
    assert session.screen.hud.message.startswith("K: ")
    press(session, pygame.K_ESCAPE)
    assert not session.cut_short
    press(session, pygame.K_ESCAPE)
    assert session.cut_short


def test_the_keys_are_those_of_a_tape(replay: tuple[Replay, Clock]):
    session, _ = replay
    labels = [key.label for key in session.screen.keys.table.keys]
    assert labels[0] == "Left Right"
    assert {"Tab", "Esc"} < set(labels)
    assert not {"K", "+ =", "M"} & set(labels), "there is nobody to whom it could be done"
    assert len(labels) == len(set(labels))


def test_what_space_does_now_is_said(replay: tuple[Replay, Clock]):
    session, _ = replay
    session.frame()
    assert "Space  stop" in session.past.status.hint
    for key in (pygame.K_SPACE, pygame.K_END):
        press(session, key)
        assert "Space  play" in session.past.status.hint


def test_what_nobody_knows_of_a_process_has_no_line(replay: tuple[Replay, Clock]):
    session, _ = replay
    session.player.update = session.player.update._replace(members={0: CAR})
    session.screen.selected = 0
    found = session.past.inspection(str)
    assert found is not None
    assert "pid" in dict(found.facts)
    assert all(value for _, value in found.facts)


def test_each_end_is_told_from_the_others(tape: Memory):
    playback = Playback(tape)
    playback.go(100)
    assert (playback.words, playback.goes_on) == ("the end", False)
    playback.backwards()
    assert (playback.words, playback.goes_on) == ("backwards", True)
    playback.go(0)
    assert (playback.words, playback.goes_on) == ("the beginning", False)
    playback.pause()
    assert (playback.direction, playback.goes_on) == (1, True)
    cut = Playback(tape, 1.0, 2.0)
    cut.go(100)
    assert cut.words == "the end (--to)"


def test_nothing_is_beyond_the_ends(tape: Memory):
    playback = Playback(tape, 1.0, 2.0)
    playback.go(-5)
    assert (playback.time, playback.ended) == (1.0, False)
    playback.advance(100)
    assert (playback.time, playback.ended) == (2.0, True)
    for _ in range(20):
        playback.faster()
    assert playback.speed == 64
    for _ in range(20):
        playback.slower()
    assert playback.speed == 1 / 16


@pytest.mark.slow
def test_the_run_goes_on_behind_the_past():
    with opened("swarm", "--agents", "3", "--seed", "1") as session:
        frames_until(session, lambda: session.source.updates > 30)
        press(session, pygame.K_g, typed="g")
        assert session.past is not None
        then, updates = session.past.player.frame.now, session.source.updates
        press(session, pygame.K_SPACE, typed=" ")
        frames_until(session, lambda: session.source.updates > updates + 20)
        assert session.past.player.frame.now < session.source.frame.now - 1
        assert session.past.player.frame.now >= then
        press(session, pygame.K_k, typed="k")
        assert "Esc" in session.screen.hud.message
        assert session.screen.keys.table.keys[0].label == "Left Right"
        press(session, pygame.K_END)
        assert session.past is None
        assert session.screen.keys.table.keys[0].label == "+ ="
        assert session.screen.scene.scene.frame is session.source.frame
        assert session.cast is not None
        assert session.cast.alive == 3


@pytest.mark.slow
def test_c_records_and_stops(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    with opened("swarm", "--agents", "3", "--seed", "1", "--keep", "0") as session:
        frames_until(session, lambda: session.source.updates > 5)
        press(session, pygame.K_g, typed="g")
        assert session.past is None
        assert "--keep" in session.screen.hud.message
        press(session, pygame.K_m, typed="m")
        shown: list[Status] = []
        monkeypatch.setattr(session.screen, "draw", lambda _, told, *more: shown.append(told))
        session.frame()
        assert shown[-1].figures[0] == "recording"
        frames_until(session, lambda: session.source.updates > 20)
        press(session, pygame.K_m, typed="m")
        session.frame()
        assert shown[-1].figures[0] != "recording"
        (path,) = tmp_path.glob("swarm-*.mcap")
        assert session.screen.hud.message.startswith(f"recorded {path.name}")
        tape, recorded = replaying.opened(str(path), ends := ExitStack())
        assert recorded.definition.name == "swarm"
        assert tape.last > 5
        assert not tape.cut
        ends.close()
