"""The crowd: all agents of a snapshot, as sprites or as dots, and the marks on some of them.

Called by scenes with a canvas to draw on.
"""

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from math import inf

import numpy as np
import pygame

from game.snapshot import Flags, Floats, Integers, Snapshot
from game.view import labels, sprites, text
from game.view.canvas import Canvas
from game.view.theme import Colour, Theme, brightness

SMALLEST_SPRITE = 9  # [px] below it, agents are dots
MOST_SPRITES = 999  # in view; above it, too: no loop over agents from a thousand on
LEAST_ROOM = 9.0  # [px] of the ground for each agent; with less, dots would cover each other
NUMBERED_FROM = 24  # [px] sprites of this size carry their number
DIGITS, WIDEST = 0.42, 0.72  # of the sprite's size: how high the number is, and how wide at most
MARKED = 200  # agents of a kind that are marked at the most
FADED, FADES, MOST_FADED = 5.0, 5, 0.75  # [s] until it has faded, in steps, to this share
SIZES = [round(9 * 2 ** (step / 4)) for step in range(21)]  # [px] of sprites: 9 to 288


class Look(Enum):
    """What agents are drawn as."""

    SPRITES = 1  # each is a picture with a colour and a number
    DOTS = 2  # each is a square
    DENSITY = 3  # each pixel tells how many there are


def look(room: float, size: float, seen: int) -> Look:
    """What agents are drawn as that have `room` [px, an area] each on the whole ground, where a
    sprite would be `size` [px] large and `seen` of them are in view."""
    if room < LEAST_ROOM:
        return Look.DENSITY
    few = size >= SMALLEST_SPRITE and seen <= MOST_SPRITES
    return Look.SPRITES if few else Look.DOTS


def in_view(canvas: Canvas, places: Floats) -> Flags:
    """Which of very many places (n, 2) [m] may be in view, without a pixel for each."""
    sight, x, y = canvas.sight, places[:, 0], places[:, 1]
    found: Flags = (x >= sight.left) & (x <= sight.right)
    found &= (y >= sight.bottom) & (y <= sight.top)
    return found


def draw(
    canvas: Canvas,
    sprite: str,
    places: Floats,
    headings: Floats,
    snapshot: Snapshot,
    size: float,
    odd: Flags,
    first: int = 0,
    name: Callable[[int], str] = str,
    lit: Flags | None = None,
) -> None:
    """Draw the agents of a snapshot at `places` (n, 2) [m], facing `headings` (n,) [rad].

    They are sprites of `size` [pt] in their own colours, or dots when there is no room or
    are too many for that. Their numbers count from `first`. A silent one fades and carries
    the age of its last update; one that is lost is crossed out; an `odd` one is named. Those
    that are `lit` have their lights on. With the layer "labels" each has its `name` beside it.
    """
    pixels = canvas.camera.pixels(places[:, 0], places[:, 1])
    numbers = snapshot.agents
    canvas.drawn = pixels, numbers
    size *= canvas.scale  # [px] from here on
    # In steps, so that a crowd that grows does not want new pictures for every newcomer.
    whole = max((step for step in SIZES if step <= size), default=round(size))
    silent, inside = snapshot.silent, canvas.inside(pixels)
    if look(inf, whole, int(np.count_nonzero(inside))) is Look.DOTS:
        _dots(canvas, pixels[inside], numbers[inside], max(2, min(whole, round(5 * canvas.scale))))
    else:
        faded = np.where(silent, np.minimum(snapshot.age / FADED, 1.0), snapshot.failed * 1.0)
        lit = np.zeros(len(numbers), np.bool_) if lit is None else lit
        _sprites(canvas, sprite, pixels, headings, numbers, faded, lit, whole, inside, first)
    _marks(canvas, pixels, snapshot, silent, odd, max(whole, SMALLEST_SPRITE), first)
    point_out(canvas, places, snapshot, max(whole, SMALLEST_SPRITE))
    if "labels" in canvas.layers:
        labels.draw(canvas, pixels[inside], numbers[inside], whole, name, snapshot.selected)


