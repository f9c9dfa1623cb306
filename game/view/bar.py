"""The array bar: the shared array itself, along the bottom of the window.

    positions: Array("d", 512)                        24 used   488 free   512 elements
    | 57.3 | 12.0 |  | 88.1 | 40.5 |  |      |      |                       + 506 more
       0      1         2      3         4      5

Each cell is an element, in the colour of the process that owns it. Drawn by the stage; what is
under the mouse is asked of it by pixels.
"""

from collections.abc import Callable

import numpy as np
import pygame
from pygame import Rect

from game.snapshot import Snapshot
from game.view import tip
from game.view.cells import Cells, choose
from game.view.pen import Area, Pen
from game.view.strip import Standing, Strip, Writes, heat, standing, within

EDGE = 14  # [pt] between the border and the text
HEAD, TOP, HIGH = 7, 27, 24  # [pt] down to the heading, down to the cells; how high these are
TINY = 11  # [pt] of an index under a cell
BETWEEN = 24  # [pt] between two indices, at least
BEYOND = 10  # [pt] between the last cell and the note on what follows


class Bar:
    """The picture of the array, and what was drawn where."""

    def __init__(self, array: str = "values", name: Callable[[int], str] = str) -> None:
        """`array` is its name in Python; `name` says what a person calls an agent."""
        self.source = tip.Source(array, name)
        self.row = Rect(0, 0, 0, 0)  # [px] where the cells are
        self.cells = Cells(0, 1, 1, 1, False, False)
        self._writes = Writes()
        self._strip = Strip()

    def note(self, snapshot: Snapshot) -> None:
        """Note what was written; call it for every snapshot, drawn or not."""
        self._writes.note(snapshot)

    def draw(self, pen: Pen, area: Area, snapshot: Snapshot) -> None:
        """Draw the bar into its area."""
        pen.fill("panel", area)
        pen.fill("line", Rect(area.x, area.y, area.width, 1))
        capacity, fields = len(snapshot.values), len(snapshot.fields)
        note = round(pen.width(beyond(capacity * fields))) + BEYOND
        room = Rect(area.x + EDGE, area.y + TOP, max(8, area.width - 2 * EDGE - note), HIGH)
        self.row = pen.pixels(room)
        self.cells = choose(self.row.width, reach(snapshot), capacity, fields, pen.scale)
        held = standing(snapshot, self.cells)
        self._heading(pen, area, snapshot)
        self._picture(pen, snapshot, held)
        if self.cells.valued:
            self._values(pen, snapshot, held)
        self._indices(pen, room.bottom + 3)
        self._beyond(pen, room.centery, capacity * fields - self.cells.shown)
        self._frame(pen, self._cells_of(one(snapshot.selected)), "accent", 2)
        self._frame(pen, self._cells_of(snapshot.pointed), "text", 1)

    def at(self, place: tuple[int, int]) -> range:
        """The elements in the cell at a place [px]."""
        inside = self.row.top <= place[1] < self.row.bottom
        return self.cells.at(place[0] - self.row.left) if inside else range(0)

    def agents_at(self, place: tuple[int, int]) -> range:
        """The agents whose cells are at a place [px]."""
        elements, fields = self.at(place), self.cells.fields
        if not elements:
            return range(0)
        return range(elements.start // fields, (elements.stop - 1) // fields + 1)

    def agent_at(self, place: tuple[int, int], snapshot: Snapshot) -> int:
        """The first agent whose cell is at a place [px]; -1 where no process is, or was."""
        wanted = self.agents_at(place)
        if not wanted:
            return -1
        at = int(np.searchsorted(snapshot.agents, wanted.start))
        if at < len(snapshot.agents) and snapshot.agents[at] in wanted:
            return int(snapshot.agents[at])
        return wanted.start if snapshot.lost[wanted.start // snapshot.per_process] else -1

    def tip(self, pen: Pen, place: tuple[int, int], snapshot: Snapshot) -> Rect | None:
        """Tell about the elements at a place [px]; returns where the words are [pt], if any."""
        elements = self.at(place)
        if not elements:
            return None
        self._frame(pen, elements, "text", 2)
        lines = tip.tells(self.source, snapshot, elements, self._writes.last(elements))
        middle = self.row.left + self.cells.x(elements.start) + self.cells.pitch / 2
        return tip.draw(pen, lines, middle / pen.scale, self.row.top / pen.scale - TOP - tip.BESIDE)

    # The bar, part by part.

    def _heading(self, pen: Pen, area: Area, snapshot: Snapshot) -> None:
        """What the array is, at the left; how much of it is in use, at the right."""
        y = area.y + HEAD
        total = snapshot.values.size
        x = float(area.x + EDGE)
        x += pen.write(f'{self.source.array}: Array("d", {total})', x, y) + 14
        right = float(area.right - EDGE)
        for words, ink in reversed(counts(snapshot)):
            right -= pen.write(words, right, y, ink, across=1) + 14
        words = about(self.cells, snapshot)
        if pen.width(words) < right - x:
            pen.write(words, x, y, "dim")

    def _picture(self, pen: Pen, snapshot: Snapshot, held: Standing) -> None:
        warm = heat(self._writes.newest(self.cells), snapshot.now)
        warm = np.where(held.used, warm, 0.0)
        pictures = self._strip.picture(
            self.cells, self.row.height, pen.theme, pen.scale, held, warm
        )
        pen.surface.blits([(picture, self.row) for picture in pictures], False)

    def _values(self, pen: Pen, snapshot: Snapshot, held: Standing) -> None:
        """Write its value into each cell that somebody holds: there are few of them."""
        numbers = snapshot.values.ravel()[: self.cells.shown].tolist()
        shown = (held.used | held.dead).tolist()
        room, y = self.cells.pitch / pen.scale - 4, self.row.centery / pen.scale
        for element, number in enumerate(numbers):
            if shown[element]:
                ink = "text" if held.dead[element] else "shade"
                x = (self.row.left + self.cells.x(element) + self.cells.pitch / 2) / pen.scale
                pen.write(pen.cut(short(number), room), x, y + 1, ink, across=0.5, down=0.5)

    def _indices(self, pen: Pen, y: float) -> None:
        """Write the index under every cell, or under some at round numbers."""
        cells = self.cells
        apart = (pen.width(f"{cells.shown:,}", TINY) + BETWEEN) * pen.scale
        step = 1 if cells.valued else round_up(apart * cells.per / cells.pitch)
        for element in range(0, cells.shown, step):
            left = self.row.left + cells.x(element)
            middle = left + (cells.pitch / 2 if cells.apart else 0)
            across = 0.5 if cells.apart else 0.0
            pen.write(f"{element:,}", middle / pen.scale, y, "dim", TINY, across)

    def _beyond(self, pen: Pen, y: float, rest: int) -> None:
        """Say how many elements follow that are not shown: nobody writes them."""
        if rest:
            x = (self.row.left + self.cells.width) / pen.scale + BEYOND
            pen.write(beyond(rest), x, y, "dim", down=0.5)

    def _cells_of(self, agents: range) -> range:
        """The elements of some agents, as far as they are shown."""
        fields, end = self.cells.fields, self.cells.shown
        return range(min(agents.start * fields, end), min(agents.stop * fields, end))

    def _frame(self, pen: Pen, elements: range, ink: str, width: int) -> None:
        """Draw a frame around the cells of some elements, `width` [pt] wide."""
        if not elements:
            return
        left = self.row.left + self.cells.x(elements[0])
        right = self.row.left + self.cells.x(elements[-1]) + self.cells.pitch
        thick = max(1, round(width * pen.scale))
        box = Rect(left, self.row.top, right - left, self.row.height).inflate(2 * thick, 2 * thick)
        pygame.draw.rect(pen.surface, pen.theme[ink], box, thick)


def reach(snapshot: Snapshot) -> int:
    """The agents from the first up to the last that somebody drives or drove."""
    lost = np.flatnonzero(snapshot.lost)
    last = int(snapshot.agents[-1]) + 1 if len(snapshot.agents) else 0
    return max(last, int(lost[-1]) * snapshot.per_process + 1 if len(lost) else 0)


def counts(snapshot: Snapshot) -> list[tuple[str, str]]:
    """How many elements are in use, dead, free, in words and the colour of each."""
    run, fields = snapshot.per_process, len(snapshot.fields)
    lost = np.flatnonzero(snapshot.lost)
    published = within(snapshot.agents, lost * run, (lost + 1) * run)
    dead = int(snapshot.driven[lost].sum()) * fields
    used = (len(snapshot.agents) - int(published.sum())) * fields
    words = [(f"{used:,} used", "text"), (f"{snapshot.values.size - used - dead:,} free", "dim")]
    return [words[0], (f"{dead:,} dead", "alarm"), words[1]] if dead else words


def about(cells: Cells, snapshot: Snapshot) -> str:
    """What a cell or a column is."""
    if cells.per > 1:
        return f"{cells.per:,} elements a column"
    names = ", ".join(f"{name} [{unit}]" for name, unit in snapshot.fields.items())
    return f"{names} of each agent"


def one(agent: int) -> range:
    """The range of one agent; an empty one of -1."""
    return range(agent, agent + 1) if agent >= 0 else range(0)


def beyond(elements: int) -> str:
    return f"+ {elements:,} more"


def short(value: float) -> str:
    """A value in about five characters."""
    for words in (f"{value:.1f}", f"{value:.0f}"):
        if len(words) <= 5:
            return words
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e")


def round_up(number: float) -> int:
    """The first round number from there on: 1, 2 or 5 and zeros."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= number:
                return digit * power
        power *= 10
