"""Takes a new random whole speed of 20 to 100 km/h at every update, as in the tutorial."""

from game.movers import Agent

SLOWEST, FASTEST = 20, 100  # [km/h]
KMH = 1 / 3.6  # [m/s] in a km/h


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.random = agent.random
        self.speed = 0.0
        self.distance = agent.world.grid(agent.number)

    def step(self, dt: float) -> tuple[float, float]:
        self.distance += self.speed * KMH * dt
        self.speed = self.random.randint(SLOWEST, FASTEST)
        return self.speed, self.distance
