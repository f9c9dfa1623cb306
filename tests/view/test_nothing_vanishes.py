"""Nothing vanishes without a word: what is wanted is drawn, or named, with how to see it."""

import re
from dataclasses import dataclass, field

import numpy as np
import pygame
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from game import scenes
from game.frame import Frame
from game.view import caption, legend
from game.view import painter as painters
from game.view.bar import Bar
from game.view.caption import Caption
from game.view.curves import CHARTS, Moment
from game.view.hud import Status
from game.view.inspector import Inspection
from game.view.layout import Wanted, lay_out, no_room, remedies
from game.view.painter import Painter
from game.view.scene import BaseScene, ShownScene
from game.view.screen import Screen
from game.view.theme import Theme
from tests import seen
from tests.made import scene_of
from tests.scenes import moving

SIZES = [  # [px] and [px/pt]
    *(((480, 320), 1.0), ((480, 320), 1.5), ((800, 600), 1.0), ((1024, 768), 1.0)),
    *(((1024, 768), 1.5), ((1280, 720), 1.0), ((1280, 720), 1.5), ((1920, 1080), 1.5)),
]
FACTS = [(f"fact {n}", f"value {n}") for n in range(30)]
CARD = Inspection("Agent 2", 2, FACTS, "", "K: kill")
PAPER = (1, 2, 3)
STATUS = Status("A run", "mover wander", ("60 fps",), "", Moment(5.0, 120.0, 12.0, 0.0))

pytestmark = pytest.mark.usefixtures("display")


@dataclass
class Picture:
    """What is written in a picture, and where [pt]."""

    screen: Screen
    words: list[tuple[str, pygame.Rect]] = field(default_factory=list)

    def has(self, wanted: str) -> bool:
        """Whether something is written, alone or in the course of more."""
        return any(wanted == said for said, _ in self.words)

    @property
    def named(self) -> str:
        """What the picture says that there is no room for, and how to see it; "" if nothing."""
        begun = [at for at, (said, _) in enumerate(self.words) if said.startswith("no room")]
        assert len(begun) <= 1
        lines = self.words[begun[0] : -1] if begun else []  # all but the hint, at the very end
        return " ".join(said for said, _ in lines)


def shown(
    screen: Screen,
    frames: list[Frame],
    size: tuple[int, int],
    card: Inspection | None,
    monkeypatch: pytest.MonkeyPatch,
) -> Picture:
    """The picture after some frames."""
    picture, surface = Picture(screen), pygame.display.set_mode(size)
    write = Painter.write

    def noted(self, words, x, y, ink="text", size=painters.SMALL, across=0.0, down=0.0):
        wide = write(self, words, x, y, ink, size, across, down)
        place = round(x - wide * across), round(y - size * down), round(wide), size
        picture.words.append((words, pygame.Rect(place)))
        return wide

    for number, frame in enumerate(frames, 1):
        screen.follow(frame, STATUS.moment)
        if number in (1, len(frames)):
            screen.draw(surface, STATUS, card)
    screen.renew()
    legend.picture.cache_clear()  # a picture that is kept is not written again
    with monkeypatch.context() as patch:
        patch.setattr(Painter, "write", noted)
        screen.draw(surface, STATUS, card)
    assert not screen.scene.error, screen.scene.error
    return picture


def screen_of(scene: BaseScene, scale: float, curves: bool = True, name: str = "values") -> Screen:
    made = Screen(ShownScene(scene), Bar(name), "dark", scale)
    made.curves.shown, made.selected = curves, 2
    return made


def said(picture: Picture, lines: list[str]) -> bool:
    """Whether all lines stand there, in order, broken or not."""
    whole = " ".join(words for words, _ in picture.words)
    return all(" ".join(line.split()) in re.sub(r"\s+", " ", whole) for line in lines)


@pytest.mark.parametrize("agents", [4, 150])
@pytest.mark.parametrize("card", [None, CARD], ids=["", "card"])
@pytest.mark.parametrize(("size", "scale"), SIZES)
@pytest.mark.parametrize("name", scenes.OWN)
def test_what_is_wanted_is_drawn_or_named(
    name: str,
    size: tuple[int, int],
    scale: float,
    card: Inspection | None,
    agents: int,
    monkeypatch: pytest.MonkeyPatch,
):
    screen = screen_of(scene_of(name), scale)
    frames = list(moving.run(name, agents)[: moving.ARRIVES + 2])
    picture = shown(screen, frames, size, card, monkeypatch)
    named = picture.named
    assert not named.endswith("…"), "it names all of it"
    for box in (place for words, place in picture.words if words and words in named):
        assert box.right <= size[0] / scale, "in sight"
    panel = screen.scene.panel(1000, -1)
    if picture.has(panel.title):
        rows = panel.total
        first = [str(cells[0]) for _, cells in screen.scene.panel(rows, -1).rows]
        more = [words for words, _ in picture.words if re.fullmatch("and [0-9,]+ more", words)]
        there = sum(map(picture.has, first))
        assert there >= rows or more, "rows are there, or counted"
    else:
        assert "table" in named
    words = screen.scene.caption()
    if words and not said(picture, [words.title]):
        assert "caption and code" in named
    elif words:
        assert said(picture, [words.alarm] if words.alarm else [words.says, words.notice])
        assert said(picture, list(words.code))
    assert any(words.startswith("values: Array") for words, _ in picture.words) or (
        "array bar" in named
    )
    charts = [chart.title for chart in CHARTS]
    missing = [title for title in charts if not picture.has(title)]
    if picture.has(charts[0]):
        assert all(title in named for title in missing)
    else:
        assert "curves" in named
    if card:
        facts = [label for label, _ in FACTS if picture.has(label)]
        counted = [words for words, _ in picture.words if "more: make the" in words]
        assert picture.has(card.title) or "card" in named
        assert len(facts) == len(FACTS) or counted or "card" in named
    assert not named or re.search("larger|--scale 1|Esc", named), "and how to see it"


