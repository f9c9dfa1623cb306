"""Takes a new random whole speed of 20 to 100 km/h at every update, as in the tutorial."""

from game.scenes.race import Driver


class Mover(Driver):
    def choose(self) -> float:
        return self.random.randint(20, 100) * self.scale
