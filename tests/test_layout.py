"""The layout and the help: every part inside the window, none over another, at all sizes."""

from itertools import combinations

import numpy as np
import pygame
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from game import scenes
from game.snapshot import Snapshot
from game.stage import Stage
from game.view import help as help_
from game.view import panel
from game.view.bar import Bar
from game.view.card import Card
from game.view.curves import Moment
from game.view.hud import Facts, Hud, Progress
from game.view.keys import KEYS
from game.view.layout import Layout, Wanted, lay_out
from game.view.pen import Pen
from game.view.pointer import Gesture
from game.view.theme import Theme

SIZES = st.tuples(st.integers(240, 3840), st.integers(160, 2160))
SCALES = [0.75, 1, 1.5, 2, 3]
WANTED = st.builds(Wanted, *[st.booleans()] * 4)


pytestmark = pytest.mark.usefixtures("display")


def parts(layout: Layout) -> dict[str, pygame.Rect]:
    return {name: part for name, part in layout._asdict().items() if part is not None}


@given(SIZES, WANTED)
def test_parts_share_the_window_without_a_gap(size: tuple[int, int], wanted: Wanted):
    layout = lay_out(size, wanted)
    window, have = pygame.Rect(0, 0, *size), parts(layout)
    for name, part in have.items():
        assert window.contains(part), name
        assert part.width > 0, name
        assert part.height > 0, name
    for (name, one), (other_name, other) in combinations(have.items(), 2):
        assert not one.colliderect(other), (name, other_name)
    covered = sum(part.width * part.height for part in have.values())
    assert covered == size[0] * size[1]


@given(SIZES, WANTED)
def test_a_part_is_there_only_if_it_is_wanted(size: tuple[int, int], wanted: Wanted):
    have = parts(lay_out(size, wanted))
    for name in ("card", "caption", "bar", "curves"):
        assert getattr(wanted, name) or name not in have
    if size[0] >= 1280 and size[1] >= 720:
        assert {name for name, on in wanted._asdict().items() if on} <= set(have)


@pytest.mark.parametrize("size", [(480, 320), (800, 500)])
def test_a_small_window_gives_a_card_room_to_be_read(size: tuple[int, int]):
    card = lay_out(size, Wanted(card=True)).card
    assert card.height >= 240


# The help.


class Noting(Pen):
    """A pen that notes what it has written, where, and in what size."""

    def __init__(self, surface: pygame.Surface, scale: float) -> None:
        super().__init__(surface, Theme("dark"), scale)
        self.written: list[tuple[str, pygame.Rect]] = []

    def write(self, words, x, y, ink="text", size=13, across=0.0, down=0.0):
        wide = super().write(words, x, y, ink, size, across, down)
        place = pygame.Rect(round(x - wide * across), round(y - size * down), round(wide), size)
        self.written.append((words, place))
        return wide


def help_pages(width: int, height: int, scale: float) -> list[list[tuple[str, pygame.Rect]]]:
    """What stands on each page of the help."""
    surface = pygame.Surface((round(width * scale), round(height * scale)))
    shown, pages = help_.Help(), []
    shown.turn()
    while shown.open:
        pen = Noting(surface, scale)
        shown.draw(pen)
        pages.append(pen.written)
        shown.turn()
        assert len(pages) <= len(KEYS)
    return pages


@settings(max_examples=40, deadline=None)
@example(480, 789, 0.75)  # room for all rows in the larger text, but not for its longest line
@given(st.integers(480, 2000), st.integers(320, 1200), st.sampled_from(SCALES))
def test_every_key_is_read_in_full_on_some_page(width: int, height: int, scale: float):
    pages = help_pages(width, height, scale)
    words = [said for page in pages for said, _ in page]
    for key in KEYS:
        assert key.label in words
        assert key.does in words
    for page in pages:
        for (said, one), (other_said, other) in combinations(page, 2):
            assert not one.colliderect(other), (said, other_said)
        assert all(pygame.Rect(0, 0, width, height).contains(place) for _, place in page)


@pytest.mark.parametrize(("size", "pages"), [((1280, 720), 1), ((800, 600), 1), ((480, 320), 3)])
def test_one_page_where_there_is_room(size: tuple[int, int], pages: int):
    assert len(help_pages(*size, 1.0)) <= pages


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
    facts = Facts(texts[0], texts[1], tuple(events), "0.5x", Progress(*done, "starting"))
    surface = pygame.Surface((round(width * scale), round(80 * scale)))
    for draw in (hud.header, lambda *a: hud.footer(*a, 9.0), lambda *a: hud.footer(*a, 4.0)):
        pen, area = Noting(surface, scale), pygame.Rect(0, 0, width, 40)
        draw(pen, area, facts)
        boxes = [(said, box) for said, box in pen.written if said.strip() and box.width > 2]
        for (said, one), (other_said, other) in combinations(boxes, 2):
            assert not one.inflate(-2, 0).colliderect(other), (said, other_said)
        assert all(area.inflate(2, 40).contains(box) for _, box in boxes)


