"""Agents: all of a frame, as sprites or as dots, and the marks on some of them.

Called by scenes with a canvas to draw on.
"""

from collections.abc import Callable, Sequence
from enum import Enum
from functools import lru_cache
from math import inf
from typing import Any, NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Flags, Floats, Frame, Integers
from game.view import labels, sprites, text
from game.view.canvas import Canvas
from game.view.theme import Colour, Theme, brightness, mixed

SMALLEST_SPRITE = 9  # [px] below it, agents are dots
MOST_SPRITES = 999  # in view; above it, too: no loop over agents from a thousand on
LEAST_ROOM = 9.0  # [px] of the ground for each agent; with less, dots would cover each other
NUMBERED_FROM = 24  # [px] sprites of this size carry their number
DIGITS, WIDEST = 0.42, 0.72  # of the sprite's size: how high the number is, and how wide at most
DASH, MOST_DASHES = 5, 99  # [pt] long; in a jump at the most
SPOT = 2  # [px] wide: two agents on it look like one
CROWD, MOST_CROWDS, MOST_COUNTED = 10, 20, 20_000  # dots on a spot; such spots; dots in view
MARKED = 200  # agents of a kind that are marked at the most
FADED, FADES, MOST_FADED = 5.0, 5, 0.75  # [s] until it has faded, in steps, to this share
SIZES = [round(9 * 2 ** (step / 4)) for step in range(21)]  # [px] of sprites: 9 to 288


class Look(Enum):
    """What agents are drawn as."""

    SPRITES = 1  # each is a picture with a colour and a number
    DOTS = 2  # each is a square
    DENSITY = 3  # each pixel tells how many there are


def choose_look(room: float, size: float, seen: int) -> Look:
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


class Sprites(NamedTuple):
    """How the agents of a frame are drawn, (n,) of whatever there is of each."""

    sprite: str  # one of assets/sprites, or an SVG file's path
    size: float  # [pt] that it is large
    places: Floats  # (n, 2) [m]
    headings: Floats | None = None  # [rad]; None: all face right
    invalid: Flags | None = None  # whose values are no good: named as such; None: nobody's
    lit: Flags | None = None  # whose lights are on; None: nobody's
    jumped: Flags | None = None  # who a moment ago was at one of `origins`; None: nobody
    origins: Floats | None = None  # (n, 2+) [m]
    first: int = 0  # that their numbers count from
    name: Callable[[int], str] = str  # what a person calls an agent
    held: labels.Held | None = None  # for names that keep their sides; None: as they stand now,
    # and the places (n, 2) [m] of what it holds of some agents (n,).
    place: Callable[[Floats, Integers], Floats] = lambda shown, agents: shown


def draw(canvas: Canvas, frame: Frame, shown: Sprites) -> None:
    """Draw the agents of a frame.

    They are sprites in the colours of their processes, or of what the canvas says, or dots when
    there is no room or are too many for that. A silent one fades and carries the age of its last
    update; one whose process died is crossed out; an invalid one is named; from where one has
    jumped leads a dashed line; where several stand on one spot, it says how many. With the layer
    "labels" each has its name beside it.
    """
    pixels = canvas.camera.pixels(shown.places[:, 0], shown.places[:, 1])
    numbers = frame.agents
    canvas.drawn = pixels, numbers
    size = shown.size * canvas.scale  # [px] from here on
    # In steps, so that a crowd that grows does not want new pictures for every newcomer.
    whole = max((step for step in SIZES if step <= size), default=round(size))
    inside = canvas.inside(pixels)
    if shown.jumped is not None and shown.origins is not None:
        for index in np.flatnonzero(shown.jumped & inside)[:MARKED].tolist():
            _dashes(canvas, shown.origins[index], pixels[index])
    dots = choose_look(inf, whole, int(np.count_nonzero(inside))) is Look.DOTS
    if dots:
        dot = max(2, min(whole, round(5 * canvas.scale)))
        tints = canvas.tints(numbers[inside], frame.per_process)
        _dots(canvas, pixels[inside], tints, dot)
    else:
        _sprites(canvas, frame, shown, pixels, whole)
    large = max(whole, SMALLEST_SPRITE)
    _crosses(canvas, pixels[frame.dead][:MARKED], large)
    point_out(canvas, shown.places, frame, large)
    if "labels" in canvas.layers:
        sides = _sides(canvas, shown, pixels[inside], numbers[inside], whole)
        labels.draw(canvas, pixels[inside], numbers[inside], whole, shown.name, sides)
    marks = _marks(canvas, frame, shown, pixels, large)  # over the names
    if dots:
        _crowds(canvas, pixels[inside], marks)
    else:
        _counts(canvas, shown, pixels[inside], numbers[inside], marks)


