"""11. Overtakes: goes to the left of the car ahead, and back when it is past."""

SCENE = "race"
FIELDS = {"offset": "m"}  # published as well: to the left of the centre line, and drawn there

ASIDE = 2.5  # [m]
SIDEWAYS = 2.0  # [m/s]


class Mover:
    def __init__(self, agent):
        self.agent, self.offset = agent, 0.0
        self.distance = agent.world.grid(agent.number)
        self.speed = agent.random.uniform(15, 30)  # [m/s]

    def step(self, dt):
        ahead, behind = self.agent.ahead(), self.agent.behind()
        slower = ahead is not None and ahead.gap < 25 and ahead.speed < self.speed
        beside = behind is not None and behind.gap < 8
        wanted = ASIDE if slower or (beside and self.offset > 0) else 0.0
        way = SIDEWAYS * dt
        self.offset += max(-way, min(way, wanted - self.offset))
        blocked = slower and ahead.gap < 8 and self.offset < ASIDE / 2
        speed = min(self.speed, ahead.speed) if blocked else self.speed
        self.distance += speed * dt
        return speed * 3.6, self.distance, self.offset
