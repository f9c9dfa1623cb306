"""Walks the grid in gentle turns and stays inside."""

from math import atan2, cos, pi, remainder, sin, tau

from game.movers import Agent

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
