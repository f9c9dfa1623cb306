"""8. Crashes after a while: its agent is crossed out, its card has the traceback, K and R help."""

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.number, self.left, self.world = agent.number, 40, agent.world

    def step(self, dt):
        self.left -= 1
        share = 1 / self.left  # on the fortieth step
        return self.world.left + self.world.width * share, self.world.middle[1]