def _sides(
    canvas: Canvas, shown: Sprites, pixels: Floats, numbers: Integers, size: int
) -> labels.Sides:
    """The sides of names: chosen for the agents as they were held, so that they stay."""
    held = shown.held
    if held is None or not len(held.agents):
        return labels.choose(canvas, (pixels,), numbers, size, shown.name)
    now, later = (_held_at(canvas, shown, held, values) for values in (held.shown, held.later))
    seen = canvas.inside(now)
    moments = now[seen], np.where(np.isfinite(later), later, now)[seen]
    words = tuple(map(tuple, canvas.written))
    place = *(moment.tobytes() for moment in moments), canvas.view, canvas.scale, words
    return held.sides(
        (*place, canvas.selected, size),
        lambda: labels.choose(
            canvas, moments, held.agents[seen], size, shown.name, held.silent[seen]
        ),
    )


def _held_at(canvas: Canvas, shown: Sprites, held: labels.Held, values: Floats) -> Floats:
    """Where the agents are that are held, with what is held of them, (n, 2) [px]."""
    return canvas.camera.pixels(*shown.place(values, held.agents).T)


def _sprites(canvas: Canvas, frame: Frame, shown: Sprites, pixels: Floats, size: int) -> None:
    """Draw those in view, at `pixels` (n, 2), as pictures of `size` [px]."""
    inside = np.flatnonzero(canvas.inside(pixels))
    whole, none = sprites.turns(size), np.zeros(len(pixels))
    headings = none if shown.headings is None else shown.headings
    turns = np.round(headings * (whole / (2 * np.pi))).astype(int) % whole
    faded = np.where(frame.silent, np.minimum(frame.age / FADED, 1.0), frame.dead * 1.0)
    steps = np.ceil(faded * FADES).astype(int)
    lit = none if shown.lit is None else shown.lit
    # The nearest corner of four pixels, and how far from it, in parts of a pixel.
    parts = sprites.steps(size, len(inside))
    places = np.floor(pixels[inside] * parts + 0.5) / parts
    corners = np.floor(places + 0.5)
    shifts = (places - corners).tolist()
    tints = canvas.tints(frame.agents, frame.per_process)
    columns = (part[inside].tolist() for part in (frame.agents, tints, turns, steps))
    rows = zip(*columns, lit[inside].tolist(), corners.astype(int).tolist(), shifts, strict=True)
    pictures: list[Any] = []  # of Blit, which pygame takes and its stubs do not know
    for n, tint, turn, step, on, corner, (right, down) in rows:
        colour, shift = canvas.theme.tint(tint), (right, down)
        if step:
            colour = mixed(colour, canvas.theme["faded"], MOST_FADED * step / FADES)
        shadow = sprites.shadow(shown.sprite, size, turn, canvas.theme["shadow"])
        body = sprites.turned(shown.sprite, colour, size, turn, bool(on), shift)
        pictures += (_blit(shadow, corner, sprites.ALPHA), _blit(body, corner))
        if size >= NUMBERED_FROM:  # with each its own, so that one that is covered is so whole
            height, words = round(size * DIGITS), str(n + shown.first)
            plate = _plate(words, height, colour, canvas.theme, shift)
            if plate.get_width() <= WIDEST * size:
                pictures.append(_blit(plate, corner))
    canvas.surface.blits(pictures, False)


Blit = tuple[pygame.Surface, tuple[int, int], None, int]


