"""The array bar: which element stands where, how it looks, and what pointing at it does."""

import numpy as np
import pygame
import pytest
from hypothesis import given
from hypothesis import strategies as st

from game import scenes
from game.frame import Frame
from game.scenes import OWN as SCENES
from game.view import bar as bars
from game.view import numbers, tooltip
from game.view.bar import Bar
from game.view.cell_raster import FADES, NEVER, colours, owners
from game.view.cells import choose
from game.view.hud import Status
from game.view.layout import BAR_FROM
from game.view.painter import Painter
from game.view.pointer import NOWHERE, Gesture, Pointer
from game.view.scene import ShownScene
from game.view.screen import Screen
from game.view.theme import Theme
from tests import seen
from tests.conftest import calls
from tests.made import scene_of

THEME = Theme("dark")
FACTS = Status("Test", "", (), "")


SIZE = (1280, 720)
pytestmark = pytest.mark.usefixtures("display")


def frame(agents: int, capacity: int, per_process: int = 1, scene: str = "swarm") -> Frame:
    """So many agents that have published long ago."""
    made = Frame(scenes.find(scene).fields, capacity // per_process, per_process)
    made.agents = np.arange(agents)
    slots = -(-agents // per_process)
    made.values[:agents] = np.arange(agents)[:, None] % 90 + 5
    made.updates[:slots] = 1
    made.pid[:slots] = 100 + np.arange(slots)
    made.now = 50.0
    return made


class Shown:
    """A bar that was drawn across the lower edge of a picture."""

    def __init__(self, made: Frame, size: tuple[int, int] = (1280, 720), scale: float = 1.0):
        self.bar = Bar("positions", "Robot {}".format)
        self.surface = pygame.Surface(size)
        self.painter = Painter(self.surface, THEME, scale)
        self.draw(made)

    def draw(self, made: Frame) -> None:
        width, height = self.painter.size
        self.bar.follow(made)
        self.bar.draw(self.painter, pygame.Rect(0, height - 94, width, 66))

    def place(self, element: int) -> tuple[int, int]:
        cells, row = self.bar.cells, self.bar.row
        return row.left + cells.x(element) + cells.pitch // 2, row.centery

    def pixels(self, element: int) -> np.ndarray:
        """The pixels of an element's cell, (width, height, 3)."""
        cells, row = self.bar.cells, self.bar.row
        left = row.left + cells.x(element)
        whole = seen.pixels(self.surface)
        return whole[left : left + cells.pitch, row.top : row.bottom].astype(int)

    def has(self, element: int, colour: tuple[int, int, int]) -> bool:
        return bool((np.abs(self.pixels(element) - np.array(colour)).sum(axis=2) < 12).any())


# Which element stands where.


@pytest.mark.parametrize(
    ("used", "total", "fields", "room", "level"),
    [
        (3, 256, 2, 1200, (150, 1, True)),  # the used ones and a free one
        (12, 256, 2, 1200, (42, 1, True)),
        (16, 256, 2, 1200, (30, 1, False)),  # a little too many for values
        (16, 256, 2, 1440, (36, 1, True)),
        (12, 256, 2, 700, (25, 1, False)),  # in a narrower window
        (50, 256, 2, 1200, (10, 1, False)),
        (250, 500, 2, 1200, (2, 1, False)),
        (500, 1000, 2, 1200, (1, 1, False)),
        (600, 1200, 2, 1200, (1, 2, False)),  # the free ones are too much
        (5000, 10_000, 2, 1200, (1, 10, False)),
        (1_000_000, 2_000_000, 2, 1200, (1, 1748, False)),
        (4, 4, 1, 1200, (300, 1, True)),  # none is free
        (199, 199, 2, 1200, (3, 1, False)),
    ],
)
def test_the_level_follows_from_count_and_width(used, total, fields, room, level):
    cells = choose(room, used, total, fields)
    assert (cells.pitch, cells.per, cells.valued) == level
    assert cells.width == room
    assert cells.shown >= min(used + 1, total) * fields
    assert cells.shown % fields == 0


def test_a_dense_display_shows_the_same_with_twice_the_pixels():
    few, many = choose(1200, 12, 256, 2), choose(2400, 12, 256, 2, 2.0)
    assert many.edges.tolist() == pytest.approx((2 * few.edges).tolist(), abs=1)
    assert (many.shown, many.valued) == (few.shown, True)
    assert not choose(1200, 12, 256, 2, 2.0).valued


sizes = st.integers(1, 40_000_000)


@given(st.integers(8, 5000), sizes, sizes, st.integers(1, 4), st.sampled_from((0.5, 1.0, 1.5, 4.0)))
def test_every_element_is_found_where_it_stands(room, one, other, fields, scale):
    used, total = min(one, other), max(one, other)
    cells = choose(room, used, total, fields, scale)
    assert cells.width == room
    assert min(used + 1, total) * fields <= cells.shown <= total * fields
    assert cells.per == 1 or cells.per % fields == 0, "no agent is cut in two"
    for element in {0, cells.shown // 3, cells.shown // 2, cells.shown - 1}:
        found = cells.at(cells.x(element))
        assert element in found
        assert cells.at(cells.end(element) - 1) == found
        assert cells.end(element) - cells.x(element) - cells.pitch in (0, 1), "equally wide"
        assert len(found) <= cells.per
        assert found.stop <= cells.shown
    assert not cells.at(-1)
    assert not cells.at(cells.width)


@given(st.integers(8, 300), st.integers(1, 500), st.integers(1, 3))
def test_the_cells_hold_each_element_once(room, total, fields):
    cells = choose(room, total // 2, total, fields)
    cut = [cells.at(x) for x in cells.edges[:-1].tolist()]
    assert [element for found in cut for element in found] == list(range(cells.shown))


@given(st.integers(300, 5000), st.integers(4, 3_000_000), st.integers(1, 4))
def test_what_is_spare_takes_a_fifth_of_the_bar_at_the_most(room, used, fields):
    cells = choose(room, used, 10 * used, fields)
    free = cells.edges[-1] - cells.end(used * fields - 1)
    assert 0 <= free <= cells.width / 5 + cells.pitch + 1
    assert cells.shown > used * fields, "one that is free is seen"


def test_the_cells_stand_still_for_most_newcomers():
    shown = [choose(1200, used, 10_000, 2).shown for used in range(100, 1000)]
    assert len(set(shown)) < 16


# What a cell looks like.

LEVELS = [(5, 256, 1), (50, 256, 1), (250, 500, 1), (5000, 10_000, 1), (50_000, 100_000, 500)]


@pytest.mark.slow
@pytest.mark.parametrize(("agents", "capacity", "per_process"), LEVELS)
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_cell_is_its_owners_colour_hollow_when_free_and_crossed_when_dead(
    agents, capacity, per_process, scale
):
    made = frame(agents, capacity, per_process)
    slot = agents // per_process - 2
    made.died[slot] = True
    shown = Shown(made, (round(1280 * scale), round(720 * scale)), scale)
    cells, row = shown.bar.cells, shown.bar.row
    dead, free = slot * per_process * 2 + 1, agents * 2 + cells.per
    for element in (0, dead - per_process * 2 - cells.per):
        first = element // cells.per * cells.per // 2  # whose colour a column has
        assert shown.has(element, THEME.agent(first // per_process))
        assert not shown.has(element, THEME["alarm"])
    cross = seen.pixels(shown.surface)[:, row.top : row.bottom].astype(int)
    cross = cross[row.left + cells.x(dead) :][: max(cells.pitch, 6)]
    if not cells.valued:  # where there is a value the cross is drawn faintly, under it
        assert (np.abs(cross - np.array(THEME["alarm"])).sum(axis=2) < 12).any()
    assert (cross[:, :, 0] - cross[:, :, 1]).max() > 25
    hollow = shown.pixels(free)
    inner = hollow[:, hollow.shape[1] // 2]
    assert (np.abs(inner - np.array(THEME["panel"])).sum(axis=1) < 12).any()
    assert (np.abs(hollow[:, 0] - np.array(THEME["dim"])).sum(axis=1) < 12).any()
    assert not shown.has(free, THEME["alarm"])


def test_cells_are_as_sharp_on_a_dense_display():
    shown = Shown(frame(50, 256), (2560, 1440), 2.0)
    left, end = shown.bar.row.left, shown.bar.row.left + shown.bar.cells.x(100)
    row = seen.pixels(shown.surface)[left:end, shown.bar.row.centery]
    found = {tuple(pixel) for pixel in row.tolist()}
    assert found == {THEME.agent(n) for n in range(50)} | {THEME["panel"]}


def test_what_died_before_it_wrote_is_crossed_too():
    made = frame(3, 256)
    made.died[4] = True
    shown = Shown(made)
    assert bars.reach(made) == 5
    red = shown.pixels(8)
    assert (red[:, :, 0] - red[:, :, 1]).max() > 25
    assert [words for words, _ in bars.counts(made)] == ["6 used", "2 dead", "504 free"]


def test_one_writer_has_one_colour():
    shown = Shown(frame(8, 256, 256, "road"))
    assert all(shown.has(element, THEME.agent(0)) for element in range(8))
    assert not any(shown.has(element, THEME.agent(1)) for element in range(8))


def test_colours_are_those_of_the_theme_for_any_number():
    numbers = np.array([0, 7, 8, 59, 60, 67, 68, 119, 120, 5000, 20_000_000])
    wanted = [THEME.agent(n) for n in numbers.tolist()]
    assert [tuple(c) for c in colours(THEME, numbers).tolist()] == wanted


def brightness(shown: Shown, element: int) -> int:
    return int(shown.pixels(element).sum(axis=2).max())


@pytest.mark.parametrize(("agents", "capacity", "per_process"), LEVELS)
def test_a_write_flashes_and_fades_on_the_readers_clock(agents, capacity, per_process):
    made = frame(agents, capacity, per_process)
    shown = Shown(made)
    written, other = 0, (agents - 1) * 2
    rest = brightness(shown, written), brightness(shown, other)
    made.fresh[0] = True
    shown.draw(made)
    seen = [brightness(shown, written)]
    made.fresh[:] = False
    for _ in range(4):
        made.now += FADES / 4
        made.changed[:] = made.now  # as in a pause, when nobody is to blame for any silence
        shown.draw(made)
        seen.append(brightness(shown, written))
    assert seen == sorted(seen, reverse=True)
    assert seen[0] > seen[1] > seen[2] > rest[0]
    assert (seen[-1], brightness(shown, other)) == rest


def test_a_pass_seen_half_done_flashes_element_by_element():
    made = frame(4, 256, 256, "road")
    made.element_wise = True
    shown = Shown(made)
    made.now += 1.0
    shown.draw(made)
    rest = brightness(shown, 0)
    made.values[:2] += 1
    shown.draw(made)
    assert [brightness(shown, element) > rest for element in range(4)] == [True, True, False, False]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        *((57.25, "57.2"), (-3.0, "-3.0"), (1234.56, "1235"), (99999.0, "99999")),
        *((-123456.0, "-1e5"), (1e300, "1e300"), (float("nan"), "nan"), (float("-inf"), "-inf")),
    ],
)
def test_a_value_is_short(value, words):
    assert numbers.cell_value(value) == words


@pytest.mark.parametrize(
    ("values", "digits", "words"),
    [
        ([100153.0, 100152.0], 9, ["100153", "100152"]),  # there is room
        ([100153.0, 100152.0], 5, ["…0153", "…0152"]),
        ([100153.0] * 2, 5, ["…0153"] * 2),  # as it looked when one was behind
        ([-100153.0, 100152.5, 7.0], 5, ["-1e5", "1e5", "7.0"]),  # they differ in what is seen
        ([100153.25, 100152.5], 5, ["…53.2", "…52.5"]),
        ([-100153.0, -100152.0], 5, ["-…153", "-…152"]),
        ([100153.0], 5, ["1e5"]),
        ([1e300, 1e300], 5, ["1e300"] * 2),
        ([float("nan"), float("inf"), 12.25], 9, ["nan", "inf", "12.2"]),
    ],
)
def test_values_that_would_read_alike_keep_their_last_digits(values, digits, words):
    assert numbers.cell_values(values, digits) == words
    assert all(len(text) <= max(digits, 5) for text in words)


@given(
    st.lists(st.integers(10**5, 2**48).map(float), min_size=2, max_size=2),
    st.integers(5, 9),
    st.integers(0, 999),
)
def test_two_values_that_differ_in_the_last_digits_never_read_alike(values, digits, less):
    one = values[0]
    other = one - less
    first, second = numbers.cell_values([one, other], digits)
    assert (first == second) is (less == 0)


def test_the_torn_digit_of_large_values_is_seen_in_the_bar():
    made = frame(4, 256, 256, "road")
    made.values[:4, 0] = 123_456.0
    shown = Shown(made)
    whole = [shown.pixels(element) for element in (0, 1)]
    made.values[1, 0] -= 1
    shown.draw(made)
    assert (shown.pixels(0) == whole[0]).all()
    assert (shown.pixels(1) != whole[1]).any()


def test_what_a_cell_is_stands_above_it():
    few, many = frame(3, 256), frame(5000, 10_000)
    assert bars.about(Shown(few).bar.cells, few) == "x [m], y [m] of each agent"
    assert bars.about(Shown(many).bar.cells, many) == "10 elements a column"
    plain = Frame({"count": "", "way": "m"}, 256)
    assert bars.about(Shown(plain).bar.cells, plain) == "count, way [m] of each agent"


# Pointing at it.


def test_the_tooltip_tells_all_about_an_element():
    made = frame(12, 256)
    made.values[7] = 57.25, 12.0
    array = tooltip.Array("positions", "Robot {}".format)
    assert tooltip.tells(array, made, range(14, 15), 49.96) == [
        "positions[14]",
        "x = 57.25 m",
        "float64, 8 bytes, from byte 112",
        "Robot 7, pid 107",
        "written 40 ms ago",
    ]
    made.died[7] = True
    assert tooltip.tells(array, made, range(15, 16), 47.0)[1:] == [
        "y = 12 m",
        "float64, 8 bytes, from byte 120",
        "Robot 7, pid 107, dead",
        "written 3.0 s ago",
    ]
    assert tooltip.tells(array, made, range(24, 25), NEVER) == [
        "positions[24]",
        "x = 0 m",
        "float64, 8 bytes, from byte 192",
        "free: no process writes here",
    ]


def test_the_tooltip_tells_all_about_a_column():
    made = frame(5000, 10_000)
    made.died[50] = True
    array = tooltip.Array("positions", "Robot {}".format)
    assert tooltip.tells(array, made, range(96, 112), 49.96) == [
        "positions[96:112]",
        "x from 53 to 60 m",
        "y from 53 to 60 m",
        "16 float64, 8 bytes each, from byte 768",
        "Robot 48 to Robot 55",
        "8 processes, pid 148 to 155, 1 dead",
        "written 40 ms ago",
    ]
    assert tooltip.tells(array, made, range(10_000, 10_016), NEVER)[-1].startswith("free")


def test_the_tooltip_of_one_writer_names_it_once():
    made = frame(1000, 2000, 2000, "road")
    array = tooltip.Array("positions", scenes.find("road").agent_name)
    one, two = (tooltip.tells(array, made, range(500, end), 50.0) for end in (501, 502))
    assert one[3] == "Vehicle 501, pid 100"
    assert two[3] == "Vehicle 501 to Vehicle 502, pid 100"


@pytest.mark.parametrize("size", [(1280, 720), (800, 500), (2560, 1440)])
@pytest.mark.parametrize(("agents", "capacity", "per_process"), LEVELS)
def test_the_tooltip_stays_in_the_window(size, agents, capacity, per_process):
    made = frame(agents, capacity, per_process)
    shown = Shown(made, size, size[0] // 1280 or 1)
    window = pygame.Rect(0, 0, *shown.painter.size)
    for element in (0, agents, shown.bar.cells.shown - 1):
        box = shown.bar.tooltip(shown.painter, shown.place(element))
        assert box
        assert window.contains(box)
        assert box.bottom <= shown.bar.row.top / shown.painter.scale
    assert shown.bar.tooltip(shown.painter, NOWHERE) is None


class Theatre:
    """A screen with a bar, and somebody who points at it."""

    def __init__(self, made: Frame, scene: str = "swarm", size: tuple[int, int] = (1280, 720)):
        self.made, self.surface = made, pygame.Surface(size)
        found = scenes.find(scene)
        self.bar = Bar("positions", found.agent_name)
        shown = ShownScene(scene_of(scene))
        self.screen = Screen(shown, self.bar)
        made.first[:] = made.changed[:] = made.now
        made.fresh[:] = made.updates > 0
        self.draw()
        made.fresh[:] = False
        made.now += 2 * FADES
        self.draw()

    def draw(self) -> np.ndarray:
        self.screen.follow(self.made, FACTS.moment)
        self.screen.draw(self.surface, FACTS)
        assert not self.screen.scene.error
        return seen.pixels(self.surface).astype(int)

    def place(self, element: int) -> tuple[int, int]:
        cells, row = self.bar.cells, self.bar.row
        return row.left + cells.x(element) + cells.pitch // 2, row.centery

    def do(self, kind: str, place: tuple[int, int]) -> int:
        self.screen.point(Gesture(kind, place))
        return self.screen.selected


def ringed(theatre: Theatre, picture: np.ndarray, before: np.ndarray) -> list[int]:
    """The agents around which the picture has changed."""
    changed = (picture != before).any(axis=2)
    pixels, numbers = theatre.screen.canvas.drawn
    found = []
    for (x, y), number in zip(pixels.round().astype(int).tolist(), numbers.tolist(), strict=True):
        if changed[x - 40 : x + 41, y - 40 : y + 41].any():
            found.append(number)
    return found


@pytest.mark.parametrize("scene", ["swarm", "race", "road"])
def test_hovering_a_cell_lights_its_agent_on_the_ground(scene: str):
    made = frame(3, 256, 256 if scene == "road" else 1, scene)
    fields = len(made.fields)
    made.values[:3, -1] = (10.0, 210.0, 390.0) if scene == "race" else (10.0, 50.0, 90.0)
    if scene == "road":
        made.values[:3] = 1.0
    theatre = Theatre(made, scene)
    before = theatre.draw()
    theatre.do("hover", theatre.place(1 * fields))
    assert theatre.screen.pointed == range(1, 2)
    ground = before.shape[1] - 28 - 66 - 120  # above the bar and its tooltip
    after = theatre.draw()
    after[:, ground:] = before[:, ground:]
    assert ringed(theatre, after, before) == [1]
    theatre.do("hover", NOWHERE)
    assert not theatre.screen.pointed
    assert (theatre.draw() == before).all()


@pytest.mark.parametrize(("agents", "scene"), [(60_000, "swarm"), (1000, "road")])
def test_hovering_a_column_lights_agents_among_very_many(agents: int, scene: str):
    made = frame(agents, 2 * agents, 2 * agents, scene)
    made.values[:agents] = 50.0
    theatre = Theatre(made, scene)
    before = theatre.draw()
    theatre.do("hover", theatre.place(0))
    after = theatre.draw()
    assert 0 in theatre.screen.pointed
    assert (after[:980, 40:450] != before[:980, 40:450]).any()


def test_selecting_an_agent_frames_its_cells():
    theatre = Theatre(frame(3, 256))
    row, cells = theatre.bar.row, theatre.bar.cells
    before = theatre.draw()
    theatre.screen.selected = 1
    changed = theatre.draw() != before
    bar = np.flatnonzero(changed[:, row.top - 2 : row.bottom + 2].any(axis=(1, 2)))
    assert row.left + cells.x(2) - 2 <= bar[0] <= row.left + cells.x(2)
    assert row.left + cells.x(4) <= bar[-1] + 1 <= row.left + cells.x(4) + 2
    assert (theatre.draw()[row.left + cells.x(2) + 9, row.top - 1] == THEME["accent"]).all()


@pytest.mark.parametrize("element", [2, 3])
def test_clicking_a_cell_selects_its_agent(element: int):
    theatre = Theatre(frame(3, 256))
    assert theatre.do("click", theatre.place(element)) == 1
    assert theatre.do("click", theatre.place(8)) == 1, "a free one deselects nobody"
    assert theatre.do("click", (3, theatre.bar.row.top)) == 1


def test_clicking_a_column_selects_the_first_agent_that_is_there():
    made = frame(5000, 10_000)
    made.agents = made.agents[made.agents != 50]
    theatre = Theatre(made)
    assert theatre.do("click", theatre.place(100)) == 51
    made.died[6000] = True
    theatre.draw()
    assert theatre.do("click", theatre.place(12_000)) == 6000


def test_the_key_takes_it_all_away():
    theatre = Theatre(frame(3, 256))
    place, whole = theatre.place(2), theatre.screen.canvas.view
    theatre.do("hover", place)
    theatre.screen.array_bar()
    theatre.draw()
    without = theatre.draw()
    assert theatre.screen.canvas.view[3] == whole[3] + 66
    assert not theatre.screen.pointed
    assert theatre.do("click", (place[0], 719)) == -1
    theatre.do("hover", NOWHERE)
    assert (theatre.draw() == without).all()
    theatre.screen.array_bar()
    theatre.draw()
    assert theatre.screen.canvas.view == whole


def test_a_small_window_has_no_room_for_it():
    theatre = Theatre(frame(3, 256), size=(480, 320))
    assert theatre.bar.cells.shown == 0
    theatre = Theatre(frame(3, 256), size=(480, BAR_FROM))
    assert theatre.bar.cells.shown > 0


def test_the_mouse_hovers_until_it_leaves():
    pointer = Pointer()
    move = pygame.event.Event(pygame.MOUSEMOTION, pos=(5, 6), rel=(1, 1), buttons=(0, 0, 0))
    assert pointer.gesture(move) == Gesture("hover", (5, 6))
    leave = pygame.event.Event(pygame.WINDOWLEAVE)
    assert pointer.gesture(leave) == Gesture("hover", NOWHERE)


# What it costs.


def calls_of_a_frame(agents: int) -> int:
    made = frame(agents, 2 * agents)
    shown = Shown(made)
    made.fresh[:agents:3] = True
    made.now += 0.01
    return calls(lambda: shown.draw(made))


def test_a_frame_calls_no_more_functions_for_more_agents():
    few, many = calls_of_a_frame(1000), calls_of_a_frame(200_000)
    assert many < few * 1.5 + 50


@pytest.mark.parametrize("scene", SCENES)
def test_the_array_has_a_name_in_python(scene: str):
    assert scenes.find(scene).array.isidentifier()


def test_of_a_slot_larger_than_what_its_process_drove_the_rest_stays_free():
    made = Frame({"position": "m"}, 1, 256)
    made.died[0], made.driven[0] = True, 4
    made.agents = np.arange(4)
    for published in (4, 0):
        made.agents = np.arange(published)
        assert ("4 dead", "alarm") in bars.counts(made)
        assert ("252 free", "dim") in bars.counts(made)
        shown = Shown(made)
        held = owners(made, shown.bar.cells)
        assert np.flatnonzero(held.dead).tolist() == [0, 1, 2, 3]
