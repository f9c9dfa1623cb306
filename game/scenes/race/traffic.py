"""Driving among others: how fast a car may be for those around it, and where it gets past.

A car leaves the one ahead as much room as it needs to stop, less what that one needs at least
(P. G. Gipps, "A behavioural car-following model for computer simulation", 1981,
https://doi.org/10.1016/0191-2615(81)90037-0). It takes another path where it is faster there: one
that has room for a car beside the other one, and on which nobody is hindered. Where two paths meet
again, whoever is behind has to be able to stop before that; so has one who passes, until the other
one could. All it knows of the others is their last row, which is as old as an update.
"""

from collections.abc import Iterable
from typing import NamedTuple

from game.scenes.race.paths import ON_LINE, Course, Path

APART = 1.0  # [m] between two cars one behind the other, that stand
SUDDEN = 25.0  # [m/s] that another car may lose at once; the cars with random speeds do
HARDER = 0.4  # of its own stopping way: how far one with better tyres goes on
STEADY = 0.001  # [m] within which an offset is one that does not change
BETTER = 1.0  # [m/s] that another path has to be faster
AHEAD = 1.5  # [s] and the way to stop: how far a new path has to have room


class Other(NamedTuple):
    """Another car, as it was when it published its last row."""

    number: int
    ahead: float  # [m] along the centre line, negative behind
    speed: float  # [m/s]
    offset: float  # [m]
    paths: tuple[Path, ...]  # that it may be on


class Place(NamedTuple):
    """Where a car is itself."""

    distance: float  # [m]
    speed: float  # [m/s]
    offset: float  # [m]


