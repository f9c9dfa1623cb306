"""The swarm's ground as it is drawn: a rectangle with lines and numbers, and the obstacles on it.

Made by the scene, of any size from micrometres to thousands of kilometres.
"""

from math import ceil, floor, log10

import numpy as np

from game.frame import Flags, Floats
from game.scenes.swarm import SIDE, Settings
from game.scenes.swarm.obstacles import Circle, Polygon
from game.view import shapes
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.numbers import cell_value

CLOSEST = 40  # [pt] between two numbers
PARTS = 2  # of the longer side, that two numbers are apart at the most
ASIDE, BELOW = 16, 11  # [pt] from the edges to their numbers, or from the edge of the view
LETTER = 3.5  # [pt] half of a letter, of which a long number has more
SHORT = 3  # letters that there is room for in any case
EDGE = 0.04  # of the longer side: around it, for the numbers
FAR, NEAR = 10_000.0, 0.1  # [m] from which, and below which, numbers are kilometres, millimetres
TOLD = 1e5  # [of the unit] up to which the table tells a place with all its digits


class Ground:
    """A part of the plane, and all that is known of it."""

    def __init__(self, settings: Settings | None = None) -> None:
        corners, obstacles = settings or Settings()
        self.bounds = bounds = Bounds(*corners)
        self.low, self.high = np.array(bounds[:2]), np.array(bounds[2:])  # (2,) [m]
        width, height = (self.high - self.low).tolist()
        self.area = width * height  # [m2]
        self.longer = max(width, height)  # [m] of its sides
        self.scale = self.longer / SIDE  # of all lengths that fit a ground of SIDE
        farthest = max(map(abs, bounds))
        far, near = farthest >= FAR, farthest < NEAR
        self._unit, self.unit = (1e3, "km") if far else (1e-3, "mm") if near else (1.0, "m")
        self._digits = max(0, 3 - floor(log10(self.longer / self._unit)))  # behind the point
        self._told = max(TOLD, 10 * farthest / self._unit)
        # Beyond the edge, that still count as on it [m]: the table rounds them to it, and no eye
        # sees them. Who computes a place on the edge, with sines or sums, is off by far less.
        self.hair = 0.5 * 10.0**-self._digits * self._unit
        step = round_step(self.longer / 10)
        rounded = [round(corner / step) * step for corner in bounds]
        self._long = max(len(self._number(corner, step)) for corner in rounded)  # letters
        circles = [each for each in obstacles if isinstance(each, Circle)]
        self._circles = np.array(circles, float).reshape(-1, 3)
        self._polygons = [np.array(o.corners) for o in obstacles if isinstance(o, Polygon)]

    @property
    def obstructed(self) -> bool:
        """Whether anything stands on it."""
        return bool(len(self._circles) or self._polygons)

    @property
    def with_numbers(self) -> Bounds:
        """The ground, and the room for its numbers [m]."""
        left, bottom, right, top = self.bounds
        edge = EDGE * self.longer
        aside = edge * max(1.0, self._long / SHORT)
        return Bounds(left - aside, bottom - edge, right + edge / 4, top + edge / 4)

    def clip(self, places: Floats) -> Floats:
        """The places on it that are nearest to places (n, 2) [m]."""
        return np.clip(places, self.low, self.high)

    def out_of_range(self, places: Floats) -> Flags:
        """Which places (n, 2) [m] are not on it; one that is not finite never is."""
        if not len(places):
            return np.zeros(0, np.bool_)
        inside: Flags = (places > self.low - self.hair) & (places < self.high + self.hair)
        return np.asarray(~inside.all(axis=1))

    def written(self, value: float) -> str:
        """A coordinate [m] as it stands in the table, in the ground's unit."""
        value /= self._unit
        return f"{value:z.{self._digits}f}" if abs(value) < self._told else cell_value(value)

    def paint(self, canvas: Canvas) -> None:
        """Paint it with as many lines and numbers as there is room for."""
        canvas.box(self.bounds, "floor")
        most = round_step(self.longer / PARTS, down=True)
        apart = max(CLOSEST, 2 * LETTER * (self._long + 2))
        step = min(round_step(apart * canvas.point), most)
        numbered = [self._rules(canvas, step, upright) for upright in (True, False)]
        if self.obstructed:
            self._paint_obstacles(canvas)
        self._write(canvas, step, *numbered)

    def _rules(self, canvas: Canvas, step: float, upright: bool) -> list[float]:
        """Draw lines at every half step across one axis; returns where the whole ones are [m]."""
        axis, sight = 0 if upright else 1, canvas.sight
        low = max(sight[axis], self.bounds[axis])
        high = min(sight[axis + 2], self.bounds[axis + 2])
        halves = np.arange(ceil(low / step * 2 - 1e-9), floor(high / step * 2 + 1e-9) + 1)
        lines, whole = halves * (step / 2), halves % 2 == 0
        canvas.rules(lines[~whole], "grid", self.bounds, upright)
        canvas.rules(lines[whole], "grid_ten", self.bounds, upright)
        found: list[float] = lines[whole].tolist()
        return found

    def _paint_obstacles(self, canvas: Canvas) -> None:
        with canvas.within(self.bounds):
            shapes.circles(canvas, self._circles, "obstacle", "obstacle_edge")
            shapes.polygons(canvas, self._polygons, "obstacle", "obstacle_edge")

    def _write(self, canvas: Canvas, step: float, xs: list[float], ys: list[float]) -> None:
        """Write numbers along the edges, or along those of the view where they are out of sight."""
        sight, (left, bottom, *_) = canvas.sight, self.bounds
        long = max((len(self._number(y, step)) for y in ys), default=0)
        wide = ASIDE + LETTER * max(0, long - SHORT)
        aside, below = wide * canvas.point, BELOW * canvas.point
        # Where the two rows of numbers are, and would meet.
        x, y = max(left - aside, sight.left + aside), max(bottom - below, sight.bottom + below)
        named = self.unit != "m"  # where the two rows would meet
        for number in xs:
            words = self._number(number, step)
            beside = (ASIDE + LETTER * len(words)) * canvas.point if named else aside
            clear = (x < left and not named) or x + beside < number
            if clear and number < sight.right - ASIDE * canvas.point:
                canvas.label(number, y, words, "dim", on="floor" if y > bottom else "")
        for number in ys:
            if y + below < number < sight.top - below:
                words = self._number(number, step)
                canvas.label(x, number, words, "dim", on="floor" if x > left else "")
        if named:
            canvas.label(x, y, self.unit, "dim", on="floor" if x > left else "")

    def _number(self, value: float, step: float) -> str:
        """A number at the edge, in the ground's unit, with as many digits as a step has."""
        digits = max(0, ceil(-log10(step / self._unit) - 1e-9))
        words = f"{value / self._unit:z.{digits}f}"
        return words.rstrip("0").rstrip(".") if digits else words


def round_step(least: float, down: bool = False) -> float:
    """A round length, 1, 2 or 5 of whatever size, that is no less than `least` [m]; `down`: no
    more than it."""
    size = 10.0 ** floor(log10(least))
    every = [n * size for n in (1.0, 2.0, 5.0, 10.0)]
    if down:
        return max(step for step in every if step <= least * (1 + 1e-9))
    return min(step for step in every if step >= least * (1 - 1e-9))
