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
    | timeline                                    |
    +---------------------------------------------+
    | footer                                      |
    +---------------------------------------------+

A part that is not wanted, or that a small window has no room for, is None, and the ground takes
its place. What was wanted and has no room is named in the footer, which has a second line then.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pygame import Rect

from game.view import curves, timeline

HEADER, FOOTER, ASIDE, CAPTION, BAR, CURVES, ONLOOKER = 40, 28, 300, 168, 66, 112, 24  # [pt]
TIMELINE = timeline.HEIGHT
NOTICE, NOTICE_FROM = 18, 480  # [pt] a second line of the footer; a narrower window has a third
SHORT = 2  # parts that are named in one line of a narrow window
# What a window measures at the least to have room for a part [pt].
ASIDE_FROM, INSPECTOR_FROM, CAPTION_FROM, BAR_FROM, CURVES_FROM = 800, 480, 372, 400, 560
GROUND_LEAST = 60  # [pt] high that the curves leave of the ground
INSPECTOR_SHARE = 0.62  # of the aside's height, and
TABLE_LEAST = 160  # [pt] of it for the table: with less, the inspector has all of it


class Wanted(NamedTuple):
    """The parts that there is something to show in."""

    inspector: bool = False
    caption: int = 0  # [pt] high that its words and its code need; 0: there is none
    bar: bool = False
    curves: bool = False
    onlooker: bool = False
    table: bool = False
    timeline: bool = False


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
    timeline: Rect | None
    missing: tuple[str, ...] = ()  # what is wanted and has no room, in words


def lay_out(size: tuple[int, int], wanted: Wanted) -> Layout:
    """Share a window of `size` [pt] out."""
    layout = share(size, wanted, FOOTER)
    if not layout.missing:
        return layout
    lines = 2 if size[0] < NOTICE_FROM and len(layout.missing) > SHORT else 1
    return share(size, wanted, FOOTER + lines * NOTICE)


def share(size: tuple[int, int], wanted: Wanted, footer: int) -> Layout:
    """Share a window of `size` [pt] out, of which `footer` [pt] are the footer's."""
    width, height = size
    low = height - footer
    moments = None
    if wanted.timeline:
        moments = Rect(0, low - TIMELINE, width, TIMELINE)
        low = moments.top
    bar = None
    if wanted.bar and height >= BAR_FROM:
        bar = Rect(0, low - BAR, width, BAR)
        low = bar.top
    onlooker = None
    if wanted.onlooker and low - ONLOOKER > HEADER:
        onlooker = Rect(0, low - ONLOOKER, width, ONLOOKER)
        low = onlooker.top
    aside = aside_width(width, wanted.inspector)
    room = Rect(width - aside, HEADER, aside, max(1, low - HEADER))
    table, inspector = share_aside(room, wanted.inspector)
    caption, high = None, max(CAPTION, wanted.caption)
    below = (BAR if bar else 0) + (ONLOOKER if onlooker else 0) + (TIMELINE if moments else 0)
    if wanted.caption and height >= CAPTION_FROM + (high - CAPTION) + below:
        caption = Rect(0, low - high, width - aside, high)
        low = caption.top
    ground = Rect(0, HEADER, width - aside, max(1, low - HEADER))
    charts = None
    if wanted.curves and height >= CURVES_FROM and ground.height >= CURVES + GROUND_LEAST:
        charts = Rect(ground.x, ground.bottom - CURVES, ground.width, CURVES)
        ground.height -= CURVES
    layout = Layout(
        header=Rect(0, 0, width, HEADER),
        footer=Rect(0, height - footer, width, footer),
        ground=ground,
        table=table,
        inspector=inspector,
        caption=caption,
        bar=bar,
        curves=charts,
        onlooker=onlooker,
        timeline=moments,
    )
    return layout._replace(missing=tuple(missing(layout, wanted)))


def aside_width(width: int, inspector: bool) -> int:
    """How much of a window's width [pt] is for the table and the inspector."""
    return ASIDE if width >= (INSPECTOR_FROM if inspector else ASIDE_FROM) else 0


def missing(layout: Layout, wanted: Wanted) -> list[str]:
    """What is wanted and has no room in a layout, in words."""
    names = {
        "table": "table",
        "inspector": "card",
        "caption": "caption and code",
        "bar": "array bar",
        "curves": "curves",
    }
    found = [
        name
        for part, name in names.items()
        if getattr(wanted, part) and getattr(layout, part) is None
    ]
    charts = curves.left_out(layout.curves.width) if layout.curves else []
    return [*found, f"curves of {' and '.join(charts)}"] if charts else found


def remedies(size: tuple[int, int], wanted: Wanted, scale: float) -> tuple[str, str]:
    """How to see what has no room in a window of `size` [pt], in a few words and in fewer."""
    alone = lay_out(size, wanted._replace(inspector=False))
    if wanted.inspector and not alone.missing:
        return "close the card (Esc)", "Esc"
    if scale > 1:
        return "make the window larger, or take --scale 1", "--scale 1"
    return "make the window larger", "larger window"


def no_room(names: Sequence[str], remedies: tuple[str, str]) -> tuple[str, ...]:
    """Lines that name what has no room, and how to see it: the longest first; () if nothing."""
    if not names:
        return ()
    parts = ", ".join(names)
    return f"no room for {parts}: {remedies[0]}", f"no room: {parts}; {remedies[1]}"


def share_aside(aside: Rect, inspector: bool) -> tuple[Rect | None, Rect | None]:
    """The table's part of the aside and, below it, the inspector's; a low one is all its own."""
    if not aside.width:
        return None, None
    high = round(aside.height * INSPECTOR_SHARE) if inspector else 0
    if inspector and aside.height - high < TABLE_LEAST:
        return None, aside
    table = Rect(aside.x, aside.y, aside.width, aside.height - high)
    return table, Rect(aside.x, table.bottom, aside.width, high) if inspector else None
