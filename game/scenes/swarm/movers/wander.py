"""Walks the ground in gentle turns, stays on it and keeps off obstacles."""

from math import atan2, cos, pi, remainder, sin, tau
from typing import Any

from game.agent import Agent, Group
from game.scenes.swarm import SIDE
from game.scenes.swarm.steering import free_place, go, turn_away

# On a ground of SIDE; on another one all lengths are larger or smaller as it is.
SPEED = 8.0  # [m/s]
WOBBLE = 2.5  # [rad/s] how fast the heading may change by chance
TURN = 4.0  # [rad/s] how fast it turns back at the edge
MARGIN = 10.0  # [m] from the edge, where it starts to turn back
NEAR = 4.0  # [m] from an obstacle, where it starts to turn away
AT_ONCE = 16_384  # robots of a crowd moved at once: what fits into a core's own cache


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.random = agent.random
        self.world = agent.world
        self.scale = agent.world.side / SIDE
        self.x, self.y = free_place(self.world, self.random, MARGIN * self.scale)
        self.heading = self.random.uniform(-pi, pi)
        self.speed = SPEED * self.scale * self.random.uniform(0.6, 1.4)  # [m/s]

    def step(self, dt: float) -> tuple[float, float]:
        self.heading += self.turn() * dt
        right, up = self.speed * cos(self.heading) * dt, self.speed * sin(self.heading) * dt
        self.x, self.y = go(self.world, self.x, self.y, right, up)
        return self.x, self.y

    def turn(self) -> float:
        """How fast to turn [rad/s]: past an obstacle, towards the middle when near the edge, or by
        chance."""
        world, x, y = self.world, self.x, self.y
        aside = turn_away(world, x, y, self.heading, NEAR * self.scale)
        if aside is not None:
            return max(-TURN, min(TURN, 4 * aside))
        if world.margin(x, y) >= MARGIN * self.scale:
            return self.random.uniform(-WOBBLE, WOBBLE)
        middle_x, middle_y = world.inwards(x, y)
        middle = atan2(middle_y - y, middle_x - x)
        return max(-TURN, min(TURN, 2 * remainder(middle - self.heading, tau)))


class Crowd:
    """Very many robots at once: the same walk, except that they bounce off what is in the way."""

    def __init__(self, group: Group) -> None:
        import random

        import numpy as np

        from game.scenes.swarm.raster import Raster

        chance = random.Random(group.seed).getrandbits(64)
        self.random = np.random.Generator(np.random.SFC64(chance))
        self.world = world = group.world
        self.low, self.high = (world.left, world.bottom), (world.right, world.top)
        many = len(group.numbers)
        self.places = self.random.uniform(self.low, self.high, (many, 2))
        angle = self.random.uniform(-pi, pi, many)
        speed = SPEED * world.side / SIDE * self.random.uniform(0.6, 1.4, many)
        self.speeds = np.empty((many, 2))
        np.multiply(speed, np.cos(angle), out=self.speeds[:, 0])
        np.multiply(speed, np.sin(angle), out=self.speeds[:, 1])
        self.way = np.empty((min(many, AT_ONCE), 2))
        self.raster = Raster(world) if world.obstacles else None
        if self.raster:
            self.raster.free(self.places, self.random)
        self.np = np

    def step(self, dt: float) -> Any:
        # All turn by the same angle: a turn for each would cost three times as much.
        turn = self.random.uniform(-WOBBLE, WOBBLE) * dt
        for first in range(0, len(self.places), AT_ONCE):
            run = slice(first, first + AT_ONCE)
            self.move(self.places[run], self.speeds[run], turn, dt)
        return self.places

    def move(self, places: Any, speeds: Any, turn: float, dt: float) -> None:
        """Turn and move some of them, (n, 2) [m] and [m/s] both, and bounce."""
        np, way = self.np, self.way[: len(places)]
        before = places.copy() if self.raster else places
        # A speed is a complex number: to turn it is one multiplication.
        speeds.view(complex)[:] *= complex(cos(turn), sin(turn))
        np.multiply(speeds, dt, out=way)
        places += way
        for axis, (low, high) in enumerate(zip(self.low, self.high, strict=True)):
            place, speed = places[:, axis], speeds[:, axis]
            for outside, ahead in ((place < low, 1.0), (place > high, -1.0)):
                if outside.any():
                    speed[outside] = ahead * np.abs(speed[outside])
            np.clip(place, low, high, out=place)
        if self.raster:
            self.raster.bounce(places, speeds, before)
