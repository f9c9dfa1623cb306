"""Drawing very many agents: the swarm's scene against what pygame and matplotlib offer.

All draw the same frames, in which every agent has moved. The peers get their pixels ready-made
and draw plain dots; ours works out pixels and headings, and draws sprites where there is room.
"""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

import numpy as np
import pygame

from game.frame import Floats, Frame
from game.scenes.swarm import FIELDS, SIDE
from game.scenes.swarm.drawing import Scene
from game.view.canvas import Canvas
from game.view.theme import Theme
from game.view.window import Window
from tests.bench.measure import MILLI, Missing, Once, Row, alternate, timed

SIZES = (100, 10_000, 100_000, 1_000_000)  # agents
SIZE = (1280, 720)  # [px]
FRAME = 1 / 60  # [s]
RING, LAP = 2.0, 60  # [m] radius of the agents' ways, and the frames that one takes
RADIUS = 2  # [px] of the peers' dots
GROUND, DOT = (20, 22, 28), (90, 200, 250)
MOST_SPRITES = 100_000  # Sprite objects: a million would take half a gigabyte
TELLING = 10_000  # agents from which the time of a frame tells that of the next size
PATIENCE = {True: 1.0, False: 12.0}  # [s] that a frame of a peer may take; quick or not
Drawing = Callable[[], object]


def draws(quick: bool) -> Iterator[Row]:
    """The scene's follow and draw with new rows in every frame, against each peer."""
    window = Window(SIZE, "bench", headless=True)
    took: dict[str, float] = {}  # [s] a frame of the size before, where it says something
    before = 0
    try:
        for size in SIZES:
            yield from draw_size(window.surface, size, size / max(before, 1), took, quick)
            before = size
    finally:
        window.close()


def draw_size(
    surface: pygame.Surface, size: int, growth: float, took: dict[str, float], quick: bool
) -> Iterator[Row]:
    """The rows of one size; what would take too long, judging by the size before, is skipped."""
    frames = circling(size)
    turns: dict[str, Once] = {"follow, draw": repeated(scene_frames(surface, frames), quick)}
    left_out: dict[str, str] = {}
    for peer, make in PEERS.items():
        expected = took.get(peer, 0.0) * growth
        try:
            if expected > PATIENCE[quick]:
                raise Missing(f"would take about {expected:.0f} s a frame")
            call = make(surface, frames)
        except (Missing, ImportError) as why:
            left_out[peer] = str(why)
            continue
        call()
        turns[peer] = repeated(call, quick)
    case, costs = f"{size:,} agents", alternate(turns, 2 if quick else 4)
    ours = costs.pop("follow, draw") * MILLI
    if size >= TELLING:
        took.update(costs)
    for peer, cost in costs.items():
        yield Row("draw", case, "ms", ours, peer, cost * MILLI)
    for peer, why in left_out.items():
        yield Row("draw", case, "ms", ours, peer, None, f"skipped: {why}")


def circling(size: int) -> list[Floats]:
    """Frames in which every agent drives in a small circle; two of them where they are many."""
    random = np.random.default_rng(1)
    middles = random.uniform(RING, SIDE - RING, (size, 2))
    phases = random.uniform(0, 2 * np.pi, size)
    frames = LAP if size <= TELLING else 2
    turns = [phases + 2 * np.pi * number / LAP for number in range(frames)]
    return [middles + RING * np.column_stack((np.cos(turn), np.sin(turn))) for turn in turns]


def repeated(call: Drawing, quick: bool) -> Once:
    """Time a few frames at once, and at least one [s a frame]."""
    single = timed(call)
    most = 0.05 if quick else 0.2  # [s]

    def once() -> float:
        spent, frames = 0.0, 0
        while spent < most:
            spent += single()
            frames += 1
        return spent / frames

    return once


def scene_frames(surface: pygame.Surface, frames: list[Floats]) -> Drawing:
    """Ours: the rows of every frame, each of them new."""
    scene = Scene()
    canvas = Canvas(surface, (0, 0, *SIZE), scene.bounds, Theme("dark"))
    agents = len(frames[0])
    slots = agents if agents < 1000 else 2
    made = Frame(FIELDS, slots, agents // slots)
    made.agents, made.expected = np.arange(agents), FRAME
    made.interval[:] = made.period[:] = FRAME
    made.fresh[:] = True
    rows = cycle(frames)

    def draw() -> None:
        nonlocal made
        now = made.now + FRAME
        made = made.next(
            now=now, values=next(rows), updates=made.updates + 1, changed=np.full(slots, now)
        )
        scene.follow(made)
        scene.draw(canvas)

    for _ in frames:
        draw()  # makes the pictures that are kept
    return draw


def pixels_of(frames: list[Floats]) -> Iterator[list[list[float]]]:
    """The frames' places as pixels, for ever."""
    high = SIZE[1]
    return cycle([(places * (high / SIDE)).tolist() for places in frames])


def circle_frames(surface: pygame.Surface, frames: list[Floats]) -> Drawing:
    """A pygame.draw.circle for each agent."""
    pixels = pixels_of(frames)

    def draw() -> None:
        surface.fill(GROUND)
        for place in next(pixels):
            pygame.draw.circle(surface, DOT, place, RADIUS)

    return draw


def dot() -> pygame.Surface:
    """A picture of a dot."""
    made = pygame.Surface((2 * RADIUS, 2 * RADIUS), pygame.SRCALPHA)
    pygame.draw.circle(made, DOT, (RADIUS, RADIUS), RADIUS)
    return made.convert_alpha()


def blits_frames(surface: pygame.Surface, frames: list[Floats]) -> Drawing:
    """One Surface.blits with a picture for each agent."""
    pixels, picture = pixels_of(frames), dot()

    def draw() -> None:
        surface.fill(GROUND)
        surface.blits([(picture, place) for place in next(pixels)], False)

    return draw


def sprite_frames(surface: pygame.Surface, frames: list[Floats]) -> Drawing:
    """A pygame.sprite.Sprite for each agent, in a Group."""
    if len(frames[0]) > MOST_SPRITES:
        raise Missing("as many Sprite objects take too much memory")
    pixels, picture = pixels_of(frames), dot()
    group: Any = pygame.sprite.Group()
    for _ in frames[0]:
        sprite = pygame.sprite.Sprite(group)
        sprite.image, sprite.rect = picture, picture.get_rect()

    def draw() -> None:
        surface.fill(GROUND)
        for sprite, place in zip(group, next(pixels), strict=True):
            sprite.rect.center = place
        group.draw(surface)

    return draw


def scatter_frames(surface: pygame.Surface, frames: list[Floats]) -> Drawing:
    """A matplotlib scatter, whose offsets are set anew for each frame (Agg)."""
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise Missing("matplotlib is not installed") from None
    figure = Figure((SIZE[0] / 100, SIZE[1] / 100), dpi=100)
    canvas, axes, places = FigureCanvasAgg(figure), figure.add_axes((0, 0, 1, 1)), cycle(frames)
    axes.set(xlim=(0, SIDE), ylim=(0, SIDE))
    points = axes.scatter(frames[0][:, 0], frames[0][:, 1], s=9)

    def draw() -> None:
        points.set_offsets(next(places))
        canvas.draw()

    return draw


PEERS: dict[str, Callable[[pygame.Surface, list[Floats]], Drawing]] = {
    "draw.circle loop": circle_frames,
    "Surface.blits": blits_frames,
    "sprite.Group.draw": sprite_frames,
    "matplotlib scatter": scatter_frames,
}