class Traffic:
    """One car's view of those around it."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._offsets: dict[int, float] = {}  # [m] of each other car when it was seen last
        self._follow_line: set[int] = set()  # those whose offset was seen to change

    def seen(self, rows: Iterable[tuple[int, float, float, float]], own: Place) -> list[Other]:
        """The others near enough to matter, of their rows: number, distance [m], speed [m/s] and
        offset [m]."""
        course, found = self._course, []
        near = course.stop(own.speed) + 3 * own.speed + 20 * course.car
        for number, distance, speed, offset in rows:
            if abs(offset - self._offsets.get(number, offset)) > STEADY:
                self._follow_line.add(number)
            self._offsets[number] = offset
            ahead = (distance - own.distance + course.length / 2) % course.length
            ahead -= course.length / 2
            if abs(ahead) < near:
                along = Path(True, offset - course.line.at(course.line.offset, own.distance + ahead))
                paths = (along,) if number in self._follow_line else (along, Path(False, offset))
                found.append(Other(number, ahead, speed, offset, paths))
        return found

    def limit(self, own: Place, paths: tuple[Path, ...], others: list[Other], delay: float) -> float:
        """The highest speed [m/s] on a path, or on two of them in between which the car is: for
        its bends, and for the others."""
        course = self._course
        here = int(own.distance // course.line.step) + 1
        reach = course.stop(own.speed) + own.speed * delay + 2 * course.car
        places = range(here, here + 2 + int(reach / course.line.step))
        highest = float("inf")
        if paths != (ON_LINE,) or others:
            for place in places:
                way = max(0.0, place * course.line.step - own.distance)
                corner = min(course.corner(path, place) for path in paths)
                if corner < own.speed + 10:
                    highest = min(highest, course.allowed(way + course.stop(corner), 0.0))
        for other in others:
            highest = min(highest, self._beside(own, paths, other, places, delay))
        return highest

    def _beside(
        self, own: Place, paths: tuple[Path, ...], other: Other, places: range, delay: float
    ) -> float:
        """The highest speed [m/s] for one of the others."""
        course = self._course
        ratio = min(
            course.ratio(own.distance, own.offset),
            course.ratio(own.distance + other.ahead, other.offset),
        )
        gap = (abs(other.ahead) * ratio) - course.car  # [m] between the two bodies
        meets = self._meets(own, paths, other, places)
        if meets is None:
            return float("inf")
        before = (meets - own.distance) * ratio - course.car - APART * course.scale
        if other.ahead + other.speed * delay < 0:  # it is behind
            rear = gap - other.speed * delay
            if before <= 0 or self.follows(other.speed, rear, own.speed, delay):
                return float("inf")  # it sees to it
            its_way = before + abs(other.ahead) * ratio - other.speed * delay
            if course.stop(other.speed) * 1.25 + other.speed * delay < its_way:
                return float("inf")
            return course.allowed(before, delay)
        if other.ahead < 0 and before <= 0:
            return float("inf")
        room = gap - APART * course.scale + self._goes_on(other.speed)
        behind = course.allowed(room, delay) if other.ahead * ratio > course.car else 0.0
        return max(behind, course.allowed(before, delay))

    def _goes_on(self, speed: float) -> float:
        """How far another car goes on at least, when it brakes [m]."""
        return HARDER * self._course.stop(max(0.0, speed - SUDDEN * self._course.scale))

    def follows(self, speed: float, gap: float, leader: float, delay: float) -> bool:
        """Whether a car that is so fast [m/s] keeps enough room to one ahead [m, m/s]."""
        course = self._course
        need = 1.25 * course.stop(speed) + speed * delay + APART * course.scale
        return need <= gap + course.stop(leader)

    def _meets(
        self, own: Place, paths: tuple[Path, ...], other: Other, places: range
    ) -> float | None:
        """The first distance [m] at which the paths of both are too near to each other for two
        cars side by side; None where there is none in reach."""
        course = self._course
        if abs(own.offset - other.offset) < course.beside and abs(other.ahead) < 2 * course.car:
            return own.distance
        for place in places:
            mine = [course.offset(path, place) for path in paths]
            low, high = min(mine) - course.beside, max(mine) + course.beside
            if any(low < course.offset(path, place) < high for path in other.paths):
                return place * course.line.step
        return None

    def choose(
        self, own: Place, path: Path, others: list[Other], highest: float, delay: float
    ) -> Path:
        """The path to drive on: the present one, unless another one is faster; the line, where it
        is not slower."""
        if path != ON_LINE and self._free(own, path, ON_LINE, others, delay) >= highest - 0.1:
            return ON_LINE
        best, fastest = path, highest + BETTER
        for candidate in self._candidates(path, others):
            free = self._free(own, path, candidate, others, delay)
            if free > fastest:
                best, fastest = candidate, free
        return best

    def _candidates(self, path: Path, others: list[Other]) -> list[Path]:
        """Paths beside those who are next ahead."""
        ahead = sorted((o for o in others if o.ahead > -self._course.car), key=lambda o: o.ahead)
        return [
            its._replace(aside=its.aside + side * 1.02 * self._course.beside)
            for other in ahead[:2]
            for its in other.paths[-1:]
            for side in (1.0, -1.0)
        ]

    def _free(
        self, own: Place, path: Path, new: Path, others: list[Other], delay: float
    ) -> float:
        """How fast a car can be on a new path [m/s]; 0 where it cannot get there."""
        course = self._course
        here = int(own.distance // course.line.step)
        reach = course.stop(own.speed) + AHEAD * own.speed + 4 * course.car
        if not all(
            course.fits(new, place) for place in range(here, here + int(reach / course.line.step) + 2)
        ):
            return 0.0
        if not all(self._gives_room(own, path, new, other, delay) for other in others):
            return 0.0
        crossing = self.limit(own, (path, new), others, delay)
        return self.limit(own, (new,), others, delay) if crossing >= own.speed - BETTER else 0.0

    def _gives_room(
        self, own: Place, path: Path, new: Path, other: Other, delay: float
    ) -> bool:
        """Whether one who is beside or behind is not hindered by the way to a new path."""
        course = self._course
        if other.ahead > course.car + APART * course.scale:
            return True
        here = int(own.distance // course.line.step)
        ratio = min(
            course.ratio(own.distance, own.offset),
            course.ratio(own.distance + other.ahead, other.offset),
        )
        gap = -other.ahead * ratio - course.car - other.speed * delay
        if gap > 0 and self.follows(other.speed, gap, own.speed, delay):
            return True
        reach = range(here, here + 2 + int((4 * course.car + 2 * own.speed) / course.line.step))
        return self._meets(own, (path, new), other, reach) is None
