"""What a person is told of rows and processes of other machines: never as if they were here."""

from types import SimpleNamespace

import numpy as np
import pytest

from game.frame import Frame
from game.parts import Card, Standing
from game.session.ages import Ages
from game.session.inspector import inspect
from game.view.tooltip import Array, owners


class NobodyAsks:
    """Process stats that must not be asked."""

    def of(self, pid, now):
        raise AssertionError(f"a pid of another machine was looked up here: {pid}")


@pytest.fixture
def frame() -> Frame:
    return Frame({"x": "m"}, 4).next(
        now=10.0,
        hosts=("node 1", "node 2"),
        host=np.array([0, 1, 1, -1]),
        pid=np.array([11, 22, 33, 0]),
        updates=np.array([5, 5, 5, 0]),
        changed=np.full(4, 9.9),
        aged=np.array([0.05, 0.07, 0.4, 0.0]),
        agents=np.arange(3),
    )


def card(frame: Frame, host: str, ended: str = "") -> dict[str, str]:
    member = SimpleNamespace(
        slot=1,
        name="Robot 1",
        agents=1,
        pid=22,
        standing=Standing.RUNNING,
        exitcode=255 if ended else None,
        host=host,
    )
    told = Card("", "", ended and "lost with node 2", "started by cluster", ended, "running")
    cast = SimpleNamespace(members={1: member}, card=lambda slot: told)
    found = inspect(cast, frame, 1, NobodyAsks())
    assert found is not None
    return dict(found.facts)


def test_the_card_says_which_host_and_how_old_and_looks_nobody_up(frame: Frame):
    facts = card(frame, "node 2")
    assert facts["host"] == "node 2, the row is 70 ms old"
    assert facts["pid there"] == "22"
    assert not {"pid", "CPU", "memory"} & facts.keys()


def test_of_one_that_is_lost_the_card_says_where_it_was(frame: Frame):
    facts = card(frame, "node 2", "unknown")
    assert (facts["exit"], facts["host"]) == ("unknown", "node 2")
    assert facts["state"] == "ended: lost with node 2"


def test_the_tooltip_says_which_host(frame: Frame):
    array = Array("positions", "Robot {}".format)
    assert owners(array, frame, range(1, 2), np.array([1])) == ["Robot 1, pid 22 on node 2"]
    all_of_them = owners(array, frame, range(4), np.arange(3))
    assert all_of_them == ["Robot 0 to Robot 2", "3 processes on node 1, node 2"]
    here = frame.next(hosts=())
    assert owners(array, here, range(1, 2), np.array([1])) == ["Robot 1, pid 22"]


def test_the_ages_of_rows_on_the_screen(frame: Frame):
    ages = Ages()
    assert ages.summary() == {"median": None, "p99": None}
    for _ in range(100):
        ages.follow(frame)
    assert ages.median == pytest.approx(0.07)
    assert ages.summary() == {"median": pytest.approx(70, abs=1), "p99": pytest.approx(400, abs=1)}
    dead = frame.next(died=np.ones(4, np.bool_))
    before = ages.summary()
    ages.follow(dead)
    assert ages.summary() == before, "who is dead gets no older"
