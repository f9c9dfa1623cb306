"""The race: cars on a closed circuit, who leads, and who has won."""

import numpy as np

from game.glide import Glide
from game.movers import race
from game.race.circuit import Circuit
from game.race.parking import APART, Parking
from game.race.recent import Brakes, Speeds
from game.race.standings import Standings, clock
from game.snapshot import Floats, Integers, Snapshot
from game.track import load
from game.view import crowd, podium
from game.view.canvas import Canvas
from game.view.panel import FLAG, Column, Panel

LONGEST, SHORTEST = 32.0, 3.0  # [pt] of a car
REAL = 4.5  # [m] a car is never drawn smaller than it is
LANES = 3  # cars side by side, so that they do not hide each other
ROOM = 0.9  # of the way to the next car in its lane, that a car is long
CROWDED = 0.2  # of the cars have less room than they are drawn for
SETTLES = 2.0  # [s] in which cars that have more room make good on 63 % of it


class Scene:
    """Cars that publish `speed` [km/h] and `distance` [m] from the start line."""

    layers = frozenset(("labels",))

    def __init__(self, place: str, laps: int = 0) -> None:
        self.circuit = Circuit(load(place))
        length = self.circuit.track.length
        self.title = f"Race, {self.circuit.track.name}, {length:,.0f} m"
        self.bounds = self.circuit.bounds
        self._laps = laps
        self._finish = laps * length if laps else np.inf  # [m]
        self._standings = Standings(self._finish, race.FAR)
        self._glide, self._speeds, self._brakes = Glide(), Speeds(), Brakes()
        self._parking, self._podium = Parking(), podium.Podium()
        self._distance: Floats = np.zeros(0)  # [m] of the agents shown, as they are shown
        self._wider = 1.0  # times, that the track was drawn
        self._long = np.nan  # [pt] that cars were drawn long
        self._length = REAL  # [m] of a car as it is drawn
        self._now = 0.0  # [s] of the last picture

    def draw(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the circuit, every car at its distance along it, and the podium in the end."""
        canvas.background(self.circuit.paint)
        self._distance = self._distances(snapshot)
        self._standings.follow(snapshot)
        self._parking.follow(snapshot, self._standings.times)
        self._speeds.follow(snapshot)
        lit = self._brakes.follow(snapshot)
        self._wider = self.circuit.wider(canvas.point)
        size = self._size(canvas, snapshot)
        self._length = size * canvas.point
        places, headings = self._places(self._distance, snapshot.agents)
        values = snapshot.values[snapshot.agents]
        odd = np.asarray(~(np.abs(values) < race.FAR).all(axis=1))
        crowd.draw(
            canvas, "car", places, headings, snapshot, size, odd, first=1, name=race.name, lit=lit
        )
        self._podium.draw(canvas, self._steps(snapshot), snapshot.now, self.circuit.line)

    def where(self, snapshot: Snapshot, agent: int) -> tuple[float, float]:
        """The place of a car as it is shown at this moment [m]."""
        distance = self._distances(snapshot)[np.searchsorted(snapshot.agents, [agent])]
        (x, y), *_ = self._places(distance, np.array([agent]))[0].tolist()
        return x, y

    def _distances(self, snapshot: Snapshot) -> Floats:
        """How far each car is, as it is shown [m]; one that writes nonsense is far away."""
        distance = self._glide.follow(snapshot)[:, snapshot.columns["distance"]]
        found: Floats = np.clip(np.nan_to_num(distance, nan=-race.FAR), -race.FAR, race.FAR)
        return found

    def _places(self, distance: Floats, agents: Integers) -> tuple[Floats, Floats]:
        """Places (n, 2) [m] and headings (n,) [rad] of cars at distances [m], each in its lane,
        or parked."""
        aside = (agents % LANES - (LANES - 1) / 2) / LANES
        if self._laps:
            most = self.circuit.track.length / (APART * (len(self._distance) + 1))
            length = min(self._length, most)  # all of them within a lap
            car = length, length / (self.circuit.width * self._wider)
            distance, aside = self._parking.moved(agents, distance, aside, self._finish, car)
        return self.circuit.at(distance, aside, self._wider)

    def _size(self, canvas: Canvas, snapshot: Snapshot) -> float:
        """How long a car is drawn [pt]: large enough to see, smaller where they are crowded."""
        longest = min(LONGEST, canvas.view[2] / canvas.scale / 30)
        fits = min(longest, max(SHORTEST, ROOM * self._way_to_next(snapshot) / canvas.point))
        if self._long < fits:
            # Slowly: cars that part for a moment do not change the size of them all.
            share = 1 - np.exp(min(self._now - snapshot.now, 0.0) / SETTLES)
            fits = self._long + (fits - self._long) * share
        self._long, self._now = fits, snapshot.now
        return max(REAL / canvas.point, fits)

    def _way_to_next(self, snapshot: Snapshot) -> float:
        """How far it is to the next car in the same lane [m], for all but the most crowded."""
        length = self.circuit.track.length
        if len(self._distance) > crowd.MOST_SPRITES:
            return LANES * length / len(self._distance)
        # Those that have finished stand close together, and do not make the others small.
        racing = self._distance[~self._standings.finished(snapshot.agents)]
        if len(racing) <= LANES:
            return length
        d = np.sort(np.nan_to_num(racing) % length)
        ways = np.sort(np.concatenate((d[LANES:], d[:LANES] + length)) - d)
        return float(ways[int(CROWDED * len(ways))])

    def _steps(self, snapshot: Snapshot) -> list[podium.Step]:
        """Who stands on the podium, the winner first."""
        agents = self._standings.winners(snapshot)
        times = self._standings.times[agents].tolist()
        return [
            podium.Step(agent, race.name(agent), clock(time))
            for agent, time in zip(agents.tolist(), times, strict=True)
        ]

    def panel(self, snapshot: Snapshot, rows: int) -> Panel:
        """The leaderboard: who is how far, as it is drawn."""
        columns = (
            Column("", 0.09, to_left=True),
            Column("car", 0.33, to_left=True),
            Column("lap", 0.43),
            Column("km/h", 0.58),
            Column("15 s", 0.76, curve=True),
            Column("gap", 1.0),
        )
        order = self._standings.order(snapshot.agents, self._distance, rows)
        agents = snapshot.agents[order]
        speeds, gaps = snapshot.values[agents, snapshot.columns["speed"]], self._gaps(agents, order)
        racing = ~self._standings.finished(agents)
        shown = []
        for place, agent in enumerate(agents.tolist(), start=1):
            lap, speed = self._lap(float(self._distance[order[place - 1]])), speeds[place - 1]
            drives = (lap, f"{speed:.0f}") if racing[place - 1] else (FLAG, "")
            shown.append((agent, (str(place), race.name(agent), *drives, "", gaps[place - 1])))
        title = f"Leaderboard, {self._laps} lap{'s' * (self._laps > 1)}" if self._laps else ""
        curves = list(self._speeds.of(agents) / np.float32(self._speeds.top))
        return Panel(title or "Leaderboard", columns, shown, len(snapshot.agents), curves)

    def _lap(self, distance: float) -> str:
        lap = max(1, int(distance // self.circuit.track.length) + 1)
        return str(min(lap, self._laps)) if self._laps else str(lap)

    def _gaps(self, agents: Integers, order: Integers) -> list[str]:
        """What the leaderboard says of the way between each car and the first one."""
        times, distance = self._standings.times[agents].tolist(), self._distance[order]
        distance = np.minimum(distance, self._finish)
        words = []
        for place, (time, behind) in enumerate(zip(times, distance[:1] - distance, strict=True)):
            if np.isfinite(time):
                words.append(clock(time) if place == 0 else f"+{time - times[0]:.1f} s")
            else:
                words.append(self._metres(float(behind)) if place else "leader")
        return words

    def _metres(self, behind: float) -> str:
        if not abs(behind) < race.FAR:
            return ""
        laps = int(behind // self.circuit.track.length)
        return f"+{laps} lap{'s' * (laps > 1)}" if laps else f"+{behind:.0f} m"

    def results(self, snapshot: Snapshot) -> list[str]:
        """The standings of a race that has a finish."""
        if not self._laps:
            return []
        order = self._standings.order(snapshot.agents, self._distance, len(snapshot.agents))
        agents = snapshot.agents[order]
        times = self._standings.times[agents].tolist()
        return [
            f"{place}. {race.name(agent)}  {clock(time) if np.isfinite(time) else 'not finished'}"
            for place, (agent, time) in enumerate(zip(agents.tolist(), times, strict=True), 1)
        ]
