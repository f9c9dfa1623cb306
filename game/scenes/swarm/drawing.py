"""The swarm: robots on a square grid."""

from math import ceil, floor, sqrt

import numpy as np

from game.frame import Flags, Floats, Frame
from game.scenes.swarm import FIELDS, HEADING, SIDE
from game.view import agents, panel, trails
from game.view.agents import Look, Sprites
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.density import Density
from game.view.heat import Heat
from game.view.interpolation import Headings, Interpolation, too_many
from game.view.labels import Held
from game.view.numbers import cell_value
from game.view.panel import Column, Panel
from game.view.scene import BaseScene
from game.view.trails import Trails

MANY = 20_000  # robots; of more, only those in view are known to face some way
FASTEST = 30.0  # [m/s] a robot that is at another place sooner has jumped
LARGEST, CROWD = 36, 0.42  # [pt] of a robot; of its share of the ground, in a crowd
STEPS = (0.2, 0.5, 1, 2, 5, 10, 20, 50)  # [m] between two numbers of the grid
CLOSEST = 40  # [pt] between them
ASIDE, BELOW = 16, 11  # [pt] from the axes to their numbers, or from the edge of the view
EDGE = 4.0  # [m] around the square, for the numbers
# Where the table's columns end, by how many further fields it shows; as many of them as it can.
COLUMNS = (
    (0.18, 0.40, 0.60, 0.80, 1.0),
    (0.14, 0.27, 0.40, 0.69, 0.85, 1.0),
    (0.14, 0.29, 0.43, 0.72, 1.0),
)
FURTHER = len(COLUMNS) - 1
SQUARE = Bounds(0, 0, SIDE, SIDE)
# [m] beyond the edge that still count as on it: the table rounds them to it, and no eye sees them.
# Who computes a place on the edge, with sines or sums, is off by far less.
HAIR = 0.05


class Scene(BaseScene):
    """Robots that publish `x` and `y` [m] on a square of SIDE by SIDE."""

    REMEMBERS = ("_interpolation", "_headings", "_trails", "_heat", "_held")
    title = "Swarm"
    layers = frozenset(("trails", "heat", "labels"))
    bounds = Bounds(-EDGE, -EDGE, SIDE + 1, SIDE + 1)

    def reset(self) -> None:
        """Forget where everybody was."""
        super().reset()
        self._interpolation, self._headings = Interpolation(farthest), Headings()
        self._trails, self._heat = Trails(), Heat(SQUARE)
        self._density, self._held = Density(), Held()
        self._shown: Floats = np.zeros((0, 2))  # (agents, 2) [m] where they are on their way
        # (agents,) which of very many were drawn last: the only thing that drawing tells
        # following, as the density does. Of so many, nobody can follow which way each looks.
        self._near: Flags = np.zeros(0, np.bool_)

    def follow(self, frame: Frame) -> None:
        """Note where every robot is, on its way to its last published place."""
        super().follow(frame)
        ground = frame.part("x", "y")
        self._shown = self._interpolation.follow(ground)
        self._heat.follow(ground)
        self._density.follow(frame, self._shown, self._interpolation.moves)
        if len(self._shown) <= MANY:
            places = np.clip(self._shown, 0.0, SIDE)
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
        canvas.background(paint_ground, slanted=False)
        frame, shown = self.frame, self._shown
        side, many = SIDE * canvas.camera.scale, max(len(shown), 1)
        room, size = side * side / many, CROWD * side / sqrt(many) / canvas.scale
        if agents.choose_look(room, size, many) is Look.DENSITY:
            self._density.draw(canvas, frame, SQUARE)
            agents.point_out(canvas, shown, frame)
            return
        self._density.rest()
        places = np.clip(shown, 0.0, SIDE)
        if many > MANY:
            places = np.fmax(places, 0.0)  # one that is nowhere (nan) stands at the edge, marked
            seen = agents.in_view(canvas, places)
            few = np.count_nonzero(seen) <= MANY
            self._near = seen if few else seen[:0]
            frame, places = frame.only(seen), places[seen]
        if "heat" in canvas.layers:
            self._heat.draw(canvas)
        if "trails" in canvas.layers and many <= trails.MOST:
            self._trails.draw(canvas)
        ground = frame.part("x", "y")
        invalid = out_of_range(ground.shown)
        headings, size = self._headings.of(frame.agents), min(LARGEST, size)
        jumped, origins = self._interpolation.jumps(ground)
        robots = Sprites("robot", size, places, headings, invalid, name=self.agent_name)
        robots = robots._replace(held=self._held, jumped=jumped, origins=origins)
        agents.draw(canvas, frame, robots)

    def where(self, agent: int, canvas: Canvas) -> tuple[float, float] | None:
        """The place of an agent as it is shown at this moment [m]; None where it has none."""
        shown = self._shown[np.searchsorted(self.frame.agents, agent)]
        if np.isnan(shown).any():
            return None
        x, y = np.clip(shown, 0.0, SIDE).tolist()
        return x, y

    @property
    def note(self) -> str:
        """Whether they glide."""
        return too_many(len(self._shown))

    def panel(self, rows: int, selected: int) -> Panel:
        """The first robots with their values as they stand in the array."""
        frame, shown = self.frame, []
        further = [name for name in frame.fields if name not in FIELDS]
        some = further[:FURTHER]
        titles = ["robot", *panel.headings(frame, ["x", "y", *some]), "updates", "pid"]
        columns = [
            Column(title, right, to_left=right == COLUMNS[len(some)][0])
            for title, right in zip(titles, COLUMNS[len(some)], strict=False)
        ]
        for agent in panel.first(frame.agents, rows, selected):
            slot = agent // frame.per_process
            x, y, *others = (frame.values[agent, frame.columns[name]] for name in ["x", "y", *some])
            cells = [str(agent), metres(x), metres(y), *panel.figures(others)]
            cells += [str(frame.updates[slot]), str(frame.pid[slot])]
            shown.append((agent, cells[: len(columns)]))
        title = "Robots" + panel.left_out(len(further) - len(some))
        return Panel(title, columns, shown, len(frame.agents))


