"""The values in the cells, where there is room for them, each with its place under it."""

import pygame

from game.scenes.watch.elements import Elements
from game.scenes.watch.plot import Lens, write
from game.scenes.watch.views.cell_layout import Layout
from game.scenes.watch.watched import Watched
from game.scenes.watch.words import value_words
from game.view import text
from game.view.canvas import Canvas

WRITTEN_FROM = 34, 14  # [pt] wide and high: a cell with its value
INDEXED_FROM = 40  # [pt] high, with its place under the value
SIZES = ((70, text.LARGE), (40, text.NORMAL), (0, text.SMALL))  # [pt] of cells, of their values
LETTER = 0.46  # of the size: how wide a letter is
TINY = 11  # [pt] of the place


def write_values(
    canvas: Canvas,
    area: pygame.Rect,
    watched: Watched,
    elements: Elements,
    layout: Layout,
    glass: Lens,
) -> None:
    """Write the values into the cells in sight, one element each, where there is room."""
    wide, high = layout.wide * glass.nearness, layout.high * glass.nearness
    if wide < WRITTEN_FROM[0] * canvas.scale or high < WRITTEN_FROM[1] * canvas.scale:
        return
    rows, columns = in_sight(area, layout, glass)
    for row in rows:
        for column in columns:
            element = row * layout.row + column
            if element >= elements.many:
                break
            left, top = glass.place(
                layout.left + column * layout.wide, layout.top + row * layout.high
            )
            write_value(canvas, (left, top, wide, high), watched, elements, element)


def in_sight(area: pygame.Rect, layout: Layout, glass: Lens) -> tuple[range, range]:
    """The rows and the columns of cells that are seen in an area [px]."""
    (x0, y0), (x1, y1) = glass.back(*area.topleft), glass.back(*area.bottomright)
    found = []
    for first, last, start, side, many in (
        (y0, y1, layout.top, layout.high, layout.rows),
        (x0, x1, layout.left, layout.wide, layout.row),
    ):
        begin, end = int((first - start) // side), int((last - start) // side) + 1
        found.append(range(max(0, begin), min(many, end)))
    return found[0], found[1]


def write_value(
    canvas: Canvas,
    box: tuple[float, float, float, float],
    watched: Watched,
    elements: Elements,
    element: int,
) -> None:
    """Write the value of an element into its cell: left, top, width, height [px]."""
    (left, top, wide, high), scale = box, canvas.scale
    size = next(size for least, size in SIZES if high >= least * scale)
    room = wide - 6 * scale
    value = watched.readable_value(element)
    never = value == 0 and not watched.statistics.counts[element]
    ink = "nan_text" if value != value else "dim" if never else "text"
    words = value_words(value, elements.numbers.dtype, max(3, int(room / (size * scale * LETTER))))
    indexed, middle = high >= INDEXED_FROM * scale, left + wide / 2
    y = top + high * (0.4 if indexed else 0.5)
    write(canvas, words, middle, y, ink, across=0.5, down=0.5, size=size)
    if indexed:
        place = text.cut(elements.place(element), round(TINY * scale), int(room))
        write(canvas, place, middle, top + high * 0.78, "text", across=0.5, down=0.5, size=TINY)
