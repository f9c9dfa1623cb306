"""What the selected agent looked at: written by its own process, only then, and read whole."""

import multiprocessing
from array import array

import pytest

from game.agent import Group
from game.frame import Looked
from game.shared import looks
from game.shared.looks import FIRST, LOOK, Look, Noted
from game.shared.others import Others
from game.shared.published import Published
from game.shared.table import UPDATES, Slice, Table
from game.sources.own_table import TableSource

SPAWN = multiprocessing.get_context("spawn")


class Process:
    """What a mover process does in its own slot of a table of two."""

    def __init__(self) -> None:
        self.table = Table(SPAWN, {"x": "m"}, 4, 2)
        self.table.open(1, 2)
        self.part = Slice(self.table, 1)
        self.published = Published(self.table, self.part)
        self.others = [Others(self.published, number) for number in (2, 3)]
        self.source = TableSource(self.table)

    def step(self, *asked: int, radius: float = 0.0) -> None:
        """A step in which agent 3 asks for some."""
        self.published.renew()
        if asked or radius:
            self.others[1].note(list(asked), radius)
        self.published.tell()
        self.part.publish(memoryview(array("d", (1, 2))))

    @property
    def looked(self) -> Looked | None:
        """As the window sees it."""
        return self.source.read(0.0).looked


def test_nothing_is_written_unless_the_agent_is_selected():
    process = Process()
    process.step(0, 2, radius=5.0)
    for other in (-1, 0, 1, 2):
        process.table.select(other)
        process.step(0, 2, radius=5.0)
        assert not any(process.table.looks)
        assert process.looked is None
    process.table.select(3)
    assert process.looked is None, "it has not looked yet"
    process.step(0, 2, radius=5.0)
    assert process.looked == Looked(3, 5.0, (0, 2))
    assert not any(process.table.look(0)), "these cells are another process's"


def test_it_is_what_the_last_step_looked_at_and_nothing_older():
    process = Process()
    process.table.select(3)
    process.step(0)
    process.step(2)
    assert process.looked == Looked(3, 0.0, (2,))
    process.step()
    assert process.looked is None
    process.step(0)
    process.table.select(2)
    assert process.looked is None, "another agent of the same process"
    process.table.select(-1)
    assert process.looked is None


def test_a_look_is_shown_while_its_own_row_is_not_out_yet():
    process = Process()
    process.table.select(3)
    process.step(0)
    process.published.renew()
    process.others[1].note([2])
    process.published.tell()
    assert process.looked == Looked(3, 0.0, (2,))


def test_whom_an_agent_asks_for_by_number_is_noted_once_and_oneself_is_not():
    process = Process()
    process.table.select(3)
    process.published.renew()
    process.step()
    process.published.renew()
    for number in (2, 0, 2, 3):
        _ = process.others[1][number]
    _ = process.others[0][1]  # asked by another one
    process.published.tell()
    assert process.looked == Looked(3, 0.0, (2, 0))


def test_the_next_holder_of_a_slot_begins_without_any():
    process = Process()
    process.table.select(3)
    process.step(0)
    process.table.clear(1)
    assert not any(process.table.looks)


def test_of_very_many_the_first_are_kept_and_all_are_counted():
    noted, cells = Noted(3), memoryview(array("q", [0] * LOOK))
    noted.add(list(range(1000)), 7.5)
    looks.write(cells, noted, 4)
    assert looks.read(cells) == Look(3, 4, 7.5, 1000, tuple(range(LOOK - FIRST)))


def test_one_that_is_being_written_leaves_the_one_before_on_the_screen():
    process = Process()
    process.table.select(3)
    process.step(0)
    assert process.looked == Looked(3, 0.0, (0,))
    process.table.look(1)[looks.SEQUENCE] += 1
    process.table.look(1)[FIRST] = 1
    assert looks.read(process.table.look(1)) is None
    assert process.looked == Looked(3, 0.0, (0,))


def test_a_crowd_says_it_for_one_of_its_own():
    process = Process()
    group = Group(range(2, 4), "", 10.0, None, process.published)
    assert group.selected == -1
    group.note([1], 3.0)
    process.table.select(2)
    process.published.renew()
    assert group.selected == 2
    group.note([0, 3], 4.0)
    process.published.tell()
    process.part.row[UPDATES] += 1
    assert process.looked == Looked(2, 4.0, (0, 3))


@pytest.mark.parametrize("selected", [4, 99, -7])
def test_an_agent_that_there_is_no_room_for_is_none(selected: int):
    process = Process()
    process.table.select(selected)
    process.step(0)
    assert process.looked is None
