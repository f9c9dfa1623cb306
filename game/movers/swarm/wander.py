"""Walks the grid in gentle turns and stays inside."""

from math import atan2, cos, pi, remainder, sin, tau
from typing import Any

from game.movers import Agent, Group

SPEED = 8.0  # [m/s]
WOBBLE = 2.5  # [rad/s] how fast the heading may change by chance
TURN = 4.0  # [rad/s] how fast it turns back at the edge
MARGIN = 10.0  # [m] from the edge, where it starts to turn back


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
        self.speeds = np.column_stack((speed * np.cos(angle), speed * np.sin(angle)))
        self.way = np.empty_like(self.places)
        self.np = np

    def step(self, dt: float) -> Any:
        np, places, speeds = self.np, self.places, self.speeds
        # All turn by the same angle: a turn for each would cost three times as much.
        turn = self.random.uniform(-WOBBLE, WOBBLE) * dt
        speeds[:, 0], speeds[:, 1] = (
            speeds[:, 0] * cos(turn) - speeds[:, 1] * sin(turn),
            speeds[:, 0] * sin(turn) + speeds[:, 1] * cos(turn),
        )
        np.multiply(speeds, dt, out=self.way)
        places += self.way
        for outside, ahead in ((places < 0.0, 1.0), (places > self.side, -1.0)):
            if outside.any():
                speeds[outside] = ahead * np.abs(speeds[outside])
        np.clip(places, 0.0, self.side, out=places)
        return places
