"""Sprites: SVG pictures in every agent's colour, size and direction, made once and kept."""

from functools import lru_cache
from io import BytesIO

import pygame

from game import assets
from game.view.theme import Colour

TURNS = 96  # pictures of a whole turn: 3.75 degrees each
DRAWN = 64  # [px] the sprites' own size
FINE = 4  # drawn so many times larger before it is turned, for smooth edges
TINT = "#ff00ff"  # stands for the agent's colour in the file


@lru_cache(maxsize=16)
def source(name: str) -> str:
    """The text of a sprite's SVG file."""
    with open(assets.path("sprites", name + ".svg"), encoding="utf-8") as file:
        return file.read()


@lru_cache(maxsize=256)
def straight(name: str, colour: Colour, size: int) -> pygame.Surface:
    """The sprite in a colour, facing right, `FINE` times `size` [px] wide and high."""
    text = source(name).replace(TINT, "#{:02x}{:02x}{:02x}".format(*colour))
    # SDL draws an SVG at the size that its text says, so the text has to say ours.
    large = size * FINE
    text = text.replace(f'width="{DRAWN}" height="{DRAWN}"', f'width="{large}" height="{large}"')
    return pygame.image.load(BytesIO(text.encode()), name + ".svg").convert_alpha()


@lru_cache(maxsize=8192)
def turned(name: str, colour: Colour, size: int, turn: int) -> pygame.Surface:
    """The sprite in a colour, `size` [px] wide and high, turned by `turn` of `TURNS`."""
    degrees = 360 * turn / TURNS
    return pygame.transform.rotozoom(straight(name, colour, size), degrees, 1 / FINE)
