"""The scene of a watched array: which view, what it says, what it remembers, its keys."""

from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.scenes.watch import VIEWS, statistics, tips
from game.scenes.watch.drawing import Scene, by_shape
from game.scenes.watch.elements import elements_of
from game.scenes.watch.looks import Lock, Look, WatchView
from game.scenes.watch.surroundings import divide
from game.scenes.watch.view_keys import KEYS, ViewKeys
from game.scenes.watch.words import measured_words, standing_words, title_words
from game.view.bar import Bar
from game.view.canvas import Canvas
from game.view.curves import Moment
from game.view.hud import Status
from game.view.pointer import Gesture
from game.view.scene import BaseScene, ShownScene
from game.view.screen import Screen
from tests import seen
from tests.scenes.watch.made import THEME, canvas_of, drawn, followed, frame, frames, pixels, scene

pytestmark = pytest.mark.usefixtures("display")
SIZE = (1100, 720)
CELLS, LINES, BARS, IMAGE, POINTS, ROBOTS, CARS = VIEWS
NOTHING = Moment(0.0, 0.0, 0.0, 0.0)


def shape(*sizes: int, dtype: str = "f8", columns: tuple[str, ...] = ()) -> str:
    return by_shape(elements_of(Look("a", np.zeros(sizes, dtype), 1, 0.0, columns=columns)))


def test_the_shape_chooses_the_view():
    assert shape(5) == shape(1_000_000) == shape(3, 4) == shape(15, 400) == shape(2, 3, 4) == CELLS
    assert shape(16, 16) == shape(480, 640) == IMAGE
    assert shape(9, 9, 3, dtype="u1") == shape(9, 9, 4, dtype="u1") == IMAGE
    assert shape(9, 9, 3) == shape(9, 9, 5, dtype="u1") == CELLS
    assert shape(30, 2) == shape(8, 4, columns=("v", "x", "y", "w")) == POINTS
    assert shape(1, 2) == shape(2) == CELLS


def test_a_key_comes_before_the_array_and_that_before_the_start():
    data = np.zeros((30, 2))
    assert followed([data]).view == POINTS
    assert followed([data], BARS).view == BARS
    assert followed([data], BARS).__class__ is Scene
    made = scene(BARS)
    made.follow(frame(Look("a", data, 1, 0.0, view=LINES), 0.0))
    assert made.view == LINES
    assert [made.next_view() for _ in VIEWS] == [BARS, IMAGE, POINTS, ROBOTS, CARS, CELLS, LINES]
    made.next_view()
    assert made.view_by_shape() == LINES
    made.follow(frame(Look("a", np.zeros(4), 2, 0.1, view=IMAGE), 0.1))
    assert made.view == BARS  # an image it cannot be
    made.next_view()
    made.reset()
    made.follow(frame(Look("a", np.zeros(4), 3, 0.2), 0.2))
    assert made.view == CELLS  # the choice stays: after bars, and an image it is not


def test_the_keys_are_the_scenes():
    made, told = followed([np.zeros((20, 20))]), []
    keys = ViewKeys(SimpleNamespace(scene=made, tell=told.append))
    for key in KEYS:
        getattr(keys, key.action)()
    assert told == [f"view: {POINTS}", f"view: {IMAGE}"]
    keys = ViewKeys(SimpleNamespace(scene=BaseScene(), tell=told.append))
    keys.next_view()  # one that was loaded anew and is another
    assert len(told) == 2


# What it remembers.


