"""The array bar: the shared array itself, along the bottom of the window.

    positions: Array("d", 512)                        24 used   488 free   512 elements
    | 57.3 | 12.0 |  | 88.1 | 40.5 |  |      |      |                       + 506 more
       0      1         2      3         4      5

Each cell is an element, in the colour of the process that owns it; a light line over it is a write.
Drawn by the screen: its cells in every frame, of the same one as the ground, the words about them
as often as they can be read. What is under the mouse is asked of it by pixels.
"""

from collections.abc import Callable
from operator import is_

import numpy as np
import pygame
from pygame import Rect

from game.frame import Frame
from game.view import tooltip
from game.view.cell_raster import CellRaster, Owners, Writes, flash, owners, within
from game.view.cells import Cells, choose
from game.view.colouring import Colouring
from game.view.memory import Memory
from game.view.numbers import cell_values
from game.view.painter import Area, Painter

EDGE = 14  # [pt] between the border and the text
HEAD, TOP, HIGH = 7, 27, 24  # [pt] down to the heading, down to the cells; how high these are
TINY = 11  # [pt] of an index under a cell
BETWEEN = 24  # [pt] between two indices, at least
LEAST = 30  # [pt] in which what a cell is can be told at all
BEYOND = 10  # [pt] between the last cell and the note on what follows


