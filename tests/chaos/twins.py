"""Robots whose two values are always the same: a torn row would show two different ones."""


class Mover:
    def __init__(self, agent):
        self.value = float(agent.number % 100)

    def step(self, dt):
        self.value = (self.value + 0.25) % 100
        return self.value, self.value
