"""Jumps to a random place with whole coordinates at every update, as in the tutorial."""

from math import ceil, floor

from game.agent import Agent
from game.scenes.swarm.steering import TRIES

COARSE = 10.0  # [m] a side of the ground, at least, for whole coordinates to be any choice


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.random = agent.random
        self.world = agent.world

    def step(self, dt: float) -> tuple[float, float]:
        for _ in range(TRIES):
            x, y = self.anywhere()
            if not self.world.obstacles.contains(x, y):
                break
        return x, y

    def anywhere(self) -> tuple[float, float]:
        """A place on the ground; on a small one not a whole one."""
        world, random = self.world, self.random
        if world.side < COARSE:
            return random.uniform(world.left, world.right), random.uniform(world.bottom, world.top)
        x = random.randint(ceil(world.left), floor(world.right))
        return x, random.randint(ceil(world.bottom), floor(world.top))
