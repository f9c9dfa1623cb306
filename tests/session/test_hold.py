"""A run that ends by itself keeps its last picture until a key, and all else as it was."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic
from types import SimpleNamespace

import pygame
import pytest

from game.app import look_on, run_once, watched
from game.opening import open_session
from game.session import hold
from game.session.hold import Answer, answer
from game.session.session import Session
from game.session.terminal import Terminal
from game.view.hud import OVER, hints
from game.view.keys import KEYS, KeyTable
from tests.conftest import LIMIT, until
from tests.made import frames_until, options_of
from tests.test_command_line import refused

ROOT = Path(__file__).parents[2]
ENDS = ("--updates", "3", "--rate", "50", "--agents", "2")


@contextmanager
def window(*arguments: str) -> Iterator[Session]:
    """A session in a window that nobody sees; it never sleeps."""
    with ExitStack() as ends:
        options = options_of(*arguments, "--fps", "0")
        yield open_session(options, monotonic(), monotonic, lambda seconds: None, ends)
        pygame.event.clear()


@contextmanager
def ended(*arguments: str) -> Iterator[Session]:
    """The same behind its end, its last picture held."""
    with window(*(arguments or ("swarm", *ENDS))) as session:
        frames_until(session, lambda: session.over, "its end")
        session.finish()
        session.hold()
        session.frame()
        yield session


def post(key: int, typed: str = "", mod: int = 0) -> None:
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed, mod=mod))


def nothing() -> SimpleNamespace:
    """No signal that has come."""
    return SimpleNamespace(signal=0, stop=False)


def looked_on(session: Session) -> bool:
    """Look at the last picture with the events that wait; whether all begins again."""
    return look_on(session, nothing())


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ((), True),
        (("--hold",), True),
        (("--no-hold",), False),
        (("--headless",), False),
        (("--headless", "--no-hold"), False),
    ],
)
def test_a_window_holds_and_a_headless_run_does_not(words: tuple[str, ...], holds: bool):
    assert options_of("swarm", *words).hold is holds


def test_to_hold_what_has_no_window_is_refused():
    line = refused("swarm", "--headless", "--hold")
    assert "--hold" in line
    assert "--headless" in line


# What a key means.


def meant(key: int, typed: str = "", mod: int = 0) -> Answer:
    event = pygame.event.Event(pygame.KEYDOWN, key=key, unicode=typed, mod=mod)
    return answer(event, KeyTable().pressed(event))


LOOKING = {"select_next", "follow_selected", "fit", "trails", "heat", "labels", "array_bar"}
LOOKING |= {
    "wind_back",
    "show_curves",
    "next_colours",
    "next_theme",
    "help",
    "full_screen",
    "screenshot",
    "escape",
}


def test_keys_that_look_look_and_those_that_act_end():
    event = pygame.event.Event(pygame.KEYDOWN, key=0, unicode="", mod=0)
    for key in KEYS:
        expected = Answer.LOOK if key.action in LOOKING else Answer.END
        expected = Answer.AGAIN if key.action == "start_again" else expected
        expected = Answer.NOTHING if key.action in hold.TOO_LATE else expected
        assert answer(event, key) is expected, key.action


@pytest.mark.parametrize(
    ("key", "typed", "mod"),
    [
        (pygame.K_LSHIFT, "", pygame.KMOD_LSHIFT),
        (pygame.K_PRINTSCREEN, "", 0),
        (pygame.K_TAB, "", 0),
        (pygame.K_F4, "", pygame.KMOD_LALT),  # the desktop closes the window, not the key
    ],
)
def test_no_modifier_ends_and_nothing_that_the_desktop_is_told(key: int, typed: str, mod: int):
    assert meant(key, typed, mod) is not Answer.END


@pytest.mark.parametrize("key", [pygame.K_SPACE, pygame.K_RETURN, pygame.K_q, pygame.K_DOWN])
def test_any_other_key_ends(key: int):
    assert meant(key) is Answer.END


# In the window.


@pytest.mark.slow
def test_the_last_picture_stays_says_so_and_ends_with_a_key():
    with ended() as session:
        for _ in range(20):
            session.frame()
        assert session.held
        status = session._lines.at(session.source.frame)
        assert status.pace == OVER
        assert "any key" in hints(status, ())
        post(pygame.K_SPACE, " ")
        assert not looked_on(session)
        assert session.controls.closed
        assert session.status == 0


@pytest.mark.slow
def test_what_only_looks_goes_on_working():
    with ended() as session:
        screen = session.screen
        for key, typed in ((pygame.K_TAB, "\t"), (pygame.K_i, "i"), (pygame.K_h, "h")):
            post(key, typed)
            session.frame()
        assert (screen.selected, screen.curves.shown, screen.keys.open) == (0, True, True)
        post(pygame.K_ESCAPE)
        session.frame()
        post(pygame.K_RIGHTBRACKET, "]")
        session.frame()
        scale = screen.canvas.camera.scale
        pygame.event.post(
            pygame.event.Event(pygame.MOUSEMOTION, pos=(400, 300), rel=(0, 0), buttons=(0, 0, 0))
        )
        pygame.event.post(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=3))
        session.frame()
        assert screen.canvas.camera.scale > scale
        assert session.held
        assert not screen.keys.open
        post(pygame.K_ESCAPE)  # deselects
        session.frame()
        assert session.held
        assert not session.controls.closed
        post(pygame.K_ESCAPE)
        assert not looked_on(session)
        assert session.controls.closed


@pytest.mark.slow
def test_closing_the_window_and_a_signal_end_it():
    with ended() as session:
        assert not look_on(session, SimpleNamespace(signal=signal.SIGINT, stop=False))
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        assert not looked_on(session)
        assert session.dismissed


@pytest.mark.slow
def test_nothing_is_read_measured_or_blamed_meanwhile(monkeypatch: pytest.MonkeyPatch):
    with ended() as session:
        monkeypatch.setattr(session.source, "read", None)
        monkeypatch.setattr(session.silence, "follow", None)
        measured = session.stats.summary(0.0)
        for _ in range(5):
            session.frame()
        assert session.stats.summary(0.0) == measured
        assert session.looked_at >= 5
        assert session.screen._frame.now > session.source.frame.now


@pytest.mark.slow
@pytest.mark.parametrize("end", ["frames", "seconds"])
def test_frames_and_seconds_end_a_picture_that_is_held(end: str):
    """Both count from the start of the run, with the time for which its picture was held."""
    with ended() as session:
        stats = session.stats
        far = {"frames": stats.frames + 5, "seconds": monotonic() - stats.first_frame + 0.2}
        session.options = session.options._replace(**{end: far[end]})
        assert not session.dismissed
        assert not look_on(session, nothing())
        assert not session.controls.closed


@pytest.mark.slow
def test_r_begins_again_and_the_next_run_has_its_own_end(capsys: pytest.CaptureFixture[str]):
    terminal = Terminal(lambda: 0)
    with window("race", "--preset", "observer", "--rate", "20", "--monitor", "0.05") as session:
        assert run_once(session, nothing(), terminal)
        first = session.monitor
        before = {member.pid for member in session.cast.members.values()}
        post(pygame.K_r, "r")
        assert looked_on(session)
        assert not session.held
        assert run_once(session, nothing(), terminal)
        assert session.source.frame.updates[0] == 5
        assert before.isdisjoint(member.pid for member in session.cast.members.values())
        assert session.monitor.pid != first.pid
        assert session.status == 0


@pytest.mark.slow
def test_a_tally_that_begins_again_counts_anew_in_every_way():
    words = ("tally", "--preset", "lost", "--updates", "500")
    with window(*words) as session:
        for _ in range(2):
            assert run_once(session, nothing(), Terminal(lambda: 0))
            assert not session.given_up
            figures = session.source.figures()["tally"]
            assert {mode: count["added"] for mode, count in figures.items()} == dict.fromkeys(
                ("none", "element", "lock", "own"), 1000
            )
            post(pygame.K_r, "r")
            assert looked_on(session)


@pytest.mark.slow
def test_a_race_ends_in_a_window_too_and_the_standings_are_printed_at_once(
    capsys: pytest.CaptureFixture[str],
):
    with window("race", "--laps", "1", "--agents", "1", "--rate", "200") as session:
        session.controls._time.speed = 16.0
        session.controls._time.faster()
        assert run_once(session, nothing(), Terminal(lambda: 0))
        assert capsys.readouterr().out.startswith("1. Car 1  ")


@pytest.mark.slow
def test_one_that_was_waited_for_in_vain_is_looked_at_and_can_begin_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "stuck.py"
    path.write_text(
        "import time\nclass Mover:\n    def __init__(self, agent): pass\n"
        "    def step(self, dt): time.sleep(1000)\n"
    )
    with window("swarm", *ENDS, "--mover", str(path), "--patience", "0.2") as session:
        assert run_once(session, nothing(), Terminal(lambda: 0))
        assert session.given_up
        post(pygame.K_r, "r")
        assert looked_on(session)
        assert run_once(session, nothing(), Terminal(lambda: 0))
        assert capsys.readouterr().err.count("in vain") == 2
        post(pygame.K_SPACE, " ")
        assert not looked_on(session)
        assert session.status == 1


# The whole program.


def program(*arguments: str, folder: Path) -> subprocess.Popen:
    """The program in a window that nobody sees."""
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "game", *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends signals as a terminal does")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_final_lines_come_at_once_and_files_at_the_end(number: int, status: int, tmp_path: Path):
    files = ("--stats", "a.json", "--screenshot", "a.png")
    with program("swarm", *ENDS, *files, folder=tmp_path) as process:
        assert process.stdout.readline() == "Final robot positions:\n"
        assert [process.stdout.readline()[:9] for _ in range(2)] == ["Robot 0: ", "Robot 1: "]
        assert process.poll() is None
        assert not (tmp_path / "a.json").exists()
        process.send_signal(number)
        assert process.communicate(timeout=LIMIT) == ("", "")
        assert process.returncode == status
    stats = json.loads((tmp_path / "a.json").read_text())
    assert [mover["updates"] for mover in stats["movers"]] == [3, 3]
    assert (tmp_path / "a.png").stat().st_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("end", [("--no-hold",), ("--seconds", "2"), ("--frames", "120")])
def test_without_a_hold_or_with_another_end_it_ends_by_itself(end: tuple[str, ...], tmp_path: Path):
    with program("swarm", *ENDS, *end, folder=tmp_path) as process:
        out, errors = process.communicate(timeout=LIMIT)
    assert (process.returncode, errors) == (0, "")
    assert out.startswith("Final robot positions:\n")


# The process that only reads.


@pytest.mark.slow
def test_the_observer_shows_its_reader(capfd: pytest.CaptureFixture[str]):
    words = ("--preset", "observer", "--updates", "100000", "--monitor", "0.05")
    with window("race", *words) as session:
        with watched(session):
            frames_until(
                session,
                lambda: session.monitor.line.startswith("Current speeds: ["),
                "what it has read",
            )
            status = session._lines.at(session.source.frame)
            who, line = status.onlooker
            assert who == f"Reader, pid {session.monitor.pid}, only reads the array"
            assert line.startswith("Current speeds: [")
            assert "1 process + 1 that reads" in status.figures
            session.screen.renew()
            session.frame()
            assert session.screen._layout.onlooker is not None
        until(lambda: not session.monitor.running, "its end")
        assert "ended" in session._lines.at(session.source.frame).onlooker.who


@pytest.mark.slow
def test_nobody_is_shown_to_read_where_nobody_does():
    with window("race", "--agents", "1") as session:
        session.frame()
        assert session._lines.at(session.source.frame).onlooker is None
        assert session.screen._layout.onlooker is None


# Names and titles.


@pytest.mark.slow
def test_names_and_titles_are_those_of_the_terminal():
    with ended("race", "--preset", "duel") as session:
        panel = session.screen.scene.panel(10, -1)
        assert {cells[1] for _, cells in panel.rows} == {"Car One", "Car Two"}
        assert [member.name for member in session.cast.members.values()] == ["Car One", "Car Two"]
        assert session._lines.at(session.source.frame).detail == "preset duel, mover duel"
        assert pygame.display.get_caption()[0] == "Array Arena: race, preset duel"


@pytest.mark.slow
def test_a_preset_says_on_screen_what_the_list_says_of_it():
    with window("road", "--preset", "lock") as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 4, "the vehicles")
        about = session.definition.presets["lock"].about
        way = session.screen.scene.title.partition(", ")[2]
        assert way == "sharing: element"
        assert about.startswith(way)
        assert session._lines.at(session.source.frame).detail == "preset lock, mover convoy"
