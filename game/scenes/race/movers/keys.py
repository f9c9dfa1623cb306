"""Driven by the arrow keys: up and down for the speed, left and right across the track."""

from game.scenes.race import KMH, Agent, Driver

KEYS = True
FIELDS = {"offset": "m"}  # to the left of the centre line
PARAMETERS = {"fastest": 180.0, "grip": 12.0}  # [km/h]; [m/s2] across the track

THROTTLE, BRAKE, ROLL = 45.0, 90.0, 6.0  # [km/h/s] at rest; always; with no key held
STEER, AT = 5.0, 15.0  # [m/s] aside with a key held, from this speed on [m/s]
SLIDE = 0.5  # [s] in which what exceeds the grip becomes a speed aside
ASIDE = 0.9  # [m] from the middle of a car to its side
GRASS, SLOWER = 40.0, 120.0  # [km/h] a speed that the grass allows; [km/h/s] how it slows


class Mover(Driver):
    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        parameters = {**PARAMETERS, **agent.parameters}
        self.keys, self.track = agent.keys, agent.world.track
        self.fastest: float = parameters["fastest"]  # [km/h]
        self.grip: float = parameters["grip"]  # [m/s2]
        self.offset = 0.0  # [m] to the left of the centre line
        self.dt = 0.0  # [s] of this update

    def step(self, dt: float) -> tuple[float, float, float]:  # type: ignore[override]
        self.dt = dt
        on_grass = self.steer()
        speed, distance = super().step(dt)
        if on_grass and speed > GRASS:
            self.speed = speed = max(GRASS, speed - SLOWER * dt)
        return speed, distance, self.offset

    def choose(self) -> float:
        """The speed from now on [km/h]: less and less is gained the faster it is."""
        keys = self.keys
        gain: float = THROTTLE * (1 - self.speed / self.fastest) * keys.up
        loss: float = BRAKE * keys.down + ROLL * (not keys.up)
        return min(max(self.speed + (gain - loss) * self.dt, 0.0), self.fastest)

    def steer(self) -> bool:
        """Go aside, as the keys say and a bend that is taken too fast; whether it is at an edge."""
        speed = self.speed * KMH  # [m/s]
        aside = STEER * min(speed / AT, 1.0) * (self.keys.left - self.keys.right)
        pull = speed * speed * self.track.curvature_at(self.distance)  # [m/s2] to the left
        held = max(-self.grip, min(self.grip, pull))
        aside -= (pull - held) * SLIDE
        right, left = self.track.width_at(self.distance)
        right, left = ASIDE - right, left - ASIDE
        wanted = self.offset + aside * self.dt
        self.offset = min(max(wanted, min(right, 0.0)), max(left, 0.0))
        return bool(wanted != self.offset)
