"""The cells: which elements of the shared array stand where in a row of pixels.

    few      | 57.3 | 12.0 |   | 88.1 | 40.5 |     a cell each, wide enough for its value
    more     |_|_| |_|_| |_|_| |_|_|               a cell each
    many     ||||||||||||||||                      a column each
    crowds   ||||||||||||||||                      a column for several whole agents

Pixels count from the row's left end, elements from the array's. Nothing here draws.
"""

from typing import NamedTuple

# Widths that cells come in, so that a crowd that grows does not move them with every newcomer.
LEGIBLE = (64, 56, 48, 40, 36)  # [pt] with a value inside
NARROW = (32, 24, 16, 12, 8, 6, 4, 3, 2, 1)  # [px] without
APART = 4  # [pt] from which a cell is seen as one


class Cells(NamedTuple):
    """A part of the array, from its first element on, in cells of the same width."""

    shown: int  # elements, from the first on
    pitch: int  # [px] from one cell to the next
    per: int  # elements in a cell
    fields: int  # elements of an agent
    valued: bool  # there is room for values
    apart: bool  # the cells can be told from each other

    @property
    def number(self) -> int:
        """How many cells there are."""
        return -(-self.shown // self.per)

    @property
    def width(self) -> int:
        """How wide all of them are [px]."""
        return self.number * self.pitch

    def x(self, element: int) -> int:
        """Where the cell of an element begins [px]."""
        return element // self.per * self.pitch

    def at(self, x: int) -> range:
        """The elements in the cell at a place [px]; none beside the cells."""
        first = x // self.pitch * self.per
        return range(first, min(first + self.per, self.shown)) if 0 <= x < self.width else range(0)


def choose(room: int, used: int, total: int, fields: int, scale: float = 1.0) -> Cells:
    """The widest cells that show the first `used` agents, and a free one, in `room` [px].

    `total` is how many agents the array has room for, `fields` the elements of each. What is
    left of the room is filled with more of them.
    """
    wanted = min(used + 1, total) * fields
    per = 1
    legible = [round(width * scale) for width in LEGIBLE]
    pitch = next((pitch for pitch in (*legible, *NARROW) if wanted * pitch <= room), 0)
    if not pitch:
        pitch, per = 1, fields
        while wanted > room * per:
            per *= 2
    agents = min(total, max(1, room // pitch * per // fields))
    valued = per == 1 and pitch >= legible[-1]
    apart = per == 1 and pitch >= APART * scale
    return Cells(agents * fields, pitch, per, fields, valued, apart)
