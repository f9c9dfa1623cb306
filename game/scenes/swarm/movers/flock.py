"""Flies with those near it: keeps apart, takes their course, stays with them.

The three rules are those of Reynolds, "Flocks, Herds, and Schools" (SIGGRAPH 1987): separation,
alignment, cohesion. Each is a mean over neighbours, and their sum, with a push away from the
edge, is the course that a robot turns to. How far a robot looks depends on how many there are.
Nobody publishes a course: it is the way from where a neighbour was to where it is.
"""

from math import atan2, cos, hypot, pi, remainder, sin, sqrt, tau
from typing import Any

from game.agent import Group
from game.scenes.swarm import SIDE, Agent, Near, World
from game.scenes.swarm.steering import free_place, go, turn_away

# On a ground of SIDE; on another one all lengths are larger or smaller as it is.
SPEED = 8.0  # [m/s]
TURN = 2.5  # [rad/s] at the most
EAGER = 4.0  # [1/s] how much of the way to its course a robot turns
WOBBLE = 0.5  # [rad/s] by chance
MOST = 16  # neighbours that it minds, the nearest ones
NEIGHBOURS = 12  # that a robot would look at if all were spread evenly
FARTHEST, NEAREST = 20.0, 2.0  # [m] that it looks at the most, and at the least
APART = 0.4  # of that: closer ones are too close
SEPARATION, ALIGNMENT, COHESION = 1.6, 1.0, 0.6  # weights of the rules
EDGE, MARGIN = 3.0, 12.0  # weight of the edge, and how far from it that begins [m]
OBSTACLE = 4.0  # [m] from an obstacle, where a robot starts to turn away


def sight(world: World, robots: int) -> float:
    """How far a robot looks [m] where so many share the ground."""
    scale, even = world.side / SIDE, sqrt(NEIGHBOURS / (pi * max(robots, 1)))
    return min(FARTHEST * scale, max(NEAREST * scale, sqrt(world.width * world.height) * even))


class Mover:
    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.random = agent.random
        self.world = agent.world
        self.scale = agent.world.side / SIDE
        self.x, self.y = free_place(self.world, self.random, MARGIN * self.scale)
        self.heading = self.random.uniform(-pi, pi)
        self.speed = SPEED * self.scale * self.random.uniform(0.95, 1.05)  # [m/s]
        # Of each neighbour: where it was [m], and its course, a vector of length 1 or 0.
        self.known: dict[int, tuple[float, float, float, float]] = {}

    def step(self, dt: float) -> tuple[float, float]:
        reach = sight(self.world, len(self.agent.others) + 1)
        near = self.agent.near(reach)[:MOST]
        self.look_at(near)
        right, up = self.course(near, reach)
        aside = turn_away(self.world, self.x, self.y, self.heading, OBSTACLE * self.scale)
        turn = remainder(atan2(up, right) - self.heading, tau) if aside is None else aside
        turn = max(-TURN, min(TURN, turn * EAGER)) + self.random.uniform(-WOBBLE, WOBBLE)
        self.heading += turn * dt
        right, up = self.speed * cos(self.heading) * dt, self.speed * sin(self.heading) * dt
        self.x, self.y = go(self.world, self.x, self.y, right, up)
        return self.x, self.y

    def look_at(self, near: list[Near]) -> None:
        """Note where the neighbours are, and which way each has gone since the last look."""
        known = {}
        for number, dx, dy, _ in near:
            x, y = self.x + dx, self.y + dy
            was_x, was_y, right, up = self.known.get(number, (x, y, 0.0, 0.0))
            way = hypot(x - was_x, y - was_y)
            if way > 0:
                right, up = (x - was_x) / way, (y - was_y) / way
            known[number] = x, y, right, up
        self.known = known

    def course(self, near: list[Near], reach: float) -> tuple[float, float]:
        """The course to turn to, a vector of any length."""
        close, gone = APART * reach, self.agent.others.gone
        fliers = crowders = 0
        right = up = 0.0  # of the mean course of those who fly
        there_x = there_y = away_x = away_y = 0.0  # [m] to their middle, and from those too close
        for number, dx, dy, distance in near:
            if distance < close:
                crowders += 1
                away_x, away_y = away_x - dx, away_y - dy
            if not gone(number):  # who is dead is in the way, and leads nobody
                fliers += 1
                there_x, there_y = there_x + dx, there_y + dy
                right, up = right + self.known[number][2], up + self.known[number][3]
        align, unite = ALIGNMENT / max(fliers, 1), COHESION / (reach * max(fliers, 1))
        part = SEPARATION / (close * max(crowders, 1))
        right = cos(self.heading) + align * right + unite * there_x + part * away_x
        up = sin(self.heading) + align * up + unite * there_y + part * away_y
        world, margin = self.world, MARGIN * self.scale
        right += inwards(self.x - world.left, world.right - self.x, margin)
        return right, up + inwards(self.y - world.bottom, world.top - self.y, margin)


def inwards(before: float, behind: float, margin: float) -> float:
    """How much the edges push along one axis, so far before and behind a place, from `margin` on
    [m each]."""
    return EDGE * (max(0.0, 1 - before / margin) - max(0.0, 1 - behind / margin))


