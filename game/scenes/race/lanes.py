"""The lanes of a car: its line, and one beside it to the left and to the right.

                 . - lane 1 - .            They bend with the line, so that cars on two of them
             . - lane 0, the line - .      never come near each other; a lane is there where it is
         . - - -  lane -1  - - - .         within the track's edges.

Used by traffic and by the grip mover. Distances are along the centre line.
"""

import math

from game.curve.banded import Column
from game.line.driven import Line, Wish, line_on, speeds_on
from game.line.profile import Limits
from game.track import Track

LENGTH, WIDTH = 4.5, 2.0  # [m] of a car on a real circuit
BESIDE = 1.2  # [m] between two cars side by side
ASLANT = 0.95  # of that may be lost where the line runs aslant to the track
SHARE = 0.8  # of the tyres' lengthwise grip that a car in traffic counts on, in bends as well
CAREFUL = 0.95  # of the grip is used close to others
PACE = 0.5  # [m/s] from an entry of the table of stopping ways to the next
ENTRIES = 400
STEEP = 6.0  # times as far as it is to the next lane: how long the way there is at least


def race_line(track: Track, scale: float, racing: bool) -> Line:
    """The line that cars drive."""
    return line_on(track, Wish(WIDTH / 2 * scale, (WIDTH + BESIDE) * scale, racing))


class Lanes:
    """The lanes beside a line, for one car."""

    def __init__(self, line: Line, limits: Limits, scale: float) -> None:
        """`scale`: of the lengths and speeds of cars."""
        self.line, self.limits, self.scale = line, limits, scale
        self.length = line.step * len(line.way)  # [m] of a lap
        self.car, self.apart = LENGTH * scale, (WIDTH + BESIDE) * scale  # [m]
        self.change = STEEP * self.apart  # [m] that the way from a lane to the next takes
        self.alone = speeds_on(line, limits)
        careful = limits._replace(mu_x=limits.mu_x * CAREFUL, mu_y=limits.mu_y * CAREFUL)
        self._careful: dict[int, Column] = {}
        self._ends: dict[int, Column] = {}
        for lane in (-1, 0, 1):
            aside = lane * self.apart
            bends = [bend / max(0.2, 1 - bend * aside) for bend in line.bend]
            self._careful[lane] = speeds_on(line._replace(bend=bends), careful)
            self._ends[lane] = ends(line, aside, ASLANT * BESIDE / LENGTH) if lane else []
        self._stops = [0.0]  # [m] to stand still from each speed
        for i in range(ENTRIES):
            speed = (i + 0.5) * PACE
            self._stops.append(self._stops[-1] + speed * PACE / self.slows(speed))

    def offset(self, lane: int, distance: float) -> float:
        """The offset [m] of a lane, within the edges."""
        line = self.line
        offset = line.at(line.offset, distance) + lane * self.apart
        return min(max(offset, line.at(line.low, distance)), line.at(line.high, distance))

    def speed(self, lane: int, distance: float) -> float:
        """How fast a car close to others may be [m/s]."""
        return self.line.at(self._careful[lane], distance)

    def end(self, lane: int, distance: float) -> float:
        """How far a lane goes on from here [m]."""
        place = int(distance // self.line.step)
        return self._ends[lane][place % len(self.alone)] - (distance - place * self.line.step)

    def slows(self, speed: float) -> float:
        """How hard a car in traffic counts on braking [m/s^2], in a bend as well."""
        return SHARE * self.limits.lengthwise(speed, 0.0) + self.limits.resistance(speed)

    def stop(self, speed: float) -> float:
        """How far a car goes on before it stands [m]."""
        place = min(max(speed, 0.0) / PACE, ENTRIES - 1.0)
        i = int(place)
        return self._stops[i] + (place - i) * (self._stops[i + 1] - self._stops[i])

    def allowed(self, room: float, delay: float) -> float:
        """The speed [m/s] from which a car stops within so much room [m], after a delay [s]."""
        low, high = 0.0, ENTRIES * PACE
        while high - low > 0.01:
            middle = (low + high) / 2
            if self.stop(middle) + middle * delay <= room:
                low = middle
            else:
                high = middle
        return low

    def ratio(self, distance: float) -> float:
        """Metres along the line for a metre of the centre line."""
        return self.line.at(self.line.way, distance) / self.line.step


def ends(line: Line, aside: float, steep: float) -> Column:
    """How far it is from each place to where a lane so far beside the line ends [m].

    There it has no room within the edges, or the line runs so steeply aside (as a part of the way)
    that two cars would touch, which are drawn along the centre line. Infinite where it never ends.
    """
    count, rest, found = len(line.offset), math.inf, [0.0] * len(line.offset)
    for i in range(2 * count - 1, -1, -1):
        i %= count
        fits = line.low[i] <= line.offset[i] + aside <= line.high[i]
        aslant = abs(line.offset[i] - line.offset[i - 1]) > steep * line.step
        rest = rest + line.step if fits and not aslant else 0.0
        found[i] = rest
    return found
