"""The podium: the first cars of a race that is decided, where it hides little of the track.

        +-----+
        |  1  |          each with its car, its name and its time
    +---+     |
    | 2 |     +---+
    |   |     | 3 |
    +---+-----+---+

Drawn by the race's scene, on its canvas.
"""

from collections.abc import Sequence
from itertools import product
from math import hypot, inf
from typing import NamedTuple

import numpy as np
from pygame import Rect

from game.frame import Floats
from game.scenes.race.circuit import Circuit
from game.view import sprites
from game.view.camera import Camera, fit
from game.view.canvas import Canvas
from game.view.memory import Memory
from game.view.painter import Painter
from game.view.text import LARGE, NORMAL, SMALL

WIDTH, HEIGHT = 372, 206  # [pt]
SHARE = 0.75  # of the ground that it covers at the most
STANDS = [1, 0, 2]  # from left to right: who came second, first, third
HIGH = (1.0, 0.72, 0.5)  # of the first one's block: first, second, third
BLOCK = 74  # [pt] high: the first one's
CHECK = 6  # [pt] a square of the flag along the upper edge
CAR = 68  # [pt] long
TRIED = 8  # places along each side of the ground where it may stand
RISES = 0.5  # [s] until it stands


class Step(NamedTuple):
    """One of the first three."""

    tint: int  # the number of its colour
    name: str
    time: str


class Podium(Memory):
    """The podium, which rises when there is somebody to stand on it."""

    REMEMBERS = ("_since",)

    def reset(self) -> None:
        """Nobody stands on it."""
        self._since: float | None = None  # [s] when it began to rise
        self._stood: tuple[object, Rect] | None = None  # in which view, and where [pt]

    def follow(self, decided: bool, now: float) -> None:
        """Begin to rise when the first three are known."""
        if not decided:
            self._since = None
        elif self._since is None:
            self._since = now

    def draw(self, canvas: Canvas, steps: Sequence[Step], now: float, circuit: Circuit) -> None:
        """Draw the first three, the winner first; nothing where there is nobody.

        It stands where it hides as little as can be of the circuit, on which others may still be
        racing.
        """
        if not steps or self._since is None:
            return
        view = canvas.view, canvas.scale
        if self._stood is None or self._stood[0] != view:
            # As if the whole circuit were in view: it would leap about when the camera moves.
            self._stood = view, stand(canvas, fit(circuit.bounds, canvas.view), circuit.line)
        risen = min((now - self._since) / RISES, 1.0)
        painter = Painter(canvas.surface, canvas.theme, canvas.scale)
        bottom = (canvas.view[1] + canvas.view[3]) / canvas.scale
        there = self._stood[1]
        area = there.move(0, round((1 - risen) ** 2 * (bottom - there.top)))
        before = canvas.surface.get_clip()
        canvas.surface.set_clip(canvas.view)
        draw(painter, area, steps)
        canvas.surface.set_clip(before)


def stand(canvas: Canvas, camera: Camera, line: Floats) -> Rect:
    """Where it stands [pt], in a view of the ground with a `line` (n, 2) [m]."""
    left, top, width, height = (round(value / canvas.scale) for value in canvas.view)
    size = round(min(WIDTH, SHARE * width)), round(min(HEIGHT, SHARE * height))
    x, y = camera.pixels(line[:, 0], line[:, 1]).T / canvas.scale
    return clearest(Rect(left, top, width, height), size, x, y)


def clearest(view: Rect, size: tuple[int, int], x: Floats, y: Floats) -> Rect:
    """The part of the view, of that size, with the fewest of the places x, y (n,); of several
    alike the one nearest to the middle."""
    best, least = view, (inf, inf)
    for across, down in product(range(TRIED + 1), repeat=2):
        area = Rect(0, 0, *size)
        area.x = view.x + (view.width - size[0]) * across // TRIED
        area.y = view.y + (view.height - size[1]) * down // TRIED
        hidden = (x > area.left) & (x < area.right) & (y > area.top) & (y < area.bottom)
        off = hypot(area.centerx - view.centerx, area.centery - view.centery)
        cost = float(np.count_nonzero(hidden)), off
        if cost < least:
            best, least = area, cost
    return best


def draw(painter: Painter, area: Rect, steps: Sequence[Step]) -> None:
    """Draw the podium into its area."""
    painter.fill("panel", area, round_by=8)
    painter.frame("line", area, round_by=8)
    _flag(painter, Rect(area.x + 10, area.y + 9, area.width - 20, 2 * CHECK))
    floor = area.bottom - 12
    wide = (area.width - 24) // len(STANDS)
    high = max(18, min(BLOCK, area.height - 118))
    stands = [place for place in STANDS if place < len(steps)]
    x = area.centerx - wide * len(stands) // 2
    for place in stands:
        block = Rect(x, 0, wide, max(18, round(high * HIGH[place])))
        block.bottom = floor
        _stand(painter, block, place, steps[place])
        x += wide


def _stand(painter: Painter, block: Rect, place: int, step: Step) -> None:
    """A block with its number, and above it the car, its name and its time."""
    colour = painter.theme.tint(step.tint)
    middle = block.centerx
    face = Rect(block.x + 2, block.y, block.width - 4, block.height)
    painter.fill("line", face)
    painter.fill(colour, Rect(face.x, face.y, face.width, 3))
    painter.write(str(place + 1), middle, block.centery + 3, "text", LARGE, 0.5, 0.5)
    large = max(1, round(CAR * painter.scale))
    x, y = middle * painter.scale, (block.top - 58) * painter.scale
    shadow = sprites.shadow("car", large, 0, painter.theme["shadow"])
    car = sprites.turned("car", colour, large, 0)
    for picture, way in ((shadow, sprites.ALPHA), (car, sprites.PREMULTIPLIED)):
        width, height = picture.get_size()
        corner = round(x - width / 2), round(y - height / 2)
        painter.surface.blit(picture, corner, None, way)
    room = block.width - 4
    size = NORMAL if painter.width(step.name, NORMAL) <= room else SMALL
    painter.write(painter.cut(step.name, room, size), middle, block.top - 38, "text", size, 0.5)
    painter.write(step.time, middle, block.top - 20, "dim", SMALL, 0.5)


def _flag(painter: Painter, area: Rect) -> None:
    """A chequered band."""
    for column in range(area.width // CHECK):
        for row in range(area.height // CHECK):
            ink = "text" if (column + row) % 2 else "shade"
            painter.fill(ink, Rect(area.x + column * CHECK, area.y + row * CHECK, CHECK, CHECK))
