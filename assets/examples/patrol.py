"""4. Goes from way point to way point, which stand in patrol.toml beside it."""

import tomllib
from math import hypot
from pathlib import Path

SCENE = "swarm"


class Mover:
    def __init__(self, agent):
        with open(Path(__file__).with_name("patrol.toml"), "rb") as file:
            config = tomllib.load(file)
        world = agent.world
        self.points = [
            (world.left + x * world.width, world.bottom + y * world.height)
            for x, y in config["points"]
        ]
        self.speed = config["speed"] * world.side  # [m/s]
        self.next = agent.number % len(self.points)
        self.x, self.y = self.points[self.next - 1]

    def step(self, dt):
        to_x, to_y = self.points[self.next]
        right, up = to_x - self.x, to_y - self.y
        far, way = hypot(right, up), self.speed * dt
        if far <= way:
            self.x, self.y = to_x, to_y
            self.next = (self.next + 1) % len(self.points)
        else:
            self.x, self.y = self.x + right * way / far, self.y + up * way / far
        return self.x, self.y
