"""Takes random whole speeds from a range of its own: 40 to 80 km/h, or 60 to 100."""

from game.scenes.race import Driver

RANGES = ((40, 80), (60, 100))  # [km/h] of the even and of the odd cars


class Mover(Driver):
    def choose(self) -> float:
        return self.random.randint(*RANGES[self.agent.number % 2]) * self.scale
