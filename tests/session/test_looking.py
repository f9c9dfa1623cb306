"""Looking around: wheel, drag, fit, follow and the layers, through the real loop."""

import numpy as np
import pygame
import pytest

from game.view import layers
from tests import seen
from tests.conftest import until
from tests.session.test_keys import Desk, desk

pytestmark = pytest.mark.slow  # real processes in nearly every test

__all__ = ["desk"]  # the fixture

PLACE = (400, 300)  # [px] somewhere on the ground


def ground(desk: Desk, pixel: tuple[int, int]) -> tuple[float, float]:
    return desk.session.screen.canvas.camera.ground(*pixel)


def wheel(desk: Desk, notches: int, pixel: tuple[int, int] = PLACE) -> None:
    desk.mouse(pygame.MOUSEMOTION, pos=pixel, rel=(0, 0), buttons=(0, 0, 0))
    desk.mouse(pygame.MOUSEWHEEL, x=0, y=notches)


def drag(desk: Desk, start: tuple[int, int], end: tuple[int, int]) -> None:
    desk.mouse(pygame.MOUSEBUTTONDOWN, button=1, pos=start)
    middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
    for pixel in (middle, end):
        desk.mouse(pygame.MOUSEMOTION, pos=pixel, rel=(1, 1), buttons=(1, 0, 0))
    desk.mouse(pygame.MOUSEBUTTONUP, button=1, pos=end)


def around(desk: Desk) -> np.ndarray:
    """The pixels outside the ground's view that do not change with time: the panel's empty part."""
    return seen.pixels(desk.window.surface)[985:, 300:680]


def test_the_wheel_zooms_at_the_pointer(desk: Desk):
    desk.shows(3)
    scale, under = desk.session.screen.canvas.camera.scale, ground(desk, PLACE)
    wheel(desk, 3)
    assert desk.session.screen.canvas.camera.scale > 1.5 * scale
    assert ground(desk, PLACE) == pytest.approx(under)
    wheel(desk, -3)
    assert desk.session.screen.canvas.camera.scale == pytest.approx(scale)
    wheel(desk, 3, (1100, 300))
    assert desk.session.screen.canvas.camera.scale == pytest.approx(scale), "over the table"


def test_a_drag_moves_the_ground_and_selects_nobody(desk: Desk):
    desk.shows(3)
    wheel(desk, 8)
    under = ground(desk, PLACE)
    drag(desk, PLACE, (450, 270))
    assert ground(desk, (450, 270)) == pytest.approx(under)
    assert desk.session.screen.selected == -1


def test_a_drag_goes_by_where_it_began(desk: Desk):
    desk.shows(3)
    wheel(desk, 8)
    under = ground(desk, PLACE)
    drag(desk, (1100, 300), PLACE)
    assert ground(desk, PLACE) == pytest.approx(under), "from the table: nothing"
    drag(desk, (900, 300), (1000, 300))
    assert ground(desk, (500, 300)) == pytest.approx(under), "over the table: it goes on"


def test_zero_shows_the_whole_ground_again(desk: Desk):
    desk.shows(3)
    whole = desk.session.screen.canvas.camera
    wheel(desk, 8)
    desk.press(pygame.K_0, "0")
    assert desk.session.screen.canvas.camera == whole


def test_following_keeps_the_selected_in_the_middle(desk: Desk):
    desk.shows(3)
    screen = desk.session.screen
    whole = screen.canvas.camera
    desk.press(pygame.K_j, "j")
    assert "nobody to follow" in desk.message
    assert screen.canvas.camera == whole
    desk.press(pygame.K_TAB, "\t")
    desk.press(pygame.K_j, "j")
    left, top, width, height = screen.canvas.view
    middle = np.array([left + width / 2, top + height / 2])
    far = []
    for _ in range(60):
        desk.now += 0.01
        desk.session.frame()
        x, y = screen.canvas.camera.ground(*screen.canvas.drawn[0][0])
        # As far as there is ground beyond: a quarter of it is in sight.
        held = not (13.5 < x < 83.5 and 13.5 < y < 83.5)
        far.append(0.0 if held else float(np.abs(screen.canvas.drawn[0][0] - middle).max()))
    assert max(far) < 1e-6
    assert screen.canvas.camera.scale > 3.9 * whole.scale
    drag(desk, PLACE, (450, 270))
    assert not screen.following


