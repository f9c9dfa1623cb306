"""The road's words and its table: that they are true, and that nothing stands there unexplained."""

import numpy as np
import pygame
import pytest

from game.frame import Frame
from game.scenes.road import FIELDS, modes, table
from game.scenes.road.figures import Conditions, KeptOut, Run, SyncFigures, SyncView
from game.scenes.road.words import LESSONS, caption, pause
from game.view import panel
from game.view.painter import Painter
from game.view.theme import Theme
from tests.made import scene_of

SIZE = (1280, 720)
AREA = pygame.Rect(980, 40, 300, 586)
KEPT = KeptOut(3, 4, 1234.0, 900.0)
SOME = SyncFigures(100, 0, 2, 0.1, 2.0, 30.0, 1e6, KEPT, 5, 0.0021)


def view(mode: str, **changes: object) -> SyncView:
    figures = dict.fromkeys(modes.NAMES, SOME)
    plain = SyncView(mode, figures, False, False, 0.0, 0.0, "", "", mode)
    return plain._replace(**changes)


# The sketches.


def code(mode: str) -> str:
    return "\n".join(LESSONS[mode].code)


@pytest.mark.parametrize("mode", modes.NAMES)
def test_a_raw_copy_is_one(mode: str):
    assert "a[:]" not in code(mode), "which takes the lock"
    assert ("copy = raw[:]" in code(mode)) is (mode != "element")


def test_the_lock_is_taken_twice_for_an_addition():
    assert "a[j] += 1  # lock, read; lock, write" in code("element")


class Counting:
    """A lock that counts how often it is taken."""

    taken = 0

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        self.taken += 1
        return True

    def release(self) -> None:
        pass

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *error: object) -> None:
        pass


def taken(do: object, *arguments: object) -> int:
    """How often the lock of an Array is taken by some code over an Array `a` of four."""
    from multiprocessing.sharedctypes import RawArray, synchronized

    lock = Counting()
    a = synchronized(RawArray("d", 4), lock)
    exec(str(do), {"a": a, "raw": a.get_obj(), "n": 4})
    return lock.taken


def test_the_modes_take_the_lock_as_often_as_python_does():
    from game.crew.starting import spawning
    from game.scenes.road.cells import Cells
    from game.shared.table import Table

    def ours(mode: str) -> tuple[int, int]:
        cells = Cells(spawning())
        cells.lock = Counting()
        made = modes.make(Table(spawning(), FIELDS, 4, 4, cells))[modes.NAMES.index(mode)]
        made.write(4, 1.0, lambda done: None)
        wrote = cells.lock.taken
        assert made.read(4, 1.0) is not None
        return wrote, cells.lock.taken - wrote

    for mode, lines in (("none", 3), ("element", 2), ("lock", 4)):
        writes, reads = LESSONS[mode].code[:lines], LESSONS[mode].code[lines:]
        raw = [line for line in writes if "raw =" in line]
        sketch = taken("\n".join(writes)), taken("\n".join([*raw, *reads]))
        # list(a) asks once more, to learn that there is no fifth element.
        assert ours(mode) == (sketch[0], sketch[1] - (mode == "element"))


def test_the_pause_is_said_to_be_where_it_is():
    assert pause("element", 500.0) == "500 ms between two elements"
    assert pause("seqlock", 500.0) == "500 ms between two elements of its own copy"
    assert "new = [" in code("seqlock")
    assert (
        pause("seqlock", 5.0) in caption(view("seqlock", delay=5.0), False, False, vehicles=4).title
    )
    assert caption(view("none", stress=True), False, False, vehicles=4).title == (
        "none: writer flat out"
    )


# What is said of a moment.


@pytest.mark.parametrize("mode", modes.NAMES)
def test_at_rest_it_is_said_why_nothing_tears_yet(mode: str):
    tears = mode in ("none", "element")
    assert ("Nothing tears yet" in caption(view(mode), False, False, vehicles=4).notice) is tears
    for change in ({"stress": True}, {"delay": 1.0}, {"figures": {mode: SOME._replace(torn=1)}}):
        assert "yet" not in caption(view(mode, **change), False, False, vehicles=4).notice


def test_waiting_for_a_writer_that_pauses_with_the_lock_is_no_alarm():
    words = caption(view("lock", delay=500.0, waiting=2.0), False, False, vehicles=4)
    assert words.alarm == ""
    assert "waited 2.0 s: the writer has the lock" in words.notice
    assert caption(view("lock", waiting=0.05), False, False, vehicles=4).notice == ""


