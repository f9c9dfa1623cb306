"""Density: very many agents as a picture of how many stand in each small cell of it.

Owned by scenes, which give it a canvas to draw on. Works on whole arrays, only when somebody has
moved, and on a part of the agents in each frame: a picture of a million takes two frames, of ten
million ten, and no frame waits for it. Every agent is counted, exactly once.

A cell has the colour of whoever was counted in it last. So that this is not always
the last process, the agents are counted in blocks, which follow each other as far apart as can be.

Counting is `follow`'s: `draw` shows the last picture. Only of a part of the ground that was not
shown before, drawing itself counts the first blocks, which stand for all until the next frames have
counted the others.
"""

from math import floor, gcd
from typing import NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Floats, Frame, Integers
from game.view import legend
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.colouring import Colouring
from game.view.density_picture import Marks, picture
from game.view.theme import Theme

A_FRAME = 500_000  # agents counted in one frame at the most, or
FRAMES = 10  # as many as it takes to count all of them in so many frames
AT_ONCE = 32_768  # of them in each step, a block: what fits into a core's own cache
GOLDEN = 0.618034  # of all blocks, from one that is counted to the next
COARSE, FINE = 2, 1  # [pt] a cell that agents are counted in: as large as a dot, while there is
CROWDED = 0.5  # [pt, an area] of the ground for each agent at least; with less, fine


class Grid(NamedTuple):
    """The cells that are counted in: a part of the ground."""

    scale: float  # [cells/m]
    left: int  # [cells] from the ground's origin, to the right
    bottom: int  # [cells] upwards
    width: int  # [cells]
    height: int  # [cells]
    side: int = 1  # [px] of a cell


