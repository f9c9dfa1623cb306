"""Walks the grid in gentle turns and stays inside."""

from math import atan2, cos, pi, remainder, sin, tau
from typing import Any

from game.agent import Agent, Group

SPEED = 8.0  # [m/s]
WOBBLE = 2.5  # [rad/s] how fast the heading may change by chance
TURN = 4.0  # [rad/s] how fast it turns back at the edge
MARGIN = 10.0  # [m] from the edge, where it starts to turn back
AT_ONCE = 16_384  # robots of a crowd moved at once: what fits into a core's own cache


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.random = agent.random
        self.side = agent.world.side
        self.x = self.random.uniform(MARGIN, self.side - MARGIN)
        self.y = self.random.uniform(MARGIN, self.side - MARGIN)
        self.heading = self.random.uniform(-pi, pi)
        self.speed = SPEED * self.random.uniform(0.6, 1.4)

    def step(self, dt: float) -> tuple[float, float]:
        self.heading += self.turn() * dt
        self.x = min(max(self.x + self.speed * cos(self.heading) * dt, 0.0), self.side)
        self.y = min(max(self.y + self.speed * sin(self.heading) * dt, 0.0), self.side)
        return self.x, self.y

    def turn(self) -> float:
        """How fast to turn [rad/s]: by chance, or towards the middle when near the edge."""
        near = min(self.x, self.y, self.side - self.x, self.side - self.y) < MARGIN
        if not near:
            return self.random.uniform(-WOBBLE, WOBBLE)
        middle = atan2(self.side / 2 - self.y, self.side / 2 - self.x)
        return max(-TURN, min(TURN, 2 * remainder(middle - self.heading, tau)))


class Crowd:
    """Very many robots at once: the same walk, except that they bounce off the edge."""

    def __init__(self, group: Group) -> None:
        import random

        import numpy as np

        chance = random.Random(group.seed).getrandbits(64)
        self.random = np.random.Generator(np.random.SFC64(chance))
        self.side = group.world.side
        many = len(group.numbers)
        self.places = self.random.uniform(0.0, self.side, (many, 2))
        angle = self.random.uniform(-pi, pi, many)
        speed = SPEED * self.random.uniform(0.6, 1.4, many)
        self.speeds = np.empty((many, 2))
        np.multiply(speed, np.cos(angle), out=self.speeds[:, 0])
        np.multiply(speed, np.sin(angle), out=self.speeds[:, 1])
        self.way = np.empty((min(many, AT_ONCE), 2))
        self.np = np

    def step(self, dt: float) -> Any:
        # All turn by the same angle: a turn for each would cost three times as much.
        turn = self.random.uniform(-WOBBLE, WOBBLE) * dt
        for first in range(0, len(self.places), AT_ONCE):
            run = slice(first, first + AT_ONCE)
            self.move(self.places[run], self.speeds[run], turn, dt)
        return self.places

    def move(self, places: Any, speeds: Any, turn: float, dt: float) -> None:
        """Turn and move some of them, (n, 2) [m] and [m/s] both, and bounce."""
        np, way = self.np, self.way[: len(places)]
        # A speed is a complex number: to turn it is one multiplication.
        speeds.view(complex)[:] *= complex(cos(turn), sin(turn))
        np.multiply(speeds, dt, out=way)
        places += way
        for outside, ahead in ((places < 0.0, 1.0), (places > self.side, -1.0)):
            if outside.any():
                speeds[outside] = ahead * np.abs(speeds[outside])
        np.clip(places, 0.0, self.side, out=places)
