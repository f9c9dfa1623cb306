"""The layout: which part of the window goes to what, in points.

    +---------------------------------------------+
    | header                                      |
    +-----------------------------------+---------+
    | ground                            | aside   |
    |                                   | (table) |
    | curves                            | (card)  |
    +-----------------------------------+         |
    | caption                           |         |
    +-----------------------------------+---------+
    | bar                                         |
    +---------------------------------------------+
    | footer                                      |
    +---------------------------------------------+

A part that is not wanted, or that a small window has no room for, is None, and the ground takes
its place.
"""

from typing import NamedTuple

from pygame import Rect

HEADER, FOOTER, ASIDE, CAPTION, BAR, CURVES = 40, 28, 300, 168, 66, 112  # [pt]
# What a window measures at the least to have room for a part [pt].
ASIDE_FROM, CARD_FROM, CAPTION_FROM, BAR_FROM, CURVES_FROM = 800, 480, 440, 400, 560
CARD_SHARE = 0.62  # of the aside's height


class Wanted(NamedTuple):
    """The parts that there is something to show in."""

    card: bool = False
    caption: bool = False
    bar: bool = False
    curves: bool = False


class Layout(NamedTuple):
    """The parts of the window [pt]."""

    header: Rect
    footer: Rect
    ground: Rect
    table: Rect | None
    card: Rect | None
    caption: Rect | None
    bar: Rect | None
    curves: Rect | None


def lay_out(size: tuple[int, int], wanted: Wanted) -> Layout:
    """Share a window of `size` [pt] out."""
    width, height = size
    low = height - FOOTER
    bar = None
    if wanted.bar and height >= BAR_FROM:
        bar = Rect(0, low - BAR, width, BAR)
        low = bar.top
    aside = ASIDE if width >= (CARD_FROM if wanted.card else ASIDE_FROM) else 0
    table = Rect(width - aside, HEADER, aside, max(1, low - HEADER))
    card = None
    if wanted.card and aside:
        high = round(table.height * CARD_SHARE)
        card = Rect(table.x, low - high, aside, high)
        table.height -= high
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
        table=table if aside else None,
        card=card,
        caption=caption,
        bar=bar,
        curves=curves,
    )
