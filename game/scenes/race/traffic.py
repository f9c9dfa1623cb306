"""Driving among others: how fast a car may be for those around it, and when it changes its lane.

A car leaves the one ahead as much room as it needs to stop, less what that one needs at least
(P. G. Gipps, "A behavioural car-following model for computer simulation", 1981,
https://doi.org/10.1016/0191-2615(81)90037-0). It pulls out where a lane beside the line is free
and long enough and everybody around keeps to theirs, so that no two cars change towards each
other; it comes back where it leaves those on the line as much room as they need. Where its lane
ends before that, it stops in it and lets them by: who is on the line never has to give way.

All that a car knows of the others is their last row, which is as old as an update.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from game.scenes.race.lanes import Lanes

STANDS = 1.0  # [m] from a car that stands to the next one
HARDER = 0.7  # of its own stopping way: how far one ahead goes on at least, when it brakes
WORSE = 1.25  # times its own stopping way: what one behind may need
SUDDEN = 25.0  # [m/s] that a car may lose at once which is not driven so; random speeds do
STEADY = 0.001  # [m] within which an offset is one that does not change
CLOSE = 3.0  # [m/s] faster, and the car ahead would hold it up: then it drives with care
WANTS = 2.0  # [m/s] that a car has to be held up by, to pull out
SLOWEST = 8.0  # [m/s] at which a car pulls out
LONG = 4.0  # [s] as fast as one can be alone: how far a lane has to go on
SOON = 1.0  # [s] of driving: then a lane is to be left
SETTLED = 0.15  # of the way to the next lane: within that a car keeps to its lane
ALONG = 1.1  # times its length: how far a car counts as beside another one


class Row(NamedTuple):
    """What another car has published last."""

    number: int
    distance: float  # [m]
    speed: float  # [m/s]
    offset: float  # [m]


class Other(NamedTuple):
    """Another car, as one car sees it."""

    ahead: float  # [m] from middle to middle, negative behind
    speed: float  # [m/s]
    offset: float  # [m]
    aside: float  # [m] to the left of the line, where it is
    steady: bool  # it keeps its offset from the centre line, and does not follow the line


class Place(NamedTuple):
    """Where a car is itself."""

    distance: float  # [m]
    speed: float  # [m/s]
    aside: float  # [m] to the left of the line


class Traffic:
    """One car's view of those around it."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes
        self._offsets: dict[int, float] = {}  # [m] of each other car when it was seen last
        self._turning: set[int] = set()  # those whose offset was seen to change

    def seen(self, rows: Iterable[Row], own: Place) -> list[Other]:
        """The others who are near enough to matter."""
        lanes, found = self._lanes, []
        near = lanes.stop(own.speed) + 3 * own.speed + 20 * lanes.car
        for number, distance, speed, offset in rows:
            if abs(offset - self._offsets.get(number, offset)) > STEADY:
                self._turning.add(number)
            self._offsets[number] = offset
            half = lanes.length / 2
            ahead = (distance - own.distance + half) % lanes.length - half
            if abs(ahead) < near:
                aside = offset - lanes.offset(0, own.distance + ahead)
                steady = number not in self._turning and speed > 0
                found.append(Other(ahead, speed, offset, aside, steady))
        return found

    def limit(self, own: Place, taken: tuple[int, ...], others: list[Other], delay: float) -> float:
        """The highest speed [m/s] in a lane, or on the way from one to another.

        `delay` [s]: how long it takes until what the others do is answered.
        """
        lanes = self._lanes
        highest = math.inf
        for other in others:
            if other.ahead > 0 and self._in_the_way(own, taken, other):
                highest = min(highest, self._behind(own, other, delay))
        if taken == (0,):
            close = highest < own.speed + CLOSE
            return min(highest, lanes.speed(0, own.distance)) if close else highest
        highest = min(highest, *(lanes.speed(lane, own.distance) for lane in taken))
        if not taken[-1]:
            return highest
        to_end = lanes.end(taken[-1], own.distance) - lanes.change
        before_end = lanes.allowed(to_end, delay)
        if before_end < highest and self._clear_behind(own, 0, others, delay):
            on_line = self.limit(own._replace(aside=0.0), (0,), others, delay)
            before_end = max(before_end, on_line)  # it may come back behind those on the line
        return min(highest, before_end)

    def _behind(self, own: Place, other: Other, delay: float) -> float:
        """The highest speed [m/s] behind another car."""
        lanes = self._lanes
        room = self._gap(own, other) - STANDS * lanes.scale + self._goes_on(other)
        return lanes.allowed(room, delay)

    def _gap(self, own: Place, other: Other) -> float:
        """From the end of one car to the front of the other [m], as short as it may be."""
        lanes = self._lanes
        there = own.distance + other.ahead
        ratio = min(lanes.ratio(own.distance), lanes.ratio(there), 1.0)
        return abs(other.ahead) * ratio - lanes.car

    def _goes_on(self, other: Other) -> float:
        """How far another car goes on at least, when it brakes [m]."""
        sudden = SUDDEN * self._lanes.scale if other.steady else 0.0
        return HARDER * self._lanes.stop(max(0.0, other.speed - sudden))

    def _in_the_way(self, own: Place, taken: tuple[int, ...], other: Other) -> bool:
        """Whether another car is in one of these lanes, or will be before one is past it."""
        lanes = self._lanes
        asides = [own.aside, *(lane * lanes.apart for lane in taken)]
        low, high = min(asides) - lanes.apart, max(asides) + lanes.apart
        low, high = low + 0.01 * lanes.apart, high - 0.01 * lanes.apart
        if low < other.aside < high:
            return True
        if not other.steady:
            return False
        past = other.ahead + other.speed + 3 * lanes.car
        distance = own.distance
        while distance < own.distance + past:
            if low < other.offset - lanes.offset(0, distance) < high:
                return True
            distance += lanes.car
        return False

    def choose(
        self, own: Place, lane: int, others: list[Other], highest: float, delay: float
    ) -> int:
        """The lane to drive in: the line, as soon as it can; another one to get past."""
        lanes = self._lanes
        if lane:
            back = self.limit(own._replace(aside=0.0), (0,), others, delay)
            leaves = back > highest - WANTS or self.ends(own, lane)
            return 0 if leaves and self.can_change(own, lane, 0, others, delay) else lane
        free = lanes.line.at(lanes.alone, own.distance)
        held_up = free > highest + WANTS and any(
            other.ahead > 0 and self._in_the_way(own, (0,), other) for other in others
        )
        quick = own.speed > SLOWEST * lanes.scale
        if not quick or not held_up or not self._all_settled(others):
            return 0
        reach = LONG * free + 2 * lanes.change  # it may be as fast as that before it is past
        for new in sorted((-1, 1), key=lambda new: -lanes.end(new, own.distance)):
            there = own._replace(aside=new * lanes.apart)
            better = self.limit(there, (new,), others, delay) > highest + WANTS
            goes_on = lanes.end(new, own.distance) > reach
            if better and goes_on and self.can_change(own, 0, new, others, delay):
                return new
        return 0

    def turns_back(
        self, own: Place, lane: int, before: int, others: list[Other], delay: float
    ) -> bool:
        """Whether a car that was held up on its way to a lane goes back to the one before."""
        late = lane != 0 and self.ends(own, lane)
        return late and self.can_change(own, lane, before, others, delay)

    def ends(self, own: Place, lane: int) -> bool:
        """Whether a lane ends so soon that a car has to leave it."""
        lanes = self._lanes
        return lanes.end(lane, own.distance) - lanes.change < SOON * own.speed

    def _all_settled(self, others: list[Other]) -> bool:
        """Whether everybody around who follows the line is on it."""
        nearly = SETTLED * self._lanes.apart
        return all(other.steady or abs(other.aside) < nearly for other in others)

    def can_change(
        self, own: Place, lane: int, new: int, others: list[Other], delay: float
    ) -> bool:
        """Whether a change of lane hinders nobody, and nobody in the new one is too near."""
        for other in others:
            if other.ahead > 0 and self._in_the_way(own, (lane, new), other):
                if self._gap(own, other) <= 0:
                    return False
                if self._behind(own, other, delay) < own.speed - WANTS:
                    return False
        return self._clear_behind(own, new, others, delay)

    def _clear_behind(self, own: Place, new: int, others: list[Other], delay: float) -> bool:
        """Whether those behind in a lane keep room enough for a car that comes into it."""
        return all(
            self._follows(own, other, self._gap(own, other), delay)
            for other in others
            if other.ahead <= 0 and self._in_the_way(own, (new,), other)
        )

    def _follows(self, own: Place, other: Other, gap: float, delay: float) -> bool:
        """Whether a car behind keeps the room that it needs."""
        lanes = self._lanes
        room = gap - other.speed * delay - STANDS * lanes.scale + HARDER * lanes.stop(own.speed)
        return gap > 0 and WORSE * lanes.stop(other.speed) <= room
