"""The score of many races: who won how often, and the laps of all.

    race ──add──> a place, or none, and lap times for each car ──> lines(), figures()

Asked by the program for --rounds. A race with laps is won by whoever is at the finish first, and
who is not there has not finished; one without by whoever got farthest, and there only a process
that died has not finished.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from game.meters import tidy
from game.parts import Entrant
from game.scenes.race.drawing import Scene
from game.scenes.race.reader import RaceSource, rounded
from game.scenes.race.standings import clock

HEAD = ("", "races", "wins", "mean place", "best lap", "mean lap", "not finished")


class Result(NamedTuple):
    """What one car made of one race."""

    car: Entrant
    place: int  # from 1 on; 0: it has not finished
    time: float  # [s] at the finish; nan: without a finish, or not there
    laps: Sequence[float]  # [s]


class Score:
    """All races so far."""

    def __init__(self) -> None:
        self._races: list[tuple[int, list[Result]]] = []  # with their seeds

    def add(self, seed: int, scene: Scene, source: object, entrants: Iterable[Entrant]) -> str:
        """Take in a race that is over; returns who won, in a few words."""
        times, laps = scene.ranking(), laps_of(source)
        order = {car: place for place, car in enumerate(times)}
        results, place = [], 0
        for car in sorted(entrants, key=lambda car: order.get(car.number, len(order))):
            time = times.get(car.number, np.nan)
            through = bool(np.isfinite(time)) if scene.has_finish else car.through
            place += through
            results.append(Result(car, place * through, time, laps.get(car.number, ())))
        self._races.append((seed, results))
        won = next((result for result in results if result.place == 1), None)
        if won is None:
            return "nobody finished"
        return f"{won.car.name} won" + (f", {clock(won.time)}" if np.isfinite(won.time) else "")

    def lines(self) -> list[str]:
        """The table: a line for each car, and where there are several for each behaviour."""
        if not self._races:
            return ["no race came to its end"]
        cars, movers = self._grouped()
        tables = [table("car", cars)]
        if len(movers) > 1:
            tables.append(table("mover", movers))
        return "\n\n".join("\n".join(lines) for lines in tables).split("\n")

    def figures(self) -> dict[str, Any]:
        """The same for --stats, and every race by itself."""
        cars, movers = self._grouped()
        return {
            "agents": [
                {"agent": found[0].car.number, "mover": found[0].car.mover, **figures(found)}
                for found in cars.values()
            ],
            "movers": [{"mover": name, **figures(found)} for name, found in movers.items()],
            "races": [
                {"seed": seed, "results": [plain(result) for result in results]}
                for seed, results in self._races
            ],
        }

    def _grouped(self) -> tuple[dict[str, list[Result]], dict[str, list[Result]]]:
        """All results by the car's name, and by its behaviour's."""
        cars: dict[str, list[Result]] = {}
        movers: dict[str, list[Result]] = {}
        every = (result for _, results in self._races for result in results)
        for result in sorted(every, key=lambda result: result.car.number):
            cars.setdefault(result.car.name, []).append(result)
            movers.setdefault(result.car.mover, []).append(result)
        return cars, movers


def laps_of(source: object) -> dict[int, list[float]]:
    """The lap times of each car [s], those of all its processes together."""
    found: dict[int, list[float]] = {}
    for car, times in source.laps() if isinstance(source, RaceSource) else ():
        found.setdefault(car, []).extend(time for time in times if np.isfinite(time))
    return found


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """What some results come to; None where there is nothing to say."""
    places = [result.place for result in results if result.place]
    laps = [lap for result in results for lap in result.laps]
    return {
        "races": len(results),
        "wins": places.count(1),
        "mean_place": tidy(float(np.mean(places))) if places else None,
        "best_lap": tidy(min(laps)) if laps else None,
        "mean_lap": tidy(float(np.mean(laps))) if laps else None,
        "not_finished": len(results) - len(places),
    }


def plain(result: Result) -> dict[str, Any]:
    """A result as it stands in a file."""
    laps = [rounded(lap) for lap in result.laps]
    place, time = result.place or None, rounded(result.time)
    return {"agent": result.car.number, "place": place, "time": time, "laps": laps}


def table(what: str, groups: Mapping[str, Sequence[Result]]) -> list[str]:
    """A line for each group, the most successful first, in columns."""
    rows = [(name, figures(found)) for name, found in groups.items()]
    rows.sort(key=lambda row: (-row[1]["wins"], row[1]["mean_place"] or np.inf))
    written = [(what, *HEAD[1:]), *((name, *words(found)) for name, found in rows)]
    wide = [max(map(len, column)) for column in zip(*written, strict=True)]
    return [
        "  ".join(cell.rjust(w) if at else cell.ljust(w) for at, (cell, w) in enumerate(pairs))
        for pairs in (tuple(zip(row, wide, strict=True)) for row in written)
    ]


def words(found: Mapping[str, Any]) -> tuple[str, ...]:
    """The figures of a line as text."""
    place = found["mean_place"]
    laps = (found["best_lap"], found["mean_lap"])
    return (
        str(found["races"]),
        str(found["wins"]),
        "-" if place is None else f"{place:.2f}",
        *("-" if lap is None else f"{lap:.3f} s" for lap in laps),
        str(found["not_finished"]),
    )
