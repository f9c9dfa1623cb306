"""12. Driven by the arrow keys: a race of one's own with --mover keys.py:1 --mover cruise."""

SCENE = "race"
KEYS = True  # agent.keys says which arrow keys are held down
FIELDS = {"offset": "m"}

THROTTLE, BRAKE, STEER = 12.0, 25.0, 4.0  # [m/s2], [m/s2], [m/s]


class Mover:
    def __init__(self, agent):
        self.keys, self.track = agent.keys, agent.world.track
        self.distance, self.speed, self.offset = agent.world.grid(agent.number), 0.0, 0.0

    def step(self, dt):
        self.speed += (THROTTLE * self.keys.up - BRAKE * self.keys.down - 1.0) * dt
        self.speed = max(0.0, min(60.0, self.speed))
        self.offset += STEER * (self.keys.left - self.keys.right) * dt
        self.offset = max(-4.0, min(4.0, self.offset))
        self.distance += self.speed * dt
        return self.speed * 3.6, self.distance, self.offset
