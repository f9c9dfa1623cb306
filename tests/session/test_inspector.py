"""The inspector: what is known of a process, read once a second, cut to any room."""

import os
import re
import signal
import sys
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import psutil
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game import scenes
from game.session import process_stats
from game.session.inspector import inspect, used
from game.session.process_stats import ProcessStats, Reading
from game.view import inspector
from game.view.inspector import Inspection
from game.view.painter import Painter
from game.view.theme import Theme
from tests.processes import Run, running

pytestmark = pytest.mark.slow  # real processes in nearly every test


def made(
    run: Run, agent: int = 0, used: ProcessStats | None = None
) -> tuple[Inspection, dict[str, str]]:
    names = scenes.find("swarm").agent_name
    found = inspect(run.crew, run.reader.frame, agent, used or ProcessStats(), names)
    assert found is not None
    return found, dict(found.facts)


def one(run: Run, updates: int = 5) -> None:
    """Have one mover running, with some updates behind it."""
    run.crew.add()
    run.until(lambda: run.reader.frame.updates[0] > updates, "its updates")


def test_it_tells_of_a_process_that_runs(method: str):
    with running(method, rate=20.0) as run:
        one(run)
        found, shown = made(run)
        assert found.title == "Robot 0"
        assert not found.ended
        assert shown["state"] == "running"
        assert shown["pid"] == str(run.crew.members[0].pid)
        assert re.fullmatch(r"\d+, the last \d+\.\d s ago", shown["updates"])
        assert re.fullmatch(r"\d+\.\d of 20 Hz(, late)?", shown["rate"])
        assert re.fullmatch(r"\d+\.\d MB (of its own|with what it shares)", shown["memory"])
        assert shown["slot"] == f"0, started by {method}"
        assert "exit" not in shown
        assert next(iter(shown)) == "state", "what matters most comes first"


def test_it_tells_of_a_signal_and_of_an_exit_code(method: str, tmp_path: Path):
    mover = tmp_path / "leaver.py"
    mover.write_text(
        "import sys\nclass Mover:\n def __init__(self, agent): pass\n"
        " def step(self, dt): raise ValueError('no road')\n"
    )
    with running(method) as run:
        one(run)
        os.kill(run.crew.members[0].pid, signal.SIGKILL)
        run.until(lambda: run.events, "the news")
        found, shown = made(run)
        assert shown["exit"] == "signal 9, SIGKILL"
        assert found.ended
        assert not {"CPU", "memory", "rate"} & set(shown), "nobody is there who uses anything"
    with running(method, mover=str(mover)) as run:
        run.crew.add()
        run.until(lambda: run.events, "the news")
        found, shown = made(run)
        assert shown["exit"] == "code 1"
        assert "no road" in shown["state"]
        assert "ValueError: no road" in found.last_words


def test_it_tells_of_one_of_very_many(method: str):
    with running(method, per_process=1000) as run:
        one(run, updates=2)
        found, shown = made(run, agent=7)
        assert found.title == "Robot 7"
        assert shown["drives"] == "1,000 agents: Robot 0 to Robot 999"


def test_of_very_many_it_looks_at_one_process_alone():
    with running("forkserver", capacity=50_000, per_process=50_000) as run:
        one(run, updates=2)
        tracemalloc.start()
        made(run, agent=7)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 200_000, "nothing for each of the agents"


# What the system knows of a process.


class Process:
    """Stands for psutil.Process; `spent` and `asked` are the test's."""

    spent, asked, gone, blind = 0.0, 0, False, False

    def __init__(self, pid: int) -> None:
        type(self).asked += 1
        if self.gone:
            raise psutil.NoSuchProcess(pid)

    def cpu_times(self):
        return SimpleNamespace(user=self.spent, system=0.0)

    def memory_full_info(self):
        if self.blind:
            raise psutil.AccessDenied
        return SimpleNamespace(uss=4_100_000)

    def memory_info(self):
        return SimpleNamespace(rss=9_000_000)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> type[Process]:
    class Fresh(Process):
        pass

    monkeypatch.setattr(psutil, "Process", Fresh)
    return Fresh


def test_a_process_is_looked_at_once_a_second(process: type[Process]):
    used = ProcessStats()
    for frame in range(121):
        used.of(7, frame / 60)
    assert process.asked == 3


