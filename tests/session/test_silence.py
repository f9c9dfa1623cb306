"""Silence is told as a death is, and a run with an end of its own comes to one."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from game.frame import Frame
from game.parts import Standing
from game.session.session import STALL
from game.session.silence import LOOK, NAMED, START, TOLD, News, Silence
from tests.made import frames_until, opened, options_of
from tests.test_command_line import game

SLOTS = 8


class Watched:
    """Some movers that publish or not, and whoever watches them; half a second a frame."""

    def __init__(self, together: bool = False, expected: float = 0.1) -> None:
        self.silence = Silence(together)
        self.frame = Frame({"x": "m"}, SLOTS).next(
            pid=np.arange(100, 100 + SLOTS), expected=expected, now=1.0
        )
        self.members = {
            slot: SimpleNamespace(
                slot=slot, name=f"Agent {slot}", standing=Standing.RUNNING, exitcode=None
            )
            for slot in range(SLOTS)
        }
        self.silence.follow(self.frame, 0.0)

    def pass_by(self, seconds: float, *busy: int, counts: bool = True) -> list[News]:
        """Let some seconds pass in which only some publish; what was told meanwhile."""
        told = []
        for _ in range(round(seconds / LOOK)):
            updates = self.frame.updates.copy()
            updates[[*busy]] += 1
            fresh = updates != self.frame.updates
            now = self.frame.now + LOOK
            self.frame = self.frame.next(now=now, updates=updates, fresh=fresh)
            self.silence.follow(self.frame, LOOK if counts else 0.0)
            told += self.silence.look(self.members)
        return told

    def change(self, column: str, slot: int, value: object) -> None:
        cells = getattr(self.frame, column).copy()
        cells[slot] = value
        self.frame = self.frame.next(**{column: cells})

    def overdue(self, patience: float) -> str:
        return self.silence.overdue(patience, self.members)


EVERYBODY = range(SLOTS)
BUT_3 = [slot for slot in range(SLOTS) if slot != 3]


def test_one_that_stops_publishing_is_told_of_once_and_when_it_comes_back():
    watched = Watched()
    assert watched.pass_by(5, *EVERYBODY) == []
    assert watched.pass_by(TOLD, *BUT_3) == [], "a busy machine is no news"
    (news,) = watched.pass_by(20, *BUT_3)
    assert (news.names, news.alarm) == ("Agent 3", True)
    assert news.words.startswith("Agent 3: silent: nothing published, for ")
    assert watched.silence.count == 1
    (news,) = watched.pass_by(5, *EVERYBODY)
    assert news.words == f"Agent 3: publishes now, after {20 + TOLD:.0f} s of silence"
    assert not news.alarm
    assert watched.silence.count == 0
    (news,) = watched.pass_by(20, *BUT_3)
    assert news.alarm, "another silence"


def test_one_that_has_never_published_is_told_of():
    watched = Watched()
    assert watched.pass_by(START, *BUT_3) == []
    (news,) = watched.pass_by(10, *BUT_3)
    assert news.words.startswith("Agent 3: silent: nothing published since the start, for ")
    (news,) = watched.pass_by(1, *EVERYBODY)
    assert news.words.startswith("Agent 3: publishes now, after ")


@pytest.mark.parametrize(
    "excuse",
    [
        lambda w: w.change("done", 3, True),
        lambda w: w.change("died", 3, True),
        lambda w: w.change("pid", 3, 0),
        lambda w: setattr(w.members[3], "standing", Standing.FROZEN),
        lambda w: setattr(w.members[3], "standing", Standing.LEAVING),
        lambda w: w.members.pop(3),
    ],
    ids=["done", "died", "not started", "frozen", "leaving", "gone"],
)
def test_nobody_is_told_of_who_has_a_reason(excuse: Callable[[Watched], object]):
    watched = Watched()
    watched.pass_by(5, *EVERYBODY)
    excuse(watched)
    assert watched.pass_by(60, *BUT_3) == []
    assert watched.overdue(30.0) == ""


def test_one_that_is_thawed_has_not_been_silent():
    watched = Watched()
    watched.pass_by(5, *EVERYBODY)
    watched.members[3].standing = Standing.FROZEN
    watched.pass_by(60, *BUT_3)
    watched.members[3].standing = Standing.RUNNING
    assert watched.pass_by(1, *BUT_3) == []
    assert watched.overdue(30.0) == ""


def test_a_new_process_is_not_to_blame_for_the_one_before():
    watched = Watched()
    watched.pass_by(2, *BUT_3)
    watched.change("pid", 3, 777)
    assert watched.pass_by(START, *BUT_3) == []


def test_time_that_does_not_count_does_not():
    watched = Watched()
    watched.pass_by(5, *EVERYBODY)
    watched.pass_by(20, *BUT_3)
    assert watched.pass_by(60, counts=False) == []
    assert watched.overdue(30.0) == ""
    watched.pass_by(9, *BUT_3)
    assert watched.overdue(30.0) == "", "29 seconds in two parts"
    watched.pass_by(1, *BUT_3)
    assert watched.overdue(30.0) == "Agent 3"


def test_who_publishes_seldom_is_late_later():
    watched = Watched(expected=20.0)
    watched.pass_by(1, *EVERYBODY)
    assert watched.pass_by(59, *BUT_3) == []
    assert watched.overdue(30.0) == ""
    assert len(watched.pass_by(3)) > 0
    assert watched.overdue(30.0) == "Agent 3"


def test_who_may_wait_for_others_is_silent_only_with_all_of_them():
    watched = Watched(together=True)
    watched.pass_by(5, *EVERYBODY)
    assert watched.pass_by(60, 0) == []
    assert watched.overdue(30.0) == ""
    (news,) = watched.pass_by(TOLD + 1)
    assert news.names.startswith("Agent 0, Agent 1")


def test_many_are_one_line():
    watched = Watched()
    watched.pass_by(5, *EVERYBODY)
    (news,) = watched.pass_by(10)
    assert news.names == "Agent 0, Agent 1, Agent 2, Agent 3, Agent 4 and 3 more"
    assert NAMED == 5


def test_a_death_of_a_silent_one_is_no_coming_back():
    watched = Watched()
    watched.pass_by(5, *EVERYBODY)
    watched.pass_by(10, *BUT_3)
    watched.change("died", 3, True)
    watched.members[3].exitcode = -9
    assert watched.pass_by(5, *BUT_3) == []
    assert watched.silence.count == 0


def test_patience_is_30_seconds_unless_it_is_given():
    assert options_of("swarm").patience == 30.0
    assert options_of("swarm", "--patience", "0").patience == 0.0


# With real processes.


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be stopped")
def test_a_stopped_process_is_told_of_in_header_events_and_terminal(capsys):
    with opened("swarm", "--agents", "2", "--rate", "50") as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 2)
        assert session.cast is not None
        os.kill(session.cast.members[1].pid, signal.SIGSTOP)
        frames_until(session, lambda: session.silence.count, "the silence of one")
        assert any(
            "1 silent" in figure for figure in session._lines.at(session.source.frame).figures
        )
        words = [words for _, words in session.screen.hud.events]
        assert any(line.startswith("Robot 1: silent: nothing published") for line in words)
        assert session.screen.hud.message in words
        assert not session.over
        os.kill(session.cast.members[1].pid, signal.SIGCONT)
        frames_until(session, lambda: not session.silence.count, "its return")
    told = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in told] == ["game", "game"]
    assert told[0].startswith("game: Robot 1: silent: ")
    assert told[1].startswith("game: Robot 1: publishes now")


STUCK = """
import time
class Mover:
    def __init__(self, agent): self.n, self.made = agent.number, 0
    def step(self, dt):
        self.made += 1
        if self.n == 1 and self.made == {when}:
            time.sleep(1000)
        return 20.0 * self.n, 50.0
