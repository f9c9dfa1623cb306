"""The race: cars on a closed circuit, who leads, and who has won."""

from math import log10

import numpy as np

from game.frame import Floats, Frame, Integers
from game.scenes import race
from game.scenes.race import looked, podium
from game.scenes.race.circuit import Circuit
from game.scenes.race.motion import Motion
from game.scenes.race.offset import Offset
from game.scenes.race.parking import APART, Parking
from game.scenes.race.recent import Brakes, Speeds
from game.scenes.race.standings import Standings, clock, gap
from game.view import agents, panel
from game.view.agents import Sprites
from game.view.canvas import Canvas
from game.view.interpolation import too_many
from game.view.labels import Held
from game.view.panel import FLAG, Column, Panel
from game.view.scene import BaseScene

LONGEST, SHORTEST = 32.0, 3.0  # [pt] of a car
REAL = 4.5  # [m] times the scale: a car is never drawn smaller than it is
LANES = 3  # cars side by side, so that they do not hide each other
ROOM = 0.9  # of the way to the next car in its lane, that a car is long
CROWDED = 0.2  # of the cars have less room than they are drawn for
SETTLES = 2.0  # [s] time constant with which cars that have more room become longer


class Scene(BaseScene):
    """Cars that publish `speed` [km/h] and `distance` [m] from the start line."""

    REMEMBERS = (
        *("_standings", "_motion", "_offset", "_speeds", "_brakes", "_parking", "_podium"),
        *("_room", "_now", "_held"),
    )
    layers = frozenset(("labels",))

    def __init__(self, settings: race.Settings) -> None:
        self.circuit = Circuit(settings.load_track())
        length = self.circuit.track.length
        self._scale = self.circuit.track.scale
        model = f", 1:{1 / self._scale:.0f}" if self._scale < 1 else ""
        self.title = f"Race, {self.circuit.track.name}, {figure(length, self._scale)} m{model}"
        self.bounds = self.circuit.bounds
        self._laps = settings.laps
        self._finish = self._laps * length if self._laps else np.inf  # [m]
        super().__init__(settings)

    def reset(self) -> None:
        """Forget everything that was driven so far."""
        super().reset()
        self._standings = Standings(self._finish, race.FAR)
        self._motion, self._offset = Motion(), Offset()
        self._speeds, self._brakes = Speeds(), Brakes(self._scale)
        self._parking, self._podium, self._held = Parking(), podium.Podium(), Held()
        self._distance: Floats = np.zeros(0)  # [m] of the agents shown, as they are shown
        self._aside: Floats = np.zeros(0)  # [m] left of the centre line; nan: in a lane
        self._room = np.nan  # [m] that a car has for its length
        self._now = 0.0  # [s] of the last frame

    def follow(self, frame: Frame) -> None:
        """Note how far every car is, and who has finished."""
        super().follow(frame)
        shown = self._motion.follow(frame)
        # One that writes nonsense is far away.
        self._distance = np.clip(np.nan_to_num(shown, nan=-race.FAR), -race.FAR, race.FAR)
        self._aside = self._offset.follow(frame)
        self._held.follow(np.column_stack((self._distance, self._aside)), frame)
        self._standings.follow(frame)
        self._parking.follow(frame, self._standings.times)
        self._speeds.follow(frame)
        self._brakes.follow(frame)
        self._podium.follow(len(self._standings.winners(frame)) > 0, frame.now)
        self._room = self._settled(
            max(REAL * self._scale, ROOM * self._way_to_next(frame)), frame.now
        )
        self._now = frame.now

    def _settled(self, room: float, now: float) -> float:
        """How much room a car has [m]: less at once, more slowly, because cars that part for a
        moment do not change the size of them all."""
        if not self._room < room:
            return room
        # Of how many there are on a metre: however much room they get, they do not leap.
        share = 1 - np.exp(min(self._now - now, 0.0) / SETTLES)
        return float(1 / (1 / self._room + (1 / room - 1 / self._room) * share))

    def draw(self, canvas: Canvas) -> None:
        """Draw the circuit, every car at its distance along it, and the podium in the end."""
        frame = self.frame
        canvas.background(self.circuit.paint)
        places, headings = self._places(self._distance, frame.agents, canvas, self._aside)
        drawn = [frame.columns[n] for n in (*race.FIELDS, race.OFFSET) if n in frame.fields]
        values = frame.values[frame.agents][:, drawn]
        invalid = np.asarray(~(np.abs(values) < race.FAR).all(axis=1))
        size, lit = self._size(canvas), self._brakes.lit(frame)
        name = self.agent_name
        cars = Sprites("car", size, places, headings, invalid, lit, first=1, name=name)
        cars = cars._replace(
            held=self._held, place=lambda s, n: self._places(s[:, 0], n, canvas, s[:, 1])[0]
        )
        jumped, origins = self._motion.jumps(frame)
        if jumped.any():
            came_from, _ = self._places(origins, frame.agents, canvas, self._aside)
            cars = cars._replace(jumped=jumped, origins=came_from)
        looked.draw(canvas, frame, self.circuit, self._distance, places, size)
        agents.draw(canvas, frame, cars)
        self._podium.draw(canvas, self._steps(canvas), frame.now, self.circuit)

    @property
    def note(self) -> str:
        """Whether they glide, and what was taken how in reading the track's file."""
        taken = (note.partition(";")[0] for note in self.circuit.track.notes)
        return ", ".join(filter(None, (too_many(len(self._distance)), *taken)))

    def where(self, agent: int, canvas: Canvas) -> tuple[float, float]:
        """The place of a car as it is shown at this moment [m]."""
        at = np.searchsorted(self.frame.agents, [agent])
        aside = self._aside[at]
        (x, y), *_ = self._places(self._distance[at], np.array([agent]), canvas, aside)[0].tolist()
        return x, y

    def _places(
        self, distance: Floats, numbers: Integers, canvas: Canvas, offset: Floats | None = None
    ) -> tuple[Floats, Floats]:
        """Places (n, 2) [m] and headings (n,) [rad] of cars at distances [m], each at its offset
        from the centre line [m], else, and where that is no number, in its lane, or parked."""
        aside = (numbers % LANES - (LANES - 1) / 2) / LANES
        if offset is not None and not np.isnan(offset).all():
            own = offset / self.circuit.width_at(distance)
            aside = np.where(np.isnan(own), aside, own)
        wider = self.circuit.wider(canvas.point)
        if self._laps:
            most = self.circuit.track.length / (APART * (len(self._distance) + 1))
            length = min(self._size(canvas) * canvas.point, most)  # all of them within a lap
            car = length, length / (self.circuit.width * wider)
            distance, aside = self._parking.moved(numbers, distance, aside, self._finish, car)
        return self.circuit.at(distance, aside, wider)

    def _size(self, canvas: Canvas) -> float:
        """How long a car is drawn [pt]: large enough to see, smaller where they are crowded."""
        longest = min(LONGEST, canvas.view[2] / canvas.scale / 30)
        return max(
            REAL * self._scale / canvas.point,
            min(longest, max(SHORTEST, self._room / canvas.point)),
        )

    def _way_to_next(self, frame: Frame) -> float:
        """How far it is to the next car in the same lane [m], for all but the most crowded."""
        length = self.circuit.track.length
        if len(self._distance) > agents.MOST_SPRITES:
            return LANES * length / len(self._distance)
        # Those that have finished stand close together, and do not make the others small.
        racing = self._distance[~self._standings.finished(frame.agents)]
        if len(racing) <= LANES:
            return length
        d = np.sort(np.nan_to_num(racing) % length)
        ways = np.sort(np.concatenate((d[LANES:], d[:LANES] + length)) - d)
        return float(ways[int(CROWDED * len(ways))])

    def _steps(self, canvas: Canvas) -> list[podium.Step]:
        """Who stands on the podium, the winner first."""
        cars = self._standings.winners(self.frame)
        tints = canvas.tints(cars, self.frame.per_process)
        columns = (part.tolist() for part in (tints, cars, self._standings.times[cars]))
        return [
            podium.Step(tint, self.agent_name(car), clock(time))
            for tint, car, time in zip(*columns, strict=True)
        ]

    def panel(self, rows: int, selected: int) -> Panel:
        """The leaderboard: who is how far, as it is drawn."""
        frame = self.frame
        columns, left_out = self._columns()
        order = self._standings.order(frame.agents, self._distance, rows)
        cars = frame.agents[order]
        speeds, gaps = frame.values[cars, frame.columns["speed"]], self._gaps(cars, order)
        racing = ~self._standings.finished(cars)
        shown = []
        for place, agent in enumerate(cars.tolist(), start=1):
            lap, speed = self._lap(float(self._distance[order[place - 1]])), speeds[place - 1]
            drives = (lap, figure(speed, self._scale)) if racing[place - 1] else (FLAG, "")
            named = self._named(agent)
            shown.append((agent, (str(place), named[0], *drives, named[1], gaps[place - 1])))
        title = f"Leaderboard, {self._laps} lap{'s' * (self._laps > 1)}" if self._laps else ""
        title = (title or "Leaderboard") + panel.left_out(left_out)
        curved = any(column.curve for column in columns)
        curves = list(self._speeds.of(cars) / np.float32(self._speeds.top)) if curved else []
        return Panel(title, columns, shown, len(frame.agents), curves)

    def _columns(self) -> tuple[list[Column], int]:
        """The leaderboard's columns, the fifth of which tells the cars' behaviours, if there are
        several, else a further field, if there is one; and how many fields have none."""
        frame, further = self.frame, self._further
        fifth, ends = Column("15 s", 0.76, curve=True), (0.33, 0.43, 0.58)
        if len(frame.behaviours) > 1:
            fifth, ends = Column("mover", 0.81), (0.27, 0.36, 0.49)
        elif further:
            fifth = Column(panel.headings(frame, further)[0], 0.8)
        columns = [
            Column("", 0.09, to_left=True, fixed=True),
            Column("car", ends[0], to_left=True),
            Column("lap", ends[1]),
            Column("km/h", ends[2]),
            fifth,
            Column("gap", 1.0),
        ]
        return columns, len(further) - (len(further) > 0 and len(frame.behaviours) < 2)

    @property
    def _further(self) -> list[str]:
        return [name for name in self.frame.fields if name not in race.FIELDS]

    def _named(self, agent: int) -> tuple[str, str]:
        """What the leaderboard calls a car, and what stands in its fifth column."""
        frame, name = self.frame, self.agent_name(agent)
        if mover := frame.mover_of(agent):
            return name.removesuffix(f" ({mover})"), mover
        values = [frame.values[agent, frame.columns[field]] for field in self._further[:1]]
        return name, "".join(panel.figures(values))

    def _lap(self, distance: float) -> str:
        lap = max(1, int(distance // self.circuit.track.length) + 1)
        return str(min(lap, self._laps)) if self._laps else str(lap)

    def _gaps(self, cars: Integers, order: Integers) -> list[str]:
        """What the leaderboard says of the way between each car and the first one."""
        times, distance = self._standings.times[cars].tolist(), self._distance[order]
        distance = np.minimum(distance, self._finish)
        words = []
        for place, (time, behind) in enumerate(zip(times, distance[:1] - distance, strict=True)):
            if np.isfinite(time):
                words.append(clock(time) if place == 0 else gap(time, times[0]))
            else:
                words.append(self._metres(float(behind)) if place else "leader")
        return words

    def _metres(self, behind: float) -> str:
        if not abs(behind) < race.FAR:
            return ""
        laps = int(behind // self.circuit.track.length)
        return f"+{laps} lap{'s' * (laps > 1)}" if laps else f"+{figure(behind, self._scale)} m"

    @property
    def has_finish(self) -> bool:
        """Whether it is a race that ends."""
        return self._laps > 0

    def ranking(self) -> dict[int, float]:
        """All cars in their order, and their times at the finish [s], nan of those not there."""
        agents = self.frame.agents
        order = self._standings.order(agents, self._distance, len(agents))
        cars = agents[order]
        return dict(zip(cars.tolist(), self._standings.times[cars].tolist(), strict=True))

    def results(self) -> list[str]:
        """The standings of a race that has a finish."""
        if not self._laps:
            return []
        ended = (
            (car, clock(time) if np.isfinite(time) else "not finished")
            for car, time in self.ranking().items()
        )
        return [
            f"{place}. {self.agent_name(agent)}  {how}"
            for place, (agent, how) in enumerate(ended, 1)
        ]


def figure(value: float, scale: float) -> str:
    """A speed or a length, with a decimal for each tenth that the track is smaller."""
    return f"{value:,.{max(0, round(-log10(scale)))}f}"