def test_waiting_for_a_dead_writers_lock_is_one():
    words = caption(view("lock", waiting=2.0), False, died=True, vehicles=4)
    assert "the writer died with the lock" in words.alarm
    assert words.notice == ""


@pytest.mark.parametrize("mode", modes.NAMES)
@pytest.mark.parametrize("alarm", ["Killed.", ""])
def test_a_crooked_picture_after_a_death_says_how_it_came_to_be(mode: str, alarm: str):
    words = caption(view(mode, alarm=alarm), crooked=True, died=True, vehicles=4)
    left = "The crooked picture is how the dead writer left it"
    assert left in (words.alarm if alarm else words.notice)
    assert "crooked" not in caption(view(mode, alarm=alarm), False, True, vehicles=4).alarm
    older = caption(view(mode, alarm=alarm, read_in="other"), crooked=True, died=True, vehicles=4)
    assert "it was read in other" in (older.alarm if alarm else older.notice)


def test_a_crooked_picture_of_another_way_is_said_to_be_older():
    words = caption(view("lock", read_in="none", delay=100.0), crooked=True, died=False, vehicles=4)
    assert "The crooked picture is older: it was read in none." in words.notice
    torn = caption(view("none", delay=100.0), crooked=True, died=False, vehicles=4)
    assert "picture" not in torn.notice, "it is what the way does"


def test_the_scene_tells_what_is_crooked_and_dead():
    scene = scene_of("road")
    frame = Frame(FIELDS, 1, 4)
    frame.agents, frame.values[:, 0] = np.arange(4), (3.0, 3.0, 2.0, 2.0)
    frame.died[0], frame.extra = True, view("none", alarm="Killed.")
    scene.follow(frame)
    assert "how the dead writer left it" in scene.caption().alarm
    frame.values[:, 0] = 3.0
    assert "crooked" not in scene.caption().alarm


# The table.


def test_every_row_and_every_way_is_explained():
    earlier = Run(Conditions(True, 1.0, 4), {"none": SOME})
    shown = table.panel(view("lock", earlier=earlier), 99)
    assert len(shown.about) == len(shown.rows) == shown.total
    assert all(about.name and about.words for about in shown.about)
    assert [column.about.name for column in shown.columns[1:]] == list(modes.NAMES)


def test_the_run_before_stands_under_its_conditions():
    shown = table.panel(view("lock"), 99)
    assert not any("before" in cells[0] for _, cells in shown.rows)
    earlier = Run(Conditions(True, 1.0, 4), {"none": SOME})
    rows = [cells for _, cells in table.panel(view("lock", earlier=earlier), 99).rows]
    place = next(at for at, cells in enumerate(rows) if "before" in cells[0])
    assert rows[place] == ("before: flat out, 1 ms lens, 4 vehicles", "", "", "", "")
    assert ("kept out", "75.0 %", "-", "-", "-") in rows[place:]
    assert ("  longest", "900 ms", "-", "-", "-") in rows[place:]


def test_what_there_is_no_room_for_is_counted():
    shown = table.panel(view("lock"), 4)
    assert (len(shown.rows), shown.total) == (4, len(table.ROWS))


@pytest.mark.usefixtures("display")
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_no_figure_of_the_table_is_cut(scale: float):
    long = SyncFigures(
        999_949, 999_949, 99_949, 0, 0, 0, 999_949.0, KeptOut(99_949, 999_949, 99e3, 999.0), 99_949
    )
    figures = dict.fromkeys(modes.NAMES, long._replace(call=0.0994))
    earlier = Run(Conditions(False, 500.0, 100_000), figures)
    shown = table.panel(view("lock", figures=figures, earlier=earlier), 99)
    painter = Cutting(pygame.Surface((1280, 900)), Theme("dark"), scale)
    panel.draw(painter, pygame.Rect(0, 0, 300, 580), shown)
    assert painter.lost == []


class Cutting(Painter):
    """A painter that notes what it had to cut."""

    def __init__(self, surface: pygame.Surface, theme: Theme, scale: float) -> None:
        super().__init__(surface, theme, scale)
        self.lost: list[str] = []

    def cut(self, words: str, room: float, size: int = 13) -> str:
        found = super().cut(words, room, size)
        if found != words:
            self.lost.append(words)
        return found
