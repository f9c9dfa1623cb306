"""How time goes on in a run, and how often it is run: --speed, --lockstep, --rounds, checked whole.

Called by options alone.
"""

import argparse
from typing import NamedTuple

from game.crew.simulated_time import FASTEST, SLOWEST
from game.scenes import Definition


class Timing(NamedTuple):
    """The three options, with each default settled."""

    speed: float
    lockstep: bool
    rounds: int


def choose_timing(given: argparse.Namespace, scene: Definition) -> Timing:
    """How time goes on in a run of our own processes; ValueError where that cannot be."""
    if not SLOWEST <= given.speed <= FASTEST:
        raise ValueError(
            f"--speed: {given.speed:g} is not a speed from 1/16 to {FASTEST:g} times normal"
        )
    if given.lockstep and scene.needs:
        raise ValueError(
            f"--lockstep: movers of {scene.name} make their steps by themselves "
            f"({scene.needs}()); leave it out"
        )
    if given.rounds and not scene.has("rounds", "Score"):
        raise ValueError(
            f"--rounds: {scene.name} has nobody who wins; give it to a scene that has, or run it "
            "once for each --seed"
        )
    if given.rounds and given.hold:
        raise ValueError("--hold: with --rounds there is no window; leave one of them out")
    return Timing(given.speed, given.lockstep, given.rounds or 0)


def check_end(rounds: int, ends: bool) -> None:
    """See that runs which are to come one after another have an end each."""
    if rounds and not ends:
        raise ValueError(
            "--rounds: such a run never ends; add --updates K, or what else ends it (--laps N)"
        )
