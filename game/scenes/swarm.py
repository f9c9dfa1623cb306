"""The swarm: robots on a square grid."""

from math import sqrt

import numpy as np

from game.glide import Glide, Headings
from game.movers.swarm import SIDE
from game.snapshot import Snapshot
from game.view import crowd, density
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.panel import Column, Panel

LARGEST, CROWD = 34, 0.5  # [pt] of a robot; of its share of the ground, in a crowd
CLOSEST = 28  # [pt] between two numbers of the grid
EDGE = 4.0  # [m] around the square, for the numbers


class Scene:
    """Robots that publish `x` and `y` [m] on a square of SIDE by SIDE."""

    title = "Swarm"
    bounds = Bounds(-EDGE, -EDGE, SIDE + 1, SIDE + 1)

    def __init__(self, place: str = "") -> None:
        self._glide = Glide()
        self._headings = Headings()

    def draw(self, canvas: Canvas, snapshot: Snapshot) -> None:
        """Draw the grid and every robot, where it is on its way to its last published place."""
        canvas.background(paint_ground)
        shown = self._glide.follow(snapshot)
        if len(shown) > density.FROM:
            density.draw(canvas, shown, snapshot, Bounds(0, 0, SIDE, SIDE))
            return
        places = np.clip(shown, 0.0, SIDE)
        values = snapshot.shown
        odd = np.asarray(~((values >= 0) & (values <= SIDE)).all(axis=1))
        headings = self._headings.follow(places, snapshot)
        side = SIDE / canvas.point
        size = min(LARGEST, CROWD * side / sqrt(max(len(places), 1)))
        crowd.draw(canvas, "robot", places, headings, snapshot, size, odd)

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
        for agent in snapshot.agents[:rows].tolist():
            slot = agent // snapshot.per_process
            x, y = snapshot.values[agent].tolist()
            cells = (str(agent), f"{x:.1f}", f"{y:.1f}", str(snapshot.updates[slot]))
            shown.append((agent, (*cells, str(snapshot.pid[slot]))))
        return Panel("Robots", columns, shown, len(snapshot.agents))


def paint_ground(canvas: Canvas) -> None:
    """The square, with a line every 5 m and a number every ten."""
    canvas.box(Bounds(0, 0, SIDE, SIDE), "floor")
    for step in range(0, int(SIDE) + 1, 5):
        colour = "grid" if step % 10 else "grid_ten"
        canvas.line(np.array([(step, 0), (step, SIDE)]), colour)
        canvas.line(np.array([(0, step), (SIDE, step)]), colour)
    apart = next(step for step in (10, 20, 50) if step / canvas.point >= CLOSEST or step == 50)
    for step in range(0, int(SIDE) + 1, apart):
        canvas.label(step, -EDGE / 2, str(step), "dim")
        if step:
            canvas.label(-EDGE / 2, step, str(step), "dim")
