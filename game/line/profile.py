"""How fast a line can be driven: the speed of a point mass at the limit of its tyres.

    (ax / (mu_x N))^2 + (ay / (mu_y N))^2 <= 1      with the load N = g + downforce v^2

In a bend alone ay = v^2 |curvature| gives the highest speed at each place. From there a pass
forwards lets the car gain no more than tyres and engine give, and a pass backwards lets it arrive
no faster than it can brake (E. Velenis, P. Tsiotras, "Minimum-time travel for a vehicle with
acceleration limits", 2008, https://doi.org/10.1007/s10957-008-9381-7; N. Kapania, J. Subosits,
J. C. Gerdes, 2016, https://doi.org/10.1115/1.4033311). Used by lines; the limits by the movers.
"""

import math
from typing import NamedTuple

from game.curve.banded import Column

G = 9.81  # [m/s^2]
FASTEST = 150.0  # [m/s] where neither a bend nor the engine says less


class Limits(NamedTuple):
    """What a car can do. A Formula 1 car's figures, of TUM's laptime-simulation (A. Heilmeier)."""

    mu_x: float = 1.8  # grip lengthwise, as a part of the load
    mu_y: float = 2.0  # grip sideways
    mass: float = 733.0  # [kg]
    power: float = 600.0  # [kW] of the engine, and of the motor in the mean of a lap
    drag: float = 1.56  # [m^2] drag coefficient times area
    lift: float = 4.88  # [m^2] downforce coefficient times area
    roll: float = 0.03  # rolling resistance, as a part of the load
    air: float = 1.18  # [kg/m^3]

    def load(self, speed: float) -> float:
        """What presses the tyres on the ground at a speed [m/s], of a kilogram of car [m/s^2]."""
        return G + self.air / 2 * self.lift / self.mass * speed * speed

    def resistance(self, speed: float) -> float:
        """How air and rolling slow the car down [m/s^2]."""
        air = self.air / 2 * self.drag / self.mass * speed * speed
        return air + self.roll * self.load(speed)

    def corner(self, bend: float) -> float:
        """The highest speed [m/s] in a bend of that curvature [1/m]."""
        rest = abs(bend) - self.mu_y * self.air / 2 * self.lift / self.mass
        return min(FASTEST, math.sqrt(self.mu_y * G / rest)) if rest > 0 else FASTEST

    def lengthwise(self, speed: float, bend: float) -> float:
        """What the tyres have left lengthwise [m/s^2] at a speed [m/s] in a bend [1/m]."""
        load = self.load(speed)
        used = speed * speed * bend / (self.mu_y * load)
        return self.mu_x * load * math.sqrt(max(0.0, 1.0 - used * used))

    def gain(self, speed: float, bend: float) -> float:
        """The highest acceleration [m/s^2] forwards; a speed that a bend allows can be held."""
        engine = 1000 * self.power / self.mass / max(speed, 1.0)
        resistance = self.resistance(speed)
        return min(engine, max(resistance, self.lengthwise(speed, bend))) - resistance

    def brake(self, speed: float, bend: float) -> float:
        """The highest deceleration [m/s^2], positive."""
        return self.lengthwise(speed, bend) + self.resistance(speed)


def profile(ways: Column, bends: Column, limits: Limits) -> Column:
    """The speed [m/s] at each place of a closed line, (places,).

    `ways` [m] from each place to the next, `bends` [1/m] at it.
    """
    count = len(ways)
    speeds = [limits.corner(bend) for bend in bends]
    slowest = min(range(count), key=speeds.__getitem__)  # which neither pass can change
    for i in range(slowest, slowest + count):
        here, there = i % count, (i + 1) % count
        speeds[there] = min(
            speeds[there], after(speeds[here], limits.gain(speeds[here], bends[here]), ways[here])
        )
    for i in range(slowest, slowest - count, -1):
        here, there = i % count, (i - 1) % count
        slows = limits.brake(speeds[here], bends[here])
        speeds[there] = min(speeds[there], after(speeds[here], slows, ways[there]))
    return speeds


def after(speed: float, gain: float, way: float) -> float:
    """The speed [m/s] after a way [m] with an acceleration [m/s^2]."""
    return math.sqrt(max(0.0, speed * speed + 2 * gain * way))
