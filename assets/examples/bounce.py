"""2. Bounces off the edges of the ground, whatever size that has."""

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.world, chance = agent.world, agent.random  # the same --seed, the same choices
        self.x = chance.uniform(self.world.left, self.world.right)
        self.y = chance.uniform(self.world.bottom, self.world.top)
        fast = self.world.side / 8  # [m/s]
        self.right, self.up = chance.uniform(-fast, fast), chance.uniform(-fast, fast)

    def step(self, dt):
        x, y = self.x + self.right * dt, self.y + self.up * dt
        self.x, self.y = self.world.inside(x, y)
        if self.x != x:
            self.right = -self.right
        if self.y != y:
            self.up = -self.up
        return self.x, self.y
