"""The layout and the help: every part inside the window, none over another, at all sizes."""

from functools import cache
from itertools import combinations

import numpy as np
import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game import scenes
from game.frame import Frame
from game.parts import Progress
from game.view import help as help_
from game.view import panel
from game.view.bar import Bar
from game.view.curves import Moment
from game.view.hud import Hud, Status
from game.view.inspector import Inspection
from game.view.keys import KeyTable
from game.view.layout import Layout, Wanted, lay_out
from game.view.painter import Painter
from game.view.pointer import Gesture
from game.view.scene import ShownScene
from game.view.screen import Screen
from game.view.theme import Theme
from tests.made import scene_of

SIZES = st.tuples(st.integers(240, 3840), st.integers(160, 2160))
SCALES = [0.75, 1, 1.5, 2, 3]
WANTED = st.builds(
    Wanted,
    st.booleans(),
    st.sampled_from([0, 100, 168, 260]) | st.integers(0, 300),
    *[st.booleans()] * 5,
)
LEAST = 100  # [pt] over a caption for the ground, and the curves


pytestmark = pytest.mark.usefixtures("display")


def parts(layout: Layout) -> dict[str, pygame.Rect]:
    return {name: part for name, part in layout._asdict().items() if isinstance(part, pygame.Rect)}


@given(SIZES, WANTED)
@example((240, 560), Wanted(True, 266, True, True, True, True))
@example((440, 440), Wanted(True, 168, True, True, True, True))
def test_parts_share_the_window_without_a_gap(size: tuple[int, int], wanted: Wanted):
    layout = lay_out(size, wanted)
    window, have = pygame.Rect(0, 0, *size), parts(layout)
    for name, part in have.items():
        assert window.contains(part), name
        assert part.width > 0, name
        assert part.height > 0, name
    for (name, one), (other_name, other) in combinations(have.items(), 2):
        assert not one.colliderect(other), (name, other_name)
    if layout.caption:
        assert layout.caption.top - layout.ground.top >= LEAST
    covered = sum(part.width * part.height for part in have.values())
    assert covered == size[0] * size[1]


@given(SIZES, WANTED)
def test_a_part_is_there_only_if_it_is_wanted(size: tuple[int, int], wanted: Wanted):
    have = parts(lay_out(size, wanted))
    for name in ("inspector", "caption", "bar", "curves", "onlooker"):
        assert getattr(wanted, name) or name not in have
    if size[0] >= 1280 and size[1] >= 720:
        assert {name for name, on in wanted._asdict().items() if on} <= set(have)


@pytest.mark.parametrize("size", [(480, 320), (800, 500)])
def test_a_small_window_gives_the_inspector_room_to_be_read(size: tuple[int, int]):
    inspector = lay_out(size, Wanted(inspector=True)).inspector
    assert inspector.height >= 240


# The help.


class Noting(Painter):
    """A painter that notes what it has written, where, and in what size."""

    def __init__(self, surface: pygame.Surface, scale: float) -> None:
        super().__init__(surface, Theme("dark"), scale)
        self.written: list[tuple[str, pygame.Rect]] = []

    def write(self, words, x, y, ink="text", size=13, across=0.0, down=0.0):
        wide = super().write(words, x, y, ink, size, across, down)
        place = pygame.Rect(round(x - wide * across), round(y - size * down), round(wide), size)
        self.written.append((words, place))
        return wide


@cache
def keys_of(scene: str) -> KeyTable:
    """The keys of a session with a scene."""
    own = scenes.find(scene).offers("keys", "KEYS")
    return KeyTable(own or (), scene_of(scene).layers)


def help_pages(
    width: int, height: int, scale: float, table: KeyTable
) -> list[list[tuple[str, pygame.Rect]]]:
    """What stands on each page of the help."""
    surface = pygame.Surface((round(width * scale), round(height * scale)))
    shown, pages = help_.Help(), []
    shown.table = table
    shown.turn()
    while shown.open:
        painter = Noting(surface, scale)
        shown.draw(painter)
        pages.append(painter.written)
        shown.turn()
        assert len(pages) <= len(table.keys)
    return pages