@pytest.mark.parametrize("name", scenes.OWN)
def test_an_ordinary_window_has_room_for_all(name: str, monkeypatch: pytest.MonkeyPatch):
    screen = screen_of(scene_of(name), 1.0)
    picture = shown(screen, list(moving.run(name, 8)[:9]), (1280, 720), None, monkeypatch)
    assert picture.named == ""


@pytest.mark.parametrize(("size", "scale"), [((1024, 768), 1.5), ((1280, 720), 1.5)])
@pytest.mark.parametrize("name", ["road", "tally"])
def test_a_projector_keeps_the_lesson(
    name: str, size: tuple[int, int], scale: float, monkeypatch: pytest.MonkeyPatch
):
    screen = screen_of(scene_of(name), scale, curves=False)
    picture = shown(screen, list(moving.run(name, 4)[:9]), size, None, monkeypatch)
    words = screen.scene.caption()
    assert words is not None
    assert said(picture, [words.says, *words.code])


def test_very_many_have_a_legend_or_are_told_that_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch,
):
    places = np.random.default_rng(1).uniform(0, 100, (200_000, 2))
    frame = Frame({"x": "m", "y": "m"}, 1, len(places))
    frame = frame.next(now=1.0, agents=np.arange(len(places)), values=places)
    for size, scale in SIZES:
        for card in (None, CARD):
            screen = screen_of(scene_of("swarm"), scale, curves=False)
            picture = shown(screen, [frame], size, card, monkeypatch)
            legend = [words for words, _ in picture.words if words.startswith("agents in")]
            assert legend or "legend" in picture.named, (size, scale, card)
    assert legend


WORDS = st.text("abc ", max_size=400)


@settings(max_examples=60, deadline=None)
@given(st.integers(300, 1300), st.sampled_from([1.0, 1.5, 2.0]), WORDS, WORDS, st.integers(0, 9))
def test_a_caption_is_as_high_as_its_words_need(
    width: int, scale: float, says: str, alarm: str, lines: int
):
    words = Caption("A title of some length", says, ["x = 1"] * lines, alarm, says[::-1])
    surface = pygame.Surface((round(width * scale), round(1500 * scale)))
    surface.fill(PAPER)
    painter = Painter(surface, Theme("dark"), scale)
    high = caption.height(painter, width, words)
    caption.draw(painter, pygame.Rect(0, 0, width, high), words)
    below = seen.pixels(surface)[:, round(high * scale) :]
    assert (below == PAPER).all()


class Wide(BaseScene):
    """A scene with more fields than a table has room for."""

    def draw(self, canvas) -> None:
        canvas.fill("floor")


@pytest.mark.parametrize("size", [(700, 640), (1024, 768), (1280, 720)])
def test_a_long_caption_is_read_to_its_end_or_named(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
):
    class Long(Wide):
        def caption(self) -> Caption:
            return Caption("A title", says, ["x = 1"] * 12, "", "")

    frame = Frame({"x": "m"}, 3).next(agents=np.arange(3), now=1.0)
    for words in (10, 60, 100, 190, 1000):
        says = " ".join(f"word{n}" for n in range(words))
        picture = shown(screen_of(Long(), 1.0), [frame], size, None, monkeypatch)
        if said(picture, [says]):
            ends = [place.bottom for line, place in picture.words if "word" in line]
            assert max(ends) <= picture.screen._layout.caption.bottom
        else:  # the longest is cut, and says so
            cut = words == 1000 and any("…" in line for line, _ in picture.words)
            assert cut or "caption and code" in picture.named


def test_a_table_says_how_many_of_the_fields_it_shows(monkeypatch: pytest.MonkeyPatch):
    for many in (1, 5, 6, 20):
        frame = Frame({f"f{n}": "m" for n in range(many)}, 3).next(agents=np.arange(3), now=1.0)
        screen = screen_of(Wide(), 1.0, curves=False)
        picture = shown(screen, [frame], (1280, 720), None, monkeypatch)
        titles = sum(picture.has(f"f{n} [m]") for n in range(many))
        assert titles == min(many, 5)
        assert picture.has("Agents" if many <= 5 else f"Agents, 5 of {many} fields (all: click)")


def test_a_scene_without_a_table_has_no_room_to_ask_for(monkeypatch: pytest.MonkeyPatch):
    class Bare(Wide):
        def panel(self, rows: int, selected: int):
            return super().panel(rows, selected)._replace(columns=(), rows=())

    frame = Frame({"x": "m"}, 3).next(agents=np.arange(3), now=1.0)
    for size in ((480, 420), (1280, 720)):
        screen = screen_of(Bare(), 1.0, curves=False)
        assert shown(screen, [frame], size, None, monkeypatch).named == ""


def test_how_to_see_it_is_what_helps():
    narrow = 700, 720
    assert lay_out(narrow, Wanted(table=True)).missing == ("table",)
    assert remedies(narrow, Wanted(table=True), 1.0)[0] == "make the window larger"
    assert remedies(narrow, Wanted(table=True), 1.5)[0].endswith("--scale 1")
    low = 1280, 360
    assert lay_out(low, Wanted(inspector=True, table=True)).missing == ("table",)
    assert remedies(low, Wanted(inspector=True, table=True), 1.5)[0] == "close the card (Esc)"
    assert no_room((), ("", "")) == ()
    assert no_room(("table", "card"), ("a", "b")) == (
        *("no room for table, card: a", "no room: table, card; b"),
    )
