"""The picture of what the selected agent looked at."""

import numpy as np
import pygame
import pytest

from game.frame import Frame, Looked
from game.scenes.race import looked as brackets
from game.scenes.race.circuit import Circuit
from game.track import load
from game.view import looks
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.theme import Theme
from tests.made import options_of

SIZE = (200, 200)
ROBOTS = np.array([(50.0, 50.0), (70.0, 50.0), (20.0, 20.0)])  # [m]
pytestmark = pytest.mark.usefixtures("display")


class Picture:
    """What is drawn of three robots on a ground of 100 x 100 m."""

    def __init__(self, looked: Looked | None, selected: int = 0, places: object = None) -> None:
        surface = pygame.Surface(SIZE, 0, 32)
        self.canvas = Canvas(surface, (0, 0, *SIZE), Bounds(0, 0, 100, 100), Theme("dark"))
        self.canvas.selected = selected
        frame = Frame({"x": "m", "y": "m"}, 4).next(agents=np.array([0, 1, 3]), looked=looked)
        looks.draw(self.canvas, frame, ROBOTS if places is None else places, 8.0)
        self.drawn = pygame.surfarray.array3d(surface).any(axis=2)

    def at(self, x: float, y: float) -> bool:
        """Whether anything is drawn at a place [m], give or take a pixel."""
        px, py = map(round, self.canvas.camera.pixel(x, y))
        return bool(self.drawn[px - 1 : px + 2, py - 1 : py + 2].any())

    @property
    def empty(self) -> bool:
        return not self.drawn.any()


def test_the_circle_is_as_large_as_it_looked_and_those_it_saw_are_lit():
    found = Picture(Looked(0, 30.0, (1,)))
    for x, y in ((80, 50), (20, 50), (50, 80), (50, 20)):
        assert found.at(x, y), "30 m away"
    assert not found.at(77, 50)
    assert not found.at(83, 50)
    assert found.at(70, 50), "robot 1"
    assert not found.at(20, 20), "robot 3"
    assert not found.at(50, 50), "oneself has a ring already"


def test_without_a_radius_there_is_no_circle():
    found = Picture(Looked(0, 0.0, (3,)))
    assert found.at(20, 20)
    assert found.drawn.sum() < 200


@pytest.mark.parametrize("radius", [float("inf"), 1e9])
def test_a_circle_that_is_endless_shows_no_edge(radius: float):
    assert Picture(Looked(0, radius, ())).empty


def test_nothing_is_drawn_of_what_another_one_looked_at_or_of_who_is_gone():
    assert Picture(None).empty
    assert Picture(Looked(1, 30.0, (0,))).empty
    assert Picture(Looked(2, 30.0, (0,)), selected=2).empty, "agent 2 is not shown"
    assert Picture(Looked(0, 0.0, (2, 99))).empty


def test_a_place_that_is_nowhere_is_left_out():
    places = np.array([(50.0, 50.0), (np.nan, 50.0), (20.0, 20.0)])
    assert Picture(Looked(0, 0.0, (1, 3)), places=places).at(20, 20)


def test_the_bracket_leads_along_the_shorter_way_over_the_line():
    circuit = Circuit(load(options_of("race").job.settings.track))
    length = circuit.track.length
    lines = []

    class Paper:
        point = 0.5

        def line(self, points: np.ndarray, *_: object) -> None:
            lines.append(points)

    brackets.bracket(Paper(), circuit, length - 20.0, 30.0)
    way = np.hypot(*np.diff(lines[0], axis=0).T).sum()
    assert way == pytest.approx(50.0, rel=0.1)
    assert len(lines) == 3
