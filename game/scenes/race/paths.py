"""The paths that a car can take: along its line or at a steady offset, and how fast they are.

Used by traffic and by the grip mover. Distances are along the centre line [m].
"""

from typing import NamedTuple

from game.line.driven import Line, speeds_on
from game.line.profile import Limits
from game.track import Track

LENGTH, WIDTH = 4.5, 2.0  # [m] of a car on a real circuit
BESIDE = 0.6  # [m] between two cars side by side
SHARE = 0.5  # of the tyres' lengthwise grip that a car in traffic keeps for braking
IN_BENDS = 0.93  # of its speed in a bend: (1 - SHARE^2) ** 0.25
PACE = 0.5  # [m/s] from an entry of the table of stopping ways to the next
FASTEST = 400  # entries of it


class Path(NamedTuple):
    """Where a car means to drive: beside the line, or beside the centre line."""

    along: bool  # the line, else the centre line
    aside: float  # [m] to the left of that


ON_LINE = Path(True, 0.0)


class Course:
    """A line with everything that one car needs to know of it."""

    def __init__(self, track: Track, line: Line, limits: Limits, scale: float) -> None:
        """`scale`: of the lengths and speeds of cars."""
        self.line, self.limits = line, limits
        self.length, self.scale = track.length, scale
        self.car, self.beside = LENGTH * scale, (WIDTH + BESIDE) * scale  # [m]
        self.speeds = speeds_on(line, limits)
        self.bends = [track.curvature_at(i * line.step) for i in range(len(line.way))]
        self._stops = [0.0]  # [m] to stand still from each speed, with a share of the grip
        for i in range(1, FASTEST):
            self._stops.append(self._stops[-1] + (i - 0.5) * PACE * PACE / self.slows((i - 0.5) * PACE))

    def slows(self, speed: float) -> float:
        """How hard a car in traffic counts on braking [m/s^2], in a bend as well."""
        return SHARE * self.limits.lengthwise(speed, 0.0) + self.limits.resistance(speed)

    def offset(self, path: Path, place: int) -> float:
        """The offset [m] of a path at a place of the line, within the edges."""
        i = place % len(self.bends)
        offset = path.aside + (self.line.offset[i] if path.along else 0.0)
        return min(max(offset, self.line.low[i]), self.line.high[i])

    def offset_at(self, path: Path, distance: float) -> float:
        """The same at any distance."""
        i = int(distance // self.line.step)
        share = distance / self.line.step - i
        one, other = self.offset(path, i), self.offset(path, i + 1)
        return one + share * (other - one)

    def fits(self, path: Path, place: int) -> bool:
        """Whether a path is within the edges at a place."""
        i = place % len(self.bends)
        offset = path.aside + (self.line.offset[i] if path.along else 0.0)
        return self.line.low[i] <= offset <= self.line.high[i]

    def corner(self, path: Path, place: int) -> float:
        """The highest speed [m/s] of a path at a place that leaves some grip for braking."""
        i = place % len(self.bends)
        if path == ON_LINE:
            return IN_BENDS * self.limits.corner(self.line.bend[i])
        bend = self.bends[i]
        bend /= max(0.2, 1.0 - bend * self.offset(path, place))
        return IN_BENDS * self.limits.corner(max(abs(bend), abs(self.line.bend[i])))

    def ratio(self, distance: float, offset: float) -> float:
        """Metres that are driven at an offset for a metre of the centre line."""
        bend = self.line.at(self.bends, distance)
        return max(0.2, 1.0 - bend * offset)

    def stop(self, speed: float) -> float:
        """How far a car goes on before it stands [m]."""
        place = min(max(speed, 0.0) / PACE, FASTEST - 2.0)
        i = int(place)
        return self._stops[i] + (place - i) * (self._stops[i + 1] - self._stops[i])

    def allowed(self, room: float, delay: float) -> float:
        """The speed [m/s] from which a car stops within so much room [m], after a delay [s]."""
        if room <= 0.0:
            return 0.0
        low, high = 0.0, PACE * (FASTEST - 2)
        for _ in range(14):
            middle = (low + high) / 2
            if self.stop(middle) + middle * delay <= room:
                low = middle
            else:
                high = middle
        return low
