"""The road: vehicles abreast, moved by one writer. A torn frame is a crooked line.

y ^     | lane | lane | lane |      the front stays at FRONT, the road runs away under it;
  |     |  1   |  2   |  3   |      a vehicle that is behind stands lower
"""

from math import pi

import numpy as np

from game.frame import Floats, Frame
from game.scenes.road import table, words
from game.scenes.road.figures import SyncView
from game.view import agents
from game.view.agents import Sprites
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.panel import Panel
from game.view.scene import BaseScene

WIDE, HIGH = 100.0, 42.0  # [m] of the ground that is shown
FRONT = 33.0  # [m] from the lower edge, where the front vehicles are
STRETCH = 5.0  # [m] drawn for each metre that a vehicle is behind
LOWEST = 2.0  # [m] from the lower edge: nobody is drawn lower
LARGEST = 56.0  # [pt] of a vehicle
BELOW = 12  # [pt] from the ring around one that is behind to the middle of how far it is
AROUND = 1000  # [m] after which the road's numbers begin again
DASH = 5.0  # [m] between two dashes of a lane's edge
FASTEST = 25.0  # [m/s] that the road runs away, however fast the writer is
LANED = 40  # vehicles up to which each has its lane drawn and is a sprite


class Scene(BaseScene):
    """Vehicles that publish `position` [m], the same for all in a whole copy.

    How the array is shared, and how that goes, its own source adds to each Frame.
    """

    REMEMBERS = ("_front", "_now")
    bounds = Bounds(-8.0, 0.0, WIDE + 3.0, HIGH)

    def reset(self) -> None:
        """Begin at the start of the road."""
        super().reset()
        self._front = 0.0  # [m] as it is shown
        self._now = 0.0

    @property
    def title(self) -> str:  # type: ignore[override]
        """Its name, and the way to share: a small window has no room to say it elsewhere."""
        return f"Road, sharing: {self.sync.mode}" if self.sync else "Road"

    @property
    def sync(self) -> SyncView | None:
        """How the array is shared; None where nobody knows."""
        extra = self.frame.extra
        return extra if isinstance(extra, SyncView) else None

    @property
    def _positions(self) -> Floats:
        """Where the vehicles are [m]."""
        if not self.frame.columns:
            return np.zeros(0)
        return np.nan_to_num(self.frame["position"], posinf=0.0, neginf=0.0)

    def follow(self, frame: Frame) -> None:
        """Move the front that is shown towards the true one, no faster than an eye follows."""
        super().follow(frame)
        front, now = float(self._positions.max(initial=0.0)), frame.now
        far = FASTEST * max(0.0, min(now - self._now, 0.1))
        self._now = now
        if front < self._front:
            self._front = front  # a new writer begins at 0
        self._front += min(front - self._front, far)
        if front - self._front > 4 * FASTEST:
            self._front = front - 4 * FASTEST + (self._front - front) % DASH

    def draw(self, canvas: Canvas) -> None:
        """Draw the road and every vehicle, as far behind the front as the frame has it."""
        canvas.background(paint_ground)
        positions = self._positions
        self._dashes(canvas, len(positions))
        self._milestones(canvas)
        if not len(positions):
            return
        behind = float(positions.max(initial=0.0)) - positions
        size = max(2.0, min(LARGEST, WIDE / canvas.point / len(positions) * 0.55))
        self._vehicles(canvas, self._places(behind), behind, size)

    def _places(self, behind: Floats) -> Floats:
        lanes = (np.arange(len(behind)) + 0.5) * (WIDE / len(behind))
        return np.column_stack((lanes, np.maximum(FRONT - behind * STRETCH, LOWEST)))

    def _vehicles(self, canvas: Canvas, places: Floats, behind: Floats, size: float) -> None:
        frame, late = self.frame, behind > 0
        if len(places) <= LANED:
            up = np.full(len(places), pi / 2)
            canvas.rings(places[late], "alarm", size)
            for (x, y), lag in zip(places[late].tolist(), behind[late].tolist(), strict=True):
                below = (size * 0.8 + BELOW) * canvas.point
                canvas.label(x, y - below, f"{-lag:.0f}", "alarm")
            agents.draw(canvas, frame, Sprites("car", size, places, up, first=1))
            return
        canvas.points(places[~late], "text", round(min(size, 8)))
        canvas.points(places[late], "alarm", round(min(size, 8)))
        agents.point_out(canvas, places, frame)

    def _dashes(self, canvas: Canvas, vehicles: int) -> None:
        """The lanes' edges, running away under the vehicles."""
        if not 1 < vehicles <= LANED:
            return
        lanes, sight = np.linspace(0.0, WIDE, vehicles + 1)[1:-1], canvas.sight
        first = (sight.bottom + self._front) // DASH * DASH - self._front
        for y in np.arange(first, sight.top, DASH).tolist():
            canvas.rules(lanes, "edge", Bounds(0.0, y, WIDE, y + DASH / 2), upright=True)

    def _milestones(self, canvas: Canvas) -> None:
        """A number every ten metres of the road, beside it."""
        first = int((self._front - FRONT) // 10) * 10
        for mark in range(first - 10, first + 80, 10):
            y = FRONT + mark - self._front
            if mark >= 0:
                canvas.line(np.array([(-2.0, y), (0.0, y)]), "edge", 2.0)
                canvas.label(-4.0, y, f"{mark % AROUND} m", "text")

    def panel(self, rows: int, selected: int) -> Panel:
        """The four ways side by side, as far as they have been shown."""
        return Panel("Vehicles", (), (), 0) if self.sync is None else table.panel(self.sync, rows)

    def caption(self) -> Caption | None:
        """What the way does, what it looks like in Python, and what is the matter."""
        if self.sync is None:
            return None
        positions, died = self._positions, bool(self.frame.dead.any())
        crooked = bool(len(positions)) and bool((positions != positions[0]).any())
        return words.caption(self.sync, crooked, died, len(self.frame.agents))


def paint_ground(canvas: Canvas) -> None:
    """Grass, and a road as wide as all lanes."""
    bottom, top = canvas.sight.bottom - HIGH, canvas.sight.top + HIGH
    canvas.fill("grass")
    canvas.box(Bounds(0.0, bottom, WIDE, top), "tarmac")
    for x in (0.0, WIDE):
        canvas.line(np.array([(x, bottom), (x, top)]), "edge", 2.0)
