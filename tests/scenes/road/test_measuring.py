"""Figures of the road: whose they are, what they count, and that conditions are not mixed."""

import pytest

from game.crew.starting import spawning
from game.scenes.road import FIELDS, modes
from game.scenes.road.cells import DELAY, HELD, IN_RUN, MODE, RUN, STRESS, WRITES, Cells
from game.scenes.road.figures import Conditions, SyncFigures
from game.scenes.road.measuring import LEAST, Measuring
from game.scenes.road.record import told
from game.shared.table import PACE, PACE_ONE, STATE, UPDATES, State, Table


class Made:
    """A measuring over a table that nobody writes to but the test."""

    def __init__(self, mode: str = "lock") -> None:
        self.table = Table(spawning(), FIELDS, 8, 8, Cells(spawning()))
        self.table.control[PACE] = PACE_ONE
        self.commands = self.table.cells.commands
        self.commands[MODE] = modes.NAMES.index(mode)
        self.now = 10.0
        self.measuring = Measuring(self.table, self.now)
        self.mode = modes.make(self.table)[self.commands[MODE]]
        self.passes()
        self.measuring.follow(self.now, 4)

    def passes(self) -> None:
        """As the writer does at the beginning of a pass."""
        self.commands[IN_RUN], self.commands[WRITES] = self.commands[RUN], 1 + self.commands[MODE]

    def follow(self, seconds: float = 0.0, vehicles: int = 4) -> None:
        self.now += seconds
        self.measuring.follow(self.now, vehicles)

    def read(self, torn: bool = False, took: float = 0.001) -> None:
        """A read from beginning to end."""
        reading = self.measuring.begin(self.mode, self.now)
        reading.spent = took
        self.measuring.end(self.now + took, torn)

    @property
    def figures(self) -> SyncFigures:
        return self.measuring.run().figures[self.mode.name]

    def kept_out(self, kept: float, refused: int = 1) -> None:
        """Say that the read under way was refused, and was kept out for so long [s]."""
        lock = self.mode.reader_lock
        lock.refused, lock._kept, lock.waited = refused, round(kept * 1e9), 2 * kept


def test_reads_count_and_a_call_costs_what_is_no_waiting():
    made = Made()
    made.read(took=0.002)
    made.read(torn=True, took=0.002)
    reading = made.measuring.begin(made.mode, made.now)
    made.kept_out(0.5)
    reading.spent = 1.002
    made.measuring.end(made.now + 1.1, torn=False)
    found = made.figures
    assert (found.reads, found.torn, made.measuring.torn) == (3, 1, 1)
    assert found.call == pytest.approx(2.0)
    assert found.most == pytest.approx(1100.0)
    assert found.kept_out[:2] == (1, 3)
    assert found.kept_out.total == found.kept_out.longest == pytest.approx(500.0)
    assert found.kept_out.share == pytest.approx(1 / 3)


def test_a_call_that_waited_costs_no_more_for_it():
    made = Made()
    assert told(made.measuring.run())["sync"]["lock"]["call_ms"] is None, "nothing was read"
    reading = made.measuring.begin(made.mode, made.now)
    made.kept_out(0.5)
    reading.spent = 1.002  # of which 1 s was waiting, half of it the scheduler's
    made.measuring.end(made.now + 1.1, torn=False)
    assert made.figures.call == pytest.approx(2.0)
    assert told(made.measuring.run())["sync"]["lock"]["call_ms"] == pytest.approx(2.0)


def test_a_wait_that_ends_is_counted_as_long_as_it_was_once():
    made = Made()
    made.commands[HELD] = -1  # the writer has had it since time began
    made.measuring.begin(made.mode, made.now)
    lock = made.mode.reader_lock
    lock._since, lock.refused = lock._held(), 1
    made.measuring.give_up()
    assert made.figures.kept_out.total == made.figures.kept_out.longest > 0


def test_a_read_that_waits_still_counts_with_its_time_so_far():
    made = Made()
    made.read()
    made.measuring.begin(made.mode, made.now)
    assert made.figures.kept_out == (0, 1, 0.0, 0.0), "nobody has refused it so far"
    made.kept_out(0.25)
    assert made.figures.kept_out == (1, 2, 250.0, 250.0)
    made.kept_out(0.75)
    assert made.figures.kept_out == (1, 2, 750.0, 750.0)
    made.measuring.give_up()
    assert made.figures.kept_out == (1, 2, 750.0, 750.0), "given up, it counts once"
    assert made.figures.reads == 1


