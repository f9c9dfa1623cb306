"""1. Drives in a circle: the shortest behaviour there is."""

from math import cos, sin

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.angle = agent.number

    def step(self, dt):
        self.angle += 0.5 * dt
        return 50 + 30 * cos(self.angle), 50 + 30 * sin(self.angle)
