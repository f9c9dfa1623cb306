"""What the colours of agents stand for: process, behaviour, a further field."""

import numpy as np
import pygame
import pytest

from game.frame import Behaved, Frame
from game.view import agents, colour_key
from game.view.agents import Sprites
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.colouring import MOVER, NODE, PROCESS, Choice, Colouring, Ranges, choices
from game.view.density import Density
from game.view.theme import SHADES, Theme

SIZE = (640, 480)
pytestmark = pytest.mark.usefixtures("display")
OWN = frozenset(("x", "y"))
BEHAVIOURS = Behaved("mine", OWN | {"fuel"}), Behaved("yours", OWN)
FUEL = Choice("field", "fuel")


def frame_of(fuel: list[float], per_process: int = 1) -> Frame:
    """Agents of which every other process has the second behaviour."""
    slots = len(fuel) // per_process
    values = np.column_stack((np.full((len(fuel), 2), 50.0), fuel))
    blank = Frame({"x": "m", "y": "m", "fuel": "kg"}, slots, per_process)
    return blank.next(
        values=values,
        agents=np.arange(len(fuel)),
        behaviours=BEHAVIOURS,
        behaviour=np.arange(slots) % 2,
        further=("fuel",),
        fresh=np.ones(slots, np.bool_),
    )


def canvas_of(by: Colouring | None = None, size: tuple[int, int] = SIZE) -> Canvas:
    made = Canvas(
        pygame.Surface(size), (0, 0, *size), Bounds(0.0, 0.0, 100.0, 100.0), Theme("dark")
    )
    made.colouring = by or Colouring()
    return made


def followed(frame: Frame, choice: Choice) -> Colouring:
    ranges = Ranges()
    ranges.follow(frame)
    return ranges.colouring(frame, choice)


def test_there_is_as_much_to_choose_from_as_the_frame_has():
    frame = frame_of([1, 2])
    assert choices(frame) == [PROCESS, Choice("mover"), FUEL]
    assert choices(frame.next(behaviours=BEHAVIOURS[:1], further=())) == [PROCESS]
    assert followed(frame.next(further=()), FUEL).choice == PROCESS, "by processes, where it went"


def test_a_colour_is_a_process_a_behaviour_or_a_value():
    frame, different = frame_of([0, 9, 10, 9, 5, 9, np.nan, 9]), Theme("dark").different
    assert Colouring().of(frame.agents, 1, different).tolist() == list(range(8))
    assert Ranges().colouring(frame, MOVER).of(frame.agents, 1, different).tolist() == 4 * [0, 1]
    none = different + SHADES
    scale = followed(frame, FUEL).of(frame.agents, 1, different).tolist()
    assert scale[0::2] == [different, none - 1, different + round((SHADES - 1) / 2), none]
    assert scale[1::2] == 4 * [none], "who says nothing of it has none"


def test_a_colour_is_a_node():
    frame = frame_of([1.0] * 4).next(hosts=("one", "two"), host=np.array([1, 1, 0, 0]))
    assert NODE in choices(frame)
    by = Ranges().colouring(frame, NODE)
    assert (by.names, by.of(frame.agents, 1, 10).tolist()) == (("one", "two"), [1, 1, 0, 0])
    assert Ranges().colouring(frame_of([1.0] * 4), NODE).choice is PROCESS, (
        "all are on this machine"
    )


def test_a_scale_goes_from_the_least_to_the_largest_value_so_far():
    ranges = Ranges()
    for fuel in ([5, 0], [9, 0], [np.inf, 0], [7, 0]):
        ranges.follow(frame_of(fuel))
    by = ranges.colouring(frame_of([7, 0]), FUEL)
    assert (by.low, by.high) == (5.0, 9.0)
    state = ranges.checkpoint()
    ranges.reset()
    assert ranges.colouring(frame_of([7, 0]), FUEL).high == 0.0
    ranges.restore(state)
    assert ranges.colouring(frame_of([7, 0]), FUEL).high == 9.0


