"""Names that can be read: they keep their sides, cover no mark, and marks cover nothing."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from random import Random

import numpy as np
import pygame
import pytest

from game import scenes
from game.agent import Agent
from game.frame import Frame
from game.scenes.swarm.movers.wander import Mover
from game.view import agents, labels
from game.view.canvas import Canvas
from game.view.labels import PERIOD, Held
from game.view.scene import BaseScene
from game.view.theme import Theme
from tests.made import scene_of
from tests.scenes import moving

SIZE = (720, 720)
FPS, RATE = 60, 10.0  # [Hz] frames, and rows of each robot
BEFORE = 67  # changes a second that 40 robots had when each frame chose anew

pytestmark = pytest.mark.usefixtures("display")


def walk(robots: int, seconds: float) -> Iterator[Frame]:
    """The frames of real movers, without their processes."""
    found = scenes.find("swarm")
    world = found.world(None)
    movers = [Mover(Agent(n, Random(n), RATE, world)) for n in range(robots)]
    period = np.full(robots, 1 / RATE)
    frame = Frame(found.fields, robots).next(
        agents=np.arange(robots), expected=1 / RATE, interval=period, period=period
    )
    begun = np.full(robots, 1 / FPS)
    for number in range(1, round(seconds * FPS) + 1):
        fresh = number % round(FPS / RATE) == 1
        values = np.array([mover.step(1 / RATE) for mover in movers]) if fresh else frame.values
        changed = np.full(robots, number / FPS) if fresh else frame.changed
        flags = np.full(robots, fresh)
        frame = frame.next(
            now=number / FPS, values=values, fresh=flags, first=begun, changed=changed
        )
        frame = frame.next(updates=frame.updates + fresh)
        yield frame


def canvas_for(scene: BaseScene, name: str, *layers: str, surface: pygame.Surface | None = None):
    theme = Theme("dark", scenes.find(name).colours)
    made = Canvas(surface or pygame.Surface(SIZE), (0, 0, *SIZE), scene.bounds, theme)
    made.layers = frozenset(layers)
    return made


def sides_of(monkeypatch: pytest.MonkeyPatch) -> list[labels.Sides]:
    """What is drawn from now on: the side of each name that stands anywhere."""
    drawn: list[labels.Sides] = []
    draw = labels.draw

    def noted(*given) -> None:
        drawn.append(dict(given[-1]))
        draw(*given)

    monkeypatch.setattr(labels, "draw", noted)
    return drawn


def changes(drawn: list[labels.Sides], robots: int) -> list[list[int]]:
    """In which frames the name of each changed sides, came or went."""
    rows = [[sides.get(number) for sides in drawn] for number in range(robots)]
    return [[at for at, (a, b) in enumerate(pairwise(row)) if a != b] for row in rows]


def test_a_name_changes_sides_once_a_second_at_the_most(monkeypatch: pytest.MonkeyPatch):
    seconds, robots = 6, 40
    scene, drawn = scene_of("swarm"), sides_of(monkeypatch)
    made = canvas_for(scene, "swarm", "labels")
    for frame in walk(robots, seconds):
        made.look(made.camera, frame.now)
        scene.follow(frame)
        scene.draw(made)
    found = changes(drawn, robots)
    assert all(b - a >= FPS * PERIOD - 1 for row in found for a, b in pairwise(row))
    assert sum(map(len, found)) / seconds < BEFORE / 3
    assert np.mean([len(sides) for sides in drawn]) > robots / 2, "most have a name"


def test_without_anybody_to_hold_them_names_change_in_every_frame(monkeypatch: pytest.MonkeyPatch):
    """The proof that the test above can fail."""
    monkeypatch.setattr(Held, "follow", lambda *_: None)
    scene, drawn = scene_of("swarm"), sides_of(monkeypatch)
    made = canvas_for(scene, "swarm", "labels")
    for frame in walk(40, 3):
        scene.follow(frame)
        scene.draw(made)
    found = changes(drawn, 40)
    assert any(b - a < FPS * PERIOD / 2 for row in found for a, b in pairwise(row))


def test_cars_that_overtake_keep_the_sides_of_their_names(monkeypatch: pytest.MonkeyPatch):
    scene, drawn = scene_of("race"), sides_of(monkeypatch)
    made = canvas_for(scene, "race", "labels")
    frames = moving.run("race", 40)[: moving.DIES]
    for frame in frames:
        scene.follow(frame)
        scene.draw(made)
    there = sum(map(len, changes(drawn, 40)))
    assert there <= 40 * (1 + frames[-1].now / PERIOD)
    ticks = {int(frame.now // PERIOD) for frame in frames}
    # Everybody keeps to the sides of the second.
    kept = {}
    for frame, sides in zip(frames, drawn, strict=True):
        kept.setdefault(int(frame.now // PERIOD), []).append(sides)
    assert len(kept) == len(ticks) > 1


class Noting(pygame.Surface):
    """A surface that notes what is laid over it, and where, in order."""

    laid: list[tuple[pygame.Surface, pygame.Rect]]

    def blit(self, source, dest, *more):
        place = super().blit(source, dest, *more)
        self.laid.append((source, pygame.Rect(dest[:2], source.get_size())))
        return place

    def blits(self, pictures, doreturn=True):
        return [self.blit(*picture) for picture in pictures]


def plates(
    monkeypatch: pytest.MonkeyPatch, scene: BaseScene, frames: list[Frame], *layers: str
) -> tuple[Canvas, list[tuple[str, pygame.Rect]]]:
    """The words on plates in the last picture, and where, in the order in which they are laid."""
    words: dict[int, str] = {}
    plate = labels.plate

    def noted(said: str, *more: object) -> pygame.Surface:
        picture = plate(said, *more)
        words[id(picture)] = said
        return picture

    monkeypatch.setattr(labels, "plate", noted)
    surface = Noting(SIZE, 0, 32)
    made = canvas_for(scene, "swarm", *layers, surface=surface)
    for frame in frames:
        surface.laid = []
        made.look(made.camera, frame.now)
        scene.follow(frame)
        scene.draw(made)
    return made, [(words[id(one)], place) for one, place in surface.laid if id(one) in words]


def placed(places: list[tuple[float, float]], now: float = 9.0) -> Frame:
    frame = Frame(scenes.find("swarm").fields, len(places))
    return frame.next(
        now=now,
        agents=np.arange(len(places)),
        values=np.array(places),
        updates=np.ones(len(places), np.int64),
        changed=np.full(len(places), 9.0),
        first=np.full(len(places), 9.0),
        fresh=np.full(len(places), now == 9.0),
    )


HAIR = 100.0000001
SAME = [  # as the shared case same_place.py has them
    *([(30.0, 30.0)] * 5),
    *((HAIR, 50.0), (-3.0, 50.0), (float("nan"), 50.0), (0.0, 0.0), (100.0, 100.0)),
    *((1e308, 1e308), (30.0, 30.0)),
]


def test_marks_stand_on_no_other_mark_and_on_no_number_of_the_axes(monkeypatch):
    made, found = plates(monkeypatch, scene_of("swarm"), [placed(SAME)])
    assert {said for said, _ in found} == {
        *("6: out of range", "7: not a number", "10: out of range"),
        *("6 here", "2 here"),
    }
    view = pygame.Rect(made.view)
    numbers = made.written
    assert len(numbers) > 12
    for (said, one), (other_said, other) in combinations(found, 2):
        assert not one.colliderect(other), (said, other_said)
    for said, place in found:
        assert place.collidelist(numbers) < 0, said
        assert view.contains(place), said


def test_a_mark_without_room_is_told(monkeypatch):
    crowd = [(-1.0 - n, 50.0) for n in range(60)]
    made, found = plates(monkeypatch, scene_of("swarm"), [placed(crowd)])
    assert len(found) < 60
    assert made.left_out == ["marks"]


def test_no_name_covers_how_long_somebody_has_been_silent(monkeypatch: pytest.MonkeyPatch):
    places = np.random.default_rng(5).uniform(5, 95, (60, 2)).tolist()
    frames = [placed(places, now) for now in (9.0, 10.0, 11.5)]
    _, found = plates(monkeypatch, scene_of("swarm"), frames, "labels")
    ages = [at for at, (said, _) in enumerate(found) if said == "2.5 s"]
    names = [at for at, (said, _) in enumerate(found) if said.startswith("Robot")]
    assert len(ages) > 40
    assert len(names) > 10
    assert min(ages) > max(names), "ages lie over names"
    covered = [
        (found[name][0], age)
        for name in names
        for age in ages
        if found[name][1].colliderect(found[age][1])
    ]
    assert len(covered) <= 0.1 * len(names), "and names keep clear of them"


def test_several_on_one_spot_say_how_many_and_two_that_pass_do_not(monkeypatch):
    _, found = plates(monkeypatch, scene_of("swarm"), [placed(SAME[:5]), placed(SAME[:5], 11.0)])
    assert [said for said, _ in found if "here" in said] == ["5 here"]
    crossing = [
        placed([(50.0 + x, 50.0), (50.0 - x, 50.0)], now).next(interval=np.full(2, 1e-6))
        for x, now in ((20.0, 9.0), (0.0, 9.5), (0.0, 9.6))
    ]
    crossing[1] = crossing[1].next(fresh=np.array([True, True]))
    made, found = plates(monkeypatch, scene_of("swarm"), crossing)
    assert (made.drawn[0][0] == made.drawn[0][1]).all(), "they are at the same place"
    assert not [said for said, _ in found if "here" in said]


def test_a_scene_that_holds_nobody_counts_as_well(monkeypatch: pytest.MonkeyPatch):
    class Plain(BaseScene):
        def draw(self, canvas: Canvas) -> None:
            agents.draw(canvas, self.frame, agents.Sprites("robot", 30, self.frame.shown))

    _, found = plates(monkeypatch, Plain(), [placed(SAME[:3])])
    assert [said for said, _ in found] == ["3 here"]


@pytest.mark.parametrize("many", [1, 10, 300])
def test_who_is_held_goes_on_as_before(many: int):
    held, place = Held(), np.linspace(0, 90, many)
    for now in (1.0, 1.5, 2.0):
        frame = Frame({"x": "m"}, many).next(now=now, agents=np.arange(many))
        held.follow(place + 4.0 * now, frame)
    assert held.shown == pytest.approx(place + 8.0)
    assert held.later == pytest.approx(place + 4.0 * (2.0 + labels.AHEAD))
    held.follow(place[1:] + 12.0, frame.next(now=3.0, agents=np.arange(1, many)))
    assert held.agents.tolist() == list(range(1, many))
    assert held.later == pytest.approx(place[1:] + 4.0 * (3.0 + labels.AHEAD))


def test_many_dots_on_one_spot_say_how_many(monkeypatch: pytest.MonkeyPatch):
    words = []
    monkeypatch.setattr(
        labels.Marks, "write", lambda marks, pixel, text, *_, **__: words.append(text)
    )
    scattered = np.random.default_rng(1).uniform(0, 100, (1500, 2))
    scattered[:700] = 30.0
    scattered[700:709] = 60.0  # nine: that may be chance
    scene = scene_of("swarm")
    frame = Frame({"x": "m", "y": "m"}, 1500)
    frame = frame.next(agents=np.arange(1500), now=1.0, fresh=frame.fresh | True, values=scattered)
    scene.follow(frame)
    surface = pygame.display.get_surface()
    scene.draw(Canvas(surface, (0, 0, *surface.get_size()), scene.ground(640, 480), Theme("dark")))
    assert words == ["700 here"]
