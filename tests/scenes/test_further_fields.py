"""Further fields in the scenes that know some: where they are drawn, and in the tables."""

from math import pi

import numpy as np
import pygame
import pytest

from game.frame import Behaved, Frame
from game.view import agents as drawn
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.interpolation import Headings
from game.view.theme import Theme
from tests.made import scene_of

KEYS = ("x", "y", "heading", "mood", "wear", "fuel")


def frame_of(fields: dict[str, str], values: list[list[float]], now: float = 1.0) -> Frame:
    blank = Frame(fields, len(values))
    columns = {"updates": np.full(len(values), 3), "fresh": np.ones(len(values), np.bool_)}
    agents, first = np.arange(len(values)), np.full(len(values), 1.0)
    return blank.next(
        values=np.array(values, float), agents=agents, first=first, now=now, **columns
    )


def test_a_robot_faces_the_way_that_it_states_else_the_way_that_it_moves():
    frame = frame_of({"x": "m", "y": "m"}, [[0, 0], [0, 0], [0, 0]])
    headings, places = Headings(), np.zeros((3, 2))
    headings.follow(places, frame, np.array([pi / 2, np.nan, -pi / 2]))
    later = frame.next(now=2.0)
    headings.follow(places - np.array([1.0, 0.0]), later, np.array([pi / 2, np.nan, -pi / 2]))
    turned = np.exp(1j * headings.of(frame.agents))
    assert turned == pytest.approx(np.array([1j, -1, -1j]))


def test_the_swarm_follows_places_alone_whatever_else_changes():
    scene = scene_of("swarm")
    for now, mood in ((1.0, 0.0), (1.1, 1e9), (1.2, np.nan)):
        fields = {"x": "m", "y": "m", "mood": ""}
        scene.follow(frame_of(fields, [[10.0 + now, 20.0, mood]], now))
    assert scene._shown.shape == (1, 2)
    assert not scene._interpolation.jumps(scene.frame.part("x", "y"))[0].any()


@pytest.mark.parametrize("further", range(5))
def test_the_swarms_table_shows_further_fields_or_says_how_many_it_leaves_out(further: int):
    scene, names = scene_of("swarm"), KEYS[: 2 + further]
    scene.follow(frame_of({**dict.fromkeys(names, ""), "x": "m", "y": "m"}, [[1.0] * len(names)]))
    panel = scene.panel(5, -1)
    titles = [column.title for column in panel.columns]
    assert [name for name in names[2:] if name in titles] == list(names[2:4])
    assert ("more field" in panel.title) == (further > 2)
    assert len(panel.rows[0][1]) == len(titles)
    assert titles[:3] == ["robot", "x [m]", "y [m]"]
    assert titles == sorted(titles, key=lambda t: panel.columns[titles.index(t)].right)


def test_a_car_is_drawn_at_its_offset_to_the_left_of_the_centre_line():
    scene = scene_of("race")
    fields = {"speed": "km/h", "distance": "m", "offset": "m"}
    scene.follow(frame_of(fields, [[50, 20, 3], [50, 20, -3], [50, 20, 0]]))
    distance, agents = scene._distance, scene.frame.agents
    middle, heading = scene.circuit.at(distance, np.zeros(3))
    place, turned = scene._places(distance, agents, Narrow(), scene._aside)
    left = np.column_stack((-np.sin(heading), np.cos(heading)))
    assert np.einsum("ij,ij->i", place - middle, left) == pytest.approx([3, -3, 0], abs=1e-6)
    assert (turned == heading).all(), "it is turned along the track"


def test_an_offset_that_is_no_number_is_marked_and_drawn_all_the_same():
    scene = scene_of("race")
    fields = {"speed": "km/h", "distance": "m", "offset": "m"}
    scene.follow(frame_of(fields, [[50, 20, np.nan], [50, 20, np.inf]]))
    assert np.isfinite(
        scene._places(scene._distance, scene.frame.agents, Narrow(), scene._aside)[0]
    ).all()


def test_the_leaderboard_shows_a_further_field_in_place_of_the_curve():
    scene = scene_of("race")
    fields = {"speed": "km/h", "distance": "m", "offset": "m", "fuel": "kg"}
    scene.follow(frame_of(fields, [[50, 20, 1.5, 40]]))
    panel = scene.panel(5, -1)
    titles = [column.title for column in panel.columns]
    assert "offset [m]" in titles
    assert panel.rows[0][1][titles.index("offset [m]")] == "1.5"
    assert panel.title == "Leaderboard, 1 more field (all: click)"
    assert not any(column.curve for column in panel.columns)


class Narrow:
    """As much of a canvas as places need: a view in which the track is as wide as it is."""

    point = 0.01  # [m]


def test_who_says_nothing_of_an_offset_or_a_heading_drives_as_without():
    fields, own = (
        {"speed": "km/h", "distance": "m", "offset": "m"},
        frozenset(("speed", "distance")),
    )
    both = {
        "behaviours": (Behaved("a", own | {"offset"}), Behaved("b", own)),
        "behaviour": np.array([0, 1]),
    }
    scene = scene_of("race")
    scene.follow(frame_of(fields, [[50, 20, 3], [50, 20, 0]]).next(**both))
    assert scene._aside[0] == 3.0
    assert np.isnan(scene._aside[1]), "it drives in its lane"
    places = {"x": "m", "y": "m", "heading": "rad"}
    swarm = scene_of("swarm")
    moves = (np.array([[5, 5, 0], [5, 5, 0]]), np.array([[5, 6, 0], [5, 6, 0]]))
    for now, rows in zip((1.0, 9.0, 20.0), (*moves, moves[1]), strict=True):
        swarm.follow(frame_of(places, rows.tolist(), now).next(**(both | {"behaviours": HEADED})))
    turned = swarm._headings.of(np.arange(2))
    assert turned == pytest.approx([0.0, pi / 2], abs=1e-3)


HEADED = Behaved("a", frozenset(("x", "y", "heading"))), Behaved("b", frozenset(("x", "y")))


@pytest.mark.usefixtures("display")
def test_a_scene_that_hands_on_whole_rows_has_its_selected_agent_ringed():
    surface = pygame.Surface((100, 100))
    canvas = Canvas(surface, (0, 0, 100, 100), Bounds(0, 0, 100, 100), Theme("dark"))
    frame = frame_of({"x": "m", "y": "m", "heat": "K"}, [[20, 20, 1], [50, 50, 9]])
    canvas.selected = 1
    before = pygame.image.tobytes(surface, "RGB")
    drawn.point_out(canvas, frame.shown, frame)
    assert pygame.image.tobytes(surface, "RGB") != before
