"""What is marked on the timeline of what becomes of a process."""

import itertools

import pytest

from game.parts import Card, Standing
from game.session.company import Known
from game.session.taking import happened

CARD = Card("", "", "killed: SIGKILL", "forkserver", "", "running")
RUNNING = Known(0, "Car 1", 1, 4711, Standing.RUNNING, None, CARD)
DEAD = RUNNING._replace(standing=Standing.FAILED, exitcode=-9)
WAITING = RUNNING._replace(standing=Standing.WAITING, pid=0)
AGAIN = RUNNING._replace(pid=4712)
FROZEN = RUNNING._replace(standing=Standing.FROZEN)


@pytest.mark.parametrize(
    ("lives", "kinds"),
    [
        ((None, WAITING, RUNNING, DEAD), ["death"]),
        ((RUNNING, DEAD, WAITING, AGAIN), ["death", "restart"]),
        ((RUNNING, DEAD, AGAIN), ["death", "restart"]),
        ((RUNNING, AGAIN), ["restart"]),
        ((RUNNING, FROZEN, RUNNING), ["freeze"]),
        ((RUNNING, DEAD, None, WAITING), ["death"]),
    ],
)
def test_each_turn_of_a_process_is_marked_once(lives: tuple[Known | None, ...], kinds: list[str]):
    pairs = itertools.pairwise(lives)
    assert [kind for before, after in pairs for kind, _ in happened(before, after)] == kinds
