"""The layout of cells: which elements are where, before anything is enlarged. Used by the cells.

Rows of the array stay rows where they fit, else as many whole ones as fit stand side by side. Of
very many elements a cell stands for several.
"""

from typing import NamedTuple

import pygame

from game.scenes.watch.elements import Elements

# [pt] that cells may be wide and high, the widest that fit; with a value inside, and without.
LEGIBLE = (
    *((230, 140), (190, 110), (150, 84), (112, 60), (84, 44), (72, 36), (64, 32), (56, 28)),
    *((48, 22), (42, 19), (36, 16)),
)
LARGEST, SMALLEST = 32, 2  # [pt], [px] of a cell without a value
EDGE = 8  # [pt] around all cells


class Layout(NamedTuple):
    """Which elements are where, before anything is enlarged."""

    wide: float  # [px] of a cell, with its gap
    high: float
    per: int  # elements in a cell
    row: int  # elements in a row of cells
    rows: int
    left: int  # [px] where the first cell begins
    top: int

    @property
    def columns(self) -> int:
        """Cells in a row."""
        return -(-self.row // self.per)


def lay_out(elements: Elements, area: pygame.Rect, scale: float, block: int) -> Layout:
    """The largest cells that all elements have room in; `block` elements are told apart.

    Rows of the array stay rows where they fit, else as many whole ones as fit stand side by side.
    """
    n, edge = elements.many, round(EDGE * scale)
    wide = elements.shape[-1] if len(elements.shape) > 1 else 1
    room = pygame.Rect(area.x + edge, area.y + edge, area.width - 2 * edge, area.height - 2 * edge)
    sizes = [(x * scale, y * scale) for x, y in LEGIBLE]
    sizes += [
        (float(side), float(side)) for side in range(round(LARGEST * scale), SMALLEST - 1, -1)
    ]
    for across, up in sizes:
        columns, rows = int(room.width // across), int(room.height // up)
        if columns < 1 or rows < 1 or columns * rows < n:
            continue
        kept = wide if wide > 1 and -(-n // wide) <= rows and wide <= columns else 0
        if not kept and 1 < wide <= columns:
            kept = columns // wide * wide
        row = kept or columns
        if -(-n // row) <= rows and block == 1:
            return Layout(across, up, 1, min(row, n), -(-n // row), room.x, room.y)
    columns, rows = max(1, room.width // 2), max(1, room.height // 2)
    per = block
    while True:
        row = columns * per // wide * wide if 1 < wide <= columns * per and block == 1 else 0
        row = row or columns * per
        if -(-n // row) <= rows:
            return Layout(2.0, 2.0, per, row, -(-n // row), room.x, room.y)
        per += max(block, per // 8 // block * block)
