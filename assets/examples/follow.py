"""6. Follows the robot before it: agent.others has what everybody has published last."""

SCENE = "swarm"

EAGER = 1.0  # [1/s] how fast it makes up for what it is behind


class Mover:
    def __init__(self, agent):
        self.agent, self.world = agent, agent.world
        self.x, self.y = self.world.middle
        self.right = self.up = self.world.side / 6  # [m/s] of the first one, which leads

    def step(self, dt):
        leader = self.agent.others[self.agent.number - 1] if self.agent.number else None
        if leader:  # None where nobody is, or has published yet
            self.x += (leader[0] - self.x) * min(EAGER * dt, 1)
            self.y += (leader[1] - self.y) * min(EAGER * dt, 1)
            return self.x, self.y
        x, y = self.x + self.right * dt, self.y + self.up * 0.7 * dt
        self.x, self.y = self.world.inside(x, y)
        self.right = -self.right if self.x != x else self.right
        self.up = -self.up if self.y != y else self.up
        return self.x, self.y
