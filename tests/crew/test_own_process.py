"""--debug: the one mover in this process, its clock that waits, its signals and its debugger."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from game import scenes
from game.child.job import Behaviour, Job
from game.crew.crew import Crew
from game.crew.own_process import HeldClock, debug
from game.parts import KILL, Standing
from game.shared.table import UPDATES, Table
from tests.conftest import until
from tests.made import options_of

ROOT = Path(__file__).parents[2]
FIELDS = {"x": "m", "y": "m"}


class Debugged:
    """A mover in this process, and frames on a clock that moves when one is made."""

    def __init__(self, path: Path, step: str, **job: int) -> None:
        path.write_text(f"class Mover:\n    def __init__(self, agent): self.n = 0\n{step}")
        self.now = 0.0
        self.clock = HeldClock(lambda: self.now)
        self.table = Table(multiprocessing.get_context("spawn"), FIELDS, 1)
        does = (Behaviour(str(path)),)
        self.job = Job("swarm", FIELDS, does, 1, job.get("rate", 10), job.get("updates", 0))
        self.own = debug(self.table, self.job, scenes.find("swarm"), self.clock)
        self.crew = Crew(self.table, self.job, self.own, self.clock)
        self.events = []
        self.frames = 0
        self.each: Callable[[], object] = lambda: None  # in each frame
        self.crew.add()

    def frame(self) -> None:
        self.now += 0.02
        self.frames += 1
        self.events += self.crew.poll()
        self.each()

    def run(self, frames: int = 100) -> None:
        last = self.frames + frames
        self.own.work(self.frame, lambda: self.frames < last)

    @property
    def updates(self) -> int:
        return int(self.table.row(0)[UPDATES])


def step(*lines: str) -> str:
    return "".join(f"        {line}\n" for line in ("self.n += 1", *lines, "return self.n, 2.0"))


def debugged(path: Path, *lines: str, **job: int) -> Debugged:
    return Debugged(path / "mine.py", f"    def step(self, dt):\n{step(*lines)}", **job)


def test_it_steps_between_frames_as_often_as_it_is_asked_to(tmp_path: Path):
    run = debugged(tmp_path)
    run.run(100)  # two seconds
    assert 19 <= run.updates <= 22
    assert run.crew.members[0].pid == os.getpid()
    assert run.crew.close() == []
    assert run.crew.members == {}


def test_time_waits_while_it_is_at_work(tmp_path: Path, monkeypatch):
    run = debugged(tmp_path, "sys.hold()")
    monkeypatch.setattr(sys, "hold", lambda: setattr(run, "now", run.now + 100), raising=False)
    monkeypatch.setattr("builtins.sys", sys, raising=False)
    run.run(100)
    assert 19 <= run.updates <= 22
    assert run.now > 1900
    assert run.clock() == pytest.approx(2.0, abs=0.05)


def test_a_pause_and_steps_are_obeyed(tmp_path: Path):
    run = debugged(tmp_path)
    run.table.set_pace(0.0)
    run.run(50)
    assert run.updates == 1
    run.table.grant_step()
    run.run(50)
    assert run.updates == 1  # work() was left, and so was the mover


def test_one_that_raises_has_died_and_is_started_again(tmp_path: Path):
    run = debugged(tmp_path, "if self.n > 3: 1 / 0")
    run.run()
    (event,) = run.events
    assert event.why == "ZeroDivisionError: division by zero"
    assert event.last_words.count("File") == 1  # and none of ours
    assert run.crew.members[0].standing is Standing.FAILED
    run.crew.restart(0)
    run.run()
    assert len(run.events) == 2


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ("raise SystemExit('enough')", "left: enough"),
        ("raise SystemExit(3)", "left with exit code 3"),
        ("return 1", "ValueError: step() returned 1, wanted 2 values: x [m], y [m]"),
    ],
)
def test_its_ends_are_called_as_those_of_others(lines: str, why: str, tmp_path: Path):
    run = debugged(tmp_path, lines)
    run.run()
    assert [event.why for event in run.events] == [why]


def test_one_that_has_made_its_updates_is_done(tmp_path: Path):
    run = debugged(tmp_path, updates=5)
    run.run()
    assert run.updates == 5
    assert run.crew.done
    assert not run.crew.failed


def test_it_can_be_killed_frozen_and_thawed(tmp_path: Path):
    run = debugged(tmp_path)
    seen = []

    def each() -> None:
        seen.append(run.updates)
        if run.frames in (20, 60):
            run.crew.freeze(0)
        elif run.frames == 80:
            run.crew.signal(0, KILL)

    run.each = each
    run.run(100)
    assert 0 < seen[25] == seen[55] < seen[75]
    assert seen[85] == seen[-1]
    assert [event.why for event in run.events] == ["killed: SIGKILL"]


def test_ctrl_c_is_the_movers_while_it_works_and_ours_in_between(tmp_path: Path):
    heard = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(run.frames))
    try:
        run = debugged(tmp_path, "if self.n == 3: import signal; signal.raise_signal(2)")
        run.each = lambda: run.frames in (2, 3) and signal.raise_signal(signal.SIGINT)
        run.run(50)
        assert heard[:2] == [2, 3]
        assert len(heard) == 3  # the mover's own has ended it, and is passed on
        assert [event.why for event in run.events] == ["killed: SIGINT"]
    finally:
        assert signal.signal(signal.SIGINT, before) not in (before, signal.default_int_handler)


def test_a_debugger_that_is_left_ends_the_run(tmp_path: Path):
    run = debugged(tmp_path, "import bdb", "if self.n == 3: raise bdb.BdbQuit")
    run.run(100)
    assert run.own.quit
    assert run.frames < 30
    assert run.updates == 2


def test_it_may_step_more_often_than_there_are_frames(tmp_path: Path):
    run = debugged(tmp_path, rate=200)
    run.run(100)
    assert 390 <= run.updates <= 410


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--agents", "5"), "--agents: with --debug there is one agent; 5 is more"),
        (("--per-process", "5"), "--per-process: with --debug there is one agent"),
        (("--capacity", "5"), "--capacity: with --debug there is one agent"),
        (("--log", "."), "--log: with --debug the mover prints to the terminal"),
    ],
)
def test_more_than_one_agent_is_refused(arguments: tuple[str, ...], words: str):
    with pytest.raises(ValueError, match=words):
        options_of("swarm", "--debug", *arguments)
    options = options_of("swarm", "--debug", "--agents", "1")
    assert (options.agents, options.capacity) == (1, 1)


@pytest.mark.parametrize("option", ["--debug", "--reload"])
def test_movers_that_drive_by_themselves_are_refused(option: str):
    with pytest.raises(ValueError, match=f"^{option}: road's movers drive by themselves"):
        options_of("road", option)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="needs a pseudo-terminal")
def test_a_debugger_and_input_work_at_the_terminal(tmp_path: Path):
    import pty

    path = tmp_path / "mine.py"
    path.write_text(
        "class Mover:\n"
        "    def __init__(self, agent): self.x = float(input('where? '))\n"
        "    def step(self, dt):\n"
        "        breakpoint()\n"
        "        return self.x, 2.0\n"
    )
    ours, theirs = pty.openpty()
    arguments = [*("swarm", "--debug", "--headless", "--mover", str(path))]
    program = subprocess.Popen(
        [sys.executable, "-m", "game", *arguments],
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    os.set_blocking(ours, False)
    said = ""

    def answer(question: str, words: str) -> None:
        nonlocal said
        said = ""

        def asked() -> bool:
            nonlocal said
            with suppress(BlockingIOError):
                said += os.read(ours, 4096).decode()
            return question in said

        until(asked, question)
        os.write(ours, words.encode())

    try:
        answer("where? ", "12\n")
        answer("(Pdb) ", "p self.x + 1\n")
        answer("13.0", "n\n")
        answer("(Pdb) ", "q\n")
        answer("game: the debugger was left, and the run with it", "")
        assert program.wait(20) == 0
    finally:
        program.kill()
        program.wait()
        os.close(ours)
