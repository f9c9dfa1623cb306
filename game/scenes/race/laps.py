"""Lap times, taken where the cars are driven: they do not depend on which rows the window saw.

    every update ──> each car: past the line? ──> the moment within the update ──> its row of cells

A lap counts from line to line, the first one from the start; whoever drives a race behaviour does
nothing for it. The moment of a crossing is interpolated by the way within the update.

    driven back over the line     the line has to be crossed forwards once more, and counts once
    a jump                        the lap in which it happens does not count, nor those it leaps
                                  over; the next one begins at the next line that is driven over

A jump is what the window marks as one: farther than the speeds before and after it allow, see
`jumps`. Who is beyond the finish has finished, however it got there: its time is that crossing's.
Used by the World, in a mover's process.
"""

from collections.abc import Sequence
from math import floor, isnan, nan

from game.scenes.race import FAR, IMPOSSIBLE, KMH, NEAR
from game.scenes.race.cells import COUNT, FINISHED, GENERATION, ROOM, TIMES, Cells
from game.shared.fence import fence


class Car:
    """One car on its way round, and the row that it is timed in."""

    def __init__(
        self, row: "memoryview[float]", generation: int, length: float, finish: float
    ) -> None:
        """`length` of a lap and `finish` in [m] from the start."""
        row[GENERATION] = 0
        fence()
        row[COUNT], row[FINISHED] = 0, nan
        fence()
        row[GENERATION] = generation
        self._row, self._length, self._finish = row, length, finish
        self._at, self._distance, self._speed = 0.0, 0.0, 0.0  # [s, m, km/h] its last sound row
        self._line = length  # [m] that it crosses next
        self._began = 0.0  # [s] when the lap that it is in began; nan: that does not count

    def drive(self, now: float, speed: float, distance: float) -> None:
        """Take in a row [s, km/h, m]; one that is none is passed over."""
        if not abs(distance) < FAR:
            return
        if distance >= self._finish and isnan(self._row[FINISHED]):
            self._row[FINISHED] = self._moment(self._finish, now, distance)
        first = self._at == 0.0  # it comes from the grid, which is as far back as it likes
        far = distance - self._distance
        if jumps(far, self._speed, speed, now - self._at) and (far > 0 or not first):
            self._line = self._length * max(1, floor(distance / self._length) + 1)
            self._began = nan
        while distance >= self._line:
            moment = self._moment(self._line, now, distance)
            if not isnan(self._began):
                self._note(moment - self._began)
            self._began = moment
            self._line = self._length * (round(self._line / self._length) + 1)
        self._at, self._distance, self._speed = now, distance, speed

    def _moment(self, line: float, now: float, distance: float) -> float:
        """When it passed a line on its way from the row before [s]; with none before, from the
        start, as if it had driven evenly."""
        way = distance - self._distance
        share = (line - self._distance) / way if way > 0 else 1.0
        return self._at + (now - self._at) * min(max(share, 0.0), 1.0)

    def _note(self, seconds: float) -> None:
        """Keep the time of a lap."""
        row = self._row
        count = int(row[COUNT])
        row[TIMES + count % ROOM] = seconds
        fence()
        row[COUNT] = count + 1


def jumps(way: float, before: float, after: float, seconds: float) -> bool:
    """Whether a way [m] is too far for speeds [km/h] and a time."""
    fastest = max((abs(v) for v in (before, after) if abs(v) < FAR), default=0.0) * KMH
    return abs(way) > IMPOSSIBLE * fastest * seconds + NEAR


class Timekeeper:
    """Times the cars of one process."""

    def __init__(
        self,
        cells: Cells,
        numbers: Sequence[int],
        generation: int,
        period: float,
        length: float,
        finish: float,
    ) -> None:
        self._cars = [Car(cells.row(n), generation, length, finish) for n in numbers]
        self._period, self._made = period, 0

    def __call__(self, values: Sequence[float]) -> None:
        """Take in an update of all of them: speed and distance, side by side."""
        self._made += 1
        now = self._made * self._period  # [s] as the scoreboard counts
        pairs = zip(values[::2], values[1::2], strict=True)
        for car, (speed, distance) in zip(self._cars, pairs, strict=True):
            car.drive(now, speed, distance)