def _sprites(
    canvas: Canvas,
    sprite: str,
    pixels: Floats,
    headings: Floats,
    numbers: Integers,
    faded: Floats,
    lit: Flags,
    size: int,
    inside: Flags,
    first: int,
) -> None:
    whole = sprites.turns(size)
    turns = np.round(headings * (whole / (2 * np.pi))).astype(int) % whole
    steps = np.ceil(faded * FADES).astype(int)
    pictures = []
    columns = (numbers[inside], turns[inside], steps[inside], lit[inside], pixels[inside])
    for n, turn, step, on, (x, y) in zip(*(column.tolist() for column in columns), strict=True):
        colour = canvas.theme.agent(n)
        if step:
            colour = mix(colour, canvas.theme["faded"], MOST_FADED * step / FADES)
        shown = [
            sprites.shadow(sprite, size, turn, canvas.theme["shadow"]),
            sprites.turned(sprite, colour, size, turn, on),
        ]
        if size >= NUMBERED_FROM:  # with each its own, so that one that is covered is so whole
            plate = _plate(str(n + first), round(size * DIGITS), colour, canvas.theme)
            shown += [plate] * (plate.get_width() <= WIDEST * size)
        for picture in shown:
            width, height = picture.get_size()
            pictures.append((picture, (round(x - width / 2), round(y - height / 2))))
    canvas.surface.blits(pictures, False)


@lru_cache(maxsize=2048)
def _plate(words: str, height: int, colour: Colour, theme: Theme) -> pygame.Surface:
    """A number on a plate of the agent's colour, in the ink that stands out from it."""
    ground = brightness(colour)
    # One that has faded may have become so dark, or so light, that only the other ink is seen.
    ink = max(theme["shade"], theme["text"], key=lambda ink: contrast(brightness(ink), ground))
    number = text.line(words, height, ink)
    box = number.get_bounding_rect()
    plate = pygame.Surface((box.width + 2, box.height + 2), pygame.SRCALPHA)
    pygame.draw.rect(plate, colour, plate.get_rect(), border_radius=2)
    plate.blit(number, (1, 1), box)
    return plate


def contrast(one: float, other: float) -> float:
    """The contrast of two colours by their brightness, 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _marks(
    canvas: Canvas,
    pixels: Floats,
    snapshot: Snapshot,
    silent: Flags,
    odd: Flags,
    size: int,
    first: int,
) -> None:
    """What sets an agent apart: lost, silent, odd. At most MARKED of a kind."""
    alarm, ground = canvas.theme["alarm"], canvas.theme["shade"]
    for x, y in pixels[snapshot.failed][:MARKED].tolist():
        for ink, thick in ((ground, 5), (alarm, 2)):
            for side in (size / 2, -size / 2):
                ends = (x - size / 2, y - side), (x + size / 2, y + side)
                pygame.draw.line(canvas.surface, ink, *ends, thick)
    for index in np.flatnonzero(silent)[:MARKED].tolist():
        _under(canvas, pixels[index], f"{snapshot.age[index]:.1f} s", "alarm", size)
    for index in np.flatnonzero(odd)[:MARKED].tolist():
        agent = int(snapshot.agents[index])
        pygame.draw.circle(canvas.surface, alarm, pixels[index].tolist(), size * 0.7, 2)
        words = f"{agent + first}: {oddity(snapshot.values[agent])}"
        _under(canvas, pixels[index], words, "alarm", size)


def oddity(values: Floats) -> str:
    """What is odd about the values (k,) of an agent that a scene calls odd."""
    return "not a number" if np.isnan(values).any() else "out of range"


def point_out(
    canvas: Canvas, places: Floats, snapshot: Snapshot, size: float = SMALLEST_SPRITE
) -> None:
    """Ring the agents that the mouse is on, and the selected one, if they are in the picture.

    `places` (n, 2) [m] are those of the agents shown, which are `size` [px] large.
    """
    agents, chosen = snapshot.agents, snapshot.selected
    thick = max(2, round(2 * canvas.scale))
    for ink, wanted in (("text", snapshot.pointed), ("accent", range(chosen, chosen + 1))):
        first, end = np.searchsorted(agents, (wanted.start, wanted.stop)).tolist()
        pixels = canvas.camera.pixels(*places[first : min(end, first + MARKED)].T)
        for pixel in pixels[canvas.inside(pixels)].tolist():
            pygame.draw.circle(canvas.surface, canvas.theme[ink], pixel, size * 0.8 + thick, thick)


def _under(canvas: Canvas, pixel: Floats, words: str, colour: str, size: int) -> None:
    x, y = pixel.tolist()
    picture = labels.plate(words, canvas.theme["shade"], canvas.theme[colour], canvas.scale)
    canvas.centre(picture, x, y + size * 0.8 + 6 + picture.get_height() / 2)


def _dots(canvas: Canvas, pixels: Floats, numbers: Integers, size: int) -> None:
    """Paint each agent as a square of `size` [px]."""
    canvas.squares(pixels, canvas.inks(numbers), size)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """A colour between two, `share` of the way to the other one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
