"""The gate behind the first update, for movers that are forked together."""

import multiprocessing
import os
import sys
from itertools import pairwise

import pytest

from game.child.pace import Pace
from game.shared.table import UPDATES, State, Table
from tests.processes import running

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="nobody is forked elsewhere")

MANY = 70  # more than are forked in a turn


def test_the_first_wait_passes_the_gate_and_only_that_one():
    now, passed = [100.0], []

    def gate() -> float:
        now[0] += 5.0
        passed.append(now[0])
        return 0.25

    def nap(seconds: float) -> None:
        now[0] += seconds

    table = Table(multiprocessing.get_context("spawn"), {"x": "m"}, 1)
    made = Pace(table, lambda: now[0], gate)
    made.pause = nap
    made.wait(0.1)
    assert now[0] == pytest.approx(105.075), "a quarter of the first period is over"
    made.wait(0.1)
    assert now[0] == pytest.approx(105.175)
    assert len(passed) == 1


@pytest.fixture
def gate():
    from game.child.gate import Gate  # which there is on Linux alone

    return Gate()


@pytest.fixture
def table() -> Table:
    made = Table(multiprocessing.get_context("spawn"), {"x": "m"}, 100)
    for slot in range(3):
        made.open(slot, 1)
    return made


def test_it_opens_when_all_have_come_and_no_more_are_to_come(gate, table: Table):
    assert gate.passage(0, 0) is None
    gate.close()
    assert gate.passage(0, 0) is not None
    gate.expect(range(3))
    gate.look(table, more=False)
    table.mark(0, State.RUNNING)
    table.mark(1, State.FAILED)
    gate.look(table, more=False)
    assert gate.shut
    table.mark(2, State.RUNNING)
    gate.look(table, more=True)
    assert gate.shut
    gate.look(table, more=False)
    assert not gate.shut


def test_it_opens_for_a_mover_that_never_comes(gate, table: Table, monkeypatch):
    gate.close()
    gate.expect([0])
    monkeypatch.setattr("game.child.gate.LIMIT", -1.0)
    gate.look(table, more=False)
    assert not gate.shut


def test_those_that_start_together_are_spread_over_a_period(gate, table: Table):
    sentinel, other = os.pipe()
    gate.close()
    ways = [gate.passage(slot, sentinel) for slot in range(100)]
    gate.look(table, more=False)
    parts = sorted(way() for way in ways)
    gaps = [after - before for before, after in pairwise(parts)]
    assert max(gaps) < 0.03
    for end in (sentinel, other):
        os.close(end)


@pytest.mark.slow
def test_nobody_goes_on_before_all_have_come():
    with running("forkserver", capacity=MANY, rate=1000.0) as run:
        seen = []
        for _ in range(MANY):
            run.crew.add()

        def all_there() -> bool:
            updates = [run.table.row(slot)[UPDATES] for slot in range(MANY)]
            seen.append((min(updates), max(updates)))
            return min(updates) > 1

        run.until(all_there, "all")
        early = [most for least, most in seen if least == 0]
        assert max(early, default=0) <= 1, "at a thousand a second, some would have gone on"