def test_nothing_is_drawn_outside_the_view(desk: Desk):
    desk.shows(3)
    for key, typed in ((pygame.K_v, "v"), (pygame.K_l, "l")):
        desk.press(key, typed)
    desk.session.screen.renew()
    desk.session.frame()
    before = around(desk)
    for place in ((970, 300), (500, 680), (5, 45), (970, 350)):
        wheel(desk, 3, place)
        desk.now += 0.3
        desk.session.screen.renew()
        desk.session.frame()
        assert (around(desk) == before).all()


def test_a_resize_while_zoomed_keeps_what_is_in_the_middle(desk: Desk):
    desk.shows(3)
    wheel(desk, 8)

    def middle() -> tuple[float, float]:
        left, top, width, height = desk.session.screen.canvas.view
        return desk.session.screen.canvas.camera.ground(left + width / 2, top + height / 2)

    before = middle()
    pygame.display.set_mode((500, 400), pygame.RESIZABLE)
    desk.session.frame()
    assert middle() == pytest.approx(before)


def test_the_ground_looks_the_same_while_the_camera_moves_and_when_it_rests(desk: Desk):
    desk.shows(3)  # or one whose start is under way would come, and leave, after a picture of none
    desk.press(pygame.K_PAGEDOWN)
    desk.shows(0)
    wheel(desk, 5)
    canvas = desk.session.screen.canvas
    left, top, width, height = canvas.view
    ground = slice(left, left + width), slice(top, top + height)
    moving = seen.pixels(desk.window.surface)[ground]
    desk.now += 1.0
    desk.session.frame()
    assert desk.session.screen.canvas is canvas
    assert (seen.pixels(desk.window.surface)[ground] == moving).all()


def test_the_layers_go_on_and_off_and_say_what_they_are(desk: Desk):
    desk.shows(3)
    screen = desk.session.screen
    assert screen.wishes.layers == {"trails"}
    for key, typed, layer in (
        (pygame.K_t, "t", "trails"),
        (pygame.K_v, "v", "heat"),
        (pygame.K_l, "l", "labels"),
    ):
        on = layer in screen.wishes.layers
        desk.press(key, typed)
        assert (layer in screen.wishes.layers) is not on
        assert desk.message == f"{layer}: {'off' if on else layers.LAYERS[layer].about}"
        desk.press(key, typed)
        assert (layer in screen.wishes.layers) is on


def test_a_layer_that_cannot_be_seen_says_why(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    desk.shows(3)
    monkeypatch.setitem(layers.LAYERS, "trails", layers.Layer("", most=2))
    desk.press(pygame.K_t, "t")
    assert desk.message == "no trails for more than 2 agents"
    monkeypatch.setattr(type(desk.scene), "layers", frozenset())
    desk.press(pygame.K_v, "v")
    assert desk.message == "this scene has no heat"
    assert desk.session.screen.wishes.layers == {"trails"}


def test_start_again_clears_the_heat_and_the_trails(desk: Desk):
    desk.shows(3)
    for _ in range(200):
        desk.now += 0.01
        desk.session.frame()
    until(lambda: (desk.session.frame(), desk.scene._heat._counts.sum() > 20)[1], "some heat")
    desk.press(pygame.K_r, "r")
    until(lambda: (desk.session.frame(), desk.scene._heat._counts.sum() < 10)[1], "none of it")
    desk.shows(3)
    until(lambda: (desk.session.frame(), desk.scene._heat._counts.sum() > 20)[1], "new heat")
