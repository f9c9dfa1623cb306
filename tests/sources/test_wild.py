"""Movers that write what is not theirs: it is told whose rows they were, and --stats survives."""

import json
import random
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from game.crew.crew import Crew
from game.session import report, stats
from game.session.inspector import inspect
from game.session.process_stats import ProcessStats
from game.session.wild import Wild
from game.shared.table import ROW, STATE, State
from tests.made import frames_until, opened
from tests.processes import running

POKES = """
from array import array
def drive(table, part, pace, job):
    while True:
        part.publish(memoryview(array("d", [1.0, 2.0])))
        part.row[3] = 2
        if part.first_agent == 1 and table.row(0)[1] > 20:
            table.values[0] += 1.0
        pace.wait(1 / job.rate)
"""


@pytest.mark.slow
def test_whose_row_was_written_to_by_somebody_else_stands_on_the_card(method: str, tmp_path: Path):
    path = tmp_path / "pokes.py"
    path.write_text(POKES)
    with running(method, mover=str(path), rate=50.0) as run:
        for _ in range(2):
            run.crew.add()
        run.until(lambda: run.reader.frame.wild[0] > 2, "marked")
        assert run.reader.frame.wild.tolist()[1:] == [0] * 7
        for agent, shown in ((0, True), (1, False)):
            found = inspect(run.crew, run.reader.frame, agent, ProcessStats())
            assert found is not None
            facts = dict(found.facts)
            assert ("wild" in facts) is shown
        rows = run.reader.frame.wild[0]
        found = inspect(None, run.reader.frame, 0, ProcessStats())
        assert found is not None
        assert ("wild", f"{rows:,} rows were changed, and not by publish()") in found.facts


@pytest.mark.slow
def test_the_figures_survive_whatever_the_table_holds(tmp_path: Path):
    file = tmp_path / "a.json"
    chance = random.Random(1)
    extremes = [0, 1, 77, -1, 2**63 - 1, -(2**63)]
    with opened("swarm", "--agents", "3", "--rate", "100") as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 3, "they run")
        crew = session.cast
        assert crew is not None
        control = np.frombuffer(crew.table.shared.control, np.int64).reshape(-1, ROW)
        try:
            for turn in range(60):
                for row in range(1, 6):
                    control[row] = [chance.choice(extremes) for _ in range(ROW)]
                    control[row, STATE] = chance.choice(list(State))
                crew.table.shared.values[turn % 8] = chance.choice([float("nan"), float("inf"), -1])
                crew.table.shared.notes[0:64] = bytes(chance.randbytes(64))
                session.frame()
                stats.write(str(file), report.summary(session))
                assert json.loads(file.read_text())["rows_wild"] >= 0
        finally:
            control[1:] = 0
    assert "NaN" not in file.read_text()


def test_free_rows_are_told_of_once_and_counted_at_the_end():
    frame = SimpleNamespace(wild=np.zeros(8, np.int64))
    wild = Wild(frame)
    members = {slot: SimpleNamespace(name=f"Robot {slot}", pid=slot + 1) for slot in range(2)}

    def follow(*slots: int) -> list[str]:
        frame.wild = frame.wild.copy()
        frame.wild[list(slots)] += 1
        return list(wild.follow(frame, members))

    assert follow() == []
    assert follow(1) == ["Robot 1: its row was changed, and not by publish()"]
    assert follow(2, 3) == ["2 free rows were changed, and not by publish()"]
    assert follow(1, 2, 4) == follow(5, 6) == []
    frame.wild = np.zeros(8, np.int64)  # its slots are said to be handed on
    assert follow() == follow(1, 2) == [], "nothing of it is new"
    assert list(wild.rest()) == ["5 free rows were changed, and not by publish(), in all"]
    assert list(wild.rest()) == []


@pytest.mark.slow
def test_one_who_writes_to_all_free_rows_gets_a_line_for_all_of_them(
    capsys: pytest.CaptureFixture[str],
):
    with opened("swarm", "--agents", "6") as session:
        frames_until(session, lambda: len(session.source.frame.agents) == 6, "they run")
        crew = session.cast
        assert isinstance(crew, Crew)
        for slot in range(5):  # the last one stays: as far as to it, rows are looked at
            crew.remove(slot)
        frames_until(session, lambda: len(crew.members) == 1, "five that are gone")

        def written() -> bool:
            for cell in range(2 * 5):
                crew.table.values[cell] += 1.0
            return bool(session.source.frame.wild[:5].all())

        frames_until(session, written, "all free rows")
        session.finish()
    lines = capsys.readouterr().err.splitlines()
    assert 1 <= len(lines) <= 2, "once, and at the end those that came later"
    assert lines[-1].startswith("game: 5 free rows were changed, and not by publish()")


def test_figures_are_written_whatever_they_are(tmp_path: Path):
    file = tmp_path / "a.json"
    odd = {
        "numbers": [np.int64(1), np.float64("nan"), np.bool_(True), float("-inf"), 2**70],
        "array": np.array([[1.5, np.inf]]),
        3: {"set": {1}, "bytes": b"x", "none": None},
        "text": "\udcff\x1b",
        (1, 2): 0,
    }
    stats.write(str(file), odd)
    assert json.loads(file.read_text()) == {
        "numbers": [1, "nan", True, "-inf", 2**70],
        "array": [[1.5, "inf"]],
        "3": {"set": [1], "bytes": "b'x'", "none": None},
        "text": "\udcff\x1b",
        "(1, 2)": 0,
    }
