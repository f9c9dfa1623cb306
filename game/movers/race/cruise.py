"""Keeps a steady speed of its own, drawn once between 40 and 90 km/h."""

from game.movers import Agent

SLOWEST, FASTEST = 40.0, 90.0  # [km/h]
KMH = 1 / 3.6  # [m/s] in a km/h


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.speed = agent.random.uniform(SLOWEST, FASTEST)
        self.distance = agent.world.grid(agent.number)

    def step(self, dt: float) -> tuple[float, float]:
        self.distance += self.speed * KMH * dt
        return self.speed, self.distance
