"""The conductor on a clock of its own: who may make which step when, and who is left out."""

import multiprocessing

import pytest

from game.child.conductor import STALL, Conductor
from game.child.pace import Pace
from game.shared.beat import LAST, SEEN, TURN, VERSION
from game.shared.table import GENERATION, PID, Table

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 2.0  # [s]


class Dance:
    """Some movers that are only cells, their conductor, and a clock that moves when told to."""

    def __init__(self, movers: int = 3, period: float = 0.0, patience: float = PATIENCE) -> None:
        self.table = Table(SPAWN, {"x": "m"}, movers, 1, None, together=True)
        self.beat = self.table.beat
        self.now = 100.0
        self.given = period, patience
        for slot in range(movers):
            self.start(slot)
        self.conductor = self.another()
        self.beat.begin()
        self.want(range(movers))

    def another(self) -> Conductor:
        period, patience = self.given
        clock = lambda: self.now  # noqa: E731
        return Conductor(self.table, period, patience, Pace(self.table, clock), clock)

    def start(self, slot: int, pid: int = 7) -> None:
        self.table.open(slot, 1)
        self.table.row(slot)[PID] = pid

    def want(self, slots) -> None:
        self.beat.want({slot: self.generation(slot) for slot in slots})

    def generation(self, slot: int) -> int:
        return self.table.row(slot)[GENERATION]

    def may(self, slot: int, made: int = 0) -> int:
        return self.beat.turn(slot, self.generation(slot), made)

    def look(self, seconds: float = 0.0) -> int:
        """Let time pass in small pieces; returns the turn."""
        while seconds > 1e-9:
            piece = min(seconds, STALL / 2)
            self.now, seconds = self.now + piece, seconds - piece
            self.conductor.look()
        self.conductor.look()
        return self.beat.cells[TURN]

    def arrive(self, step: int, *slots: int) -> int:
        for slot in slots:
            self.beat.arrive(slot, step)
        return self.look()


def test_nobody_goes_on_before_everybody_has_arrived():
    dance = Dance()
    assert dance.look() == 1
    assert [dance.may(slot) for slot in range(3)] == [1, 1, 1]
    assert dance.arrive(1, 2) == 1
    assert dance.arrive(1, 0) == 1
    assert dance.may(0, made=1) == 0
    assert dance.arrive(1, 1) == 2
    assert dance.may(0, made=1) == 2


def test_whoever_comes_in_the_middle_makes_the_step_that_all_make():
    dance = Dance()
    dance.want([0, 1])
    dance.look()
    for step in range(1, 5):
        assert dance.arrive(step, 0, 1) == step + 1
    dance.arrive(5, 0)
    assert dance.may(2) == 0, "nobody has let it in"
    dance.want([0, 1, 2])
    assert dance.look() == 5
    assert dance.may(2) == 5
    assert dance.arrive(5, 1) == 5
    assert dance.arrive(5, 2) == 6


def test_who_takes_part_changes_all_at_once():
    dance = Dance()
    dance.want([])
    dance.look()
    dance.beat.cells[VERSION] += 1  # in the middle of a change
    dance.beat.wanted[0] = dance.generation(0)
    dance.look()
    assert dance.may(0) == 0
    dance.beat.cells[VERSION] += 1
    dance.look()
    assert dance.may(0) == 1


def test_a_mover_that_is_gone_is_not_waited_for_and_its_successor_is():
    dance = Dance()
    dance.look()
    dance.arrive(1, 0, 1)
    dance.start(2)  # another process in its slot
    dance.beat.arrived[2] = 1  # whatever the one before left
    dance.beat.hand_on(2)
    dance.want([0, 1, 2])
    assert dance.look() == 1
    assert dance.may(2) == 1
    assert dance.arrive(1, 2) == 2
    dance.arrive(2, 0, 1)
    dance.want([0, 1])
    assert dance.look() == 3
    assert dance.may(2) == 0


def test_who_is_silent_for_too_long_is_left_out_and_the_others_go_on():
    dance = Dance()
    dance.arrive(1, 0, 2)
    assert dance.look(PATIENCE - 0.1) == 1
    assert dance.look(0.2) == 2
    assert list(dance.beat.left) == [0, 1, 0]
    assert dance.may(1) == 0
    assert dance.arrive(2, 0, 2) == 3


