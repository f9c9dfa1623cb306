"""The race's source: the table, and the lap times that the cars' own processes took.

    cells ──read, once a frame──> all lap times of each car and process; Frame.extra: who finished

A time is kept here as soon as it is seen: a process that is handed the car begins its row anew.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from game.frame import Floats, Frame, Integers
from game.meters import tidy
from game.options import Options
from game.parts import Cast
from game.scenes.race.cells import COUNT, FINISHED, GENERATION, ROOM, ROW, TIMES
from game.scenes.race.timing import Timing
from game.shared.table import GENERATION as HANDED
from game.shared.table import ROW as CONTROL_ROW
from game.shared.table import Table
from game.sources.own_table import TableSource

LISTED = 1000  # cars whose lap times stand in the figures, the first ones


def make_source(
    table: Table, cast: Cast, options: Options, clock: Callable[[], float]
) -> TableSource:
    """The source of a race with these options."""
    if table.cells is None or table.cells.rows is None:
        return TableSource(table, options.job.rate)
    job = options.job
    source = RaceSource(table, job.rate, lambda car: job.behaviour(car // job.per_process).name)
    # Whoever comes next begins the row of a car anew.
    cast.before_start = lambda slot: source.collect()
    return source


class RaceSource(TableSource):
    """Reads the cars, and what they were timed at."""

    def __init__(self, table: Table, rate: float, mover: Callable[[int], str]) -> None:
        """`mover` is what a person calls the behaviour of a car."""
        super().__init__(table, rate)
        self._mover = mover
        self._rows: Floats = np.frombuffer(table.cells.rows, np.float64).reshape(-1, ROW)
        handed: Integers = np.frombuffer(table.shared.control, np.int64)
        self._handed = handed.reshape(-1, CONTROL_ROW)[1:, HANDED]
        self._seen: Floats = np.zeros((len(self._rows), 2))  # GENERATION and COUNT, of each car
        self._times: dict[tuple[int, int], list[float]] = {}  # [s] by car and generation
        self._timing = Timing(np.full(len(self._rows), np.nan))

    def read(self, now: float) -> Frame:
        """The frame of this moment, with who has finished by then."""
        frame = super().read(now)
        self.collect()
        self.frame = frame.next(extra=self._timing)
        return self.frame

    def collect(self) -> None:
        """Keep all times that were taken since the last look."""
        rows, handed = self._rows, self._handed.repeat(self._table.per_process)
        finished = np.where(rows[:, GENERATION] == handed, rows[:, FINISHED], np.nan)
        if not np.array_equal(finished, self._timing.finished, equal_nan=True):
            self._timing = Timing(finished)
        seen = rows[:, : COUNT + 1].copy()
        for car in np.flatnonzero((seen != self._seen).any(axis=1)).tolist():
            self._keep(car, *map(int, seen[car]))
        self._seen = seen

    def _keep(self, car: int, generation: int, count: int) -> None:
        """Take over a car's new times; of those that were written over already, nan."""
        if not generation:  # its row is being begun anew
            return
        times = self._times.setdefault((car, generation), [])
        while len(times) < count - ROOM + 1:
            times.append(np.nan)
        times += (float(self._rows[car, TIMES + n % ROOM]) for n in range(len(times), count))

    def laps(self) -> list[tuple[int, list[float]]]:
        """Every car with its lap times [s], one after another; a restarted car has several."""
        found = dict.fromkeys((car, int(self._seen[car, 0])) for car in self.frame.agents.tolist())
        return [(key[0], self._times.get(key, [])) for key in sorted({**found, **self._times})]

    def figures(self) -> dict[str, Any]:
        """The laps of every car besides, for each process that drove it."""
        laps = [
            {"agent": car, "mover": self._mover(car), "times": [rounded(t) for t in times]}
            for car, times in self.laps()[:LISTED]
        ]
        return {**super().figures(), "laps": laps}


def rounded(seconds: float) -> float | None:
    """A lap time as it stands in a file; None where nobody saw it."""
    return None if np.isnan(seconds) else tidy(seconds)
