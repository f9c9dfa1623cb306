"""A panel: a table of figures beside the scene, such as the leaderboard."""

from collections.abc import Sequence
from typing import NamedTuple

import pygame

from game.view import text
from game.view.theme import Theme

WIDTH = 300  # [px]
ROW = 24  # [px] from line to line
EDGE = 14  # [px] between the border and the text
TOP = 48  # [px] down to the first row


class Column(NamedTuple):
    """A column of a panel: its heading, where it ends, and how its figures are set."""

    title: str
    right: float  # of the panel's inner width, 0 to 1
    to_left: bool = False  # set from the column before on, not up to `right`
    lit: bool = False  # set in the accent colour


class Panel(NamedTuple):
    """What a scene wants to be read beside it: rows of text, each with an agent's colour."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[tuple[int, Sequence[str]]]  # the agent's number (-1: nobody's), its cells
    total: int  # how many rows there would be


def capacity(height: int) -> int:
    """How many rows a panel of this height [px] has room for."""
    return max(0, (height - TOP - 32) // ROW)


def draw(surface: pygame.Surface, area: pygame.Rect, panel: Panel, theme: Theme) -> None:
    """Draw a panel into its area."""
    surface.fill(theme["panel"], area)
    surface.blit(text.line(panel.title, text.NORMAL, theme["text"]), (area.x + EDGE, area.y + 10))
    titles = [column.title for column in panel.columns]
    _row(surface, area, panel.columns, titles, area.y + 34, theme, "dim")
    y = area.y + TOP + 8
    for number, cells in panel.rows:
        if number >= 0:
            surface.fill(theme.agent(number), (area.x + EDGE, y - 2, 4, ROW - 7))
        _row(surface, area, panel.columns, cells, y, theme, "text")
        y += ROW
    more = panel.total - len(panel.rows)
    if more > 0:
        words = text.line(f"and {more:,} more", text.SMALL, theme["dim"])
        surface.blit(words, (area.x + EDGE, y))


def _row(
    surface: pygame.Surface,
    area: pygame.Rect,
    columns: Sequence[Column],
    cells: Sequence[str],
    y: int,
    theme: Theme,
    colour: str,
) -> None:
    left = area.x + EDGE + 12
    inner = area.width - 2 * EDGE - 12
    start = 0.0
    for column, cell in zip(columns, cells, strict=True):
        room = round((column.right - start) * inner) - 4
        ink = theme["accent" if column.lit else colour]
        picture = text.line(text.cut(cell, text.SMALL, room), text.SMALL, ink)
        x = left + start * inner
        if not column.to_left:
            x = left + column.right * inner - picture.get_width()
        surface.blit(picture, (round(x), y))
        start = column.right