class Density:
    """Draws the agents of a frame as a density, and keeps the picture while nothing moves."""

    def __init__(self) -> None:
        self._grid: Grid | None = None  # that was asked for last
        self._theme: Theme | None = None
        self._by = Colouring()
        self._agents: Integers | None = None  # those that are counted
        self._blocks: list[int] = []  # where each begins of those that are still to be counted
        self._counts: Integers = np.zeros(0, np.int64)  # of each cell, so far
        self._owners: Marks = np.zeros(0, np.uint8)  # whose colour each has
        self._counted = 0  # agents so far
        self._moves = 0  # pictures in a row of another part of the ground, which count themselves
        self._stale = False  # there are newer rows than those that were counted
        self._picture: pygame.Surface | None = None  # of the last count that was finished,
        self._most = 1  # how many agents are in a cell of it at the most,
        self._seen: tuple[int, ...] = ()  # and which of the colours that processes have
        self._places: Floats = np.zeros((0, 2))  # [m] of the agents, as they are shown
        self._cells = np.empty(0, np.int64)  # (A_FRAME,) the cell of each agent, row by row,
        self._marks: Marks = np.empty(0, np.uint8)  # and whose it is

    def follow(self, frame: Frame, places: Floats, moved: bool) -> None:
        """Go on counting where the last picture was drawn, if it was drawn at all.

        `places` (len(agents), 2+) [m] are those of the agents shown; `moved` says that they are
        others than in the frame before.
        """
        self._places = places
        self._stale |= moved
        if self._grid is None or self._moves > 1:
            return
        # With other agents, the numbers of those that were counted mean others.
        if frame.agents is not self._agents or (self._stale and self._finished):
            self._begin(frame)
        if not self._finished:
            self._go_on(frame, self._grid)

    def rest(self) -> None:
        """Count no longer: the agents are drawn as something else."""
        self._grid = self._picture = None

    def draw(self, canvas: Canvas, frame: Frame, ground: Bounds, see_through: bool = False) -> None:
        """Show how many agents lie in each cell, of as much of `ground` [m] as is in view; with
        `see_through`, what was drawn before where nobody is.

        Until the first count is finished, and in every frame while the camera moves, the
        first part of the agents stands for all.
        """
        canvas.drawn = np.zeros((0, 2)), np.zeros(0, np.int64)  # nobody to point at
        grid = visible(canvas, ground, side(canvas, ground, len(frame.agents)))
        if not grid.width * grid.height:
            return
        another = grid != self._grid
        self._moves = self._moves + 1 if another and self._grid else 0
        self._by, by = canvas.colouring, self._by
        if another or canvas.theme is not self._theme or self._by.choice != by.choice:
            self._grid, self._theme, self._picture = grid, canvas.theme, None
            self._begin(frame)
            self._go_on(frame, grid)
        if self._picture is not None:
            left = round(canvas.camera.x) + grid.left * grid.side
            top = round(canvas.camera.y) - (grid.bottom + grid.height) * grid.side
            # At the edges of the view a cell may be cut in two.
            clip = canvas.surface.get_clip()
            canvas.surface.set_clip(clip.clip(canvas.view))
            self._picture.set_colorkey(canvas.theme["floor"] if see_through else None)
            canvas.surface.blit(self._picture, (left, top))
            legend.draw(canvas, self._seen, self._most, grid.side / canvas.camera.scale)
            canvas.surface.set_clip(clip)

    @property
    def _finished(self) -> bool:
        return self._agents is not None and self._counted >= len(self._agents)

    def _begin(self, frame: Frame) -> None:
        """Begin a new count."""
        self._agents, self._counted, self._stale = frame.agents, 0, False
        self._blocks = far_apart(len(frame.agents), min(AT_ONCE, part_of(len(frame.agents))))

    def _go_on(self, frame: Frame, grid: Grid) -> None:
        """Count the next agents, each where it stands in this frame."""
        all_, size, found = len(frame.agents), grid.width * grid.height, 0
        part = part_of(all_)
        room = part + min(AT_ONCE, part)  # the last block may reach beyond the part
        if len(self._cells) < room:
            self._cells, self._marks = np.empty(room, np.int64), np.empty(room, np.uint8)
        begins = self._counted == 0
        until = min(self._counted + part, all_)
        while self._counted < until:
            first = self._blocks.pop(0)
            last = min(first + AT_ONCE, first + part, all_)
            marks = self._marks[found : found + last - first]
            different = self._theme.different if self._theme else 1
            mark(frame, first, last, different, marks, self._by)
            found += find_cells(self._places[first:last], grid, self._cells[found:], marks)
            self._counted += last - first
        counts = np.bincount(self._cells[:found], minlength=size)
        self._counts = counts if begins else self._counts + counts
        if begins:
            self._owners = np.zeros(size, np.uint8)
        self._owners[self._cells[:found]] = self._marks[:found]
        if self._theme and (self._finished or self._picture is None):
            shape = grid.height, grid.width
            counts, owners = self._counts.reshape(shape), self._owners.reshape(shape)
            self._picture = picture(counts, owners, self._theme, grid.side)
            self._most = max(int(counts.max(initial=0)), 1)
            self._seen = tuple(np.flatnonzero(np.bincount(owners[counts > 0])).tolist())


