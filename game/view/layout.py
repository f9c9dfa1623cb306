"""The layout: which part of the window goes to what, in points.

    +---------------------------------------------+
    | header                                      |
    +-----------------------------------+---------+
    | ground                            | aside   |
    |                                   | (table) |
    | curves                            | (inspec-|
    +-----------------------------------+   tor)  |
    | caption                           |         |
    +-----------------------------------+---------+
    | onlooker                                    |
    +---------------------------------------------+
    | bar                                         |
    +---------------------------------------------+
    | footer                                      |
    +---------------------------------------------+

A part that is not wanted, or that a small window has no room for, is None, and the ground takes
its place.
"""

from typing import NamedTuple

from pygame import Rect

HEADER, FOOTER, ASIDE, CAPTION, BAR, CURVES, ONLOOKER = 40, 28, 300, 168, 66, 112, 24  # [pt]
# What a window measures at the least to have room for a part [pt].
ASIDE_FROM, INSPECTOR_FROM, CAPTION_FROM, BAR_FROM, CURVES_FROM = 800, 480, 440, 400, 560
INSPECTOR_SHARE = 0.62  # of the aside's height, and
TABLE_LEAST = 160  # [pt] of it for the table: with less, the inspector has all of it


class Wanted(NamedTuple):
    """The parts that there is something to show in."""

    inspector: bool = False
    caption: bool = False
    bar: bool = False
    curves: bool = False
    onlooker: bool = False


class Layout(NamedTuple):
    """The parts of the window [pt]."""

    header: Rect
    footer: Rect
    ground: Rect
    table: Rect | None
    inspector: Rect | None
    caption: Rect | None
    bar: Rect | None
    curves: Rect | None
    onlooker: Rect | None


def lay_out(size: tuple[int, int], wanted: Wanted) -> Layout:
    """Share a window of `size` [pt] out."""
    width, height = size
    low = height - FOOTER
    bar = None
    if wanted.bar and height >= BAR_FROM:
        bar = Rect(0, low - BAR, width, BAR)
        low = bar.top
    onlooker = None
    if wanted.onlooker:
        onlooker = Rect(0, low - ONLOOKER, width, ONLOOKER)
        low = onlooker.top
    aside = ASIDE if width >= (INSPECTOR_FROM if wanted.inspector else ASIDE_FROM) else 0
    room = Rect(width - aside, HEADER, aside, max(1, low - HEADER))
    table, inspector = share_aside(room, wanted.inspector)
    caption = None
    if wanted.caption and height >= CAPTION_FROM + (BAR if bar else 0):
        caption = Rect(0, low - CAPTION, width - aside, CAPTION)
        low = caption.top
    ground = Rect(0, HEADER, width - aside, max(1, low - HEADER))
    curves = None
    if wanted.curves and height >= CURVES_FROM:
        curves = Rect(ground.x, ground.bottom - CURVES, ground.width, CURVES)
        ground.height -= CURVES
    return Layout(
        header=Rect(0, 0, width, HEADER),
        footer=Rect(0, height - FOOTER, width, FOOTER),
        ground=ground,
        table=table,
        inspector=inspector,
        caption=caption,
        bar=bar,
        curves=curves,
        onlooker=onlooker,
    )


def share_aside(aside: Rect, inspector: bool) -> tuple[Rect | None, Rect | None]:
    """The table's part of the aside and, below it, the inspector's; a low one is all its own."""
    if not aside.width:
        return None, None
    high = round(aside.height * INSPECTOR_SHARE) if inspector else 0
    if inspector and aside.height - high < TABLE_LEAST:
        return None, aside
    table = Rect(aside.x, aside.y, aside.width, aside.height - high)
    return table, Rect(aside.x, table.bottom, aside.width, high) if inspector else None