@settings(max_examples=40, deadline=None)
# Room for all rows in the larger text, but not for its longest line.
@example(480, 789, 0.75, "swarm")
@example(480, 789, 0.75, "road")
@given(
    st.integers(480, 2000),
    st.integers(320, 1200),
    st.sampled_from(SCALES),
    st.sampled_from(scenes.OWN),
)
def test_every_key_is_read_in_full_on_some_page(width: int, height: int, scale: float, scene: str):
    table = keys_of(scene)
    pages = help_pages(width, height, scale, table)
    words = [said for page in pages for said, _ in page]
    for key in table.keys:
        assert key.label in words
        assert key.does in words
    for page in pages:
        for (said, one), (other_said, other) in combinations(page, 2):
            assert not one.colliderect(other), (said, other_said)
        assert all(pygame.Rect(0, 0, width, height).contains(place) for _, place in page)


@pytest.mark.parametrize("scene", scenes.OWN)
@pytest.mark.parametrize(("size", "pages"), [((1280, 720), 1), ((800, 600), 1), ((480, 320), 3)])
def test_one_page_where_there_is_room(size: tuple[int, int], pages: int, scene: str):
    assert len(help_pages(*size, 1.0, keys_of(scene))) <= pages


def test_a_window_that_grows_while_the_help_is_open():
    shown = help_.Help()
    shown.turn()
    for size in ((480, 320), (480, 320), (1600, 900)):
        shown.draw(Noting(pygame.Surface(size), 1.0))
        shown.turn()
    assert not shown.open


# The header and the footer.

WORDS = st.text(max_size=60)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(320, 2000),
    st.sampled_from(SCALES),
    st.lists(WORDS, max_size=9),
    st.tuples(WORDS, WORDS, WORDS),
    st.tuples(st.integers(0, 5000), st.integers(0, 1000)),
)
def test_header_and_footer_never_write_over_themselves(
    width: int, scale: float, events: list[str], texts: tuple[str, str, str], done: tuple[int, int]
):
    hud = Hud()
    for number, words in enumerate(events):
        hud.note(words, float(number))
    hud.tell(texts[2], 3.0)
    facts = Status(*texts[:2], tuple(events), "0.5x", progress=Progress(*done))
    surface = pygame.Surface((round(width * scale), round(80 * scale)))
    for draw in (hud.header, lambda *a: hud.footer(*a, 9.0), lambda *a: hud.footer(*a, 4.0)):
        painter, area = Noting(surface, scale), pygame.Rect(0, 0, width, 40)
        draw(painter, area, facts)
        boxes = [(said, box) for said, box in painter.written if said.strip() and box.width > 2]
        for (said, one), (other_said, other) in combinations(boxes, 2):
            assert not one.inflate(-2, 0).colliderect(other), (said, other_said)
        assert all(area.inflate(2, 40).contains(box) for _, box in boxes)


def test_progress_is_a_bar_and_words():
    painter, area = Noting(pygame.Surface((600, 40)), 1.0), pygame.Rect(0, 0, 600, 40)
    Hud().header(painter, area, Status("Swarm", "", (), "", progress=Progress(250, 1000)))
    assert "starting 250 of 1,000" in [said for said, _ in painter.written]
    row = [painter.surface.get_at((x, 38))[:3] == painter.theme["accent"] for x in range(600)]
    assert row == [True] * 150 + [False] * 450


def test_events_stand_newest_at_the_right_and_not_twice():
    hud, area = Hud(), pygame.Rect(0, 0, 1200, 28)
    hud.note("Robot 3 was killed: SIGKILL", 0.0)
    hud.note("Robot 7 left with exit code 3", 40.0)
    facts, surface = Status("Swarm", "", (), ""), pygame.Surface((1200, 28))
    painter = Noting(surface, 1.0)
    hud.footer(painter, area, facts, 60.0)
    events = [said for said, box in sorted(painter.written, key=lambda w: w[1].x)][-2:]
    assert events == [
        "Robot 3 was killed: SIGKILL, 60 s ago",
        "Robot 7 left with exit code 3, 20 s ago",
    ]
    hud.tell("Robot 7 left with exit code 3", 60.0, alarm=True)
    painter = Noting(surface, 1.0)
    hud.footer(painter, area, facts, 61.0)
    assert len([said for said, _ in painter.written if "Robot 7" in said]) == 1


