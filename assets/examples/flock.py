"""7. A flock in twenty lines: near(radius) lists the others, the nearest first."""

from math import atan2, cos, pi, remainder, sin, tau

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.agent, self.world = agent, agent.world
        self.x = agent.random.uniform(self.world.left, self.world.right)
        self.y = agent.random.uniform(self.world.bottom, self.world.top)
        self.heading = agent.random.uniform(-pi, pi)

    def step(self, dt):
        reach = self.world.side / 6
        near = self.agent.near(reach)[:8]
        right, up = cos(self.heading), sin(self.heading)
        for other in near:  # away from those who are close, towards those farther off
            wish = (other.distance - reach / 2) / reach**2
            right, up = right + wish * other.dx, up + wish * other.dy
        if self.world.margin(self.x, self.y) < reach / 2:
            x, y = self.world.inwards(self.x, self.y)
            right, up = right + (x - self.x) / reach, up + (y - self.y) / reach
        self.heading += 2 * remainder(atan2(up, right) - self.heading, tau) * dt
        way = self.world.side / 12 * dt
        x, y = self.x + way * cos(self.heading), self.y + way * sin(self.heading)
        self.x, self.y = self.world.inside(x, y)
        return self.x, self.y