def run(many: int, count: int = 60) -> list[Frame]:
    rng, data, arrays = np.random.default_rng(2), np.zeros(many), []
    for _ in range(count):
        data = data.copy()
        where = rng.integers(0, many, max(1, many // 10))
        data[where] += rng.normal(size=len(where))
        arrays.append(data)
    return frames(arrays, mid_write=3, lock=Lock(9, 2))


@pytest.mark.parametrize("view", VIEWS[:3])
@pytest.mark.parametrize(("many", "a_frame"), [(12, 500_000), (900, 100)])
def test_it_goes_on_from_a_checkpoint_in_the_middle_of_a_pass(
    view: str, many: int, a_frame: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(statistics, "A_FRAME", a_frame)
    monkeypatch.setattr(statistics, "AT_ONCE", 64)
    whole, made = run(many), scene(view)
    states = {}
    for number, one in enumerate(whole):
        made.follow(one)
        if number in (0, 3, 5, 31):
            states[number] = made.checkpoint()
            assert (pixels(drawn(made)) == pixels(drawn(made))).all()
    wanted, table = pixels(drawn(made)), repr(made.panel(30, 1))
    assert made._watched.statistics.passes < len(whole) or many == 12
    for number, state in states.items():
        other = scene(view)
        other.restore(state)
        for one in whole[number + 1 :]:
            other.follow(one)
        assert (pixels(drawn(other)) == wanted).all(), number
        assert repr(other.panel(30, 1)) == table


def test_another_array_begins_anew_and_none_is_told():
    made = followed([np.zeros(4), np.ones(4)])
    assert made._watched.strip.changes.sum() == 4
    made.follow(frame(Look("b", np.ones(4), 5, 1.0), 1.0))
    assert made._watched.statistics.counts.sum() == 0
    assert made._watched.strip.changes.sum() == 0
    alone = scene()
    alone.follow(Frame({"value": ""}, 0).next(extra=WatchView((), waits="the name 'psm_1'")))
    canvas = canvas_of(alone)
    assert len(np.unique(pixels(drawn(alone, canvas)))) > 3
    assert alone.tooltip(canvas, (300, 300)) is None
    assert alone.panel(10, -1).rows == ()


def test_a_smaller_array_right_after_a_larger_one_has_its_own_busiest():
    large = np.zeros(900)
    made = followed([large, np.where(np.arange(900) > 800, 1.0, 0.0)], LINES, rate=0.5)
    assert min(made._watched.busiest[:8]) > 800
    made.follow(frame(Look("b", np.zeros(40), 9, 4.1), 4.1))
    assert max(made._watched.busiest) < 40
    drawn(made)
    assert made.panel(25, -1).rows


def test_a_look_that_was_not_read_yet_is_not_shown():
    made = scene()
    made.follow(frame(Look("a", np.ones(4), 0, 0.0), 0.0))
    assert made._watched.elements is None
    drawn(made)


# What it says.


def test_the_words_on_top():
    look = Look("a", np.zeros((480, 640)), 3400, 0.0, mid_write=12, lock=Lock(3400, 31))
    array = elements_of(look)
    assert title_words(look, array) == "a: float64, 480 x 640"
    assert measured_words(look) == [
        "caught in the middle of writing: 12 of 3,400 reads",
        "lock seen held: 31 of 3,400 looks",
    ]
    named = Look("c", np.zeros((4, 2), "f4"), 1, 0.0, columns=("x", "y"), guessed="type and length")
    assert title_words(named, elements_of(named)) == "c: float32, 4 x 2 (x, y)"
    said = [
        words for words, _ in standing_words(WatchView((named, look), 0, "bank.py", "it ended"))
    ]
    assert said == [
        *("it ended: this is the last of it", "type and length: a guess", "bank.py"),
        "array 1 of 2",
    ]
    single = Look("s", np.array(1), 1, 0.0)
    assert title_words(single, elements_of(single)) == "s: int64, a single value"


def test_the_tip_tells_all_that_is_known_of_an_element():
    arrays = [np.array([[0, 5], [0, 7]], "<i4"), np.array([[0, 5], [3, 7]], "<i4")]
    made = followed([*arrays, arrays[1]], offset=24)
    tell = [tips.tells(made._watched, range(n, n + 1)) for n in range(4)]
    assert tell[0][-1] == "never written"
    assert tell[1] == ["a[0, 1]", "= 5", "int32, byte 28: 05 00 00 00", "not seen to change"]
    assert tell[2][:3] == ["a[1, 0]", "= 3", "int32, byte 32: 03 00 00 00"]
    assert tell[2][3:] == ["changed 1 times, last 33 ms ago", "was 0 to 3"]
    several = tips.tells(made._watched, range(4))
    assert several[1:5] == ["column 0 = 0", "column 1 = 5", "column 0 = 3", "column 1 = 7"]
    many = followed([np.arange(100.0), np.arange(100.0)])
    assert tips.tells(many._watched, range(10, 90))[:3] == [
        *("a[10:90]", "from 10 to 89", "80 elements, float64, from byte 80"),
    ]


def test_the_table_has_the_figures_and_then_the_busiest_or_the_selected():
    data = [np.zeros(30) for _ in range(10)]
    for number, array in enumerate(data):
        array[4] = number
        array[7] = number // 2
    made = followed([*data, data[-1]], rate=5.0, mid_write=2, lock=Lock(8, 1))
    table = made.panel(25, -1)
    said = dict(cells[:2] for number, cells in table.rows if number < 0)
    assert said["elements"] == "30"
    assert said["never written"] == "28 (93 %)"
    assert (said["least [0]"], said["most [4]"]) == ("0", "9")
    assert (said["reads"], said["  in mid-write"]) == ("11", "2")
    assert (said["looks at the lock"], said["  held"]) == ("8", "1")
    listed = [(number, cells) for number, cells in table.rows if number >= 0]
    assert [number for number, _ in listed[:3]] == [4, 7, 0]
    assert listed[0][1] == ("[4]", "9", "9", "now")
    assert made.panel(25, 19).rows[len(said)][0] == 19
    assert len(made.panel(3, -1).rows) == 3
    assert len(table.rows) == 25


# On the screen: what the person points at.


def screen_of(made: BaseScene) -> tuple[Screen, pygame.Surface]:
    shown = ShownScene(made)
    made.colours = scenes.find("watch").colours
    return Screen(shown, Bar("a")), pygame.display.get_surface()


def show(screen: Screen, surface: pygame.Surface) -> np.ndarray:
    screen.renew()
    screen.draw(surface, Status("Watch", "", (), ""))
    assert screen.scene.error == ""
    return seen.pixels(surface).astype(int)


def test_the_mouse_on_an_element_tells_and_a_click_selects_it():
    screen, surface = screen_of(scene(CELLS))
    for one in frames([np.arange(12.0)] * 3):
        screen.follow(one, NOTHING)
    before = show(screen, surface)
    made, canvas = screen.scene.scene, screen.canvas
    box = made._views[CELLS].box(canvas, divide(canvas).view, made._watched, 5)
    screen.point(Gesture("hover", box.center))
    hovered = show(screen, surface)
    assert (hovered != before).any(axis=2).sum() > 2000
    screen.point(Gesture("click", box.center))
    assert screen.selected == 5
    screen.point(Gesture("hover", (canvas.view[0] + 3, canvas.view[1] + 3)))
    away = show(screen, surface)
    ring = away[box.left - 1 : box.right + 1, box.top]
    assert (ring == THEME["accent"]).all(axis=1).any()


def test_the_wheel_brings_the_place_under_the_mouse_nearer_and_it_stays_there():
    screen, surface = screen_of(scene(CELLS))
    for one in frames([np.arange(40_000.0)] * 3):
        screen.follow(one, NOTHING)
    show(screen, surface)
    place = (401, 301)
    found = [screen.scene.scene._at(screen.canvas, place)]
    for _ in range(8):
        screen.point(Gesture("wheel", place, (0, 1)))
        show(screen, surface)
        found.append(screen.scene.scene._at(screen.canvas, place))
    assert len(set(found)) == 1
    box = screen.scene.scene._views[CELLS].box(
        screen.canvas, divide(screen.canvas).view, screen.scene.scene._watched, found[0].start
    )
    assert box.width > 10
    assert box.collidepoint(place)


class Telling(BaseScene):
    """A scene that tells, or raises."""

    says: object = ("one", "two")

    def draw(self, canvas: Canvas) -> None:
        canvas.fill("floor")

    def tooltip(self, canvas: Canvas, place: tuple[int, int]) -> object:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


@pytest.mark.parametrize("size", [(480, 320), SIZE])
def test_any_scene_can_tell_of_a_place_on_its_ground_and_nothing_else_is_covered(
    size: tuple[int, int],
):
    surface = pygame.display.set_mode(size)
    screen, _ = screen_of(Telling())
    screen.follow(Frame({"value": ""}, 3).next(now=1.0), NOTHING)
    before = show(screen, surface)
    view = pygame.Rect(screen.canvas.view)
    for place in (view.center, (view.left, view.top), (view.right - 1, view.bottom - 1)):
        screen.point(Gesture("hover", place))
        told = (show(screen, surface) != before).any(axis=2)
        assert told.sum() > 500, place
        told[view.left : view.right, view.top : view.bottom] = False
        assert not told.any(), place
    screen.point(Gesture("hover", (view.left, view.bottom + 5)))
    assert (show(screen, surface) == before).all()


def test_a_tip_that_raises_is_shown_as_an_error_and_the_window_lives_on():
    screen, surface = screen_of(Telling())
    screen.scene.scene.says = ValueError("no such place")
    screen.follow(Frame({"value": ""}, 3).next(now=1.0), NOTHING)
    show(screen, surface)
    screen.point(Gesture("hover", pygame.Rect(screen.canvas.view).center))
    screen.draw(surface, Status("A", "", (), ""))
    assert "no such place" in screen.scene.error


def test_a_frame_without_a_watched_array_shows_its_values():
    made = scene()
    for number in range(3):
        blank = Frame({"x": "m", "y": "m"}, 4)
        values = np.arange(8.0).reshape(4, 2) + number
        made.follow(blank.next(now=number / 10, agents=np.arange(4), values=values))
    assert made.view == POINTS
    assert made._watched.elements.columns == ("x", "y")
    shown = [pixels(drawn(made))]
    made.follow(made.frame.next(now=0.3, values=np.arange(8.0)[::-1].reshape(4, 2).copy()))
    shown.append(pixels(drawn(made)))
    assert all((a != b).any() for a, b in pairwise(shown))
