"""The arena's own: an array that holds what the arena's movers publish, drawn as they are.

robots    x, y [m] on a square of 100 by 100
cars      speed [km/h], distance [m], on an oval: what course they drive the array does not say
"""

from math import pi

import numpy as np
import pygame

from game.frame import Floats, Frame
from game.scenes.watch.elements import Elements
from game.scenes.watch.plot import inside, lens
from game.scenes.watch.views import NOTHING, View
from game.scenes.watch.watched import Watched
from game.view import agents
from game.view.agents import Sprites
from game.view.camera import Bounds, Camera, fit
from game.view.canvas import Canvas

SIDE = 100.0  # [m] of the robots' square
LAP = 1000.0  # [m] once around the oval, where the array's limits do not say (0, length)
STRAIGHT = 0.3  # of a lap: each of the oval's two straights
LANE = 5.0  # [pt] from one car's lane to the next
LANES = 4
WIDE = 30.0  # [pt] of the oval
ROBOT, CAR = 30.0, 26.0  # [pt] large
CROWD = 0.42  # of its share of the ground: how large one is in a crowd
MOST = 20_000  # that are drawn, the first ones
NEAR = 16  # [px]


class Ground(View):
    """Agents on a ground of metres."""

    wants = "robots and cars need rows of two numbers or more"
    sprite, size = "robot", ROBOT

    def fits(self, elements: Elements) -> bool:
        """Rows of two columns or more."""
        return len(elements.shape) > 1 and elements.table.shape[1] >= 2

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the ground, and on it the agents."""
        elements = watched.elements
        if elements is None:
            return ""
        part = self._part(canvas, area, watched)
        with inside(canvas, area):
            words = self._draw_ground(part, watched)
            places, headings = self._places(part, watched, elements)
            known = np.isfinite(places).all(axis=1)
            frame = Frame({}, len(places))
            frame.agents = np.flatnonzero(known)
            shown = min(self.size, CROWD * SIDE / part.point / max(len(places), 1) ** 0.5)
            turned = None if headings is None else headings[known]
            agents.draw(part, frame, Sprites(self.sprite, shown, places[known], turned))
        wide = elements.table.shape[1]
        canvas.drawn = part.drawn[0], part.drawn[1] * wide
        if len(elements.table) > MOST:
            words += f", the first {MOST:,} of {len(elements.table):,}"
        return words

    def _part(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> Canvas:
        """A canvas on the ground, in an area of another one."""
        view = area.x, area.y, area.width, area.height
        bounds = self._bounds(watched)
        part = Canvas(canvas.surface, view, bounds, canvas.theme, canvas.scale)
        whole, glass = fit(bounds, view), lens(canvas)
        x, y = glass.place(whole.x, whole.y)
        part.camera = Camera(whole.scale * glass.nearness, x, y)
        return part

    def _bounds(self, watched: Watched) -> Bounds:
        return Bounds(0, 0, SIDE, SIDE)

    def _draw_ground(self, canvas: Canvas, watched: Watched) -> str:
        """Draw what they stand on; returns words about it."""
        lines = np.arange(0.0, SIDE + 1, 10.0)
        square = Bounds(0, 0, SIDE, SIDE)
        for upright in (True, False):
            canvas.rules(lines, "grid_ten", square, upright)
        return "x, y in metres, on a square of 100 by 100"

    def _places(
        self, canvas: Canvas, watched: Watched, elements: Elements
    ) -> tuple[Floats, Floats | None]:
        """Where all are [m], (n, 2), and which way they look [rad], where that is known."""
        table = elements.table[:MOST]
        places = table[:, list(elements.coordinates[:2])].astype(float)
        places[np.abs(places) > 1e9] = np.nan
        return places, None

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The elements of the agent that is nearest to a place."""
        elements = watched.elements
        if elements is None or not area.collidepoint(place):
            return NOTHING
        part = self._part(canvas, area, watched)
        places = self._places(part, watched, elements)[0]
        pixels = part.camera.pixels(places[:, 0], places[:, 1])
        far = np.nan_to_num(np.hypot(*(pixels - place).T), nan=np.inf)
        if not len(far) or far.min() > NEAR * canvas.scale:
            return NOTHING
        wide = elements.table.shape[1]
        row = int(far.argmin())
        return range(row * wide, (row + 1) * wide)


class Oval(Ground):
    """Cars on an oval."""

    sprite, size = "car", CAR

    def _lap(self, watched: Watched) -> float:
        """Once around [m]."""
        limits = watched.look.limits if watched.look else ()
        return limits[1] if len(limits) == 2 and limits[1] > 0 else LAP

    def _bounds(self, watched: Watched) -> Bounds:
        lap = self._lap(watched)
        straight, radius = STRAIGHT * lap, bend(lap)
        room = radius * 0.25
        return Bounds(
            -straight / 2 - radius - room,
            -radius - room,
            straight / 2 + radius + room,
            radius + room,
        )

    def _draw_ground(self, canvas: Canvas, watched: Watched) -> str:
        lap = self._lap(watched)
        line, headings = oval(np.linspace(0.0, lap, 241), lap)
        half = WIDE / 2 * canvas.point
        aside = np.column_stack((np.sin(headings), -np.cos(headings))) * half
        canvas.strip(line - aside, line + aside, ["tarmac"])
        start = line[0]
        canvas.line(start + np.array([(0.0, -half), (0.0, half)]), "edge", 2.0)
        return f"speed [km/h], distance [m]; an oval, once around is {lap:,.0f} m"

    def _places(
        self, canvas: Canvas, watched: Watched, elements: Elements
    ) -> tuple[Floats, Floats | None]:
        names = [name.lower() for name in elements.columns]
        column = names.index("distance") if "distance" in names else 1
        distance = elements.table[:MOST, column].astype(float)
        distance[~np.isfinite(distance)] = np.nan
        places, headings = oval(distance, self._lap(watched))
        lane = np.arange(len(places)) % LANES - (LANES - 1) / 2
        aside = np.column_stack((np.sin(headings), -np.cos(headings)))  # to the right
        return places + aside * (lane * LANE * canvas.point)[:, None], headings


def bend(lap: float) -> float:
    """The radius of the oval's two bends [m]."""
    return (1 - 2 * STRAIGHT) * lap / (2 * pi)


def oval(distance: Floats, lap: float) -> tuple[Floats, Floats]:
    """Places (n, 2) [m] and headings (n,) [rad] at distances [m] along an oval of so many metres,
    counter-clockwise from the middle of its lower straight."""
    straight, radius = STRAIGHT * lap, bend(lap)
    way = np.mod(distance + straight / 2, lap)
    half = way >= lap / 2
    way = np.where(half, way - lap / 2, way)
    turn = np.clip((way - straight) / radius, 0.0, pi)
    x = np.minimum(way, straight) - straight / 2 + radius * np.sin(turn)
    y = -radius * np.cos(turn)
    sign = np.where(half, -1.0, 1.0)
    return np.column_stack((x * sign, y * sign)), turn + np.where(half, pi, 0.0)