class Crowd:
    """Very many robots at once: the same rules, where the neighbours of a robot are those in the
    nine cells of a grid around it, in place of those in a circle.

    Places [m] and courses are complex numbers, x + iy: to turn one is a multiplication.
    """

    def __init__(self, group: Group) -> None:
        import random

        import numpy as np

        from game.scenes.swarm.raster import Raster

        self.np, self.group, self.world = np, group, group.world
        world, self.scale = group.world, group.world.side / SIDE
        self.low, self.high = np.array([(world.left, world.bottom), (world.right, world.top)])
        chance = random.Random(group.seed).getrandbits(64)
        self.random = np.random.Generator(np.random.SFC64(chance))
        many = len(group.numbers)
        margin = MARGIN * self.scale
        self.places = self.random.uniform(self.low + margin, self.high - margin, (many, 2))
        self.raster = Raster(world) if world.obstacles else None
        if self.raster:
            self.raster.free(self.places, self.random)
        self.here = self.places.view(complex)[:, 0]  # the same, (n,)
        self.ways = np.exp(1j * self.random.uniform(-pi, pi, many))
        self.speeds = SPEED * self.scale * self.random.uniform(0.95, 1.05, many)
        self.were = self.courses = np.zeros(0, complex)  # of everybody, (capacity,) both

    def step(self, dt: float) -> Any:
        np, ways = self.np, self.ways
        turn = EAGER * np.angle((ways + self.course()) * ways.conj())
        np.clip(turn, -TURN, TURN, out=turn)
        turn += self.random.uniform(-WOBBLE, WOBBLE, len(turn))
        turn *= dt
        ways *= np.cos(turn) + 1j * np.sin(turn)
        ways /= np.abs(ways)  # else they would lose their length by and by
        before = self.places.copy() if self.raster else self.places
        self.here += ways * (self.speeds * dt)
        np.clip(self.places, self.low, self.high, out=self.places)
        if self.raster:  # who flies into an obstacle turns back
            self.raster.bounce(self.places, ways.view(float).reshape(-1, 2), before)
        return self.places

    def course(self) -> Any:
        """What the rules and the edge add to the way of each robot of ours, (n,)."""
        everybody, alive, courses = self.look()
        reach = sight(self.world, len(alive))
        # Nine cells make a square that is as wide as the circle of a Mover.
        centre, mean = self.means(alive, reach * 2 / 3, courses)
        (close,) = self.means(everybody, APART * reach * 2 / 3)
        found = COHESION / reach * (centre - self.here) + ALIGNMENT * mean
        found += SEPARATION / (APART * reach) * (self.here - close)
        if self.group.selected >= 0:
            self.say(reach)
        return found + self.inwards()

    def inwards(self) -> Any:
        """How much the edges push at each robot of ours, (n,)."""
        np, places, margin = self.np, self.places, MARGIN * self.scale
        push = np.maximum(0.0, 1 - (places - self.low) / margin)
        push -= np.maximum(0.0, 1 - (self.high - places) / margin)
        return EDGE * push.view(complex)[:, 0]

    def look(self) -> tuple[Any, Any, Any]:
        """Where everybody is, where those are who are alive, and their courses, (m,) of each."""
        np = self.np
        rows, present, gone = self.group.everybody()
        now = np.ascontiguousarray(rows[:, :2]).view(complex)[:, 0]
        if len(self.were) != len(now):
            self.were, self.courses = now.copy(), np.zeros(len(now), complex)
        moved = now - self.were
        length = np.abs(moved)
        # Who has not moved keeps its course; who comes from afar was not there before.
        new = (length > 0) & (length < self.world.side / 4)
        np.divide(moved, length, out=self.courses, where=new)
        np.copyto(self.were, now)
        there = present & np.isfinite(now)
        if there.all() and not gone.any():
            return now, now, self.courses
        alive = there & ~gone
        return now[there], now[alive], self.courses[alive]

    def say(self, reach: float) -> None:
        """Say what the robot looked at that is selected in the window: those in a circle, which
        is as wide as the cells are."""
        rows, present, _ = self.group.everybody()
        ways = self.np.hypot(*(rows[:, :2] - rows[self.group.selected, :2]).T)
        near = self.np.flatnonzero(present & (ways <= reach))
        numbers = near[ways[near].argsort()].tolist()
        self.group.note([number for number in numbers if number != self.group.selected], reach)

    def means(self, others: Any, size: float, *courses: Any) -> list[Any]:
        """The mean place [m] of those of the others in the nine cells of `size` [m] around each
        robot of ours, its own place where nobody is; and their mean course, (n,) of each."""
        np = self.np
        wide, tall = ((self.high - self.low) / size).astype(int) + 3  # with a rim of nobody
        cells, own = self.cells(others, size, wide), self.cells(self.here, size, wide)
        many = self.around(cells, None, (tall, wide))
        alone, found = many[own] == 0, []
        for column in (others, *courses):
            right, up = (
                self.around(cells, part, (tall, wide)) for part in (column.real, column.imag)
            )
            found.append(((right + 1j * up) / np.maximum(many, 1))[own])
        found[0][alone] = self.here[alone]
        return found

    def cells(self, places: Any, size: float, wide: int) -> Any:
        """The number of the cell that each place [m] is in, (n,) both."""
        column, row = (
            ((self.np.clip(part, low, high) - low) * (1 / size)).astype(int) + 1
            for part, low, high in zip((places.real, places.imag), self.low, self.high, strict=True)
        )
        return row * wide + column

    def around(self, cells: Any, weights: Any, shape: tuple[int, int]) -> Any:
        """The sums of `weights`, or how many there are, in each cell and the eight around it."""
        grid = self.np.bincount(cells, weights, shape[0] * shape[1]).reshape(shape)
        for part in (grid, grid.T):
            before = part.copy()
            part[1:] += before[:-1]
            part[:-1] += before[1:]
        return grid.ravel()
