"""10. Brakes for bends: a car that looks as far ahead as it needs to stop."""

from math import sqrt

SCENE = "race"
PARAMETERS = {"mu": 1.5}  # the grip of its tyres; --set mu=1.2 changes it

G = 9.81  # [m/s2]
FASTEST = 80.0  # [m/s]
CLOSE = 5.0  # [m] between two looks ahead


class Mover:
    def __init__(self, agent):
        self.track, self.most = agent.world.track, agent.parameters.mu * G  # [m/s2]
        self.distance, self.speed = agent.world.grid(agent.number), 0.0  # [m], [m/s]

    def step(self, dt):
        allowed, ahead = FASTEST, 0.0
        while ahead < self.speed**2 / self.most + CLOSE:
            bend = abs(self.track.curvature_at(self.distance + ahead))
            fast = sqrt(self.most / bend) if bend else FASTEST
            allowed = min(allowed, sqrt(fast**2 + self.most * ahead))  # brakes with half of it
            ahead += CLOSE
        change = max(-self.most, min(self.most / 2, (allowed - self.speed) / dt))
        self.speed += change * dt
        self.distance += self.speed * dt
        return self.speed * 3.6, self.distance
