"""The cell raster: the cells of the array bar as one picture, from whole arrays.

    colours of the owners           (cells,) -> a row of pixels, stretched; kept, as the next
    gaps, hollow cells, crosses     over them
    writes                          a light line along the upper edge of the cells, of each frame

Called by the bar. No loop over cells or agents.
"""

from typing import NamedTuple

import numpy as np
import pygame
from numpy.typing import NDArray

from game.frame import Flags, Floats, Frame, Integers
from game.view.cells import Cells
from game.view.colouring import Colouring
from game.view.memory import Memory
from game.view.theme import Theme, brightness

Pixels = NDArray[np.uint8]

FADES = 0.08  # [s] until the line of a write is gone
NEVER = -np.inf  # [s] when a cell was written that was not
DEATH = 0.75  # of the way to the shade when dead
LINE, EDGE = 2, 1  # [pt] high: the line of a write, and its dark edge, for cells that are light
CROSSED = 6  # [px] of a cell from which its cross is one, not a hatch
HATCH = 6  # [px] from line to line
DIVIDED, WIDE = 8, 16  # [pt] of a cell from which there are gaps within an agent; wider ones
VEIL = 110  # of 255: how much a cross covers of what is under it, where there is a value


class Owners(NamedTuple):
    """Who holds the cells, (cells,) each."""

    slots: Integers  # of the first agent of each, or whatever else its colour stands for
    used: Flags  # an agent in it has published
    dead: Flags  # a process that holds a part of it has failed


