"""Steering: how the swarm's movers keep off obstacles and the edge. Plain Python, used by them.

    place = free_place(world, random, margin)      where a robot may begin
    x, y = go(world, x, y, right, up)              as far as the way is free
    turn = turn_away(world, x, y, heading, near)   how to get round what is ahead; None: nothing is

Without obstacles none of it takes more than a look.
"""

from math import atan2, copysign, hypot, remainder, tau
from random import Random

from game.scenes.swarm import World

TRIES = 10_000  # random places that are looked at for a free one
MARCHES = 30  # looks ahead on a way, each as far as nothing is near
PAST = 1.7  # [rad] from where the obstacle is: a little more than beside it
TOUCH = 1e-3  # of the ground's shorter side: how near a robot comes to an obstacle's edge


def free_place(world: World, random: Random, margin: float = 0.0) -> tuple[float, float]:
    """A random place, `margin` [m] away from the edge, that is in no obstacle if there is one."""
    for _ in range(TRIES):
        x = random.uniform(world.left + margin, world.right - margin)
        y = random.uniform(world.bottom + margin, world.top - margin)
        if not world.obstacles or world.obstacles.distance(x, y) > TOUCH * world.side:
            break
    return x, y


def go(world: World, x: float, y: float, right: float, up: float) -> tuple[float, float]:
    """The place that a robot at x, y gets to that wants to go `right` and `up` [m]: it stays on the
    ground, and stops before the edge of an obstacle, however thin that is."""
    to_x, to_y = world.inside(x + right, y + up)
    length, touch = hypot(to_x - x, to_y - y), TOUCH * world.side
    if not world.obstacles or not length:
        return to_x, to_y
    right, up, gone = (to_x - x) / length, (to_y - y) / length, 0.0
    far = world.obstacles.distance(x, y)
    for _ in range(MARCHES):
        near = far < 2 * touch
        step = min(length - gone, touch / 2 if near else far - touch)
        there = x + right * step, y + up * step
        before, far = far, world.obstacles.distance(*there)
        if near and far < min(before, touch):  # along an edge it goes on, into it it does not
            break
        (x, y), gone = there, gone + step
        if gone >= length:
            break
    return world.inside(x, y)  # where it is off by what a float rounds


def turn_away(world: World, x: float, y: float, heading: float, near: float) -> float | None:
    """How far to turn [rad] so as to pass the obstacle that is ahead, on the side where the nose
    is; None where none is nearer than `near` [m]."""
    if not world.obstacles or world.obstacles.distance(x, y) > near:
        return None
    obstacle = world.obstacles.nearest(x, y)
    assert obstacle is not None
    edge_x, edge_y = obstacle.edge(x, y)
    ahead = remainder(atan2(edge_y - y, edge_x - x) - heading, tau)
    return None if abs(ahead) > PAST else ahead - copysign(PAST, ahead)
