"""Drives the racing line at the limit of its tyres, brakes for those ahead, and overtakes.

A point mass (game.line.profile) on the line of minimum curvature (game.line.racing_line), which
is worked out once a track. Alone it is at every place as fast as the tyres let it be there, in
the bends and on the way to them; among others see game.scenes.race.traffic.
"""

from game.agent import Parameters
from game.line.profile import Limits
from game.scenes.race import FAR, KMH, Agent
from game.scenes.race.lanes import Lanes, race_line
from game.scenes.race.traffic import Other, Place, Row, Traffic

FIELDS = {"offset": "m"}
PARAMETERS = {
    "mu": 2.0,  # grip sideways, as a part of the load; lengthwise it is 0.9 of that
    "mass": 733.0,  # [kg]
    "power": 600.0,  # [kW] at the wheels
    "drag": 1.56,  # [m^2] drag coefficient times area
    "lift": 4.88,  # [m^2] downforce coefficient times area
    "racing": True,  # on the racing line, else on the centre line
}
LENGTHWISE = 0.9  # of the grip sideways
FINE = 0.02  # [s] of a part of an update, at most
CHANGE = 2.0  # [s] that a change of lane takes


def limits_of(given: Parameters) -> Limits:
    """What a car with these parameters can do; ValueError for one that could not drive."""
    for name in ("mu", "mass", "power"):
        if not 0 < given[name] < FAR:
            raise ValueError(f"{name} is {given[name]}; give more than 0")
    for name in ("drag", "lift"):
        if not 0 <= given[name] < FAR:
            raise ValueError(f"{name} is {given[name]}; give 0 or more")
    mu = given.mu
    return Limits(mu * LENGTHWISE, mu, given.mass, given.power, given.drag, given.lift)


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        world, given = agent.world, agent.parameters
        limits = limits_of(given)
        line = race_line(world.track, world.scale, given.racing)
        self.lanes = Lanes(line, limits, world.scale)
        self.traffic = Traffic(self.lanes)
        self.distance = world.grid(agent.number)  # [m] along the centre line
        self.speed = 0.0  # [m/s]
        self.lane = self.before = 0
        self.changed = 1.0  # how much of the way from the lane before is gone, 0..1
        self.offset = self.lanes.offset(0, self.distance)  # [m]

    def step(self, dt: float) -> tuple[float, float, float]:
        aside = self.offset - self.lanes.offset(0, self.distance)
        own = Place(self.distance, self.speed, aside)
        others = self.traffic.seen(self.rows(), own)
        highest = self.highest(own, others, 2 * dt)
        parts = max(1, round(dt / FINE))
        for _ in range(parts):
            self.drive(dt / parts, highest)
        return self.speed / KMH, self.distance, self.offset

    def rows(self) -> list[Row]:
        """What everybody else on the track has published."""
        others, finish = self.agent.others, self.agent.world.finish
        if not len(others):
            return []
        distances, speeds = others.column("distance"), others.column("speed")
        offsets = others.column("offset") if "offset" in others.fields else [0.0] * len(distances)
        return [
            Row(n, distances[n], 0.0 if others.gone(n) else speeds[n] * KMH, offsets[n])
            for n in others
            if abs(distances[n]) < FAR
            and distances[n] < finish
            and abs(speeds[n]) < FAR
            and abs(offsets[n]) < FAR
        ]

    def highest(self, own: Place, others: list[Other], delay: float) -> float:
        """The highest speed [m/s] among the others, in the lane that is best now."""
        traffic = self.traffic
        if self.changed == 1.0:
            highest = traffic.limit(own, (self.lane,), others, delay)
            lane = traffic.choose(own, self.lane, others, highest, delay)
            if lane != self.lane:
                self.before, self.lane, self.changed = self.lane, lane, 0.0
        elif traffic.turns_back(own, self.lane, self.before, others, delay):
            self.before, self.lane, self.changed = self.lane, self.before, 1 - self.changed
        if self.lane == self.before == 0:
            return traffic.limit(own, (0,), others, delay)
        return traffic.limit(own, (self.before, self.lane), others, delay)

    def drive(self, dt: float, highest: float) -> None:
        """Go on for a moment [s], no faster than `highest` [m/s] if the brakes are good enough."""
        lanes, limits, speed = self.lanes, self.lanes.limits, self.speed
        bend = lanes.line.at(lanes.line.bend, self.distance)
        gained = max(0.0, speed + limits.gain(speed, bend) * dt)
        slowed = speed - max(limits.brake(speed, bend), lanes.slows(speed)) * dt
        ratio = lanes.ratio(self.distance)
        wanted = min(gained, highest)
        ahead = self.distance + (speed + max(wanted, slowed)) / 2 * dt / ratio
        wanted = min(wanted, lanes.line.at(lanes.alone, ahead))
        self.speed = max(0.0, wanted, slowed)
        self.distance += (speed + self.speed) / 2 * dt / ratio
        if self.changed < 1.0:
            # By the way, too: who stands does not move aside.
            share = min(dt / CHANGE, (speed + self.speed) / 2 * dt / lanes.change)
            self.changed = min(1.0, self.changed + share)
            if self.changed == 1.0:
                self.before = self.lane
        self.offset = self.where()

    def where(self) -> float:
        """The offset [m] at this moment: from one lane to the other without a bend in between."""
        new = self.lanes.offset(self.lane, self.distance)
        if self.changed == 1.0:
            return new
        part = self.changed * self.changed * (3 - 2 * self.changed)
        return new * part + self.lanes.offset(self.before, self.distance) * (1 - part)
