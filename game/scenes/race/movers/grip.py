"""Drives the racing line at the limit of its tyres, brakes for those ahead, and overtakes.

A point mass (game.line.profile) on the line of minimum curvature (game.line.racing_line), which
is worked out once a track. Alone it is at every place as fast as the tyres let it be there, in
the bends and on the way to them; among others see game.scenes.race.traffic.
"""

from game.line.driven import line_on
from game.line.profile import Limits
from game.scenes.race import FAR, KMH, Agent
from game.scenes.race.paths import ON_LINE, WIDTH, Course
from game.scenes.race.traffic import Other, Place, Traffic

FIELDS = {"offset": "m"}
PARAMETERS = {
    "mu": 2.0,  # grip sideways, as a part of the load; lengthwise it is 0.9 of that
    "mass": 733.0,  # [kg]
    "power": 600.0,  # [kW] at the wheels
    "drag": 1.56,  # [m^2] drag coefficient times area
    "lift": 4.88,  # [m^2] downforce coefficient times area
    "line": 1.0,  # 1: the racing line, 0: the centre line
}
LENGTHWISE = 0.9  # of the grip sideways
FINE = 0.02  # [s] of a part of an update, at most
CHANGE = 2.0  # [s] that the way from one path to another takes


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        world, given = agent.world, getattr(agent, "parameters", PARAMETERS)
        limits = Limits(
            given["mu"] * LENGTHWISE, given["mu"], given["mass"], given["power"],
            given["drag"], given["lift"],
        )
        line = line_on(world.track, WIDTH / 2 * world.scale, given["line"] > 0)
        self.course = Course(world.track, line, limits, world.scale)
        self.traffic = Traffic(self.course)
        self.distance = world.grid(agent.number)  # [m] along the centre line
        self.speed = 0.0  # [m/s]
        self.path = self.before = ON_LINE
        self.changed = 1.0  # how much of the way from the path before is gone, 0..1
        self.offset = self.course.offset_at(self.path, self.distance)  # [m]

    def step(self, dt: float) -> tuple[float, float, float]:
        own = Place(self.distance, self.speed, self.offset)
        others = self.traffic.seen(self.rows(), own)
        highest = self.highest(own, others, 2 * dt) if others or self.path != ON_LINE else FAR
        parts = max(1, round(dt / FINE))
        for _ in range(parts):
            self.drive(dt / parts, highest)
        return self.speed / KMH, self.distance, self.offset

    def rows(self) -> list[tuple[int, float, float, float]]:
        """Number, distance [m], speed [m/s] and offset [m] of everybody else on the track."""
        others, finish = self.agent.others, self.agent.world.finish
        distances, speeds = others.column("distance"), others.column("speed")
        offsets = others.column("offset") if "offset" in others.fields else [0.0] * len(distances)
        return [
            (n, distances[n], 0.0 if others.gone(n) else speeds[n] * KMH, offsets[n])
            for n in others
            if abs(distances[n]) < FAR and distances[n] < finish
            and abs(speeds[n]) < FAR and abs(offsets[n]) < FAR
        ]

    def highest(self, own: Place, others: list[Other], delay: float) -> float:
        """The highest speed [m/s] among the others, on the path that is best now."""
        traffic = self.traffic
        if self.changed < 1.0:
            return traffic.limit(own, (self.before, self.path), others, delay)
        highest = traffic.limit(own, (self.path,), others, delay)
        path = traffic.choose(own, self.path, others, highest, delay)
        if path != self.path:
            self.before, self.path, self.changed = self.path, path, 0.0
            return traffic.limit(own, (self.before, self.path), others, delay)
        return highest

    def drive(self, dt: float, highest: float) -> None:
        """Go on for a moment [s], no faster than `highest` [m/s] if the brakes are good enough."""
        course, limits, speed = self.course, self.course.limits, self.speed
        bend = course.line.at(course.line.bend, self.distance)
        gained = max(0.0, speed + limits.gain(speed, bend) * dt)
        slowed = speed - max(limits.brake(speed, bend), course.slows(speed)) * dt
        wanted = min(gained, highest)
        ratio = self.ratio()
        ahead = self.distance + (speed + max(wanted, slowed)) / 2 * dt / ratio
        if self.path == ON_LINE == self.before:
            wanted = min(wanted, course.line.at(course.speeds, ahead))
        self.speed = max(0.0, wanted, slowed)
        self.distance += (speed + self.speed) / 2 * dt / ratio
        if self.changed < 1.0:
            self.changed = min(1.0, self.changed + dt / CHANGE)
            if self.changed == 1.0:
                self.before = self.path
        self.offset = self.where()

    def ratio(self) -> float:
        """Metres that are driven for a metre of the centre line."""
        course = self.course
        if self.path == ON_LINE == self.before:
            return course.line.at(course.line.way, self.distance) / course.line.step
        return course.ratio(self.distance, self.offset)

    def where(self) -> float:
        """The offset [m] at this moment: from one path to the other without a bend in between."""
        new = self.course.offset_at(self.path, self.distance)
        if self.changed == 1.0:
            return new
        part = self.changed * self.changed * (3 - 2 * self.changed)
        return new * part + self.course.offset_at(self.before, self.distance) * (1 - part)