def test_cpu_is_the_share_of_the_time_between_two_looks(process: type[Process]):
    used = ProcessStats()
    assert used.of(7, 0.0) == Reading(None, 4_100_000, True)
    process.spent = 0.5
    assert used.of(7, 0.9).cpu is None
    assert used.of(7, 2.0).cpu == pytest.approx(25)
    process.spent = 0.6
    assert used.of(8, 2.1).cpu is None, "another process"


def test_where_private_memory_is_secret_it_is_the_whole(process: type[Process]):
    process.blind = True
    assert ProcessStats().of(7, 0.0) == Reading(None, 9_000_000, False)


def test_a_process_that_is_gone_is_blank(process: type[Process]):
    stats = ProcessStats()
    assert stats.of(7, 0.0).memory
    process.gone = True
    assert stats.of(7, 1.5) == Reading()
    assert stats.of(0, 1.6) == Reading(), "a process that is yet to start"
    assert used(Reading()) == [("CPU", ""), ("memory", "")]


def test_a_real_process_that_spends_time():
    used = ProcessStats()
    used.of(os.getpid(), 0.0)
    before = psutil.Process().cpu_times().user
    while psutil.Process().cpu_times().user < before + 0.05:
        sum(range(10_000))
    reading = used.of(os.getpid(), process_stats.EVERY)
    assert reading.cpu > 4.9
    assert 1e6 < reading.memory < 1e10


# What of it is drawn.


class Noting(Painter):
    """A painter that notes where it has written what."""

    def __init__(self, size: tuple[int, int], scale: float) -> None:
        pixels = round(size[0] * scale), round(size[1] * scale)
        super().__init__(pygame.Surface(pixels), Theme("dark"), scale)
        self.written: list[tuple[str, pygame.Rect]] = []

    def write(self, words, x, y, ink="text", size=13, across=0.0, down=0.0):
        wide = super().write(words, x, y, ink, size, across, down)
        high = size * 1.3
        self.written.append(
            (words, pygame.Rect(round(x - wide * across), round(y - high * down), wide, high))
        )
        return wide


TRACEBACK = "step 1\n" * 30 + '  File "/a/b/mine.py", line 12, in step\n    raise ValueError\n' * 9
TRACEBACK += "ValueError: " + "what was expected and what was found " * 9
FACTS = [
    ("state", "ended: ValueError: " + "what was expected and what was found " * 9),
    *((f"fact {n}", "value " * n) for n in range(12)),
]


@settings(max_examples=60, deadline=None)
@given(
    st.integers(120, 420),
    st.integers(60, 700),
    st.sampled_from([0.75, 1, 1.5, 2, 3]),
    st.booleans(),
    st.sampled_from(["", "one line", TRACEBACK]),
)
def test_nothing_overlaps_or_leaves_its_area(
    width: int, height: int, scale: float, ended: bool, words: str
):
    pygame.font.init()
    painter, area = Noting((width, height), scale), pygame.Rect(0, 0, width, height)
    inspector.draw(
        painter, area, Inspection("Robot 1", 1, FACTS, words, "K: kill   Delete: remove", ended)
    )
    boxes = [box.inflate(0, -4) for said, box in painter.written if said]
    for number, box in enumerate(boxes):
        assert area.contains(box), painter.written[number]
        assert box.collidelist(boxes[:number]) == -1, painter.written[number]


@pytest.mark.parametrize("height", [214, 252, 430])
def test_the_end_of_a_traceback_is_in_sight(height: int):
    pygame.font.init()
    painter, area = Noting((300, height), 1.0), pygame.Rect(0, 0, 300, height)
    inspector.draw(
        painter, area, Inspection("Robot 1", 1, FACTS, TRACEBACK + "\nTheEnd", "", ended=True)
    )
    written = [said for said, _ in painter.written]
    assert "state" in written
    assert "TheEnd" in written


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="private memory is known there")
def test_a_mover_has_a_few_megabytes_of_its_own(method: str):
    with running(method) as run:
        one(run)
        reading = ProcessStats().of(run.crew.members[0].pid, 0.0)
        assert reading.private
        assert 1e6 < reading.memory < 30e6
