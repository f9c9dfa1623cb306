"""Quiet ends: at any moment of the start, with ignored signals, and without a display."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pygame
import pytest

from game.app import print_results, save_files
from game.session.terminal import Terminal
from tests.conftest import LIMIT, until
from tests.made import opened

ROOT = Path(__file__).parents[2]

# What `python -m game` does, and a signal a moment after its first line: Python's own start,
# which is over by then, is out of our hands.
INTERRUPTED = """
import os, runpy, signal, sys
number, moment, *words = sys.argv[1:]
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), int(number)))
sys.argv = ["game", *words]

def begin(event, arguments):
    if event == "exec" and arguments[0].co_filename.endswith(os.path.join("game", "__main__.py")):
        signal.setitimer(signal.ITIMER_REAL, float(moment))

sys.addaudithook(begin)
runpy.run_module("game", run_name="__main__", alter_sys=True)
"""
MOMENTS = [0.0005 * 1.4**n for n in range(22)]  # [s] up to half a second


def ended(code: str, *words: str) -> tuple[int, str]:
    """The exit status of a program of a few lines, and what it said on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    return done.returncode, done.stderr


posix = pytest.mark.skipif(os.name != "posix", reason="sends signals as a terminal does")


@posix
@pytest.mark.slow
@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: f"{moment * 1000:.0f} ms")
def test_ctrl_c_at_any_moment_of_the_start_is_quiet(moment: float):
    words = ("swarm", "--headless", "--agents", "1")
    assert ended(INTERRUPTED, str(int(signal.SIGINT)), str(moment), *words) == (130, "")


@posix
@pytest.mark.slow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("moment", [0.03, 0.3])
def test_other_signals_are_as_quiet(number: int, status: int, moment: float):
    words = ("swarm", "--headless", "--agents", "1")
    assert ended(INTERRUPTED, str(int(number)), str(moment), *words) == (status, "")


# Where Python can raise nothing: it prints what was raised, and goes on.
UNRAISABLE = """
import os, signal, time
from game.__main__ import leave_quietly
class Last:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.1)
leave_quietly()
Last()
"""


@posix
def test_ctrl_c_is_quiet_where_nothing_can_be_raised():
    assert ended(UNRAISABLE) == (130, "")


def test_importing_the_command_line_loads_nothing_first():
    code = (
        "import sys; before = {*sys.modules}; import game.__main__; print({*sys.modules} - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert eval(done.stdout) <= {"game", "game.__main__", "time"}, done


@posix
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_ignored_signal_ends_nothing_at_any_moment(number: int, tmp_path: Path):
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "game", "swarm", "--headless", "--agents", "2"),
            *("--seconds", "1", "--stats", str(tmp_path / "a.json")),
        ],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(number, signal.SIG_IGN),
    )

    def gone() -> bool:
        process.send_signal(number)
        return process.poll() is not None

    until(gone, "its own end")
    assert (process.wait(), process.communicate()[1]) == (0, "")
    assert json.loads((tmp_path / "a.json").read_text())["seconds"] >= 1


def broken(*_: object) -> None:
    raise pygame.error("the server is gone")


@pytest.mark.slow
@pytest.mark.parametrize("call", ["events", "present"])
def test_a_display_that_goes_away_ends_the_run_with_all_that_was_asked_for(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    picture, figures = tmp_path / "a.png", tmp_path / "a.json"
    files = ("--screenshot", str(picture), "--stats", str(figures))
    with opened("swarm", "--agents", "2", *files) as session:
        session.frame()
        assert not session.over
        monkeypatch.setattr(session.window, "events", broken if call == "events" else list)
        monkeypatch.setattr(session.window, "present", broken)
        session.frame()
        assert session.cut_short
        session.finish()
        assert print_results(session, Terminal(lambda: 0))
        assert save_files(session)
        assert session.status == 1
    assert picture.stat().st_size > 0
    assert json.loads(figures.read_text())["frames"] >= 1
    assert capsys.readouterr().err == "game: the display is gone: the server is gone\n"


@pytest.mark.slow
def test_a_picture_that_went_with_its_display_leaves_the_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    files = ("--screenshot", str(tmp_path / "a.png"), "--stats", str(tmp_path / "a.json"))
    with opened("swarm", "--agents", "2", *files) as session:
        session.frame()
        session.last_picture = broken
        assert not save_files(session)
    assert (tmp_path / "a.json").exists()
    assert capsys.readouterr().err == "game: not saved: the server is gone\n"
