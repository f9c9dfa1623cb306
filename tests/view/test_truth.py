"""What is shown is true: the bar and the ground are of one frame, a colour is a process, and places
are drawn as exactly as they are known."""

from collections.abc import Iterator

import numpy as np
import pygame
import pytest

from game import scenes
from game.frame import Frame
from game.opening import make_screen
from game.view import agents, interpolation, sprites
from game.view.bar import Bar
from game.view.canvas import Canvas
from game.view.cell_raster import FADES
from game.view.density_picture import FAINTEST
from game.view.hud import Status
from game.view.interpolation import Interpolation
from game.view.painter import Painter
from game.view.screen import Screen
from game.view.theme import Theme
from tests import seen
from tests.made import options_of, scene_of
from tests.scenes.moving import run

SIZE = (1100, 720)
FACTS = Status("A run", "mover wander", ("60 fps",), "")
DARK = Theme("dark")
pytestmark = pytest.mark.usefixtures("display")


def pixels(surface: pygame.Surface) -> np.ndarray:
    return seen.pixels(surface).astype(int)


def screen_of(scene: str, *arguments: str) -> Screen:
    return make_screen(scenes.find(scene), options_of(scene, *arguments))


def swarm(slots: int, per_process: int, now: float = 10.0) -> Frame:
    """Robots in rows, each of which published a while ago."""
    many = slots * per_process
    side = int(np.ceil(np.sqrt(many)))
    n = np.arange(many)
    values = np.column_stack((n % side, n // side)) * (90.0 / max(side - 1, 1)) + 5.0
    made = Frame(scenes.find("swarm").fields, slots, per_process)
    return made.next(
        now=now,
        agents=n,
        values=values,
        updates=np.ones(slots, np.int64),
        changed=np.full(slots, now),
        expected=0.1,
        step=0.1,
        interval=np.full(slots, 0.1),
    )


def between(frames: tuple[Frame, ...]) -> Iterator[Frame]:
    """The frames, and two more after each, without news."""
    for frame in frames:
        yield frame
        for later in (1 / 60, 2 / 60):
            yield frame.next(now=frame.now + later, fresh=np.zeros_like(frame.fresh))


# Bar and ground.


@pytest.mark.parametrize(("scene", "many"), [("swarm", 6), ("race", 6), ("swarm", 60)])
def test_in_every_frame_the_cells_are_those_of_the_frame_that_the_ground_shows(
    scene: str, many: int
):
    screen, whole = screen_of(scene), Bar()
    surface, sheet = pygame.Surface(SIZE), pygame.Surface(SIZE)
    frames = list(between(run(scene, many)))
    assert len(frames) > 200
    for frame in frames:
        screen.follow(frame, FACTS.moment)
        screen.draw(surface, FACTS)
        assert screen.scene.scene.frame is frame, "what the ground shows"
        whole.follow(frame)
        whole.draw(Painter(sheet, DARK), screen._layout.bar)
        row = screen.bar.row
        assert row == whole.row
        shown, wanted = (pixels(s.subsurface(row)) for s in (surface, sheet))
        assert (shown == wanted).all(), frame.now


def test_a_picture_drawn_twice_has_the_same_bar():
    screen, surface = screen_of("swarm"), pygame.Surface(SIZE)
    for frame in between(run("swarm", 8)[:12]):
        screen.follow(frame, FACTS.moment)
        screen.draw(surface, FACTS)
        before = pixels(surface)
        screen.draw(surface, FACTS)
        assert (pixels(surface) == before).all()


def cell_of(bar: Bar, surface: pygame.Surface, element: int) -> np.ndarray:
    """The pixels of an element's cell, without the gaps beside it."""
    cell = pixels(surface.subsurface(bar.row))
    left = bar.cells.x(element)
    return cell[left + 2 : left + bar.cells.pitch - 2]


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("rate", [1, 1000])
def test_a_write_is_a_line_that_is_gone_in_80_ms_and_the_cell_keeps_its_colour(
    theme: str, rate: int
):
    bar, surface, frame = Bar(), pygame.Surface(SIZE), swarm(12, 1)
    painter, area = Painter(surface, Theme(theme), 1.0), pygame.Rect(0, 600, SIZE[0], 66)

    def shown(frame: Frame) -> np.ndarray:
        bar.follow(frame)
        bar.draw(painter, area)
        return cell_of(bar, surface, 0)

    rest, fresh = shown(frame), np.arange(12) == 0
    lower = slice(6, None)  # [px] of a cell, below the line
    for number in range(60):
        frame = frame.next(now=frame.now + 1 / 60, fresh=fresh & (rate > 60 or number == 0))
        written = shown(frame)
        assert (written[:, lower] == rest[:, lower]).all()
        since = 0.0 if rate > 60 else number / 60
        assert (written != rest).any() == (since < FADES)
    for later in (0.03, 0.079, 0.08, 0.1):
        after = frame.next(now=frame.now + later, fresh=np.zeros(12, bool))
        lit = (shown(after) != rest).any()
        assert lit == (rate > 60 and later < 0.08 and later < FADES)


# A colour is a process.


def nearest(picture: np.ndarray, x: float, y: float, reach: int = 8) -> set[tuple[int, ...]]:
    """The colours of pixels near a place."""
    x, y = round(x), round(y)
    part = picture[x - reach : x + reach + 1, y - reach : y + reach + 1]
    return set(map(tuple, part.reshape(-1, 3).tolist()))


def test_sprites_table_and_bar_have_the_colour_of_the_process():
    screen, surface = screen_of("swarm", "--per-process", "4", "--agents", "12"), None
    surface = pygame.Surface((1280, 720))
    frame = swarm(3, 4)
    screen.follow(frame, FACTS.moment)
    screen.draw(surface, FACTS)
    picture, places = pixels(surface), screen.canvas.drawn[0].tolist()
    for agent, (x, y) in enumerate(places):
        owner, other = DARK.agent(agent // 4), DARK.agent(agent)
        near = nearest(picture, x, y)
        assert owner in near
        assert agent < 4 or other == owner or other not in near
        assert owner in set(map(tuple, cell_of(screen.bar, surface, 2 * agent).reshape(-1, 3)))
    table = screen._layout.table
    bands = [
        tuple(picture[table.x + 15, table.y + 56 + 24 * row + 4].tolist()) for row in range(12)
    ]
    assert bands == [DARK.agent(row // 4) for row in range(12)]


def test_dots_and_a_density_have_the_colours_of_the_processes():
    for slots, per_process in ((3, 1000), (3, 60_000)):
        scene, surface = scene_of("swarm"), pygame.Surface((600, 600))
        canvas = Canvas(surface, (0, 0, 600, 600), scene.bounds, DARK)
        frame = swarm(slots, per_process)
        scene.follow(frame)
        scene.draw(canvas)
        picture = pixels(surface)
        for slot in range(slots):  # rows of robots lie one over the other
            y = frame.values[slot * per_process + per_process // 2, 1]
            row = round(canvas.camera.pixel(50.0, float(y))[1])
            found = [inked(picture[60:540, row - 6 : row + 6], DARK.agent(n)) for n in range(slots)]
            assert found.pop(slot) > 100
            assert sum(found) < 10


def inked(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    """How many pixels have a colour, or are on the way to it from the floor."""
    own, way = np.array(colour) - DARK["floor"], picture.reshape(-1, 3) - DARK["floor"]
    part = np.clip(way @ own / (own @ own), FAINTEST * 0.9, 1)[:, None]
    return int((np.abs(way - part * own).sum(axis=1) < 8).sum())


def test_the_colours_of_many_agents_are_told_of_in_the_header(monkeypatch: pytest.MonkeyPatch):
    for per_process, note in ((1, ""), (2, "a colour for each process")):
        screen, frame = screen_of("swarm"), swarm(3, per_process)
        screen.follow(frame, FACTS.moment)
        assert screen._note(frame) == note
        said: list[str] = []
        real = Painter.write
        monkeypatch.setattr(
            Painter,
            "write",
            lambda self, w, *a, said=said, real=real, **k: said.append(w) or real(self, w, *a, **k),
        )
        screen.draw(pygame.Surface((1280, 720)), FACTS)
        monkeypatch.undo()
        assert ("a colour for each process" in said) == (per_process > 1)


# Motion.


@pytest.mark.parametrize("many", [12, 20_001, 100_000])
def test_any_number_of_robots_glides(many: int):
    scene, surface = scene_of("swarm"), pygame.Surface((500, 500))
    canvas = Canvas(surface, (0, 0, 500, 500), scene.bounds, DARK)
    frame = swarm(3, many // 3)
    seen = set()
    for number in range(30):
        fresh = np.full(3, number % 6 == 0)
        values = frame.values + 3.0 if number % 6 == 0 else frame.values
        now = frame.now + 1 / 60
        changed = np.where(fresh, now, frame.changed)
        frame = frame.next(
            now=now, fresh=fresh, values=values, changed=changed, updates=frame.updates + fresh
        )
        scene.follow(frame)
        scene.draw(canvas)
        if number >= 6:  # from the second row on
            seen.add(pygame.image.tobytes(surface, "RGB"))
    assert len(seen) >= 23
    assert scene.note == ""


def test_who_does_not_glide_is_told_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(interpolation, "MOST", 10)
    screen = screen_of("swarm")
    for many, note in ((10, ""), (11, "in steps: too many to glide")):
        screen.follow(swarm(many, 1), FACTS.moment)
        assert screen._note(swarm(many, 1)) == note


def test_an_impossible_jump_is_shown_at_once_and_marked():
    scene, surface = scene_of("swarm"), pygame.Surface((600, 600))
    canvas = Canvas(surface, (0, 0, 600, 600), scene.bounds, DARK)
    alarm = np.array(DARK["alarm"])

    def marks(frame: Frame) -> int:
        scene.follow(frame)
        scene.draw(canvas)
        return int((np.abs(pixels(surface) - alarm).sum(axis=2) < 12).sum())

    frame = swarm(1, 1).next(values=np.array([[10.0, 50.0]]))
    assert marks(frame) == 0
    rows = {"fresh": np.ones(1, bool), "updates": frame.updates + 1}
    near = frame.next(now=10.1, changed=np.array([10.1]), values=np.array([[11.0, 50.0]]), **rows)
    assert marks(near) == 0
    rows["updates"] = frame.updates + 2
    far = near.next(now=10.2, changed=np.array([10.2]), values=np.array([[90.0, 50.0]]), **rows)
    assert marks(far) > 50
    assert scene.where(0, canvas) == (90.0, 50.0)
    later = far.next(now=10.2 + interpolation.MARKED, fresh=np.zeros(1, bool))
    assert marks(later) == 0


def test_a_restarted_robot_and_one_that_made_many_updates_have_not_jumped():
    glide = Interpolation(lambda seconds: 10.0 * seconds)
    frame = swarm(2, 1).next(values=np.array([[0.0, 0.0], [0.0, 0.0]]))
    glide.follow(frame)
    frame = frame.next(
        now=11.0,
        values=np.array([[4.0, 0.0], [4.0, 0.0]]),
        fresh=np.ones(2, bool),
        updates=np.array([6, 2]),  # half a second of simulated time, and a tenth
        first=np.zeros(2),
    )
    glide.follow(frame)
    assert glide.jumps(frame)[0].tolist() == [False, True]
    frame = frame.next(now=12.0, values=frame.values + 50, first=np.array([12.0, 0.0]))
    glide.follow(frame)
    assert glide.jumps(frame)[0].tolist() == [False, True]


def middle(surface: pygame.Surface) -> np.ndarray:
    """The middle of all that is bright, [px]."""
    weight = pixels(surface).sum(axis=2).astype(float)
    across, down = np.arange(weight.shape[0]) + 0.5, np.arange(weight.shape[1]) + 0.5
    return np.array([weight.sum(axis=1) @ across, weight.sum(axis=0) @ down]) / weight.sum()


@pytest.mark.parametrize("size", [12, 24, 36])
def test_a_sprite_is_drawn_at_a_part_of_a_pixel(size: int):
    frame = swarm(1, 1)
    bounds = scene_of("swarm").bounds
    offsets = []
    for part in np.linspace(0, 1.5, 13):
        surface = pygame.Surface((200, 200))
        canvas = Canvas(surface, (0, 0, 200, 200), bounds, DARK)
        place = np.array([canvas.camera.ground(100.0 + part, 100.0 + part / 2)])
        agents.draw(canvas, frame, agents.Sprites("robot", size, place))
        offsets.append(middle(surface) - (part, part / 2))
    spread = np.ptp(offsets, axis=0)
    assert spread.max() < 0.45, "whole pixels would be a pixel apart"


@pytest.mark.parametrize("size", [10, 20, 40, 80])
def test_a_sprite_turns_about_its_middle_and_keeps_its_size(size: int):
    seen = []
    for turn in range(0, sprites.turns(size), 5):
        surface = pygame.Surface((200, 200))
        body = sprites.turned("car", (250, 250, 250), size, turn)
        surface.blits([agents._blit(body, (100, 100))])
        seen.append((*middle(surface), pixels(surface).sum() / 750))
    x, y, area = np.array(seen).T
    assert np.hypot(x - 100, y - 100).max() < 0.05 * size
    assert np.ptp(area) < 0.06 * area.mean()


@pytest.mark.parametrize("place", [(3.0, 4.0), (97.0, 50.0), (50.0, 50.0)])
def test_the_followed_robot_is_in_the_middle_of_the_ground(place: tuple[float, float]):
    screen, frame = screen_of("swarm"), swarm(1, 1).next(values=np.array([place]))
    surface = pygame.Surface((1280, 720))
    screen.follow(frame, FACTS.moment)
    screen.draw(surface, FACTS)
    screen.selected = 0
    screen.follow_selected()
    screen.draw(surface, FACTS)
    left, top, width, height = screen.canvas.view
    assert screen.canvas.drawn[0][0].tolist() == pytest.approx(
        [left + width / 2, top + height / 2], abs=0.01
    )
