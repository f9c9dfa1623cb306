"""The head-up display: the line of facts, the message line, the help."""

from typing import NamedTuple

import pygame

from game.view import text
from game.view.keys import KEYS
from game.view.theme import Theme

HEADER, FOOTER = 40, 28  # [px] high
EDGE = 14  # [px] between the border and the text
GAP = 18  # [px] between two figures
PAUSED = "paused"
LASTS = 5.0  # [s] a message stays


class Facts(NamedTuple):
    """What the header tells of the run at this moment."""

    title: str
    detail: str
    figures: tuple[str, ...]
    pace: str  # "" at normal speed


class Hud:
    """The frame of text around the scene."""

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self.help = False
        self._message = ""
        self._told = -LASTS  # [s] when the message was told

    def tell(self, message: str, now: float) -> None:
        """Show a message for some seconds."""
        self._message, self._told = message, now

    def draw(self, surface: pygame.Surface, facts: Facts, now: float) -> None:
        """Draw header, footer and, when it is open, the help."""
        width, height = surface.get_size()
        self._header(surface, facts, width)
        surface.fill(self.theme["panel"], (0, height - FOOTER, width, FOOTER))
        if now - self._told < LASTS:
            words, colour = self._message, "accent"
        else:
            space = "go on" if facts.pace == PAUSED else "pause"
            words, colour = f"H  all keys     +  -  add, remove     Space  {space}", "dim"
        words = text.cut(words, text.SMALL, width - 2 * EDGE)
        picture = text.line(words, text.SMALL, self.theme[colour])
        surface.blit(picture, (EDGE, height - FOOTER + (FOOTER - picture.get_height()) // 2))
        if self.help:
            self._help(surface)

    def _header(self, surface: pygame.Surface, facts: Facts, width: int) -> None:
        surface.fill(self.theme["panel"], (0, 0, width, HEADER))
        title = text.line(
            text.cut(facts.title, text.LARGE, width // 2), text.LARGE, self.theme["text"]
        )
        surface.blit(title, (EDGE, (HEADER - title.get_height()) // 2))
        x = EDGE + title.get_width() + 14
        if facts.pace:
            pace = text.line(facts.pace, text.NORMAL, self.theme["alarm"])
            surface.blit(pace, (x, (HEADER - pace.get_height()) // 2))
            x += pace.get_width() + 14
        right = self._figures(surface, facts, x, width)
        room = right - x - 20
        if room > 60:
            detail = text.line(
                text.cut(facts.detail, text.SMALL, room), text.SMALL, self.theme["dim"]
            )
            surface.blit(detail, (x, (HEADER - detail.get_height()) // 2 + 1))

    def _figures(self, surface: pygame.Surface, facts: Facts, left: int, width: int) -> int:
        """Set the figures to the right of `left` [px], the first ones if not all have room;
        returns where they begin [px]."""
        pictures: list[pygame.Surface] = []
        room = width - EDGE - left
        for figure in facts.figures:
            picture = text.line(figure, text.SMALL, self.theme["dim"])
            room -= picture.get_width() + GAP
            if room < 0:
                break
            pictures.append(picture)
        x = start = width - EDGE + GAP - sum(p.get_width() + GAP for p in pictures)
        for picture in pictures:
            surface.blit(picture, (x, (HEADER - picture.get_height()) // 2))
            x += picture.get_width() + GAP
        return start

    def _help(self, surface: pygame.Surface) -> None:
        """The table of keys, in the middle of the window."""
        width, height = surface.get_size()
        step = min(26, (height - 60) // (len(KEYS) + 2))
        size = text.SMALL if step < 22 else text.NORMAL
        area = pygame.Rect(0, 0, min(420, width - 20), step * (len(KEYS) + 2))
        area.center = (width // 2, height // 2)
        pygame.draw.rect(surface, self.theme["shade"], area, border_radius=8)
        pygame.draw.rect(surface, self.theme["line"], area, 1, border_radius=8)
        for row, key in enumerate(KEYS):
            y = area.y + step * (row + 1)
            label = text.line(key.label, size, self.theme["accent"])
            surface.blit(label, (area.x + 24, y))
            surface.blit(text.line(key.does, size, self.theme["text"]), (area.x + 150, y))
