"""The cells: which elements of the shared array stand where in a row of pixels.

    few      | 57.3 | 12.0 |   | 88.1 | 40.5 |     a cell each, wide enough for its value
    more     |_|_| |_|_| |_|_| |_|_|               a cell each
    many     ||||||||||||||||                      a column each
    crowds   ||||||||||||||||                      a column for several whole agents

Pixels count from the row's left end, elements from the array's. Nothing here draws.
"""

from typing import NamedTuple

import numpy as np

from game.frame import Integers

VALUED = 36  # [pt] of a cell from which there is room for its value
APART = 4  # [pt] from which a cell is seen as one


class Cells(NamedTuple):
    """A part of the array, from its first element on, in cells of the same width, to a pixel."""

    shown: int  # elements, from the first on
    width: int  # [px] of all cells
    per: int  # elements in a cell
    fields: int  # elements of an agent
    valued: bool  # there is room for values
    apart: bool  # the cells can be told from each other

    @property
    def number(self) -> int:
        """How many cells there are."""
        return -(-self.shown // self.per)

    @property
    def pitch(self) -> int:
        """How far it is from a cell to the next [px], at least."""
        return self.width // max(self.number, 1)

    @property
    def edges(self) -> Integers:
        """Where each cell begins, and where the last one ends [px], (number + 1,)."""
        edges: Integers = np.arange(self.number + 1) * self.width // max(self.number, 1)
        return edges

    def x(self, element: int) -> int:
        """Where the cell of an element begins [px]."""
        return element // self.per * self.width // self.number

    def end(self, element: int) -> int:
        """Where the cell of an element ends [px]."""
        return (element // self.per + 1) * self.width // self.number

    def at(self, x: int) -> range:
        """The elements in the cell at a place [px]; none beside the cells."""
        if not 0 <= x < self.width:
            return range(0)
        first = ((x + 1) * self.number - 1) // self.width * self.per
        return range(first, min(first + self.per, self.shown))


def choose(room: int, used: int, total: int, fields: int, scale: float = 1.0) -> Cells:
    """The cells that show the first `used` agents, and a few free ones, across `room` [px].

    `total` is how many agents the array has room for, `fields` the elements of each.
    """
    agents = min(total, with_spare(used))
    elements = agents * fields
    per = 1 if elements <= room else fields * -(-elements // (room * fields))
    cells = Cells(elements, room, per, fields, False, False)
    return cells._replace(
        valued=per == 1 and cells.pitch >= round(VALUED * scale),
        apart=per == 1 and cells.pitch >= APART * scale,
    )


def with_spare(used: int) -> int:
    """So many and one more, up to the next of 4, 5, 6, 7, 8, 10, 12, 14, 16, 20 and so on.

    In such steps, so that a crowd that grows does not move the cells with every newcomer, and
    what is spare takes a fifth of them at the most, from four on.
    """
    wanted, step = used + 1, 1
    while wanted > 8 * step:
        step *= 2
    return -(-wanted // step) * step
