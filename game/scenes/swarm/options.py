"""The swarm's own options on the command line."""

import argparse
import math
import os
import re
import sys
from typing import TYPE_CHECKING

from game.arguments import Add, filled, shorten
from game.scenes.swarm import Settings
from game.scenes.swarm.obstacles import Box, Obstacles
from game.scenes.swarm.obstacles_file import ObstacleError, load

if TYPE_CHECKING:
    from game.options import Options

FARTHEST = 1e9  # [m] from the origin that a corner of the ground may be
FINEST = 1e-6  # of that, the shorter side at least: with less, places have too few digits
SMALLEST = 1e-6  # [m] a side
SAMPLES = 50  # along each side: where the ground is looked at for a free place
RIGHT = "100x50, or two corners x0,y0,x1,y1 such as -5,-5,5,5, in m"


def add_options(add: Add) -> None:
    """How large the ground is, and what stands on it."""
    size = "the ground [m] from 0,0 on, or from corner to corner: --world=-5,-5,5,5 (100x100)"
    add("--world", type=ground, metavar="WxH|X0,Y0,X1,Y1", help=size)
    what = (
        "obstacles, in TOML: "
        "circles = [[x, y, radius], ...] and polygons = [[[x, y], [x, y], [x, y], ...], ...], "
        "in m; movers know them as agent.obstacles"
    )
    add("--obstacles", type=filled, metavar="FILE.toml", help=what)


def ground(text: str) -> Box:
    """A converter for a size, or two corners: left, bottom, right, top [m]."""
    corners = numbers(text.split(","))
    if len(corners) != 4:
        corners = [0.0, 0.0, *numbers(re.split("[xX]", text))]
    if len(corners) != 4:
        raise argparse.ArgumentTypeError(f"{shorten(text)} is no ground; give {RIGHT}")
    left, bottom, right, top = corners
    farthest = max(map(abs, corners))
    least = max(SMALLEST, FINEST * farthest)
    if not farthest <= FARTHEST:
        raise argparse.ArgumentTypeError(
            f"{shorten(text)} reaches farther than {FARTHEST:g} m; give {RIGHT}"
        )
    if right <= left or top <= bottom:
        raise argparse.ArgumentTypeError(
            f"{shorten(text)} has no room: the first corner is the lower left one; give {RIGHT}"
        )
    if min(right - left, top - bottom) < least:
        raise argparse.ArgumentTypeError(
            f"{shorten(text)} has a side of less than {least:g} m; give {RIGHT}"
        )
    return left, bottom, right, top


def numbers(words: list[str]) -> list[float]:
    """The numbers that words stand for; none if one of them is no number."""
    try:
        found = [float(word) for word in words]
    except ValueError:
        return []
    return found if all(map(math.isfinite, found)) else []


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run on its ground."""
    settings = Settings(given.world or Settings().bounds)
    if given.obstacles:
        settings = settings._replace(obstacles=on_the_ground(given.obstacles, settings.bounds))
    return options._replace(job=options.job._replace(settings=settings))


def on_the_ground(path: str, bounds: Box) -> Obstacles:
    """The obstacles of a file, as far as they reach into the ground; says so where some do not."""
    try:
        every = load(os.path.abspath(path) if os.path.isfile(path) else path)
    except ObstacleError as error:
        raise ValueError(f"--obstacles: {error}") from None
    kept = Obstacles([obstacle for obstacle in every if meet(obstacle.box, bounds)])
    if len(kept) < len(every):
        lost = f"{len(every) - len(kept):,} of {len(every):,} lie outside the ground"
        corners = ",".join(f"{corner:g}" for corner in bounds)
        print(f"game: --obstacles: {path}: {lost}, {corners}; see --world", file=sys.stderr)
    if not has_room(kept, bounds):
        raise ValueError(f"--obstacles: {path}: they leave no room for a robot; give fewer")
    return kept


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have something in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def has_room(obstacles: Obstacles, bounds: Box) -> bool:
    """Whether one of the places that are looked at is free."""
    left, bottom, right, top = bounds
    steps = [(n + 0.5) / SAMPLES for n in range(SAMPLES)]
    return any(
        not obstacles.contains(left + across * (right - left), bottom + up * (top - bottom))
        for up in steps
        for across in steps
    )