def test_a_read_that_was_made_again_counts_once():
    made = Made("seqlock")
    made.read()
    made.measuring.begin(made.mode, made.now)
    made.mode.retries = 5
    made.measuring.end(made.now, torn=False)
    assert (made.figures.reads, made.figures.retried) == (2, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.commands.__setitem__(STRESS, 1),
        lambda made: made.commands.__setitem__(DELAY, 5000),
        lambda made: made.follow(vehicles=5),
        lambda made: made.measuring.begin_run(),
    ],
    ids=["stress", "lens", "vehicles", "R"],
)
def test_other_conditions_begin_new_figures_and_the_ones_before_stay(change):
    made = Made()
    made.read(torn=True)
    made.follow(LEAST)
    before = made.measuring.run()
    change(made)
    made.follow(vehicles=0)
    assert made.figures.reads == made.figures.torn == 0
    assert made.measuring.earlier == before
    assert made.measuring.torn == 1, "what was shown, was shown"
    now = made.measuring.run().conditions
    stress, delay = bool(made.commands[STRESS]), made.commands[DELAY] / 1000
    assert now == Conditions(stress, delay, now.vehicles)
    assert told(made.measuring.run())["sync_conditions"]["vehicles"] in (4, 5)


def test_the_same_conditions_go_on():
    made = Made()
    for _ in range(3):
        made.read()
        made.follow(LEAST)
        made.follow(vehicles=0)  # between two writers
    assert made.figures.reads == 3
    assert made.measuring.earlier is None


def test_a_pass_that_was_begun_before_counts_for_neither():
    made = Made()
    made.follow(LEAST)
    made.commands[STRESS] = 1
    made.follow()
    made.read(torn=True)
    made.table.row(0)[UPDATES] += 1
    made.follow(1.0)
    assert (made.figures.reads, made.figures.torn, made.figures.passes) == (0, 0, 0)
    made.passes()
    made.read()
    made.table.row(0)[UPDATES] += 1
    made.follow(0.5)
    assert (made.figures.reads, made.figures.passes) == (1, 2.0)


def test_a_read_that_waits_through_a_change_is_of_the_run_before():
    made = Made()
    made.follow(LEAST)
    made.measuring.begin(made.mode, made.now)
    made.kept_out(0.5)
    made.commands[DELAY] = 1000
    made.follow()
    assert made.measuring.earlier.figures["lock"].kept_out == (1, 1, 500.0, 500.0)
    made.passes()
    assert made.figures.kept_out == (0, 0, 0.0, 0.0)


def test_a_read_that_was_begun_in_a_pass_of_before_is_begun_again():
    made = Made()
    made.commands[DELAY] = 1000
    made.follow()
    old = made.measuring.begin(made.mode, made.now)
    made.kept_out(0.5)
    made.follow()
    assert made.measuring.reading is old, "the writer is still in that pass"
    made.passes()
    made.follow()
    assert made.measuring.reading is None
    made.measuring.begin(made.mode, made.now)
    made.kept_out(0.25)
    made.follow()
    assert made.figures.kept_out == (1, 1, 250.0, 250.0)


def test_a_moment_is_no_run_to_be_looked_at_again():
    made = Made()
    made.read()
    made.follow(LEAST)
    made.commands[DELAY] = 1000
    made.follow()
    first = made.measuring.earlier
    made.passes()
    made.read()
    made.follow(LEAST / 2)
    made.commands[DELAY] = 5000
    made.follow()
    assert made.measuring.earlier is first
    assert first.conditions == Conditions(False, 0.0, 4)


def test_what_a_dead_writer_left_does_not_count_as_torn_but_its_lock_keeps_out():
    made = Made()
    made.read()
    made.table.row(0)[STATE] = State.FAILED
    made.read(torn=True)
    assert (made.figures.reads, made.figures.torn, made.measuring.torn) == (1, 0, 0)
    made.commands[HELD] = -1  # it took the lock a nanosecond after time began
    made.measuring.begin(made.mode, made.now)
    lock = made.mode.reader_lock
    lock._since, lock.refused = lock._held(), 1
    first = made.figures.kept_out
    assert first.reads == 1
    assert made.figures.kept_out.total > first.total > 0


def test_what_stats_say_of_a_run():
    made = Made()
    made.read()
    found = told(made.measuring.run())
    assert list(found["sync"]) == list(modes.NAMES)
    assert found["sync_conditions"] == {"stress": False, "lens_ms": 0.0, "vehicles": 4}
    assert found["sync"]["none"]["kept_out"] == {
        "reads": 0,
        "share": 0.0,
        "total_ms": 0.0,
        "longest_ms": 0.0,
    }