def test_one_value_alone_is_a_scale_all_the_same():
    by = followed(frame_of([3, 3]), FUEL)
    assert np.isfinite(by.of(np.arange(2), 1, 68)).all()


@pytest.mark.parametrize("many", [4, 4000])
def test_sprites_and_dots_have_the_colours_that_are_chosen(many: int):
    frame = frame_of([1.0] * many)
    places = np.full((many, 2), 20.0)
    places[1::2] = 80.0
    by_mover = canvas_of(Ranges().colouring(frame, MOVER))
    agents.draw(by_mover, frame, Sprites("robot", 30, places))
    theme = by_mover.theme
    left, right = (by_mover.camera.pixel(at, at) for at in (20.0, 80.0))
    near = [around(by_mover, place) for place in (left, right)]
    assert theme.agent(0) in near[0]
    assert theme.agent(0) not in near[1]
    assert theme.agent(1) in near[1]


def around(canvas: Canvas, place: tuple[float, float]) -> set[tuple[int, ...]]:
    x, y = map(round, place)
    return {
        tuple(canvas.surface.get_at((x + right, y + down)))[:3]
        for right in range(-12, 12)
        for down in range(-12, 12)
    }


@pytest.mark.parametrize("choice", [Choice("mover"), FUEL])
def test_a_density_has_the_colours_that_are_chosen(choice: Choice):
    frame = frame_of([float(n // 1000) for n in range(4000)], per_process=1000)
    places = np.full((4000, 2), 20.0)
    places[1000:2000] = places[3000:] = 80.0
    density, canvas = Density(), canvas_of(followed(frame, choice))
    density.follow(frame, places, moved=True)
    density.draw(canvas, frame, Bounds(0.0, 0.0, 100.0, 100.0))
    seen = set(density._seen)
    different = canvas.theme.different
    wanted = {0, 1} if choice.kind == "mover" else {different + SHADES - 1, different + SHADES}
    assert seen == wanted
    before = pygame.image.tobytes(canvas.surface, "RGB")
    canvas.colouring = Colouring()
    density.draw(canvas, frame, Bounds(0.0, 0.0, 100.0, 100.0))
    assert set(density._seen) == {2, 3}, "counted anew when the colours stand for something else"
    assert pygame.image.tobytes(canvas.surface, "RGB") != before


def test_the_key_says_which_colour_is_whose():
    frame = frame_of([1, 2])
    canvas = canvas_of(Ranges().colouring(frame, MOVER))
    colour_key.draw(canvas)
    assert not canvas.left_out
    found = pygame.surfarray.array3d(canvas.surface)[320:, :240].reshape(-1, 3)
    colours = {tuple(colour) for colour in found.tolist()}
    assert {canvas.theme.agent(0), canvas.theme.agent(1)} <= colours


@pytest.mark.parametrize("choice", [Choice("mover"), FUEL])
def test_the_key_of_a_small_ground_is_left_out_and_told(choice: Choice):
    canvas = canvas_of(followed(frame_of([1, 2]), choice), (60, 40))
    colour_key.draw(canvas)
    assert canvas.left_out == ["legend"]


def test_there_is_no_key_where_a_colour_is_a_process():
    canvas = canvas_of()
    colour_key.draw(canvas)
    assert pygame.transform.average_color(canvas.surface)[:3] == (0, 0, 0)
    assert not canvas.left_out


def test_very_many_behaviours_are_the_first_ones_and_how_many_more():
    theme = Theme("dark")
    few = colour_key.names_key(theme, 1.0, ("a", "b"), 200, 4)
    many = colour_key.names_key(theme, 1.0, tuple(f"n{n}" for n in range(50)), 200, 4)
    assert few is not None
    assert many is not None
    assert many.get_height() == 4 * colour_key.ROW + colour_key.EDGE