def _blit(picture: pygame.Surface, middle: Sequence[int], way: int = sprites.PREMULTIPLIED) -> Blit:
    """A picture of an even size with its middle on a corner of four pixels [px]."""
    width, height = picture.get_size()
    return picture, (middle[0] - width // 2, middle[1] - height // 2), None, way


@lru_cache(maxsize=4096)
def _plate(
    words: str, height: int, colour: Colour, theme: Theme, shift: sprites.Shift = (0.0, 0.0)
) -> pygame.Surface:
    """A number on a plate of the process's colour, in the ink that stands out from it, `shift`
    [px] beside the middle of the picture; premultiplied."""
    # One that has faded may have become so dark, or so light, that only the other ink is seen.
    large = sprites.FINE
    number = text.line(words, height * large, theme[readable_on(colour, theme)])
    box, edge = number.get_bounding_rect(), large
    plate = pygame.Surface((box.width + 2 * edge, box.height + 2 * edge), pygame.SRCALPHA, 32)
    pygame.draw.rect(plate, colour, plate.get_rect(), border_radius=2 * large)
    plate.blit(number, (edge, edge), box)
    return sprites.shrunk(sprites.roomy(plate.premul_alpha(), large), large, shift)


def readable_on(colour: Colour, theme: Theme) -> str:
    """Which of the theme's two inks, by name, stands out from an agent's colour."""
    ground = brightness(colour)
    return max("shade", "text", key=lambda ink: contrast(brightness(theme[ink]), ground))


def contrast(one: float, other: float) -> float:
    """The contrast of two colours by their brightness, 1 to 21 (WCAG 2.2)."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _crosses(canvas: Canvas, pixels: Floats, size: int) -> None:
    """Cross out the agents at `pixels` (n, 2), whose processes died."""
    for x, y in pixels.tolist():
        for ink, thick in (("shade", 5), ("alarm", 2)):
            for side in (size / 2, -size / 2):
                ends = (x - size / 2, y - side), (x + size / 2, y + side)
                pygame.draw.line(canvas.surface, canvas.theme[ink], *ends, thick)


def _marks(canvas: Canvas, frame: Frame, shown: Sprites, pixels: Floats, size: int) -> labels.Marks:
    """What sets an agent apart: silent, invalid. At most MARKED of a kind."""
    marks = labels.Marks(canvas, size)
    for index in np.flatnonzero(frame.silent)[:MARKED].tolist():
        marks.write(pixels[index].tolist(), f"{frame.age[index]:.1f} s", "alarm")
    invalid = () if shown.invalid is None else np.flatnonzero(shown.invalid)[:MARKED].tolist()
    for index in invalid:
        agent, pixel = int(frame.agents[index]), pixels[index].tolist()
        pygame.draw.circle(canvas.surface, canvas.theme["alarm"], pixel, size * 0.7, 2)
        words = f"{agent + shown.first}: {invalidity(frame.values[agent])}"
        marks.write(pixel, words, "alarm")
    return marks


def _counts(
    canvas: Canvas, shown: Sprites, pixels: Floats, numbers: Integers, marks: labels.Marks
) -> None:
    """Write how many there are where several stand on one spot, and look like one."""
    spots: NDArray[Any] = spot(pixels)
    if len(np.unique(spots)) == len(spots):
        return
    held = shown.held
    if held is not None and len(held.agents):  # who merely passes another one is not counted
        before = spot(_held_at(canvas, shown, held, held.shown))
        place = np.searchsorted(held.agents, numbers).clip(max=len(held.agents) - 1)
        alone = -1.0 - np.arange(len(numbers))  # a spot of its own
        spots = spots + 1j * np.where(held.agents[place] == numbers, before[place], alone)
    _, first, many = np.unique(spots, return_index=True, return_counts=True)
    for index, count in zip(first[many > 1].tolist(), many[many > 1].tolist(), strict=True):
        marks.write(pixels[index].tolist(), f"{count} here", "text", over=True)


def _crowds(canvas: Canvas, pixels: Floats, marks: labels.Marks) -> None:
    """Write how many dots there are where so many lie on one spot that it is no chance."""
    if not CROWD <= len(pixels) <= MOST_COUNTED:
        return
    spots, first, many = np.unique(spot(pixels), return_index=True, return_counts=True)
    crowds = np.flatnonzero((many >= CROWD) & np.isfinite(spots))
    for index in crowds[np.argsort(-many[crowds], kind="stable")][:MOST_CROWDS].tolist():
        pixel = pixels[first[index]].tolist()
        marks.write(pixel, f"{many[index]:,} here", "text", over=True)


def spot(pixels: Floats) -> Floats:
    """A number for the spot of each place (n, 2) [px]: the same for those that look like one."""
    x, y = np.rint(pixels / SPOT).T
    found: Floats = x * 2.0**20 + y
    return found


def invalidity(values: Floats) -> str:
    """What is wrong with the values (k,) of an agent that a scene calls invalid."""
    return "not a number" if np.isnan(values).any() else "out of range"


def point_out(canvas: Canvas, places: Floats, frame: Frame, size: float = SMALLEST_SPRITE) -> None:
    """Ring the agents that the mouse is on, and the selected one, if they are in the picture.

    `places` (n, 2) [m] are those of the agents shown, which are `size` [px] large.
    """
    agents, chosen = frame.agents, canvas.selected
    thick = max(2, round(2 * canvas.scale))
    for ink, wanted in (("text", canvas.pointed), ("accent", range(chosen, chosen + 1))):
        first, end = np.searchsorted(agents, (wanted.start, wanted.stop)).tolist()
        pixels = canvas.camera.pixels(*places[first : min(end, first + MARKED), :2].T)
        for pixel in pixels[canvas.inside(pixels)].tolist():
            pygame.draw.circle(canvas.surface, canvas.theme[ink], pixel, size * 0.8 + thick, thick)


def _dashes(canvas: Canvas, origin: Floats, pixel: Floats) -> None:
    """Mark a jump from a place [m] to a pixel."""
    start = np.array(canvas.camera.pixel(*origin[:2].tolist()))
    dashes = int(min(np.hypot(*(pixel - start)) / (DASH * canvas.scale), MOST_DASHES)) | 1
    ends = start + (pixel - start) * (np.arange(dashes + 1) / dashes)[:, None]
    for one, other in zip(ends[:-1:2].tolist(), ends[1::2].tolist(), strict=True):
        pygame.draw.line(canvas.surface, canvas.theme["alarm"], one, other, round(canvas.scale) + 1)


def _dots(canvas: Canvas, pixels: Floats, tints: Integers, size: int) -> None:
    """Paint each agent as a square of `size` [px]."""
    canvas.squares(pixels, canvas.tinted(tints), size)
