"""Trails, heat and labels: what is drawn over the ground and beside the agents."""

import numpy as np
import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.scenes.swarm import FIELDS, SIDE
from game.view import labels, strokes, trails
from game.view.camera import Bounds, Camera
from game.view.canvas import Canvas
from game.view.heat import CELLS, Heat
from game.view.theme import Theme
from game.view.trails import KEPT, LASTS, PERIOD, Trails
from tests import seen
from tests.made import scene_of

SIZE = (600, 600)
GROUND = Bounds(0, 0, SIDE, SIDE)
THEME = Theme("dark")


pytestmark = pytest.mark.usefixtures("display")


def canvas(*layers: str, scale: float = 1.0) -> Canvas:
    made = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), GROUND, THEME, scale)
    made.layers = frozenset(layers)
    made.surface.fill(THEME["floor"])
    return made


def pixels(made: Canvas) -> np.ndarray:
    return seen.pixels(made.surface).astype(int)


def painted(made: Canvas) -> np.ndarray:
    """Which pixels differ from the floor, [x, y]."""
    return (pixels(made) != np.array(THEME["floor"])).any(axis=2)


class Swarm:
    """A frame of robots that stand where they are put."""

    def __init__(self, agents: int, per_process: int = 1) -> None:
        self.frame = Frame(FIELDS, agents // per_process, per_process)
        self.frame.agents = np.arange(agents)
        self.frame.expected = 0.1
        self.frame.now = 5.0
        self.frame.first[:] = 5.0

    def put(self, places: list[tuple[float, float]], now: float) -> np.ndarray:
        self.frame.now = now
        self.frame.values[:] = places
        self.frame.fresh[:] = True
        return np.array(places, float)


# Trails.


def walk(frames: list[float], way=lambda t: (10.0 * t, 50.0)) -> tuple[Trails, Frame]:
    """The trail of a robot that is seen on its way at those times after the start [s]."""
    swarm, made = Swarm(1), Trails()
    for time in [0.0, *frames]:
        made.follow(swarm.put([way(time)], 5.0 + time), swarm.frame)
    return made, swarm.frame


def test_any_frame_rate_leaves_the_same_trail():
    pictures = []
    for rate in (3, 60, 300):
        made = canvas()
        trail, _ = walk([n / rate for n in range(1, 3 * rate + 1)])
        trail.draw(made)
        pictures.append(pixels(made))
    assert painted(made).any()
    assert np.abs(pictures[0] - pictures[2]).max() <= 2
    assert np.abs(pictures[1] - pictures[2]).max() <= 2


@pytest.mark.parametrize("zoom", [1, 4, 32])
def test_a_trail_has_no_gaps_at_any_zoom_and_fades(zoom: int):
    made = canvas()
    trail, _ = walk([n / 60 for n in range(1, 181)])
    scale = made.camera.scale * zoom
    made.look(Camera(scale, 500 - 30.0 * scale, 300 + 50.0 * scale), 0.0)
    trail.draw(made)
    row = np.abs(pixels(made)[:, 299:302] - np.array(THEME["floor"])).sum(axis=(1, 2))
    long = int(min(10.0 * LASTS * scale * 0.95, 500))
    assert (row[500 - long : 500] > 0).all(), "no gap"
    assert row[500 - long // 4 : 499].mean() > 1.05 * row[500 - long : 500 - long // 2].mean()
    assert not row[503:].any()
    assert not painted(made)[:, :290].any()


def test_a_trail_is_as_old_as_it_says():
    made = canvas()
    trail, _ = walk([n / 60 for n in range(1, 241)])  # 40 m, in 4 s
    trail.draw(made)
    x, _ = np.nonzero(painted(made))
    begins, ends = (made.camera.ground(float(value), 0.0)[0] for value in (x.min(), x.max()))
    assert 40.0 - 10.0 * (LASTS + PERIOD) - 1 < begins < 40.0 - 10.0 * LASTS + 4
    assert ends == pytest.approx(40.0, abs=0.5)


def gone_at_one(time: float) -> tuple[float, float]:
    return (10.0 + time, 50.0) if time < 1 else (90.0 + time, 50.0)


def nonsense_at_one(time: float) -> tuple[float, float]:
    if 1 < time < 1.1:
        return (np.nan, 50.0)
    return gone_at_one(time)


def to_and_fro(time: float) -> tuple[float, float]:
    """From one side of the ground to the other, as the mover `jump` is shown on its way."""
    return 50.0 + 40.0 * float(np.sin(time * 10.92)), 50.0


@pytest.mark.parametrize("way", [gone_at_one, nonsense_at_one, to_and_fro])
@pytest.mark.parametrize("rate", [3, 60, 300])
def test_a_jump_draws_no_line_across_the_ground(way, rate: int):
    made = canvas()
    trail, _ = walk([n / rate for n in range(1, 2 * rate)], way)
    trail.draw(made)
    left, right = (round(made.camera.pixel(x, 0.0)[0]) for x in (14.0, 86.0))
    assert not painted(made)[left:right].any()
    if way is gone_at_one and rate > 3:
        assert painted(made)[:left].any()
        assert painted(made)[right:].any()


def test_a_pause_lets_no_trail_fade():
    def way(t: float) -> tuple[float, float]:
        return (10.0 * min(t, 2.0), 50.0)

    times = [n / 20 for n in range(1, 41)]
    pictures = []
    for still in ([], [2.0 + n / 20 for n in range(1, 101)]):
        trail, _ = walk(times + still, way)
        shown = canvas("trails")
        trail.draw(shown)
        pictures.append(painted(shown))
    assert pictures[0].any()
    assert (pictures[0] == pictures[1]).all()


def test_a_trail_keeps_its_tip_while_a_resting_window_draws_now_and_then():
    made = canvas()
    trail, frame = walk([n / 60 for n in range(1, 61)])
    trail.draw(made)
    before = painted(made)
    for later in (1.0, 2.0):
        frame.now = 6.0 + later
        trail.follow(np.array([[10.0, 50.0]]), frame)
    shown = canvas()
    trail.draw(shown)
    assert (painted(shown) == before).all()


def test_a_slot_that_is_given_to_another_robot_begins_a_new_trail():
    made, swarm, trail = canvas(), Swarm(1), Trails()
    for n in range(30):
        trail.follow(swarm.put([(10.0 + n / 10, 20.0)], 5 + n / 60), swarm.frame)
    swarm.frame.first[:] = 5.54
    trail.follow(swarm.put([(13.0, 21.0)], 5.54), swarm.frame)
    trail.draw(made)
    assert not painted(made).any()


def test_a_robot_that_leaves_takes_its_trail_along():
    made, swarm, trail = canvas(), Swarm(2), Trails()
    for n in range(30):
        if n == 29:
            swarm.frame.agents = np.array([1])
        places = swarm.put([(10.0 + n / 10, 20.0), (10.0 + n / 10, 80.0)], 5 + n / 60)
        trail.follow(places[swarm.frame.agents], swarm.frame)
    trail.draw(made)
    _, y = np.nonzero(painted(made))
    assert y.max() < 300, "only the one that stays, in the upper half"


@pytest.mark.parametrize(
    "event",
    [
        "nothing",
        "leaves",
        "leaves from nowhere",
        "comes",
        "comes back",
        "is another",
        "camera",
        "wide",
        "theme",
    ],
)
def test_what_is_kept_of_a_trail_looks_as_if_it_were_drawn_anew(event: str, monkeypatch):
    shown = [canvas(), canvas()]
    pictures = []
    for every_frame in (True, False):
        made, swarm, trail = shown[every_frame], Swarm(3), Trails()
        swarm.frame.agents = np.arange(2 if event == "comes" else 3)
        made.surface.fill(THEME["floor"])
        for n in range(60):
            if n == 45 and event in ("leaves", "leaves from nowhere", "comes"):
                swarm.frame.agents = np.array([0, 1, 2] if event == "comes" else [0, 2])
            if n in (40, 45) and event == "comes back":
                swarm.frame.agents = np.arange(2 if n == 40 else 3)
            if n == 45 and event in ("comes", "comes back", "is another"):
                swarm.frame.first[2] = 5 + n / 60
            if n == 45 and event == "camera":
                made.look(made.camera.moved(9.0, -4.0), 0.0)
            if n == 45 and event == "theme":
                made.theme = Theme("light")
            if n == 45 and event == "wide":
                made.scale = 2.0
            places = swarm.put(
                [(20.0 + 10 * a + n / 5, 20.0 * a + 9) for a in range(3)], 5 + n / 60
            )
            if n == 44 and event == "leaves from nowhere":
                places[1] = np.nan
            trail.follow(places[swarm.frame.agents], swarm.frame)
            if every_frame:
                trail.draw(made)
        made.surface.fill(THEME["floor"])
        trail.draw(made)
        pictures.append(pixels(made))
    assert (pictures[0] != np.array(THEME["floor"])).any()
    assert (pictures[0] == pictures[1]).all()


def test_the_pixels_of_a_trail_are_found_once(monkeypatch):
    made, trail, swarm, found = canvas(), Trails(), Swarm(1), []
    find = strokes.find
    monkeypatch.setattr(strokes, "find", lambda *given: found.append(1) or find(*given))
    for n in range(120):
        trail.follow(swarm.put([(10.0 + n / 9, 50.0)], 5 + n / 60), swarm.frame)
        trail.draw(made)
    # One for the way that each frame adds, and one for each place that is kept, or may be.
    assert len(found) <= 120 + 120 / 60 / PERIOD + KEPT


def test_nobody_who_comes_has_the_trails_of_the_others_found_again(monkeypatch):
    made, trail, swarm, found = canvas(), Trails(), Swarm(100), []
    find = strokes.find
    monkeypatch.setattr(strokes, "find", lambda *given: found.append(1) or find(*given))
    for n in range(220):
        # They come one by one, leave together, come one by one again, and leave.
        swarm.frame.agents = np.arange(n % 110 + 1 if n % 110 < 100 else 1)
        swarm.frame.first[n % 110 : n % 110 + 1] = now = 5 + n / 60
        places = swarm.put([(10.0 + n / 9, 50.0)] * 100, now)
        trail.follow(places[swarm.frame.agents], swarm.frame)
        trail.draw(made)
    assert len(found) <= 220 + 220 / 60 / PERIOD + 4 * KEPT


def test_a_trail_that_was_off_while_its_robot_left_is_not_the_next_ones():
    made, swarm, trail = canvas(), Swarm(1), Trails()
    for n in range(30):
        trail.follow(swarm.put([(10.0 + n / 10, 20.0)], 5 + n / 60), swarm.frame)
    swarm.frame.first[:] = 5.6  # while nobody looked
    trail.follow(swarm.put([(13.0, 20.0)], 5.7), swarm.frame)
    trail.draw(made)
    assert not painted(made).any()


def test_a_trail_that_was_off_for_a_while_draws_no_line_over_that_time():
    made, swarm, trail = canvas(), Swarm(1), Trails()
    trail.follow(swarm.put([(50.0, 50.0)], 5.0), swarm.frame)
    trail.follow(swarm.put([(54.0, 50.0)], 6.0), swarm.frame)
    trail.draw(made)
    assert not painted(made).any()


def test_trails_of_too_many_are_not_kept():
    made, swarm, trail = canvas(), Swarm(trails.MOST + 1), Trails()
    for n in range(3):
        trail.follow(swarm.put([(50.0 + n, 50.0)] * (trails.MOST + 1), 5 + n / 10), swarm.frame)
        trail.draw(made)
    assert not painted(made).any()
    assert trail._kept.shape == (KEPT, 0, 2)


def test_the_last_few_of_very_many_take_no_room_for_the_others():
    made, swarm, trail = canvas(), Swarm(1_000_000, per_process=500_000), Trails()
    swarm.frame.agents = np.arange(999_990, 1_000_000)
    for n in range(3):
        swarm.frame.now = 5 + n / 10
        trail.follow(np.full((10, 2), 50.0 + n), swarm.frame)
        trail.draw(made)
    assert trail._kept.nbytes == 0


def test_trails_have_the_colours_of_their_robots():
    numbers = np.array([0, 7, 8, 70, 500])
    made = canvas()
    for ink, number in zip(made.pixel_colours(numbers), numbers.tolist(), strict=True):
        assert made.surface.unmap_rgb(int(ink))[:3] == THEME.agent(number)


# Strokes.


@pytest.mark.parametrize("angle", np.arange(0, 360, 15).tolist())
def test_a_stroke_is_as_wide_as_it_should_be_in_every_direction(angle: int):
    made = canvas()
    way = 200 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    start = np.array([[300.3, 300.6]])
    found = strokes.find(made, made.pixel_colours(np.array([3])), start, start + way, 3.0)
    strokes.paint(made, [(touched, 1.0) for touched in found])
    full = np.array(THEME.agent(3)) - np.array(THEME["floor"])
    covered = ((pixels(made) - np.array(THEME["floor"])) / full).mean(axis=2).sum()
    assert covered == pytest.approx(200 * 3.0, rel=0.06)


def test_nothing_is_stroked_outside_the_view():
    surface = pygame.display.get_surface()
    surface.fill(THEME["floor"])
    made = Canvas(surface, (100, 150, 300, 250), GROUND, THEME)
    random = np.random.default_rng(1)
    starts, ends = random.uniform(-200, 800, (2, 300, 2))
    found = strokes.find(made, made.pixel_colours(np.arange(300)), starts, ends, 4.0)
    strokes.paint(made, [(touched, 1.0) for touched in found])
    outside = painted(made)
    assert outside[100:400, 150:400].any()
    outside[100:400, 150:400] = False
    assert not outside.any()


# Heat.


def heated(made: Canvas, x: float, y: float) -> int:
    """How much brighter the ground has become at a place [m]."""
    px, py = made.camera.pixel(x, y)
    return int(pixels(made)[round(px), round(py)].sum()) - sum(THEME["floor"])


def test_the_ground_glows_where_they_have_been():
    made, swarm, heat = canvas(), Swarm(2), Heat(GROUND)
    for n in range(40):
        swarm.put([(20.0, 80.0), (20.0 + n, 30.0)], 5 + n / 10)
        heat.follow(swarm.frame)
    heat.draw(made)
    assert heated(made, 20, 80) > heated(made, 40, 30) > heated(made, 70, 60) == 0
    assert heated(made, 80, 20) == 0, "neither mirrored nor turned"


def test_only_new_rows_count_and_nonsense_does_not():
    swarm, heat = Swarm(4, per_process=2), Heat(GROUND)
    swarm.put([(20.0, 80.0), (np.nan, 3.0), (1e300, -5.0), (60.0, 60.0)], 5.0)
    swarm.frame.fresh[:] = [True, False]
    heat.follow(swarm.frame)
    assert heat._counts.sum() == 1
    swarm.frame.now = 5.1
    swarm.frame.fresh[:] = [False, True]
    heat.follow(swarm.frame)
    assert heat._counts.sum() == 2


def test_the_glow_begins_anew_when_everybody_has_left():
    swarm, heat = Swarm(2), Heat(GROUND)
    swarm.put([(20.0, 80.0), (30.0, 30.0)], 5.0)
    heat.follow(swarm.frame)
    swarm.frame.first[1] = 6.0  # one is new; the other is still there
    swarm.put([(20.0, 80.0), (30.0, 30.0)], 6.0)
    heat.follow(swarm.frame)
    assert heat._counts.sum() == 4
    swarm.frame.agents = np.arange(0)
    swarm.frame.now = 7.0
    heat.follow(swarm.frame)
    assert heat._counts.sum() == 0


@pytest.mark.parametrize("zoom", [1, 4, 64])
def test_the_glow_stays_on_its_place_at_every_zoom(zoom: int):
    made, swarm, heat = canvas(), Swarm(1), Heat(GROUND)
    place = 40.5 * SIDE / CELLS, 60.5 * SIDE / CELLS  # the middle of a cell
    for n in range(30):
        swarm.put([place], 5 + n / 10)
        heat.follow(swarm.frame)
    scale = made.camera.scale * zoom
    made.look(Camera(scale, 250 - place[0] * scale, 350 + place[1] * scale), 0.0)
    heat.draw(made)
    brightness = pixels(made).sum(axis=2)
    hot = np.argwhere(brightness >= brightness.max() - 2)
    assert np.abs(hot.mean(axis=0) - (250, 350)).max() <= max(3.0, 0.7 * scale * SIDE / CELLS)


# Labels.


def label(places: list[tuple[float, float]], selected: int = -1) -> list[tuple[str, pygame.Rect]]:
    """The words that are placed beside agents at some pixels, and where."""
    made = canvas("labels")
    placed: list[tuple[str, pygame.Rect]] = []
    words: dict[int, str] = {}
    plate = labels.plate

    def noted(text: str, *more: object) -> pygame.Surface:
        picture = plate(text, *more)
        words[id(picture)] = text
        return picture

    class Surface:
        def blits(self, pictures: list[tuple[pygame.Surface, pygame.Rect]], _: bool) -> None:
            placed.extend((words[id(picture)], area) for picture, area in pictures)

    made.surface = Surface()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labels, "plate", noted)
        numbers = np.arange(len(places))
        made.selected, shown = selected, (np.array(places, float), numbers, 30, "Robot {}".format)
        labels.draw(made, *shown, labels.choose(made, shown[:1], *shown[1:]))
    return placed[::-1]  # the first ones are drawn last


def test_a_name_stands_beside_its_agent_on_the_side_that_is_free():
    ((words, area),) = label([(100.0, 100.0)])
    assert (words, area.left > 110, area.centery) == ("Robot 0", True, 100)
    ((_, area),) = label([(590.0, 100.0)])
    assert area.right < 580
    (_, area), (_, other) = label([(100.0, 100.0), (140.0, 100.0)])
    assert area.right < 90
    assert other.left > 150


def test_names_cover_neither_each_other_nor_agents_and_the_selected_comes_first():
    places = np.random.default_rng(3).uniform(50, 550, (120, 2)).tolist()
    placed = label(places, selected=77)
    assert placed[0][0] == "Robot 77"
    assert 10 < len(placed) < 120
    for place, (_, area) in enumerate(placed):
        assert area.collidelist([other for _, other in placed[:place]]) < 0
        if place:
            assert not any(area.collidepoint(x, y) for x, y in places)


def test_there_are_no_more_names_than_can_be_read():
    many = [(float(x), float(y)) for x in range(0, 600, 20) for y in range(0, 600, 20)]
    assert len(label(many)) <= labels.MOST


@pytest.mark.parametrize(("scene", "words"), [("swarm", "Robot 0"), ("race", "Car 1")])
def test_scenes_name_their_agents(scene: str, words: str, monkeypatch: pytest.MonkeyPatch):
    said: list[str] = []
    plate = labels.plate
    monkeypatch.setattr(
        labels, "plate", lambda text, *more: said.append(text) or plate(text, *more)
    )
    found, shown = scenes.find(scene), scene_of(scene)
    frame = Frame(found.fields, 1)
    frame.agents, frame.values[:] = np.arange(1), 50.0
    frame.updates[:], frame.fresh[:] = 1, True
    frame.first[:] = frame.changed[:] = frame.now = 1.0
    theme = Theme("dark", found.colours)
    made = Canvas(pygame.display.get_surface(), (0, 0, *SIZE), shown.bounds, theme)
    shown.follow(frame)
    shown.draw(made)
    assert said == []
    made.layers = frozenset(("labels",))
    shown.draw(made)
    assert set(said) == {words}


# The ground beneath.


def test_boxes_and_words_look_the_same_on_a_ground_that_is_painted_large_and_shrunk():
    def paint(made: Canvas) -> None:
        made.box(Bounds(10, 10, 90, 90.3), "grid_ten")
        made.rules(np.array([20.0, 33.3]), "accent", GROUND, upright=True)
        made.label(50.2, 50.7, "words", "text")
        made.label(50.2, 30.7, "more", "text", on="floor")

    pictures = []
    for slanted in (False, True):
        made = canvas()
        made.background(paint, slanted)
        pictures.append(pixels(made))
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0] == np.array(THEME["text"])).all(axis=2).any()


# All of it in the scene.


def test_the_swarm_draws_the_layers_that_are_on():
    swarm, scene = Swarm(3), scene_of("swarm")
    pictures = {}
    for n in range(30):
        swarm.put([(20.0 + n, 20.0), (50.0, 50.0 + n / 3), (70.0, 30.0)], 5 + n / 10)
        swarm.frame.interval[:] = 0.1
        scene.follow(swarm.frame)
        scene.draw(canvas("trails"))
    for layer in ("", "trails", "heat", "labels"):
        made = canvas(layer)
        scene.draw(made)
        pictures[layer] = pixels(made)
    for layer in ("trails", "heat", "labels"):
        assert (pictures[layer] != pictures[""]).any(), layer
