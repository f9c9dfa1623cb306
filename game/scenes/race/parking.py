"""The parking: where cars stand that have finished, beside the track and beyond the line.

    ---------------------------- edge of the track
      [1] [2] [3] ...              to the left of it, in the order of their times
    |======= the way they drive =====>
    finish

Used by the race's scene, for the picture alone: the array has them where they stopped.
"""

import numpy as np

from game.frame import Floats, Frame, Integers
from game.view.memory import Memory

TAKES = 1.5  # [s] from the line to its place
APART = 1.25  # car lengths from one to the next
BESIDE = 0.45  # car lengths from the edge of the track to the middle of a car


class Parking(Memory):
    """Which cars are parked, in which order, and how far each is on its way there."""

    REMEMBERS = ("_place", "_share", "_now")

    def reset(self) -> None:
        """Nobody is parked."""
        self._place: Floats = np.zeros(0)  # (capacity,) from 1 on; 0: it races
        self._share: Floats = np.zeros(0)  # (capacity,) of the way to its place, 0 to 1
        self._now = 0.0  # [s]

    def follow(self, frame: Frame, times: Floats) -> None:
        """Take note of who has finished of the agents shown.

        `times` (capacity,) [s] are those at the finish, nan for who is not there yet.
        """
        if len(self._place) != len(times):
            self._place, self._share = np.zeros(len(times)), np.zeros(len(times))
        elapsed, self._now = frame.now - self._now, frame.now
        parked = frame.agents[~np.isnan(times[frame.agents])]
        racing = np.ones(len(times), np.bool_)
        racing[parked] = False
        self._place[racing] = self._share[racing] = 0
        new = self._place[parked] == 0
        self._share[parked] = np.where(
            new, 0.0, np.minimum(self._share[parked] + elapsed / TAKES, 1.0)
        )
        rank = np.empty(len(parked))
        rank[np.argsort(times[parked], kind="stable")] = 1 + np.arange(len(parked))
        # Who has a place makes way, or closes up, when another turns out faster, or leaves.
        way = rank - self._place[parked]
        self._place[parked] += np.where(new, way, np.clip(way, -elapsed / TAKES, elapsed / TAKES))

    def moved(
        self,
        agents: Integers,
        distance: Floats,
        aside: Floats,
        finish: float,
        car: tuple[float, float],
    ) -> tuple[Floats, Floats]:
        """Distances [m] and places aside [of the track's width], with the parked ones at theirs.

        `finish` is the distance of the line [m], `car` a car's length in metres and as a part of
        the track's width.
        """
        share = self._share[agents]
        share = share * share * (3 - 2 * share)  # it sets off and stops gently
        there = finish + (self._place[agents] * APART + 0.5) * car[0]
        beside = 0.5 + BESIDE * car[1]
        far = np.where(self._place[agents] > 0, distance + (there - distance) * share, distance)
        return far, aside + (beside - aside) * share
