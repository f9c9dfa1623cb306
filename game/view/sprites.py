"""Sprites: SVG pictures in every process's colour, size and direction, made once and kept.

    SVG --drawn large--> straight --rotate--> moved by a part of a pixel --smoothscale--> turned

A picture moved by whole pixels judders; so there is one for each part of a pixel that an agent may
be at. Called by game.view.agents.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO
from math import ceil

import pygame

from game import assets
from game.view.theme import Colour

TURNS = 96  # pictures of a whole turn: 3.75 degrees each; of a small sprite, half as many
FINE_FROM = 20  # [px] a sprite that is not small
DRAWN = 64  # [px] the sprites' own size
FINE, COARSE = 4, 2  # drawn so many times larger before it is turned: a small one, a large one
LARGE_FROM = 49  # [px] a large one
FEW = 16  # sprites in view that stand at quarters of a pixel; more stand at halves, so that their
QUARTERS, HALVES, WHOLE = 4, 2, 1  # pictures have room; very large ones stand at whole pixels
WHOLE_FROM = 96  # [px] a very large one: it is near, and crosses several pixels in a frame
PREMULTIPLIED = pygame.BLEND_PREMULTIPLIED  # how turned sprites are laid over the ground,
ALPHA = 0  # and how shadows are
KEPT = 64_000_000  # [bytes] of pictures
TURNED = 48_000_000  # [bytes] of those that are still as large as they are drawn
TINT = "#ff00ff"  # stands for the agent's colour in the file
LIT = re.compile(r'<[^<>]*class="lit"[^<>]*/>')  # what the file shows only while it is lit
SHADOW, FALLS, SOFT = 110, 0.045, 0.06  # alpha; how far it falls and fades, times the size


@lru_cache(maxsize=16)
def source(name: str) -> str:
    """The text of a sprite's SVG file: one of ours by name, or a scene's own by its path."""
    path = name if name.endswith(".svg") else assets.path("sprites", name + ".svg")
    with open(path, encoding="utf-8") as file:
        return file.read()


class Store:
    """Pictures up to so many bytes; the ones that nobody asked for longest go first."""

    def __init__(self, most: int) -> None:
        self.held = 0  # [bytes]
        self._most = most
        self._pictures: OrderedDict[tuple[object, ...], pygame.Surface] = OrderedDict()

    def get(self, key: tuple[object, ...], make: Callable[[], pygame.Surface]) -> pygame.Surface:
        """The picture of a key, made if it is not there."""
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._pictures[key] = make()
            self.held += area(picture)
            while self.held > self._most and len(self._pictures) > 1:
                self.held -= area(self._pictures.popitem(last=False)[1])
        else:
            self._pictures.move_to_end(key)
        return picture


def area(picture: pygame.Surface) -> int:
    """What a picture holds [bytes]."""
    return picture.get_pitch() * picture.get_height()


_store = Store(KEPT)
_rotated = Store(TURNED)  # those that were turned, before they are moved and shrunk


def straight(name: str, colour: Colour, size: int, lit: bool = False) -> pygame.Surface:
    """The sprite in a colour, facing right, `fine(size)` times `size` [px] large; premultiplied.

    What is empty around it is cut off, as much on both sides: its middle stays the middle.
    """

    def make() -> pygame.Surface:
        text = source(name).replace(TINT, "#{:02x}{:02x}{:02x}".format(*colour))
        if not lit:
            text = LIT.sub("", text)
        # SDL draws an SVG at the size that its text says, so the text has to say ours.
        drawn, large = (f'width="{px}" height="{px}"' for px in (DRAWN, size * fine(size)))
        file = BytesIO(text.replace(drawn, large).encode())
        whole = pygame.image.load(file, "sprite.svg").convert_alpha().premul_alpha()
        return whole.subsurface(filled(whole)).copy()

    return _store.get((name, colour, size, lit), make)


def filled(picture: pygame.Surface) -> pygame.Rect:
    """The part of a picture, around its middle, outside of which nothing is."""
    whole, found = picture.get_rect(), picture.get_bounding_rect()
    across = max(whole.centerx - found.left, found.right - whole.centerx, 1)
    down = max(whole.centery - found.top, found.bottom - whole.centery, 1)
    box = pygame.Rect(whole.centerx - across, whole.centery - down, 2 * across, 2 * down)
    return box.clip(whole)


Shift = tuple[float, float]  # [px] to the right and down from the middle of a pixel's corners


def turned(
    name: str,
    colour: Colour,
    size: int,
    turn: int,
    lit: bool = False,
    shift: Shift = (0.0, 0.0),
) -> pygame.Surface:
    """The sprite in a colour, `size` [px] large, turned by `turn` of `turns(size)`; premultiplied.

    It is an even number of pixels wide and high, and its middle lies `shift` beside that of the
    picture.
    """

    def make() -> pygame.Surface:
        key = (name, colour, size, lit, turn)
        return shrunk(_rotated.get(key, lambda: _rotate(*key)), fine(size), shift)

    return _store.get((name, colour, size, lit, turn, shift), make)


def _rotate(name: str, colour: Colour, size: int, lit: bool, turn: int) -> pygame.Surface:
    """The sprite turned, as large as it is drawn, to be shrunk."""
    large = pygame.transform.rotate(straight(name, colour, size, lit), 360 * turn / turns(size))
    return roomy(large, fine(size))


def roomy(large: pygame.Surface, factor: int) -> pygame.Surface:
    """A premultiplied picture as a part of an empty one, with room to be moved and shrunk by
    `factor`."""
    edge = 3 * factor  # two for the shift and an even number of pixels, one to spare
    width, height = large.get_size()
    room = pygame.Surface((width + 2 * edge, height + 2 * edge), pygame.SRCALPHA, 32)
    room.blit(large, (edge, edge), None, pygame.BLEND_RGBA_ADD)
    return room.subsurface((edge, edge, width, height))


def shrunk(large: pygame.Surface, factor: int, shift: Shift = (0.0, 0.0)) -> pygame.Surface:
    """A `roomy` picture, `factor` times smaller, `shift` [px] beside the middle of an even number
    of pixels."""
    wide, high = (2 * ceil(side / factor / 2 + 1) for side in large.get_size())
    left, top = (
        begins - round((side * factor - inner) / 2 + aside * factor)
        for begins, side, inner, aside in zip(
            large.get_offset(), (wide, high), large.get_size(), shift, strict=True
        )
    )
    part = large.get_parent().subsurface((left, top, wide * factor, high * factor))
    return pygame.transform.smoothscale(part, (wide, high))


def steps(size: int, many: int) -> int:
    """How many parts of a pixel sprites of `size` [px] move by, if `many` are in view."""
    if size >= WHOLE_FROM:
        return WHOLE
    return QUARTERS if many <= FEW and fine(size) == FINE else HALVES


def shadow(name: str, size: int, turn: int, colour: Colour) -> pygame.Surface:
    """The soft shadow of a sprite, to be drawn under it with the same middle.

    It falls to the lower right. All colours of a sprite share it: making one takes as long
    as turning the sprite.
    """
    return _store.get((name, size, turn, colour), lambda: _shadow(name, size, turn, colour))


def _shadow(name: str, size: int, turn: int, colour: Colour) -> pygame.Surface:
    sprite = turned(name, colour, size, turn)
    falls, soft = FALLS * size, SOFT * size
    edge = round(falls + 2 * soft) + 1
    width, height = sprite.get_width() + 2 * edge, sprite.get_height() + 2 * edge
    picture = pygame.Surface((width, height), pygame.SRCALPHA, 32)
    mask = pygame.mask.from_surface(sprite).to_surface(
        setcolor=(*colour, SHADOW), unsetcolor=(*colour, 0)
    )
    picture.fill((*colour, 0))
    place = edge + round(falls)
    picture.blit(mask, (place, place), special_flags=pygame.BLEND_RGBA_MAX)
    coarse = max(1, round(2 * soft))  # smaller and back again is a blur
    small = pygame.transform.smoothscale(picture, (-(-width // coarse), -(-height // coarse)))
    return pygame.transform.smoothscale(small, (width, height))


def fine(size: int) -> int:
    """How many times larger a sprite of `size` [px] is drawn before it is turned."""
    return FINE if size < LARGE_FROM else COARSE


def turns(size: int) -> int:
    """How many directions a sprite of `size` [px] is drawn in: a small one shows no finer ones."""
    return TURNS if size >= FINE_FROM else TURNS // 2
