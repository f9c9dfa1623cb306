"""5. A whirl with numpy: from 64 agents a process on, a Crowd drives all of them at once.

Try it with --agents 100000 --per-process 50000. A Mover has to be there as well: it drives where
a process has fewer. numpy is imported when a Crowd is made, so that a Mover need not wait for it.
"""

from math import cos, hypot, sin, tau

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.middle = agent.world.middle
        self.radius = agent.random.uniform(0.05, 0.48) * agent.world.side
        self.angle = agent.random.uniform(0, tau)
        self.fast = 0.3 * agent.world.side / hypot(self.radius, agent.world.side / 10)

    def step(self, dt):
        self.angle += self.fast * dt
        x, y = self.middle
        return x + self.radius * cos(self.angle), y + self.radius * sin(self.angle)


class Crowd:
    def __init__(self, group):
        import numpy as np

        self.np, many, side = np, len(group.numbers), group.world.side
        chance = np.random.default_rng(list(group.seed.encode()))
        self.middle = complex(*group.world.middle)
        self.radius = np.sqrt(chance.uniform(0.0, 0.23, many)) * side
        self.angle = chance.uniform(0, tau, many)
        self.fast = 0.3 * side / np.hypot(self.radius, side / 10)

    def step(self, dt):
        self.angle += self.fast * dt
        places = self.middle + self.radius * self.np.exp(1j * self.angle)
        return places.view(float).reshape(-1, 2)