class Bar(Memory):
    """The picture of the array, and what was drawn where."""

    REMEMBERS = ("writes",)

    def __init__(self, array: str = "values", name: Callable[[int], str] = str) -> None:
        """`array` is its name in Python; `name` says what a person calls an agent."""
        self.array = tooltip.Array(array, name)
        self.row = Rect(0, 0, 0, 0)  # [px] where the cells are
        self.cells = Cells(0, 0, 1, 1, False, False)
        self.writes = Writes()
        self._frame = Frame({"": ""}, 0)  # followed last
        self._raster = CellRaster()
        self._look: object = None  # what the cells were drawn for
        self._shown: tuple[object, ...] = ()
        self._bare = pygame.Surface((0, 0))  # the cells without values, while nothing is written;
        self._still = pygame.Surface((0, 0))  # with them,
        self._told: dict[int, str] = {}  # which are these, by element

    def reset(self) -> None:
        """Forget all writes."""
        self.writes.reset()

    def follow(self, frame: Frame) -> None:
        """Take in the next frame, and what was written in it."""
        self._frame = frame
        self.writes.follow(frame)

    def place(self, painter: Painter, area: Area) -> None:
        """Find out which cells there are, and where."""
        values, note = self._frame.values, 0
        used, fields = reach(self._frame), len(self._frame.fields)
        for _ in range(2):  # the note on what follows takes its room only where something does
            wide = max(8, area.width - 2 * EDGE - note)
            self.row = painter.pixels(Rect(area.x + EDGE, area.y + TOP, wide, HIGH))
            self.cells = choose(self.row.width, used, len(values), fields, painter.scale)
            rest = values.size - self.cells.shown
            note = round(painter.width(beyond(rest))) + BEYOND if rest else 0

    def draw(
        self,
        painter: Painter,
        area: Area,
        selected: int = -1,
        pointed: range = range(0),
        words: bool = True,
        by: Colouring | None = None,
    ) -> None:
        """Draw the bar into its area, with frames around two agents' cells, or more.

        Without `words`, only the cells are drawn, over those that were drawn there before. `by` is
        what their colours stand for, if not for processes.
        """
        frame, cells = self._frame, (self.cells, self.row)
        self.place(painter, area)
        if not frame.values.size:  # there is nothing yet
            painter.fill("panel", area)
            return
        if words or cells != (self.cells, self.row):
            self._words(painter, area, frame)
        if words or self._changed(painter, frame):
            self._still = self._picture(painter, frame, by)
        painter.surface.blit(self._still, self.row)
        lit = flash(self.writes.newest(self.cells), frame.now)
        if lit.any():
            painter.surface.blit(self._raster.lines(self.cells, lit), self.row)
        self._outline(painter, self._cells_of(one(selected)), "accent", 2)
        self._outline(painter, self._cells_of(pointed), "text", 1)

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

    def agent_at(self, place: tuple[int, int]) -> int:
        """The first agent whose cell is at a place [px]; -1 where no process is, or was."""
        frame = self._frame
        wanted = self.agents_at(place)
        if not wanted:
            return -1
        at = int(np.searchsorted(frame.agents, wanted.start))
        if at < len(frame.agents) and frame.agents[at] in wanted:
            return int(frame.agents[at])
        return wanted.start if frame.died[wanted.start // frame.per_process] else -1

    def tooltip(self, painter: Painter, place: tuple[int, int]) -> Rect | None:
        """Tell about the elements at a place [px]; returns where the words are [pt], if any."""
        elements = self.at(place)
        if not elements:
            return None
        self._outline(painter, elements, "text", 2)
        lines = tooltip.tells(self.array, self._frame, elements, self.writes.last(elements))
        middle = self.row.left + self.cells.x(elements.start) + self.cells.pitch / 2
        bottom = self.row.top / painter.scale - TOP - tooltip.BESIDE
        return tooltip.draw(painter, lines, middle / painter.scale, bottom)

    # The bar, part by part.

    def _words(self, painter: Painter, area: Area, frame: Frame) -> None:
        """Draw all but the cells."""
        painter.fill("panel", area)
        painter.fill("line", Rect(area.x, area.y, area.width, 1))
        self._heading(painter, area, frame)
        self._indices(painter, area.y + TOP + HIGH + 3)
        self._beyond(painter, area.y + TOP + HIGH // 2, frame.values.size - self.cells.shown)

    def _heading(self, painter: Painter, area: Area, frame: Frame) -> None:
        """What the array is, at the left; how much of it is in use, at the right."""
        y = area.y + HEAD
        total = frame.values.size
        x = float(area.x + EDGE)
        kind = frame.foreign.words if frame.foreign else f'Array("d", {total})'
        x += painter.write(f"{self.array.name}: {kind}", x, y) + 14
        right = float(area.right - EDGE)
        for words, ink in reversed(counts(frame)):
            right -= painter.write(words, right, y, ink, across=1) + 14
        words = about(self.cells, frame)
        if right - x > LEAST:
            painter.write(painter.cut(words, right - x), x, y, "dim")

    def _changed(self, painter: Painter, frame: Frame) -> bool:
        """Whether cells or values are others than when it was last asked."""
        look = self.cells, self.row.size, painter.theme, painter.scale
        shown = frame.agents, frame.died, frame.driven, frame.values
        valued = self.cells.valued
        same = self._look == look and all(map(is_, self._shown, shown if valued else shown[:3]))
        self._look, self._shown = look, shown
        return not same or (valued and (bool(frame.fresh.any()) or frame.element_wise))

    def _picture(self, painter: Painter, frame: Frame, by: Colouring | None) -> pygame.Surface:
        """The cells with their values, while nothing is written."""
        held, cells = owners(frame, self.cells, by), self.cells
        size = self.row.height, painter.theme, painter.scale
        bare = self._raster.picture(cells, *size, held)
        if not cells.valued:
            return bare
        if bare is not self._bare:
            self._bare, self._still, self._told = bare, bare.copy(), {}
        self._values(Painter(self._still, painter.theme, painter.scale), frame, held)
        return self._still

    def _values(self, painter: Painter, frame: Frame, held: Owners) -> None:
        """Write its value into each cell that somebody holds, where another one stands: there
        are few of them."""
        shown = np.flatnonzero(held.used | held.dead).tolist()
        room, y = self.cells.pitch / painter.scale - 4, self.row.height / 2 / painter.scale
        digits = int(room / painter.width("0"))
        values = frame.values.ravel()[shown].tolist()
        for element, words in zip(shown, cell_values(values, digits), strict=True):
            if self._told.get(element) == words:
                continue
            self._told[element] = words
            left, end = self.cells.x(element), self.cells.end(element)
            painter.surface.blit(self._bare, (left, 0), (left, 0, end - left, self.row.height))
            ink = "text" if held.dead[element] else "shade"
            x = (self.cells.x(element) + self.cells.pitch / 2) / painter.scale
            painter.write(painter.cut(words, room), x, y + 1, ink, across=0.5, down=0.5)

    def _indices(self, painter: Painter, y: float) -> None:
        """Write the index under every cell, or under some at round numbers."""
        cells = self.cells
        apart = (painter.width(f"{cells.shown:,}", TINY) + BETWEEN) * painter.scale
        step = 1 if cells.valued else round_up(apart * cells.per / cells.pitch)
        for element in range(0, cells.shown, step):
            left = self.row.left + cells.x(element)
            middle = left + (cells.pitch / 2 if cells.apart else 0)
            across = 0.5 if cells.apart else 0.0
            painter.write(f"{element:,}", middle / painter.scale, y, "dim", TINY, across)

    def _beyond(self, painter: Painter, y: float, rest: int) -> None:
        """Say how many elements follow that are not shown: nobody writes them."""
        if rest:
            x = (self.row.left + self.cells.width) / painter.scale + BEYOND
            painter.write(beyond(rest), x, y, "dim", down=0.5)

    def _cells_of(self, agents: range) -> range:
        """The elements of some agents, as far as they are shown."""
        fields, end = self.cells.fields, self.cells.shown
        return range(min(agents.start * fields, end), min(agents.stop * fields, end))

    def _outline(self, painter: Painter, elements: range, ink: str, width: int) -> None:
        """Draw a frame around the cells of some elements, `width` [pt] wide."""
        if not elements:
            return
        left = self.row.left + self.cells.x(elements[0])
        right = self.row.left + self.cells.end(elements[-1])
        thick = max(1, round(width * painter.scale))
        box = Rect(left, self.row.top, right - left, self.row.height).inflate(2 * thick, 2 * thick)
        pygame.draw.rect(painter.surface, painter.theme[ink], box, thick)


def reach(frame: Frame) -> int:
    """The agents from the first up to the last that somebody drives or drove."""
    died = np.flatnonzero(frame.died)
    last = int(frame.agents[-1]) + 1 if len(frame.agents) else 0
    if not len(died):
        return last
    return max(last, int(died[-1]) * frame.per_process + int(frame.driven[died[-1]]))


def counts(frame: Frame) -> list[tuple[str, str]]:
    """How many elements are in use, dead, free, in words and the colour of each."""
    if frame.foreign:
        return [(f"{frame.values.size:,} elements", "text")]
    run, fields = frame.per_process, len(frame.fields)
    died = np.flatnonzero(frame.died)
    published = within(frame.agents, died * run, (died + 1) * run)
    dead = int(frame.driven[died].sum()) * fields
    used = (len(frame.agents) - int(published.sum())) * fields
    words = [(f"{used:,} used", "text"), (f"{frame.values.size - used - dead:,} free", "dim")]
    return [words[0], (f"{dead:,} dead", "alarm"), words[1]] if dead else words


def about(cells: Cells, frame: Frame) -> str:
    """What a cell or a column is."""
    if cells.per > 1:
        return f"{cells.per:,} elements a column"
    names = ", ".join(f"{name} [{unit}]" if unit else name for name, unit in frame.fields.items())
    return f"{names} of each {frame.foreign.noun if frame.foreign else 'agent'}"


def one(agent: int) -> range:
    """The range of one agent; an empty one of -1."""
    return range(agent, agent + 1) if agent >= 0 else range(0)


def beyond(elements: int) -> str:
    return f"+ {elements:,} more"


def round_up(number: float) -> int:
    """The first round number from there on: 1, 2 or 5 and zeros."""
    power = 1
    while True:
        for digit in (1, 2, 5):
            if digit * power >= number:
                return digit * power
        power *= 10