def test_progress_is_a_bar_and_words():
    pen, area = Noting(pygame.Surface((600, 40)), 1.0), pygame.Rect(0, 0, 600, 40)
    Hud().header(pen, area, Facts("Swarm", "", (), "", Progress(250, 1000, "starting")))
    assert "starting 250 of 1,000" in [said for said, _ in pen.written]
    row = [pen.surface.get_at((x, 38))[:3] == pen.theme["accent"] for x in range(600)]
    assert row == [True] * 150 + [False] * 450


def test_events_stand_newest_at_the_right_and_not_twice():
    hud, area = Hud(), pygame.Rect(0, 0, 1200, 28)
    hud.note("Robot 3 was killed: SIGKILL", 0.0)
    hud.note("Robot 7 left with exit code 3", 40.0)
    facts, surface = Facts("Swarm", "", (), ""), pygame.Surface((1200, 28))
    pen = Noting(surface, 1.0)
    hud.footer(pen, area, facts, 60.0)
    events = [said for said, box in sorted(pen.written, key=lambda w: w[1].x)][-2:]
    assert events == [
        "Robot 3 was killed: SIGKILL, 60 s ago",
        "Robot 7 left with exit code 3, 20 s ago",
    ]
    hud.tell("Robot 7 left with exit code 3", 60.0, alarm=True)
    pen = Noting(surface, 1.0)
    hud.footer(pen, area, facts, 61.0)
    assert len([said for said, _ in pen.written if "Robot 7" in said]) == 1


# The whole stage, at every scale.


def snapshot(agents: int = 12) -> Snapshot:
    made = Snapshot({"x": "m", "y": "m"}, agents)
    made.values[:] = np.linspace(5, 95, agents)[:, None]
    made.agents, made.now, made.selected = np.arange(agents), 0.2, 2
    made.updates[:] = 3
    return made


FACTS = Facts("Swarm", "mover wander", ("60 fps",), "", moment=Moment(5.0, 120.0, 12.0, 0.0))


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("scale", [*SCALES, 4])
@pytest.mark.parametrize("points", [(320, 240), (480, 320), (800, 500), (1280, 720)])
def test_everything_is_drawn_at_any_scale(theme: str, scale: float, points: tuple[int, int]):
    if points[0] * scale > 3840:
        pytest.skip("no such display")
    surface = pygame.display.set_mode((round(points[0] * scale), round(points[1] * scale)))
    stage = Stage(scenes.make("swarm", ""), Bar(), theme, scale)
    stage.show_curves()
    stage.help()
    card = Card("Robot 2", 2, [("state", "running")], "words", "K: kill")
    facts = FACTS._replace(progress=Progress(3, 10, "starting"))
    stage.draw(surface, snapshot(), facts, card)
    stage.help()
    stage.draw(surface, snapshot(), facts, None)


@pytest.mark.parametrize("agents", [12, 1500])
@pytest.mark.parametrize("scale", [1, 2, 4])
@pytest.mark.parametrize("size", [(1, 1), (30, 20), (200, 30), (321, 61), (321, 151), (321, 401)])
def test_a_window_may_be_made_as_small_as_can_be(size: tuple[int, int], scale: int, agents: int):
    surface = pygame.Surface(size)
    stage = Stage(scenes.make("swarm", ""), Bar(), "dark", scale)
    made = snapshot(agents)
    for notches in (0, 60):  # at first the whole ground, then agents up to the very edge
        stage.point(Gesture("wheel", (0, size[1] // 2), (0.0, notches)), -1)
        for _ in range(3):
            made.now += 0.1
            made.values += 0.2
            made.fresh[:] = True
            stage.draw(surface, made, FACTS, None)
        assert stage.canvas is not None
        view = pygame.Rect(stage.canvas.view)
        assert view.clip(surface.get_rect()).size == view.size


@pytest.mark.parametrize("scale", [1, 2, 3])
def test_a_click_on_a_row_of_the_table_selects_it_at_any_scale(scale: int):
    surface = pygame.display.set_mode((1280 * scale, 720 * scale))
    stage = Stage(scenes.make("swarm", ""), Bar(), "dark", scale)
    stage.draw(surface, snapshot(), FACTS, None)
    table = lay_out((1280, 720), Wanted()).table
    for row in (0, 5):
        x = (table.x + 100) * scale
        y = round((table.y + panel.TOP + 4 + (row + 0.5) * panel.ROW) * scale)
        assert stage.point(Gesture("click", (x, y)), -1) == row
        # What is drawn there is that agent's row, with its colour at the left.
        at = (table.x + panel.EDGE + 2) * scale, y
        assert surface.get_at(at)[:3] == Theme("dark").agent(row)


def test_the_key_shows_and_hides_the_curves():
    surface = pygame.display.set_mode((1280, 720))
    stage = Stage(scenes.make("swarm", ""), Bar(), "dark", 1.0)
    heights = []
    for _ in range(3):
        stage.draw(surface, snapshot(), FACTS, None)
        heights.append(stage.canvas.view[3])
        stage.show_curves()
    assert heights[0] == heights[2] == heights[1] + 112