# The whole screen, at every scale.


def frame(agents: int = 12) -> Frame:
    made = Frame({"x": "m", "y": "m"}, agents)
    made.values[:] = np.linspace(5, 95, agents)[:, None]
    made.agents, made.now = np.arange(agents), 0.2
    made.updates[:] = 3
    return made


FACTS = Status("Swarm", "mover wander", ("60 fps",), "", moment=Moment(5.0, 120.0, 12.0, 0.0))


def screen_of(theme: str = "dark", scale: float = 1.0) -> Screen:
    """A screen with the swarm on it, of which robot 2 is selected."""
    made = Screen(ShownScene(scene_of("swarm")), Bar(), theme, scale)
    made.selected = 2
    return made


def show(
    screen: Screen,
    surface: pygame.Surface,
    made: Frame,
    facts: Status = FACTS,
    inspection: Inspection | None = None,
) -> None:
    """Follow a frame, and draw it."""
    screen.follow(made, facts.moment)
    screen.draw(surface, facts, inspection)
    assert not screen.scene.error


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scale", [*SCALES, 4])
@pytest.mark.parametrize("points", [(320, 240), (480, 320), (800, 500), (1280, 720)])
def test_everything_is_drawn_at_any_scale(theme: str, scale: float, points: tuple[int, int]):
    if points[0] * scale > 3840:
        pytest.skip("no such display")
    surface = pygame.display.set_mode((round(points[0] * scale), round(points[1] * scale)))
    screen = screen_of(theme, scale)
    screen.show_curves()
    screen.help()
    inspection = Inspection("Robot 2", 2, [("state", "running")], "words", "K: kill")
    facts = FACTS._replace(progress=Progress(3, 10))
    show(screen, surface, frame(), facts, inspection)
    screen.help()
    show(screen, surface, frame(), facts)


@pytest.mark.parametrize("agents", [12, 1500])
@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize("size", [(1, 1), (30, 20), (200, 30), (321, 61), (321, 151), (321, 401)])
def test_a_window_may_be_made_as_small_as_can_be(size: tuple[int, int], scale: int, agents: int):
    surface = pygame.Surface(size)
    screen = screen_of("dark", scale)
    made = frame(agents)
    for notches in (0, 60):  # at first the whole ground, then agents up to the very edge
        screen.point(Gesture("wheel", (0, size[1] // 2), (0.0, notches)))
        for _ in range(3):
            made.now += 0.1
            made.values += 0.2
            made.fresh[:] = True
            show(screen, surface, made)
        assert screen.canvas is not None
        view = pygame.Rect(screen.canvas.view)
        assert view.clip(surface.get_rect()).size == view.size


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_click_on_a_row_of_the_table_selects_it_at_any_scale(scale: int):
    surface = pygame.display.set_mode((1280 * scale, 720 * scale))
    screen = screen_of("dark", scale)
    show(screen, surface, frame())
    table = lay_out((1280, 720), Wanted()).table
    for row in (0, 5):
        x = (table.x + 100) * scale
        y = round((table.y + panel.TOP + 4 + (row + 0.5) * panel.ROW) * scale)
        screen.selected = -1
        screen.point(Gesture("click", (x, y)))
        assert screen.selected == row
        # What is drawn there is that agent's row, with its colour at the left.
        at = (table.x + panel.EDGE + 2) * scale, y
        assert surface.get_at(at)[:3] == Theme("dark").agent(row)


def test_the_key_shows_and_hides_the_curves():
    surface = pygame.display.set_mode((1280, 720))
    screen = screen_of()
    heights = []
    for _ in range(3):
        show(screen, surface, frame())
        heights.append(screen.canvas.view[3])
        screen.show_curves()
    assert heights[0] == heights[2] == heights[1] + 112
