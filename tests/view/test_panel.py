"""The panel's tooltips: every figure says under the mouse what it is."""

import numpy as np
import pygame
import pytest

from game.frame import Frame
from game.view import numbers, panel
from game.view.bar import Bar
from game.view.hud import Status
from game.view.painter import Painter
from game.view.panel import HEADINGS, ROW, TOP, About, Column, Panel
from game.view.pointer import NOWHERE, Gesture
from game.view.scene import BaseScene, ShownScene
from game.view.screen import Screen
from game.view.theme import Theme
from tests import seen

SIZE = (1280, 720)
AREA = pygame.Rect(980, 40, 300, 586)
COLUMNS = (
    Column("", 0.4, to_left=True),
    Column("one", 0.7, about=About("the first way", "What it does.")),
    Column("two", 1.0),
)
TABLE = Panel(
    "A table",
    COLUMNS,
    [(-1, ("reads", "12", "13")), (-1, ("a heading over all of the columns", "", ""))],
    2,
    about=(About("reads", "How many copies were made. " * 5), About("a heading", "Of rows.")),
)
pytestmark = pytest.mark.usefixtures("display")


class Noting(Painter):
    """A painter that notes what it has written."""

    def __init__(self, scale: float = 1.0) -> None:
        size = round(SIZE[0] * scale), round(SIZE[1] * scale)
        super().__init__(pygame.Surface(size), Theme("dark"), scale)
        self.written: list[str] = []

    def write(self, words, *arguments, **more):
        self.written.append(words)
        return super().write(words, *arguments, **more)


def told(x: float, y: float, scale: float = 1.0, table: Panel = TABLE) -> list[str]:
    """What is told at a place in the panel [pt]."""
    painter = Noting(scale)
    place = round((AREA.x + x) * scale), round((AREA.y + y) * scale)
    box = panel.tooltip(painter, AREA, table, place)
    assert (box is None) is (not painter.written)
    if box:
        assert pygame.Rect(0, 0, *SIZE).contains(box)
        assert not box.colliderect(AREA), "what it is about stays in sight"
    return painter.written


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_a_figure_says_what_it_is(scale: float):
    first = TOP + 4 + ROW / 2
    assert told(30, first, scale)[0] == "reads"
    assert told(170, first, scale)[0] == "reads, one: 12"
    assert told(250, first, scale)[0] == "reads, two: 13"
    assert " ".join(told(170, first, scale)[1:]) == ("How many copies were made. " * 5).strip()
    assert told(170, first + ROW, scale) == ["a heading", "Of rows."]
    assert told(170, first + 2 * ROW, scale) == [], "below the last row"


def test_a_heading_says_what_it_is():
    assert told(170, HEADINGS + 5) == ["the first way", "What it does."]
    assert told(250, HEADINGS + 5) == []
    assert told(170, HEADINGS - 20) == [], "the title"


def test_nothing_is_told_outside_or_of_what_has_no_words():
    assert told(-5, 60) == []
    assert told(170, 60, table=TABLE._replace(about=())) == []
    nothing = Panel("", (), (), 0)
    assert told(170, 60, table=nothing) == []


def test_a_cell_that_stands_alone_runs_on_over_all_columns():
    painter = Noting()
    panel.draw(painter, AREA, TABLE)
    assert "a heading over all of the columns" in painter.written


class Figures(BaseScene):
    """A scene with nothing but a table."""

    def draw(self, canvas):
        canvas.fill("floor")

    def panel(self, rows, selected):
        return TABLE


def test_the_mouse_over_the_table_brings_its_words_and_takes_them_away():
    screen, surface = Screen(ShownScene(Figures()), Bar()), pygame.Surface(SIZE)
    status = Status("Test", "", (), "")

    def drawn(place: tuple[int, int]) -> np.ndarray:
        screen.point(Gesture("hover", place))
        screen.follow(Frame({"x": ""}, 4), status.moment)
        screen.draw(surface, status)
        return seen.pixels(surface)

    without = drawn(NOWHERE)
    over = drawn((AREA.x + 170, AREA.y + TOP + 4 + ROW // 2))
    beside = over[AREA.x - 200 : AREA.x - 40, 60:140] != without[AREA.x - 200 : AREA.x - 40, 60:140]
    assert beside.any()
    assert (drawn(NOWHERE) == without).all()


@pytest.mark.parametrize(
    ("ms", "words"),
    [
        *((0.0, "0"), (0.00012, "0.12 µs"), (0.0011, "1.1 µs"), (0.022, "22 µs")),
        *((0.2878, "288 µs"), (1.0, "1 ms"), (33.4, "33 ms"), (780.6, "781 ms")),
        *((999.6, "1 s"), (2421.5, "2.4 s"), (99_960.0, "100 s"), (1e6, "1000 s")),
    ],
)
def test_a_time_in_brief(ms: float, words: str):
    assert numbers.brief(ms) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [
        *((0, 9, "0 %"), (9, 9, "100 %"), (1, 3, "33.3 %")),
        *((1, 100_000, "<0.1 %"), (99_999, 100_000, "99.9 %")),
    ],
)
def test_nearly_all_is_not_all(part: int, whole: int, words: str):
    assert numbers.percent(part, whole) == words
