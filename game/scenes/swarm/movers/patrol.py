"""Goes from way point to way point, round and round, in smooth turns and past obstacles."""

import os
from math import atan2, cos, hypot, remainder, sin, tau

from game.agent import Agent
from game.scenes.swarm import SIDE, World
from game.scenes.swarm.obstacles import Place
from game.scenes.swarm.steering import free_place, go, turn_away

# points: "20,20 80,20 50,80" [m], or a file with x,y in each line; "": four within the ground
PARAMETERS = {"points": "", "speed": 10.0}  # [m/s] on a ground of 100 m

INSET = 0.2  # of the ground: how far from its edges the four are
TURN = 2.5  # [rad/s] at the most
REACHED = 4.0  # [m] from a way point it has been there, on a ground of SIDE, as are the others
NEAR = 4.0  # [m] from an obstacle it turns away
SLOWEST = 0.25  # of its speed: while the next way point is behind it
PATIENCE = 4.0  # times what the way to a point takes, after which it goes for the next one


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.world = agent.world
        self.scale = self.world.side / SIDE
        parameters = {**PARAMETERS, **agent.parameters}
        self.points = way_points(parameters["points"], self.world)
        self.speed: float = parameters["speed"] * self.scale  # [m/s]
        self.next = agent.number % len(self.points)
        # Anywhere on the way to its first point, a little aside of it.
        self.x, self.y = start(agent, self.points[self.next - 1], self.points[self.next])
        to_x, to_y = self.points[self.next]
        self.heading = atan2(to_y - self.y, to_x - self.x)
        self.left = self.time_to_next()  # [s] before it gives this point up

    def step(self, dt: float) -> tuple[float, float]:
        to_x, to_y = self.points[self.next]
        self.left -= dt
        if hypot(to_x - self.x, to_y - self.y) < REACHED * self.scale or self.left < 0:
            self.next = (self.next + 1) % len(self.points)
            to_x, to_y = self.points[self.next]
            self.left = self.time_to_next()
        wanted = remainder(atan2(to_y - self.y, to_x - self.x) - self.heading, tau)
        aside = turn_away(self.world, self.x, self.y, self.heading, NEAR * self.scale)
        if aside is not None:
            wanted = aside
        self.heading += max(-TURN * dt, min(TURN * dt, wanted))
        way = self.speed * max(SLOWEST, cos(wanted)) * dt
        right, up = way * cos(self.heading), way * sin(self.heading)
        self.x, self.y = go(self.world, self.x, self.y, right, up)
        return self.x, self.y

    def time_to_next(self) -> float:
        """How long it may take to the next point [s]."""
        to_x, to_y = self.points[self.next]
        return PATIENCE * (hypot(to_x - self.x, to_y - self.y) / self.speed + 1.0)


def start(agent: Agent, one: Place, other: Place) -> Place:
    """A free place between two way points; anywhere where there is none."""
    world, random = agent.world, agent.random
    spread = REACHED * world.side / SIDE
    for _ in range(100):
        part = random.random()
        x = one[0] + (other[0] - one[0]) * part + random.uniform(-spread, spread)
        y = one[1] + (other[1] - one[1]) * part + random.uniform(-spread, spread)
        if world.margin(x, y) > 0 and world.obstacles.distance(x, y) > spread / 4:
            return x, y
    return free_place(world, random)


def way_points(words: str, world: World) -> list[Place]:
    """The way points that a parameter names; ValueError where it names none."""
    if not words.strip():
        aside, up = INSET * world.width, INSET * world.height
        xs, ys = (world.left + aside, world.right - aside), (world.bottom + up, world.top - up)
        return [(xs[0], ys[0]), (xs[1], ys[0]), (xs[1], ys[1]), (xs[0], ys[1])]
    source = "points"
    if os.path.isfile(words):
        source = words
        with open(words, encoding="utf-8") as file:
            words = " ".join(line.partition("#")[0].replace(" ", "") for line in file)
    points = [way_point(word, source) for word in words.split()]
    if len(points) < 2:
        raise ValueError(f"{source}: {len(points)} way points are no way; give 20,20 80,20 or more")
    outside = [point for point in points if not world.margin(*point) >= 0]
    if outside:
        raise ValueError(f"{source}: {outside[0]} is not on the ground; see --world")
    return points


def way_point(word: str, source: str) -> Place:
    """The place that a word stands for."""
    try:
        x, y = map(float, word.split(","))
    except ValueError:
        raise ValueError(
            f"{source}: {word!r:.40} is no way point; give x,y such as 20,20"
        ) from None
    return x, y
