"""The timeline: round times along it, marks that are told apart, and what stands at a place."""

from collections.abc import Iterator

import pygame
import pytest

from game.recording.tape import Mark
from game.view import timeline
from game.view.mark_signs import SHAPES
from game.view.painter import Area, Painter
from game.view.theme import Theme
from game.view.timeline import Timeline

AREA = Area(0, 0, 600, timeline.HEIGHT)
Pixels = set[tuple[int, int]]


@pytest.fixture
def painter() -> Iterator[Painter]:
    pygame.font.init()
    return Painter(pygame.Surface(AREA.size, 0, 32), Theme("dark"))


def drawn(painter: Painter, *marks: Mark) -> bytes:
    timeline.draw(painter, AREA, Timeline(0.0, 10.0, 0.0, marks))
    return pygame.image.tobytes(painter.surface, "RGB")


def shape(painter: Painter, kind: str) -> Pixels:
    """Where a mark of a kind stands: its shape without its colour."""
    blank, marked = drawn(painter), drawn(painter, Mark(5.0, kind, ""))
    wide = AREA.width
    return {
        (at % wide, at // wide)
        for at in range(len(blank) // 3)
        if blank[3 * at : 3 * at + 3] != marked[3 * at : 3 * at + 3]
    }


@pytest.mark.parametrize(
    ("length", "origin", "first", "second", "last"),
    [
        (10.0, 0.0, 0.0, 2.0, 10.0),
        (1.0, 0.0, 0.0, 0.2, 1.0),
        (30.0, 30.0, -30.0, -25.0, 0.0),
        (31.3, 31.3, -30.0, -25.0, 0.0),
        (3600.0, 0.0, 0.0, 600.0, 3600.0),
        (1e6, 0.0, 0.0, 151_200.0, 907_200.0),
    ],
)
def test_ticks_stand_at_round_times(
    length: float, origin: float, first: float, second: float, last: float
):
    line = Area(0, 0, 430, timeline.HEIGHT)
    _, times = timeline.ticks(line, Timeline(0.0, length, 0.0, origin=origin))
    assert [times[0], times[1], times[-1]] == pytest.approx([first, second, last])
    assert (times[1] - times[0]) / length * line.width >= timeline.APART


def test_ticks_of_times_that_count_from_now_stand_at_these(painter: Painter):
    shown, y = Timeline(1.0, 11.0, 6.0), timeline.LINE + timeline.WIDE + 1
    for origin in (1.0, 11.0):
        counted = shown._replace(origin=origin)
        timeline.draw(painter, AREA, counted)
        line = timeline.along(painter, AREA, counted)
        row = [painter.surface.get_at((x, y))[:3] for x in range(line.x, line.right + 1)]
        found = [x for x, colour in enumerate(row) if colour == tuple(painter.theme["dim"])]
        assert len(found) == 6
        assert (found[0], found[-1]) == (0, line.width)


def test_every_kind_of_mark_has_a_shape_of_its_own(painter: Painter):
    shapes = [frozenset(shape(painter, kind)) for kind in (*SHAPES, "another")]
    assert all(shapes)
    assert len(set(shapes)) == len(shapes)


def test_the_weightier_mark_is_seen_where_two_stand_together(painter: Painter):
    death, lap = Mark(5.0, "death", ""), Mark(5.05, "lap", "")
    both = drawn(painter, death, lap)
    assert both == drawn(painter, lap, death), "whichever was first"
    line = timeline.along(painter, AREA, Timeline(0.0, 10.0, 0.0))
    x = round(timeline.place(line, Timeline(0.0, 10.0, 0.0), 5.0))
    assert painter.surface.get_at((x, timeline.SIGNS))[:3] == tuple(painter.theme["alarm"])
    assert both != drawn(painter, death), "the other one has its stem"
    assert drawn(painter, lap._replace(time=5.0), death) == drawn(painter, death)


def test_a_place_tells_its_marks_with_their_times_or_else_the_moment():
    line = Area(0, 0, 1000, timeline.HEIGHT)
    marks = [Mark(50.0, "death", "Car 1 died"), Mark(50.3, "lap", "lap 2")]
    shown = Timeline(0.0, 100.0, 0.0, marks, origin=100.0)
    assert timeline.tell(line, shown, 501) == ["-0:50.0  Car 1 died", "-0:49.7  lap 2"]
    assert timeline.tell(line, shown, 250) == ["-1:15.0"]
    assert timeline.tell(line, shown, 1010) == []
    many = shown._replace(marks=[Mark(50.0, "lap", f"lap {n}") for n in range(9)])
    assert timeline.tell(line, many, 500)[-1] == "and 4 more"
