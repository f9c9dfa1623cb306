"""Thin lines: as bright as they should be, and the same each time, in every pygame."""

import numpy as np
import pygame
import pytest

from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.painter import Painter
from game.view.theme import Theme

THEME, INK, TOP, MIDDLE, BOTTOM = Theme("dark"), "text", (20.5, 10), (20.5, 40), (20.5, 70)

pytestmark = pytest.mark.usefixtures("display")


def by_painter(surface: pygame.Surface, places: list[tuple[float, float]]) -> None:
    Painter(surface, THEME).lines(INK, places)


def by_canvas(surface: pygame.Surface, places: list[tuple[float, float]]) -> None:
    canvas = Canvas(surface, (0, 0, *surface.get_size()), Bounds(0, 0, 100, 100), THEME)
    canvas.line(np.array([canvas.camera.ground(*place) for place in places]), INK)


@pytest.mark.parametrize("draw", [by_painter, by_canvas])
@pytest.mark.parametrize("places", [[TOP, BOTTOM], [TOP, MIDDLE, BOTTOM]])
def test_a_line_between_two_columns_of_pixels_covers_half_of_each(draw, places):
    surface = pygame.Surface((100, 100), 0, 32)
    draw(surface, places)
    shades = pygame.surfarray.array3d(surface)[:, 25].astype(float)
    half = np.array(THEME[INK]) / 2
    assert np.abs(shades[20:22] - half).max() < 2
    assert not shades[:20].any()
    assert not shades[22:].any()