def part_of(agents: int) -> int:
    """How many of all agents are counted in a frame."""
    return min(agents, max(A_FRAME, -(-agents // FRAMES)))


def far_apart(agents: int, block: int) -> list[int]:
    """Where the blocks of so many agents begin, each far from the one before; the last of them,
    which may be smaller, at the end."""
    whole = agents // max(block, 1)
    stride = max(1, round(GOLDEN * whole))
    while gcd(stride, whole) > 1:
        stride += 1
    starts = [number * stride % whole * block for number in range(whole)]
    return [*starts, whole * block] if whole * block < agents else starts


def mark(frame: Frame, first: int, last: int, different: int, marks: Marks, by: Colouring) -> None:
    """Write which colours `agents[first:last]` have, of so many `different` ones by turns."""
    if by.choice.kind == "field":
        agents = frame.agents[first:last]
        np.copyto(marks, by.of(agents, frame.per_process, different), casting="unsafe")
        return
    ends = frame.agents[[first, last - 1]] // frame.per_process
    slots = ends[0] if ends[0] == ends[1] else frame.agents[first:last] // frame.per_process
    np.copyto(marks, by.of_slots(slots) % different, casting="unsafe")


def side(canvas: Canvas, ground: Bounds, agents: int) -> int:
    """How large a cell is [px] where so many agents share `ground` [m]."""
    area = (ground.right - ground.left) * (ground.top - ground.bottom) / canvas.point**2
    points = COARSE if area >= CROWDED * agents else FINE
    return max(1, round(points * canvas.scale))


def visible(canvas: Canvas, ground: Bounds, side: int = 1) -> Grid:
    """The cells of `side` [px] in the part of `ground` [m] that is in view, none if nothing is.

    They reach a cell over the ground's right and upper edge, where agents stand, too.
    """
    camera, (left, top, width, height) = canvas.camera, canvas.view
    x, y, scale = round(camera.x), round(camera.y), camera.scale / side
    first = max(floor(ground.left * scale), (left - x) // side)
    last = min(floor(ground.right * scale), (left + width - 1 - x) // side)
    lowest = max(floor(ground.bottom * scale), (y - top - height) // side)
    highest = min(floor(ground.top * scale), (y - 1 - top) // side)
    size = max(last - first + 1, 0), max(highest - lowest + 1, 0)
    return Grid(scale, first, lowest, *size, side)


def count(places: Floats, ground: Bounds, size: tuple[int, int]) -> Integers:
    """How many places (n, 2) [m] lie in each cell of a square ground of `size` (width, height)
    cells, (height, width)."""
    # A hair less than it is: those on the right and the upper edge are in the last cell.
    scale = size[0] / (ground.right - ground.left) * (1 - 1e-12)
    grid = Grid(scale, floor(ground.left * scale), floor(ground.bottom * scale), *size)
    cells = np.empty(len(places), np.int64)
    found = find_cells(places, grid, cells)
    return np.bincount(cells[:found], minlength=size[0] * size[1]).reshape(size[::-1])


def find_cells(places: Floats, grid: Grid, found: Integers, marks: Marks | None = None) -> int:
    """Write the cell of each place (n, 2+) [m] in the grid into `found`, numbered row by row
    from the upper left; returns how many there are. Others are left out, and those that are not
    finite; of the `marks` (n,) of all, those that are found come to stand first."""
    room = np.empty((min(len(places), AT_ONCE), 2))
    lower = max(grid.left, grid.bottom)
    upper = min(grid.left + grid.width, grid.bottom + grid.height)
    first_cell = (grid.bottom + grid.height - 1) * grid.width - grid.left
    count = 0
    for first in range(0, len(places), AT_ONCE):
        part = places[first : first + AT_ONCE, :2]
        with np.errstate(over="ignore"):  # of what is no place, and is left out below
            cells = np.multiply(part, grid.scale, out=room[: len(part)])
        if not (cells.min() >= lower and cells.max() < upper):  # false for nan, too
            lie = inside(cells, grid)
            cells = cells[lie]
            if marks is not None:
                marks[count : count + len(cells)] = marks[first : first + len(part)][lie]
        elif marks is not None and count < first:
            marks[count : count + len(part)] = marks[first : first + len(part)]
        np.floor(cells, out=cells)
        column, row = cells.T
        row *= -grid.width  # whole numbers all the while, and exact as such
        row += column
        numbers = found[count : count + len(cells)]
        np.add(row, first_cell, out=numbers, casting="unsafe")
        count += len(cells)
    return count


def inside(places: Floats, grid: Grid) -> NDArray[np.bool_]:
    """Which places (n, 2) [cells] lie in the grid."""
    x, y = places[:, 0], places[:, 1]
    within: NDArray[np.bool_] = (x >= grid.left) & (x < grid.left + grid.width)
    within &= (y >= grid.bottom) & (y < grid.bottom + grid.height)
    return within