"""
RACER = "return 20.0 * self.n, 50.0", "return 300.0, self.made * 100.0"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("when", "words"),
    [
        (1, ("swarm", "--updates", "5")),
        (3, ("swarm", "--updates", "5")),
        (2, ("race", "--laps", "1")),
    ],
    ids=["never published", "stopped publishing", "laps"],
)
def test_a_run_with_an_end_comes_to_it_though_somebody_hangs(
    when: int, words: tuple[str, ...], tmp_path: Path
):
    code = STUCK.format(when=when)
    (tmp_path / "stuck.py").write_text(code.replace(*RACER) if words[0] == "race" else code)
    began = time.monotonic()
    common = ("--mover", "stuck.py", "--agents", "3", "--rate", "50", "--headless")
    done = game(*words, *common, "--patience", "2", "--stats", "a.json", cwd=tmp_path)
    assert done.returncode == 1
    assert time.monotonic() - began > 2
    name = "Car 2" if words[0] == "race" else "Robot 1"
    lines = [line for line in done.stderr.splitlines() if "patience" in line]
    assert lines == [f"game: waited for {name} in vain; --patience is 2 s"]
    assert (tmp_path / "a.json").exists()


@pytest.mark.slow
def test_a_run_without_an_end_waits_for_nobody(tmp_path: Path):
    (tmp_path / "stuck.py").write_text(STUCK.format(when=1))
    common = ("--mover", "stuck.py", "--agents", "3", "--headless", "--patience", "0.5")
    done = game("swarm", *common, "--seconds", "2", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_a_headless_run_whose_movers_have_all_died_has_failed(tmp_path: Path):
    (tmp_path / "bad.py").write_text(
        "class Mover:\n    def __init__(self, agent): self.n = agent.number\n"
        "    def step(self, dt): return 1 / self.n, 1.0\n"
    )
    common = ("swarm", "--mover", "bad.py", "--headless", "--seconds", "2")
    assert game(*common, "--agents", "1", cwd=tmp_path).returncode == 1
    assert game(*common, "--agents", "2", cwd=tmp_path).returncode == 0, "one of them lives"


@pytest.mark.slow
def test_no_pause_counts_and_no_moment_in_which_the_window_stood_still():
    with opened("swarm", "--agents", "1") as session:
        session.frame()
        now = session._frame_began
        assert session._reset_silence(now + 0.1) == pytest.approx(0.1)
        assert session._reset_silence(now + 60) == STALL
        assert session.controls._time is not None
        session.controls._time.pause()
        assert session._reset_silence(now + 60.1) == 0.0
