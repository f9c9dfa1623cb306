"""A galaxy with two arms, of any number of stars: alone, or very many to a process.

Each star goes around on an ellipse, the farther out the more turned, and at a speed of its own; the
arms stay where ellipses lie close together, and there are more stars at every moment (A. J.
Kalnajs, 1973, https://doi.org/10.1017/S1323358000013461). A star is at

    z = c + exp(i (twist a + w t)) (a cos p + i b sin p),    p = p0 + v t / a

with its half axes a and b, the arms' own slow turn w, and a speed v that is the same for all but
the innermost.
"""

from cmath import exp
from math import log, tau
from random import Random
from typing import Any

from game.agent import Agent, Group

PARAMETERS = {"twist": 4.5, "round": 60.0}  # [rad] from middle to edge; [s] a turn at the edge

FLAT = 0.7  # of a half axis: the other one
CORE = 0.06  # of the radius: stars within go around as one body
ARMS = 0.15  # of the speed at the edge: how fast the arms turn
EDGE = 0.48  # of the ground's shorter side: the radius
SPREAD = 0.5  # of the radius: in so much further out there are e times fewer stars
LEFT = exp(-1 / SPREAD).real  # of the stars, that would be beyond the edge
BLUR = 0.03  # of an orbit: how far stars are off the ellipse that they should be on
FARTHEST = 1.04  # of the radius
AT_ONCE = 16_384  # stars moved at once: what fits into a core's own cache
BANDS, SHARE = 6, 0.9  # in which a process has more stars than elsewhere, and how many of them
WHEEL = 0.618034  # of a band, from one process to the next


class Mover:
    def __init__(self, agent: Agent) -> None:
        random, parameters = agent.random, {**PARAMETERS, **agent.parameters}
        away = -SPREAD * log(1 - random.random() * (1 - LEFT))  # [of the radius]
        axis = EDGE * agent.world.side * min(away * (1 + BLUR * random.gauss(0, 1)), FARTHEST)
        self.along, self.aside = halves(axis * exp(1j * parameters["twist"] * away))
        self.phase = exp(1j * random.uniform(0, tau))
        self.speed = tau / parameters["round"] / max(away, CORE)  # [rad/s]
        self.arms, self.turn = 1 + 0j, ARMS * tau / parameters["round"]  # [rad/s]
        self.middle = complex(*agent.world.middle)

    def step(self, dt: float) -> tuple[float, float]:
        self.phase *= exp(1j * self.speed * dt)
        self.arms *= exp(1j * self.turn * dt)
        star = self.along * self.phase + self.aside * self.phase.conjugate()
        place = self.middle + self.arms * star  # x + iy [m]
        return place.real, place.imag


class Crowd:
    """Very many stars at once. Each process has more of them in some bands: so its colour streams
    through the arms, and where it is killed, a part of each stands still."""

    def __init__(self, group: Group) -> None:
        import numpy as np

        parameters = {**PARAMETERS, **group.parameters}
        chance = np.random.Generator(np.random.SFC64(Random(group.seed).getrandbits(64)))
        many, radius = len(group.numbers), EDGE * group.world.side
        part = chance.random(many)
        shift = WHEEL * (group.numbers.start // many)
        part -= SHARE / (tau * BANDS) * np.sin(tau * (BANDS * part - shift))
        away = -SPREAD * np.log(1 - np.clip(part, 0, 1) * (1 - LEFT))
        axis = radius * np.minimum(away * (1 + BLUR * chance.standard_normal(many)), FARTHEST)
        self.along, self.aside = halves(axis * np.exp(1j * parameters["twist"] * away))
        self.phase = np.exp(1j * chance.uniform(0, tau, many))
        self.speed = tau / parameters["round"] / np.maximum(away, CORE)  # [rad/s]
        self.spin, self.dt = self.phase, 0.0  # what a step multiplies the phases by, and its time
        self.arms, self.turn = 1 + 0j, ARMS * tau / parameters["round"]  # [rad/s]
        self.middle = complex(*group.world.middle)
        self.stars = np.empty(many, complex)
        self.np = np

    def step(self, dt: float) -> Any:
        np = self.np
        if dt != self.dt:
            self.spin, self.dt = np.exp(1j * self.speed * dt), dt
        self.arms *= exp(1j * self.turn * dt)
        for first in range(0, len(self.stars), AT_ONCE):
            run = slice(first, first + AT_ONCE)
            phase, stars = self.phase[run], self.stars[run]
            phase *= self.spin[run]
            np.multiply(self.along[run], phase, out=stars)
            stars += self.aside[run] * phase.conjugate()
            stars *= self.arms
            stars += self.middle
        return self.stars.view(float).reshape(-1, 2)


def halves(axis: Any) -> tuple[Any, Any]:
    """What a star's phase and its conjugate are multiplied by to give its place, on an ellipse with
    this longer half axis, a complex number, or an array of them."""
    return axis * ((1 + FLAT) / 2), axis * ((1 - FLAT) / 2)