@pytest.mark.parametrize("patience", [0.0, PATIENCE])
def test_time_that_stands_still_makes_nobody_late(patience: float):
    dance = Dance(patience=patience)
    if patience:
        dance.table.set_pace(0.0)
    dance.arrive(1, 0, 2)
    assert dance.look(50.0) == 1
    assert not any(dance.beat.left)
    dance.table.set_pace(1.0)
    dance.now += 50.0  # this process was asleep itself
    dance.look()
    assert dance.look() == 1
    assert not any(dance.beat.left)


def test_one_that_is_yet_to_be_started_is_not_late_and_whoever_comes_gives_the_others_time():
    dance = Dance()
    dance.start(1, pid=0)
    dance.want([0, 1, 2])
    dance.arrive(1, 0)
    assert dance.look(50.0) == 1
    dance.table.row(1)[PID] = 8
    dance.look(PATIENCE - 0.1)
    dance.arrive(1, 2)
    dance.look(PATIENCE - 0.1)
    assert not any(dance.beat.left)


def test_who_was_left_out_and_comes_after_all_takes_part_from_the_next_step_on():
    dance = Dance()
    dance.arrive(1, 0, 2)
    dance.look(PATIENCE + 0.1)
    dance.arrive(2, 0)
    dance.beat.arrive(1, 1)
    assert dance.look() == 2
    assert dance.may(1, made=1) == 0, "not in the middle of a step"
    assert dance.arrive(2, 2) == 3
    assert (dance.may(1, made=1), dance.beat.left[1]) == (3, 0)
    assert dance.arrive(3, 0, 2) == 3, "it is waited for"
    assert dance.arrive(3, 1) == 4


def test_one_that_froze_while_it_waited_comes_back_too():
    """It has made every step that it may make: it has nothing to arrive with."""
    dance = Dance()
    dance.arrive(1, 0, 1, 2)
    dance.arrive(2, 0, 2)
    assert dance.look(PATIENCE + 0.1) == 3
    assert dance.beat.left[1] == 2
    assert dance.may(1, made=1) == 0
    dance.beat.call(1)  # it looks: it is back
    assert dance.arrive(3, 0, 2) == 4
    assert dance.may(1, made=1) == 4


def test_one_who_was_left_out_alone_may_come_back():
    dance = Dance(movers=1)
    dance.look(PATIENCE + 0.1)
    assert dance.beat.left[0] == 1
    dance.arrive(1, 0)
    assert dance.may(0, made=1) == 2


def test_in_a_pause_all_stand_and_a_single_step_is_one_for_all():
    dance = Dance()
    dance.look()
    dance.table.set_pace(0.0)
    assert dance.arrive(1, 0, 1, 2) == 1
    assert dance.look(3.0) == 1
    dance.table.grant_step()
    assert dance.look() == 2
    dance.arrive(2, 0, 1, 2)
    assert dance.look(3.0) == 2
    dance.table.set_pace(1.0)
    assert dance.look() == 3


def test_in_a_window_a_step_takes_its_period_at_the_speed_that_is_asked_for():
    dance = Dance(period=0.5)
    dance.look()
    dance.table.set_pace(2.0)
    began = dance.now
    for step in range(1, 9):
        dance.arrive(step, 0, 1, 2)
        while dance.beat.cells[TURN] == step:
            dance.now += max(dance.conductor.look(), 1e-4)
    assert dance.now - began == pytest.approx(8 * 0.25, abs=0.05)


def test_a_new_start_counts_from_one_and_nobody_of_before_is_let_in():
    dance = Dance()
    for step in range(1, 5):
        dance.arrive(step, 0, 1, 2)
    dance.beat.want({})
    dance.beat.begin()
    for slot in range(3):
        dance.table.clear(slot)
        dance.start(slot)
    assert dance.may(0) == 0, "the conductor has not seen it yet"
    dance.want(range(3))
    dance.look()
    assert [dance.may(slot) for slot in range(3)] == [1, 1, 1]


def test_another_conductor_goes_on_where_the_one_before_died():
    dance = Dance()
    dance.arrive(1, 0, 2)
    dance.look(PATIENCE + 0.1)
    dance.arrive(2, 0)
    dance.conductor = dance.another()
    assert dance.look() == 2
    assert dance.beat.left[1] == 1
    assert dance.arrive(2, 2) == 3
    assert dance.beat.left[1] == 1
    assert dance.may(1) == 0


def test_nothing_is_counted_when_all_have_made_their_last_step():
    dance = Dance()
    assert dance.arrive(1, 0, 1, 2) == 2
    assert dance.arrive(LAST, 0, 1) == 2
    assert dance.arrive(LAST, 2) == 2
    assert dance.look(1.0) == 2
    assert dance.beat.cells[SEEN] == 1
