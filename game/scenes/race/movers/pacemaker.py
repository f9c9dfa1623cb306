"""Takes a new random whole speed of 50 to 100 km/h, meant to set those of all cars at once."""

from game.scenes.race import Driver


class Mover(Driver):
    def choose(self) -> float:
        return self.random.randint(50, 100) * self.scale
