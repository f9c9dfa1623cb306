"""An array that is not ours, in the bar: nobody knows who writes it, and nothing claims to."""

import numpy as np
import pygame
import pytest

from game.frame import Frame
from game.sources.values import framed
from game.view import tooltip
from game.view.bar import Bar, about, counts
from game.view.cell_raster import owners
from game.view.painter import Painter
from game.view.theme import Theme


@pytest.fixture
def frame() -> Frame:
    return framed(Frame({"value": ""}, 0), np.arange(12, dtype="i4"), (), 1.0, offset=8)


def test_nothing_is_said_of_owners(frame: Frame, display):
    bar = Bar("a", str)
    painter = Painter(pygame.Surface((800, 60)), Theme("dark"), 1.0)
    bar.follow(frame)
    bar.draw(painter, pygame.Rect(0, 0, 800, 60))
    assert counts(frame) == [("12 elements", "text")]
    assert about(bar.cells, frame) == "value of each element"


def test_so_many_that_no_colour_tells_them_apart_have_one(display):
    many = framed(Frame({"value": ""}, 0), np.arange(300_000.0), (), 1.0)
    bar = Bar("a", str)
    bar.follow(many)
    bar.draw(Painter(pygame.Surface((800, 60)), Theme("dark"), 1.0), pygame.Rect(0, 0, 800, 60))
    assert bar.cells.per > 1
    assert set(owners(many, bar.cells).slots.tolist()) == {0}


def test_its_tooltip_knows_type_and_bytes_and_no_process(frame: Frame):
    lines = tooltip.tells(tooltip.Array("a", str), frame, range(3, 4), 0.5)
    assert lines[:3] == ["a[3]", "value = 3", "int32, 4 bytes, from byte 20"]
    assert not any("process" in line for line in lines)


def test_an_array_of_which_nothing_is_there_yet_is_an_empty_bar(display):
    bar = Bar("a", str)
    bar.follow(Frame({"value": ""}, 0))
    bar.draw(Painter(pygame.Surface((800, 60)), Theme("dark"), 1.0), pygame.Rect(0, 0, 800, 60))
