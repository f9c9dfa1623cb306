"""The swarm: robots on a ground with a grid."""

from math import sqrt

import numpy as np

from game.frame import Flags, Floats, Frame
from game.scenes.swarm import FIELDS, HEADING, Settings
from game.scenes.swarm.ground import Ground
from game.view import agents, looks, panel, trails
from game.view.agents import Look, Sprites
from game.view.canvas import Canvas
from game.view.density import Density
from game.view.heat import Heat
from game.view.interpolation import Headings, Interpolation, too_many
from game.view.labels import Held
from game.view.panel import Column, Panel
from game.view.scene import BaseScene
from game.view.trails import Trails

MANY = 20_000  # robots; of more, only those in view are known to face some way
FASTEST = 30.0  # [m/s] a robot that is at another place sooner has jumped, on a ground of SIDE
LARGEST, CROWD = 36, 0.42  # [pt] of a robot; of its share of the ground, in a crowd
DOT = 3.0  # [pt] of a robot that is one of too many to be seen
# Where the table's columns end, by how many further fields it shows; as many of them as it can.
COLUMNS = (
    (0.18, 0.40, 0.60, 0.80, 1.0),
    (0.14, 0.27, 0.40, 0.69, 0.85, 1.0),
    (0.14, 0.29, 0.43, 0.72, 1.0),
)
FURTHER = len(COLUMNS) - 1


class Scene(BaseScene):
    """Robots that publish `x` and `y` [m] on a ground."""

    REMEMBERS = ("_interpolation", "_headings", "_trails", "_heat", "_held")
    title = "Swarm"
    layers = frozenset(("trails", "heat", "labels"))

    def __init__(self, settings: Settings | None = None) -> None:
        self._ground = Ground(settings)
        self.bounds = self._ground.with_numbers
        super().__init__(settings)

    def reset(self) -> None:
        """Forget where everybody was."""
        super().reset()
        leap = trails.LEAP * self._ground.scale
        self._interpolation, self._headings = Interpolation(self._farthest), Headings()
        self._trails, self._heat = Trails(leap), Heat(self._ground.bounds)
        self._density, self._held = Density(), Held()
        self._shown: Floats = np.zeros((0, 2))  # (agents, 2) [m] where they are on their way
        # (agents,) which of very many were drawn last: the only thing that drawing tells
        # following, as the density does. Of so many, nobody can follow which way each looks.
        self._near: Flags = np.zeros(0, np.bool_)

    def follow(self, frame: Frame) -> None:
        """Note where every robot is, on its way to its last published place."""
        super().follow(frame)
        part = frame.part("x", "y")
        self._shown = self._interpolation.follow(part)
        self._heat.follow(part)
        self._density.follow(frame, self._shown, self._interpolation.moves)
        if len(self._shown) <= MANY:
            places = self._ground.clip(self._shown)
            self._trails.follow(places, frame)
            self._turn(places, frame)
            self._held.follow(places, frame)
        elif len(self._near) == len(self._shown):  # of very many, those that somebody looks at
            self._turn(self._shown[self._near], frame.only(self._near))

    def _turn(self, places: Floats, frame: Frame) -> None:
        """Note which way everybody faces: as they say, else as they move."""
        stated = None
        if HEADING in frame.fields:
            stated = np.where(frame.says(HEADING), frame[HEADING], np.nan)
        self._headings.follow(places, frame, stated)

    def draw(self, canvas: Canvas) -> None:
        """Draw the grid and every robot."""
        ground = self._ground
        canvas.background(ground.paint, slanted=ground.obstructed)
        frame, shown, many = self.frame, self._shown, max(len(self._shown), 1)
        room = ground.area * canvas.camera.scale**2 / many  # [px, an area] of each
        size = CROWD * sqrt(room) / canvas.scale
        if agents.choose_look(room, size, many) is Look.DENSITY:
            self._density.draw(canvas, frame, ground.bounds, see_through=ground.obstructed)
            looks.draw(canvas, frame, shown, DOT)
            agents.point_out(canvas, shown, frame)
            return
        self._density.rest()
        places = ground.clip(shown)
        if many > MANY:
            places = np.fmax(places, ground.low)  # one that is nowhere (nan): at the edge, marked
            seen = agents.in_view(canvas, places)
            few = np.count_nonzero(seen) <= MANY
            self._near = seen if few else seen[:0]
            frame, places = frame.only(seen), places[seen]
        if "heat" in canvas.layers:
            self._heat.draw(canvas)
        if "trails" in canvas.layers and many <= trails.MOST:
            self._trails.draw(canvas)
        part = frame.part("x", "y")
        invalid = ground.out_of_range(part.shown)
        headings, size = self._headings.of(frame.agents), min(LARGEST, size)
        looks.draw(canvas, frame, places, size)
        jumped, origins = self._interpolation.jumps(part)
        robots = Sprites("robot", size, places, headings, invalid, name=self.agent_name)
        robots = robots._replace(held=self._held, jumped=jumped, origins=origins)
        agents.draw(canvas, frame, robots)

    def where(self, agent: int, canvas: Canvas) -> tuple[float, float] | None:
        """The place of an agent as it is shown at this moment [m]; None where it has none."""
        shown = self._shown[np.searchsorted(self.frame.agents, agent)]
        if np.isnan(shown).any():
            return None
        x, y = self._ground.clip(shown).tolist()
        return x, y

    def _farthest(self, seconds: Floats) -> Floats:
        """How far a robot can have got in so many seconds (n,) [m]: farther is a jump."""
        far: Floats = np.maximum(trails.LEAP, FASTEST * seconds) * self._ground.scale
        return far

    @property
    def note(self) -> str:
        """Whether they glide."""
        return too_many(len(self._shown))

    def panel(self, rows: int, selected: int) -> Panel:
        """The first robots with their values as they stand in the array."""
        unit, written = self._ground.unit, self._ground.written
        frame, shown = self.frame, []
        further = [name for name in frame.fields if name not in FIELDS]
        several = ["mover"] * (len(frame.behaviours) > 1)
        some = further[: FURTHER - len(several)]
        places = [f"{axis} [{unit}]" for axis in "xy"]
        titles = ["robot", *places, *panel.headings(frame, some), *several, "updates"]
        titles.append("pid there" if frame.hosts else "pid")
        ends = COLUMNS[len(some) + len(several)]
        columns = [
            Column(title, right, to_left=right == ends[0])
            for title, right in zip(titles, ends, strict=False)
        ]
        for agent in panel.first(frame.agents, rows, selected):
            slot = agent // frame.per_process
            x, y, *others = (frame.values[agent, frame.columns[name]] for name in ["x", "y", *some])
            cells = [str(agent), written(x), written(y), *panel.figures(others)]
            cells += [frame.mover_of(agent)] * len(several)
            cells += [str(frame.updates[slot]), str(frame.pid[slot])]
            shown.append((agent, cells[: len(columns)]))
        title = "Robots" + panel.left_out(len(further) - len(some))
        return Panel(title, columns, shown, len(frame.agents))