def farthest(seconds: Floats) -> Floats:
    """How far a robot can have got in so many seconds (n,) [m]: farther is a jump."""
    return np.maximum(trails.LEAP, FASTEST * seconds)


def metres(value: float) -> str:
    """A coordinate as it stands in the table."""
    return f"{value:z.1f}" if abs(value) < 1e5 else cell_value(value)


def out_of_range(places: Floats) -> Flags:
    """Which places (n, 2) [m] are not on the square; one that is not finite never is."""
    inside: Flags = (places > -HAIR) & (places < SIDE + HAIR)
    return np.asarray(~inside.all(axis=1))


def paint_ground(canvas: Canvas) -> None:
    """The square with its lines and numbers, as many as there is room for."""
    canvas.box(SQUARE, "floor")
    wide = next(step for step in STEPS if step / canvas.point >= CLOSEST or step == STEPS[-1])
    sight = canvas.sight
    for upright, low, high in ((True, sight.left, sight.right), (False, sight.bottom, sight.top)):
        first, last = ceil(max(low, 0.0) / wide * 2), floor(min(high, SIDE) / wide * 2)
        lines = np.arange(first, last + 1) * (wide / 2)
        numbered = np.arange(first, last + 1) % 2 == 0
        canvas.rules(lines[~numbered], "grid", SQUARE, upright)
        canvas.rules(lines[numbered], "grid_ten", SQUARE, upright)
        write_numbers(canvas, lines[numbered].tolist(), upright)


def write_numbers(canvas: Canvas, numbers: list[float], upright: bool) -> None:
    """Write numbers along the axis, or along the edge of the view where it is out of sight."""
    sight, aside, below = canvas.sight, ASIDE * canvas.point, BELOW * canvas.point
    # Where the two rows of numbers are, and would meet.
    x, y = max(-aside, sight.left + aside), max(-below, sight.bottom + below)
    for number in numbers:
        if upright and (x < 0 or x + aside < number) and number < sight.right - aside:
            canvas.label(number, y, f"{number:g}", "dim", on="floor" if y > 0 else "")
        elif not upright and y + below < number < sight.top - below:
            canvas.label(x, number, f"{number:g}", "dim", on="floor" if x > 0 else "")
