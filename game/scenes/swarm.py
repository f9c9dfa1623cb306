"""The swarm: robots on a square grid."""

from math import ceil, floor, sqrt

import numpy as np

from game.glide import MOST, Glide, Headings
from game.movers.swarm import SIDE, name
from game.snapshot import Floats, Snapshot
from game.view import crowd, panel, trails
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.crowd import Look
from game.view.density import Density
from game.view.heat import Heat
from game.view.panel import Column, Panel
from game.view.trails import Trails

LARGEST, CROWD = 36, 0.42  # [pt] of a robot; of its share of the ground, in a crowd
STEPS = (0.2, 0.5, 1, 2, 5, 10, 20, 50)  # [m] between two numbers of the grid
CLOSEST = 40  # [pt] between them
ASIDE, BELOW = 16, 11  # [pt] from the axes to their numbers, or from the edge of the view
EDGE = 4.0  # [m] around the square, for the numbers
SQUARE = Bounds(0, 0, SIDE, SIDE)


class Scene:
    """Robots that publish `x` and `y` [m] on a square of SIDE by SIDE."""

    title = "Swarm"
    layers = frozenset(("trails", "heat", "labels"))
    bounds = Bounds(-EDGE, -EDGE, SIDE + 1, SIDE + 1)

    def __init__(self, place: str = "", laps: int = 0) -> None:
        self._glide = Glide()
        self._headings = Headings()
        self._density = Density()
        self._trails = Trails()
        self._heat = Heat(SQUARE)

    def draw(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the grid and every robot, where it is on its way to its last published place."""
        canvas.background(paint_ground, slanted=False)
        shown = self._glide.follow(snapshot)
        self._heat.follow(snapshot)
        side, many = SIDE * canvas.camera.scale, max(len(shown), 1)
        room, size = side * side / many, CROWD * side / sqrt(many) / canvas.scale
        if crowd.look(room, size, many) is Look.DENSITY:
            self._density.draw(canvas, snapshot, SQUARE)
            crowd.point_out(canvas, shown, snapshot)
            return
        self._density.note(snapshot)
        places = np.clip(shown, 0.0, SIDE)
        if many > MOST:
            places = np.fmax(places, 0.0)  # one that is nowhere (nan) stands at the edge, marked
            seen = crowd.in_view(canvas, places)
            snapshot, places = snapshot.only(seen), places[seen]
        self._draw_layers(canvas, snapshot, places, many)
        values = snapshot.shown
        odd = np.asarray(~((values >= 0) & (values <= SIDE)).all(axis=1))
        headings = self._headings.follow(places, snapshot)
        crowd.draw(canvas, "robot", places, headings, snapshot, min(LARGEST, size), odd, name=name)

    def _draw_layers(self, canvas: Canvas, snapshot: Snapshot, places: Floats, many: int) -> None:
        """What lies under the robots, as far as the person wants to see it; there are `many`."""
        if "heat" in canvas.layers:
            self._heat.draw(canvas, snapshot.now)
        if "trails" in canvas.layers and many <= trails.MOST:
            self._trails.follow(places, snapshot)
            self._trails.draw(canvas, snapshot)

    def where(self, snapshot: Snapshot, agent: int) -> tuple[float, float] | None:
        """The place of an agent as it is shown at this moment [m]; None where it has none."""
        shown = self._glide.follow(snapshot)[np.searchsorted(snapshot.agents, agent)]
        if np.isnan(shown).any():
            return None
        x, y = np.clip(shown, 0.0, SIDE).tolist()
        return x, y

    def panel(self, snapshot: Snapshot, rows: int) -> Panel:
        """The first robots with their values as they stand in the array."""
        columns = (
            Column("robot", 0.18, to_left=True),
            Column("x [m]", 0.40),
            Column("y [m]", 0.60),
            Column("updates", 0.80),
            Column("pid", 1.0),
        )
        shown = []
        for agent in panel.first(snapshot.agents, rows, snapshot.selected):
            slot = agent // snapshot.per_process
            x, y = snapshot.values[agent].tolist()
            cells = (str(agent), f"{x:.1f}", f"{y:.1f}", str(snapshot.updates[slot]))
            shown.append((agent, (*cells, str(snapshot.pid[slot]))))
        return Panel("Robots", columns, shown, len(snapshot.agents))


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