def owners(frame: Frame, cells: Cells, by: Colouring | None = None) -> Owners:
    """Who holds the cells at this moment, and which colours those have by the colouring."""
    fields, run = len(frame.fields), frame.per_process
    starts = np.arange(cells.number) * cells.per
    ends = np.minimum(starts + cells.per, cells.shown)
    first, end = starts // fields, (ends - 1) // fields + 1
    slots = first // run
    used = within(frame.agents, first, end) > 0
    # A process may hold a slot that is larger than what it drives; cells of several hold some.
    driven = (first < slots * run + frame.driven[slots]) | ((end - 1) // run > slots)
    died = np.logical_or.reduceat(frame.died[: (int(end[-1]) - 1) // run + 1], slots)
    if frame.foreign and (cells.per > 1 or run > 1):  # no colour tells so many elements apart
        slots = np.zeros_like(slots)
    return Owners(by.of_slots(slots) if by else slots, used, died & driven)


def within(numbers: Integers, first: Integers, end: Integers) -> Integers:
    """How many of `numbers`, ascending, there are from each `first` up to its `end`."""
    many = len(numbers)
    if many and numbers[-1] == many - 1:  # none is missing, and a million need not be searched
        return np.minimum(end, many) - np.minimum(first, many)
    found: Integers = np.searchsorted(numbers, end) - np.searchsorted(numbers, first)
    return found


class Writes(Memory):
    """When each part of the array was seen to be written.

    A part is what one process publishes at once; where elements are written one by one, each of
    them is a part.
    """

    REMEMBERS = ("_when", "_part", "_values")

    def reset(self) -> None:
        """Forget all writes."""
        self._when: Floats = np.zeros(0)  # (parts,) [s]
        self._part = 1  # elements of a part
        self._values: Floats = np.zeros(0)  # (elements,) of the frame before

    def follow(self, frame: Frame) -> None:
        """Note what is new in a frame."""
        new = frame.fresh
        self._part = frame.per_process * len(frame.fields)
        if frame.element_wise:
            values = frame.values.ravel()
            before = self._values if self._values.shape == values.shape else np.zeros_like(values)
            new, self._part, self._values = values != before, 1, values.copy()
        if len(self._when) != len(new):
            self._when = np.full(len(new), NEVER)
        self._when[new] = frame.now

    def newest(self, cells: Cells) -> Floats:
        """When a part of each cell was written last [s], (cells,) float64."""
        parts = np.arange(cells.number) * cells.per // self._part
        end = (cells.shown - 1) // self._part + 1
        newest: Floats = np.maximum.reduceat(self._when[:end], parts)
        return newest

    def last(self, elements: range) -> float:
        """When one of some elements was written last [s]."""
        first, end = elements.start // self._part, (elements.stop - 1) // self._part + 1
        return float(self._when[first:end].max())


def flash(written: Floats, now: float) -> Floats:
    """How much of a line is still to be seen, from 1 down to 0, by the times of the writes [s]."""
    left: Floats = np.clip(1 - (now - written) / FADES, 0.0, 1.0)
    return left


def colours(theme: Theme, slots: Integers) -> Floats:
    """The colour of each slot's process, (n, 3) of 0 to 255: its number's in the theme."""
    palette: Floats = np.array([theme.agent(n) for n in range(theme.different)], float)
    return palette[slots % theme.different]


class CellRaster:
    """Keeps the picture of the cells from frame to frame, and makes it anew where they change."""

    def __init__(self) -> None:
        self._key: object = None
        self._held = Owners(np.zeros(0, np.int64), np.zeros(0, bool), np.zeros(0, bool))
        self._picture = pygame.Surface((0, 0))
        self._lines: Pixels = np.zeros(0, np.uint8)  # (height, width, 4)
        self._open: Flags = np.zeros(0, np.bool_)  # (width,) [px] that are no gaps

    def picture(
        self, cells: Cells, height: int, theme: Theme, scale: float, held: Owners
    ) -> pygame.Surface:
        """The cells, `height` [px] high, while nothing is written."""
        key = (cells, height, theme, scale)
        if self._key != key or not same(held, self._held):
            self._key, self._held = key, held
            base = colours(theme, held.slots)
            base[held.dead] += (np.array(theme["shade"]) - base[held.dead]) * DEATH
            row = base.round().astype(np.uint8).repeat(np.diff(cells.edges), axis=0)
            self._picture = stretched(row[None], height)
            self._picture.blit(overlay(cells, height, theme, scale, held), (0, 0))
            self._open, self._lines = ~gaps(cells, scale), blank_lines(cells, theme, scale)
        return self._picture

    def lines(self, cells: Cells, lit: Floats) -> pygame.Surface:
        """The lines along the upper edges of the cells of the last picture, as far as each is
        `lit`, (cells,) from 0 to 1."""
        lit = np.where(self._held.used & ~self._held.dead, lit, 0.0)
        bright = (lit * 255).round().astype(np.uint8).repeat(np.diff(cells.edges))
        self._lines[:, :, 3] = bright * self._open
        high, width = self._lines.shape[:2]
        return pygame.image.frombuffer(self._lines.tobytes(), (width, high), "RGBA")


def blank_lines(cells: Cells, theme: Theme, scale: float) -> Pixels:
    """A light line over a dark one, (height, width, 4), so that it is seen on light cells, too."""
    inks = sorted((theme["text"], theme["shade"]), key=brightness)
    light, dark = (max(1, round(high * scale)) for high in (LINE, EDGE))
    lines = np.zeros((light + dark, cells.width, 4), np.uint8)
    lines[:light, :, :3], lines[light:, :, :3] = inks[1], inks[0]
    return lines


def same(one: Owners, other: Owners) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def stretched(rows: Pixels, height: int) -> pygame.Surface:
    """A picture of (1, width, 3) pixels, drawn out to a height."""
    size = rows.shape[1], 1
    line = pygame.image.frombuffer(np.ascontiguousarray(rows).tobytes(), size, "RGB")
    return pygame.transform.scale(line, (size[0], height))


def overlay(cells: Cells, height: int, theme: Theme, scale: float, held: Owners) -> pygame.Surface:
    """Gaps between the cells, hollow ones where nobody writes, crosses on the dead."""
    left, right = insets(cells, scale)
    cell, x, beyond = columns(cells)
    at, y = np.arange(cells.width), np.arange(height)[:, None]
    edge = (x == left[cell]) | (beyond == right[cell] + 1)
    thin = max(1, int(scale))
    rim = (y < thin) | (y >= height - thin) | (edge & cells.apart)
    picture = np.zeros((height, cells.width, 4), np.uint8)
    free = ~(held.used | held.dead)[cell]
    picture[:, free] = (*theme["panel"], 255)
    picture[rim & free] = (*theme["dim"], 255)
    if held.dead.any():
        large, across = cells.pitch >= CROSSED, np.minimum(x, cells.pitch - 1)
        crossed = cross(cells.pitch, height, scale)[:, across] if large else None
        lines = (at + y) % HATCH < HATCH // 3 if crossed is None else crossed
        picture[lines & held.dead[cell]] = (*theme["alarm"], VEIL if cells.valued else 255)
    picture[:, gaps(cells, scale)] = (*theme["panel"], 255)
    made = pygame.image.frombuffer(picture.tobytes(), (cells.width, height), "RGBA")
    return made.convert_alpha()  # twenty times as fast to lay over


def gaps(cells: Cells, scale: float) -> Flags:
    """Which columns of pixels lie between the cells, (width,)."""
    left, right = insets(cells, scale)
    cell, x, beyond = columns(cells)
    found: Flags = (x < left[cell]) | (beyond <= right[cell])
    return found


def columns(cells: Cells) -> tuple[Integers, Integers, Integers]:
    """Of each column of pixels its cell, and how far it is from where that begins, and to where
    it ends [px], (width,) each."""
    at, edges = np.arange(cells.width), cells.edges
    cell = np.arange(cells.number).repeat(np.diff(edges))
    return cell, at - edges[cell], edges[cell + 1] - at


def insets(cells: Cells, scale: float) -> tuple[Integers, Integers]:
    """What stays empty of each cell at its left and right [px]: more between two agents."""
    field = np.arange(cells.number) % cells.fields
    left, right = np.zeros_like(field), np.zeros_like(field)
    if cells.apart:
        thin, wide = max(1, round(scale)), cells.pitch >= WIDE * scale
        left[field == 0] = 2 * thin if wide else thin
        right[:] = thin if cells.pitch >= DIVIDED * scale else 0
        right[field == cells.fields - 1] *= 2 if wide else 1
    return left, right


def cross(width: int, height: int, scale: float) -> Flags:
    """The pixels of a cross from corner to corner, (height, width)."""
    x, y = np.arange(width), np.arange(height)[:, None]
    far = np.abs(x * (height - 1) - y * (width - 1)) / np.hypot(width, height)  # [px]
    lines: Flags = (far < 0.75 * scale) | (far[::-1] < 0.75 * scale)
    return lines
