"""Keeps a steady speed of its own, drawn once between 40 and 90 km/h."""

from game.scenes.race import Agent, Driver


class Mover(Driver):
    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        self.speed = self.random.uniform(40.0, 90.0) * self.scale

    def choose(self) -> float:
        return self.speed
