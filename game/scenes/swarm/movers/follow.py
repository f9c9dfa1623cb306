"""Follows robot 0 (--set leader=N), apart from the others; the leader walks the grid."""

from math import atan2, cos, hypot, remainder, sin, tau

from game.scenes.swarm import Agent
from game.scenes.swarm.movers import wander
from game.scenes.swarm.steering import go

PARAMETERS = {"leader": 0}  # the number of the robot that is followed
# On a ground of SIDE; on another one all lengths are larger or smaller as it is.
SPEED = 12.0  # [m/s] at the most, so that nobody is left behind
BEHIND = 7.0  # [m] that a robot stays away from its leader
APART = 6.0  # [m] and from the others
TURN = 4.0  # [rad/s] at the most
EAGER = 2.0  # [1/s] how fast it makes up for what it is behind


class Mover(wander.Mover):
    """A robot that walks the grid as long as nobody leads it."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        self.agent = agent
        self.leader = agent.parameters.get("leader", PARAMETERS["leader"])
        self.walk = self.speed  # [m/s] when nobody leads

    def step(self, dt: float) -> tuple[float, float]:
        others = self.agent.others
        led = self.agent.number != self.leader and not others.gone(self.leader)
        place = others[self.leader] if led else None
        if place is None:
            self.speed = self.walk
            return super().step(dt)
        right, up, self.speed = self.way(place[0] - self.x, place[1] - self.y)
        turn = remainder(atan2(up, right) - self.heading, tau)
        self.heading += max(-TURN * dt, min(TURN * dt, turn))
        self.speed *= max(0.0, cos(turn))  # it turns on the spot where the way leads back
        right, up = self.speed * cos(self.heading) * dt, self.speed * sin(self.heading) * dt
        self.x, self.y = go(self.world, self.x, self.y, right, up)
        return self.x, self.y

    def way(self, right: float, up: float) -> tuple[float, float, float]:
        """Where to go, as a vector, and how fast [m/s], with the leader so far away [m]."""
        distance = hypot(right, up) or 1.0
        share = (distance - BEHIND * self.scale) / distance
        right, up = right * share, up * share
        apart = APART * self.scale
        for one in self.agent.near(apart):
            push = (apart - one.distance) / (one.distance or 1.0)
            right -= push * one.dx
            up -= push * one.dy
        return right, up, min(SPEED * self.scale, EAGER * hypot(right, up))
