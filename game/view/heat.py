"""Heat: where the agents have been, as a glow on the ground.

A scene owns it and has it follow every frame. Each row that an agent publishes counts once in
the cell of the ground that it names. Counted from the start, whether or not it is looked at, so
that it has something to show at once; it begins anew when everybody has left.
"""

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Floats, Frame
from game.view import density
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.memory import Memory, State
from game.view.theme import Theme

MOST = 50_000  # agents that are counted; of more, a scene shows their density
CELLS = 128  # along each side of the ground
BLUR = (1, 4, 6, 4, 1)  # how a count spreads over its neighbours, so that it looks smooth
HOTTEST = 10.0  # times the mean: as hot as can be, until there is a cell that is hotter
OPAQUE = 150  # of 255: of the hottest place; the grid shines through
PERIOD = 0.25  # [s] between two pictures: the glow changes slowly


class Heat(Memory):
    """How many rows have named each cell of a ground."""

    REMEMBERS = ("_counts", "_painted", "_tick")

    def __init__(self, ground: Bounds) -> None:
        """`ground` [m] may be longer than wide, or wider than long."""
        left, bottom, right, top = self._whole = ground
        side = max(right - left, top - bottom)
        self._ground = Bounds(left, bottom, left + side, bottom + side)  # the cells are squares
        super().__init__()

    def reset(self) -> None:
        """Forget where they have been."""
        self._counts: NDArray[np.int64] = np.zeros((CELLS, CELLS), np.int64)  # rows from the top
        self._painted = self._counts  # as they are shown, for a PERIOD
        self._tick = -1  # of PERIOD
        self._picture: pygame.Surface | None = None  # a pixel for each cell,
        self._theme: Theme | None = None  # in the colours of a theme
        self._shown: tuple[object, pygame.Surface, tuple[int, int]] | None = None

    def restore(self, state: State) -> None:
        """Remember what it did when `state` was saved."""
        super().restore(state)
        self._picture = None

    def follow(self, frame: Frame) -> None:
        """Count the new rows of the agents shown."""
        if len(frame.agents) > MOST:
            return
        slots = frame.slots_shown
        anew = (frame.first[slots] == frame.now).all()  # none of those before is there
        if anew:
            self._counts[:] = 0
        self.add(frame.shown[frame.fresh[slots]])
        tick = int(frame.now // PERIOD)
        if anew or tick != self._tick:
            self._tick, self._painted, self._picture = tick, self._counts.copy(), None

    def add(self, places: Floats) -> None:
        """Count each place (n, 2) [m] that lies on the ground."""
        low, high = self._whole[:2], self._whole[2:]
        places = places[((places >= low) & (places <= high)).all(axis=1)]
        if len(places):
            side = self._ground.right - self._ground.left
            square = Bounds(0.0, 0.0, side, side)
            self._counts += density.count(places - low, square, self._counts.shape)

    def draw(self, canvas: Canvas) -> None:
        """Lay the glow over the ground."""
        key = canvas.camera, canvas.view
        if self._picture is None or self._theme is not canvas.theme:
            self._picture, self._theme = picture(spread(self._painted), canvas), canvas.theme
            self._shown = None
        if self._shown is None or self._shown[0] != key:
            self._shown = key, *self._enlarged(canvas, self._picture)
        with canvas.within(self._whole):
            canvas.surface.blit(*self._shown[1:])

    def _enlarged(
        self, canvas: Canvas, picture: pygame.Surface
    ) -> tuple[pygame.Surface, tuple[int, int]]:
        """The part of a picture that is in sight, as large as it is there, and its place."""
        left, _, right, top = self._ground
        cell = (right - left) / CELLS
        sight = canvas.sight
        # Whole cells, and one more on each side for those at the edge to fade into.
        first, last = span((sight.left - left) / cell, (sight.right - left) / cell)
        upper, lower = span((top - sight.top) / cell, (top - sight.bottom) / cell)
        x, y = canvas.camera.pixel(left + first * cell, top - upper * cell)
        end_x, end_y = canvas.camera.pixel(left + last * cell, top - lower * cell)
        place = round(x), round(y)
        size = max(1, round(end_x) - place[0]), max(1, round(end_y) - place[1])
        part = picture.subsurface((first, upper, last - first, lower - upper))
        return pygame.transform.smoothscale(part, size), place


def span(low: float, high: float) -> tuple[int, int]:
    """The cells from `low` to `high`, and one more on each side, as far as there are any."""
    first = min(max(int(np.floor(low)) - 1, 0), CELLS - 1)
    return first, max(min(int(np.ceil(high)) + 1, CELLS), first + 1)


def spread(counts: NDArray[np.int64]) -> Floats:
    """The counts, each shared with its neighbours."""
    heat = counts.astype(float)
    for axis in (0, 1):
        room = [(0, 0), (0, 0)]
        room[axis] = (2, 2)
        wide = np.pad(heat, room)
        heat = np.zeros_like(heat)
        for shift, weight in enumerate(BLUR):
            heat += np.take(wide, np.arange(CELLS) + shift, axis) * (weight / sum(BLUR))
    return heat


def picture(heat: Floats, canvas: Canvas) -> pygame.Surface:
    """The heat through the theme's density scale, which is logarithmic; nothing where it is 0."""
    # Against the mean: else a ground where everybody has been everywhere would be all white.
    heat = heat / max(float(heat.mean()), 1.0)
    share = np.log1p(heat) / np.log1p(max(float(heat.max()), HOTTEST))
    stops = np.array(canvas.theme.density, float)
    at = share * (len(stops) - 1)
    parts = [np.interp(at, np.arange(len(stops)), stops[:, part]) for part in range(3)]
    faint = np.sqrt(share) * OPAQUE
    shades = np.stack((*parts, faint), axis=-1).round().astype(np.uint8)
    return pygame.image.frombuffer(shades.tobytes(), heat.shape[::-1], "RGBA").convert_alpha()
