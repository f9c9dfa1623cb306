"""Driven by the arrow keys: forwards, backwards, and turning where it stands."""

from math import cos, sin, tau

from game.agent import Agent
from game.scenes.swarm import SIDE
from game.scenes.swarm.steering import free_place, go

KEYS = True
FIELDS = {"heading": "rad"}
PARAMETERS = {"speed": 20.0, "turn": 2.5}  # [m/s] on a ground of 100 m, [rad/s]

BACKWARDS = -0.5  # of the speed forwards
SETTLES = 0.15  # [s] in which a speed has become nearly another one
MARGIN = 10.0  # [m] from the edge, where it begins, on a ground of SIDE


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.keys, self.world = agent.keys, agent.world
        scale = self.world.side / SIDE
        parameters = {**PARAMETERS, **agent.parameters}
        self.fastest = parameters["speed"] * scale  # [m/s]
        self.turn = parameters["turn"]  # [rad/s]
        self.x, self.y = free_place(self.world, agent.random, MARGIN * scale)
        self.heading = agent.random.uniform(0, tau)
        self.speed = 0.0  # [m/s]

    def step(self, dt: float) -> tuple[float, float, float]:
        keys = self.keys
        wanted = self.fastest * (keys.up + BACKWARDS * keys.down)
        self.speed += (wanted - self.speed) * min(dt / SETTLES, 1.0)
        self.heading += self.turn * (keys.left - keys.right) * dt
        way = self.speed * dt
        right, up = way * cos(self.heading), way * sin(self.heading)
        self.x, self.y = go(self.world, self.x, self.y, right, up)
        return self.x, self.y, self.heading
