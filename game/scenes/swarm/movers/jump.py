"""Jumps to a random place with whole coordinates at every update, as in the tutorial."""

from game.agent import Agent


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.random = agent.random
        self.side = int(agent.world.side)

    def step(self, dt: float) -> tuple[float, float]:
        return self.random.randint(0, self.side), self.random.randint(0, self.side)
