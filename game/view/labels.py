"""Labels: the name of each agent beside it, as far as names have room, and what else is marked.

    Held.follow     once a second: where the agents are, so that names keep their sides until then
    draw            the names
    Marks           words under an agent, or over it: written after the names, on no other words

Called by game.view.agents; a scene owns a Held.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product

import numpy as np
import pygame

from game.frame import Flags, Floats, Frame, Integers
from game.view import text
from game.view.canvas import Canvas
from game.view.memory import Memory
from game.view.theme import Colour

MOST = 300  # labels at the same time
HELD = 20_000  # agents whose names keep their sides; of more, too few are ever named
PERIOD, AHEAD = 1.0, 0.5  # [s] for which a name keeps its side; for which it has to be free
GAP, ROOM = 1, 4  # [pt] from the agent to its label; in the label, beside the words
BEHIND = 170  # of 255: how much of the ground the label's shade covers
UNDER = 6  # [px] between an agent and a mark under it
ROWS = 3  # of marks, under an agent and over it, that are tried
AGED = "99.9 s"  # as wide as a mark gets that tells how long an agent has been silent

Sides = dict[int, int]  # of an agent's name: 0 right, 1 left; of one without room, none


class Held(Memory):
    """What a scene showed when the names were given their sides.

    They keep them for PERIOD: a name that changes sides whenever somebody passes cannot be read.
    Of where everybody goes, the way of the last period is taken to go on.
    """

    REMEMBERS = ("_period", "agents", "shown", "later", "silent")

    def reset(self) -> None:
        """Hold nobody."""
        self._period = -1
        self.agents: Integers = np.zeros(0, np.int64)
        self.shown: Floats = np.zeros((0, 2))  # (agents, ...) what a scene places them by
        self.later: Floats = np.zeros((0, 2))  # the same, AHEAD later
        self.silent: Flags = np.zeros(0, np.bool_)  # (agents,)
        self._sides: tuple[object, Sides] = None, {}  # kept, because choosing takes time

    def follow(self, shown: Floats, frame: Frame) -> None:
        """Take in what is shown of the agents in a frame, (len(agents), ...), when it is time."""
        period, agents = int(frame.now // PERIOD), frame.agents
        if period == self._period and (len(self.agents) or not len(agents)):
            return
        if len(agents) > HELD:
            agents = agents[:0]
        shown = shown[: len(agents)].copy()
        place = np.searchsorted(self.agents, agents).clip(max=max(len(self.agents) - 1, 0))
        way = np.zeros_like(shown)
        if len(self.agents) and period == self._period + 1:
            known = self.agents[place] == agents
            way[known] = shown[known] - self.shown[place[known]]
        self._period, self.agents, self.shown = period, agents, shown
        self.later, self.silent = shown + way * (AHEAD / PERIOD), frame.silent[: len(agents)]
        self._sides = None, {}

    def sides(self, key: object, choose: Callable[[], Sides]) -> Sides:
        """What was chosen for all that counts, which the key tells, or what is chosen now."""
        if self._sides[0] != key:
            self._sides = key, choose()
        return self._sides[1]


def draw(
    canvas: Canvas,
    pixels: Floats,
    numbers: Integers,
    size: int,
    name: Callable[[int], str],
    sides: Sides,
) -> None:
    """Write the names of agents of `size` [px] at `pixels` (n, 2), each on its side.

    Those of the agents that the sides name first lie over the others.
    """
    view, gap = pygame.Rect(canvas.view), round(GAP * canvas.scale)
    where = {number: index for index, number in enumerate(numbers.tolist()) if number in sides}
    pictures = []
    for number in reversed(sides):
        if number in where:
            (agent,) = boxes(pixels[where[number]][None], size)
            picture = named(canvas, name(number))
            pictures.append((picture, beside(agent, picture, gap)[sides[number]].clamp(view)))
    canvas.surface.blits(pictures, False)


def named(canvas: Canvas, words: str) -> pygame.Surface:
    """The picture of a name."""
    return plate(words, canvas.theme["shade"], canvas.theme["text"], canvas.scale)


def choose(
    canvas: Canvas,
    moments: Sequence[Floats],
    numbers: Integers,
    size: int,
    name: Callable[[int], str],
    silent: Flags | None = None,
) -> Sides:
    """The sides of the names of agents of `size` [px], the selected one's first.

    `moments` are where they are now and, it may be, later, (n, 2) [px] each. A name stands to
    the right of its agent, or else to the left. One that would cover an agent, another name, a
    word of the ground or the age of a silent agent on either side, at one of the moments, is
    left out, and so is everybody beyond the first MOST.
    """
    order = np.argsort(numbers != canvas.selected, kind="stable")[:MOST]
    view, gap = pygame.Rect(canvas.view), round(GAP * canvas.scale)
    agents = [boxes(pixels[order], size) for pixels in moments]
    taken = [[*found, *canvas.written] for found in agents]
    for index in np.flatnonzero(silent[order]).tolist() if silent is not None else ():
        for boxes_, there in zip(agents, taken, strict=True):
            there.append(next(around(boxes_[index], named(canvas, AGED), size, view)))
    sides: Sides = {}
    for place, number in enumerate(numbers[order].tolist()):
        picture = named(canvas, name(number))
        found = [beside(boxes_[place], picture, gap) for boxes_ in agents]
        chosen = number == canvas.selected
        for side in (0, 1):
            areas = [both[side] for both in found]
            clear = all(a.collidelist(there) < 0 for a, there in zip(areas, taken, strict=True))
            if view.contains(areas[0]) and (clear or (chosen and side)):
                sides[number] = side
                for area, there in zip(areas, taken, strict=True):
                    there.append(area)
                break
        if chosen:
            sides.setdefault(number, 0)
    return sides


def boxes(pixels: Floats, size: int) -> list[pygame.Rect]:
    """What agents of `size` [px] cover, corners left out."""
    side = max(2, round(size * 0.7))
    corners = (pixels - side / 2).round().astype(int).tolist()
    return [pygame.Rect(x, y, side, side) for x, y in corners]


def beside(
    agent: pygame.Rect, picture: pygame.Surface, gap: int
) -> tuple[pygame.Rect, pygame.Rect]:
    """The places for a label: right of the agent, left of it."""
    gap += round(agent.width * 0.25)  # the nose
    right, left = picture.get_rect(), picture.get_rect()
    right.midleft = agent.right + gap, agent.centery
    left.midright = agent.left - gap, agent.centery
    return right, left


class Marks:
    """Words that say what is the matter with agents, in one picture."""

    def __init__(self, canvas: Canvas, size: int) -> None:
        """The agents are `size` [px] large."""
        self._canvas, self._size = canvas, size
        self._taken = list(canvas.written)

    def write(self, pixel: Sequence[float], words: str, colour: str, over: bool = False) -> None:
        """Write words under an agent at a place [px], or over it, or else where there is room.

        They cover the agent itself only where nothing else is left, and never stand on other
        marks or on the ground's own words; where no place is free, the person is told that there
        is no room.
        """
        canvas = self._canvas
        shade, ink = canvas.theme["shade"], canvas.theme[colour]
        picture = plate(words, shade, ink, canvas.scale)
        view = pygame.Rect(canvas.view)
        if not view.collidepoint(pixel):
            return
        (agent,) = boxes(np.array([pixel]), self._size)
        areas = around(agent, picture, self._size, view, over)
        for area in sorted(areas, key=agent.colliderect):
            if area.collidelist(self._taken) < 0:
                self._taken.append(area)
                canvas.surface.blit(picture, area)
                return
        if "marks" not in canvas.left_out:
            canvas.left_out.append("marks")


def around(
    agent: pygame.Rect, picture: pygame.Surface, size: int, view: pygame.Rect, over: bool = False
) -> Iterator[pygame.Rect]:
    """The places for a mark, inside the view: under the agent and over it, row by row, each in
    the middle, to the right and to the left."""
    width, height = picture.get_size()
    away = size * 0.8 + UNDER + height / 2
    for row, down, aside in product(range(ROWS), (-1, 1) if over else (1, -1), (0, 1, -1)):
        area = picture.get_rect()
        middle = agent.centery + down * (away + row * height)
        area.center = round(agent.centerx + aside * width * 0.75), round(middle)
        yield area.clamp(view)


@lru_cache(maxsize=2048)
def plate(words: str, shade: Colour, ink: Colour, scale: float) -> pygame.Surface:
    """A picture of some words on a shade that lets the ground shine through."""
    line = text.line(words, round(text.SMALL * scale), ink)
    room = round(ROOM * scale)
    width, height = line.get_size()
    made = pygame.Surface((width + 2 * room, height + room // 2), pygame.SRCALPHA, 32)
    pygame.draw.rect(made, (*shade, BEHIND), made.get_rect(), border_radius=room)
    made.blit(line, (room, (made.get_height() - height) // 2))
    return made
