"""9. Has a mistake in it: `python -m game check swarm typo.py` says on which line."""

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        self.place = agent.number % 100

    def step(self, dt):
        self.place = (self.place + dt) % 100
        return self.place
