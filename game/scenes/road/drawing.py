"""The road: vehicles abreast, moved by one writer. A torn frame is a crooked line.

y ^     | lane | lane | lane |      the front stays at FRONT, the road runs away under it;
  |     |  1   |  2   |  3   |      a vehicle that is behind stands lower
"""

from collections.abc import Callable
from math import pi

import numpy as np

from game.frame import Floats, Frame
from game.scenes.road.figures import SyncFigures, SyncView
from game.view import agents
from game.view.agents import Sprites
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption, Lesson
from game.view.numbers import abbreviated, milliseconds, percent
from game.view.panel import Column, Panel
from game.view.scene import BaseScene

WIDE, HIGH = 100.0, 42.0  # [m] of the ground that is shown
FRONT = 33.0  # [m] from the lower edge, where the front vehicles are
STRETCH = 5.0  # [m] drawn for each metre that a vehicle is behind
LOWEST = 2.0  # [m] from the lower edge: nobody is drawn lower
LARGEST = 56.0  # [pt] of a vehicle
AROUND = 1000  # [m] after which the road's numbers begin again
DASH = 5.0  # [m] between two dashes of a lane's edge
FASTEST = 25.0  # [m/s] that the road runs away, however fast the writer is
NOTHING = "-"  # in the table, where nothing was measured
TITLES = 0.22  # of the table's width: the names of its rows
FIGURE = 6  # letters' widths of a figure, which may be wider than its heading
APART = 2  # letters' widths between two columns
LANED = 40  # vehicles up to which each has its lane drawn and is a sprite


LESSONS = {
    "none": Lesson(
        "No lock. The writer moves one vehicle after the other; the reader copies whatever is "
        "there. It can catch the pass half done: a crooked line.",
        ("raw = a.get_obj()", "for j in range(n):", "    raw[j] += 1", "", "copy = raw[:]"),
    ),
    "element": Lesson(
        "The tutorial's way. The Array locks every single access, so each number is whole. The "
        "pass is many accesses: the reader still comes in between.",
        ("for j in range(n):", "    a[j] += 1  # the lock, each time", "", "copy = list(a)"),
    ),
    "lock": Lesson(
        "The whole pass and the whole copy inside the lock: never torn. But each waits for the "
        "other, and a process that dies inside shuts everybody out (Z).",
        (
            "with a.get_lock():",
            "    for j in range(n):",
            "        a[j] += 1",
            "with a.get_lock():",
            "    copy = a[:]",
        ),
    ),
    "seqlock": Lesson(
        "The arena's way. The writer makes a number odd, copies, makes it even; the reader "
        "copies, and tries again if the number was odd or has changed. Nobody waits.",
        (
            "seq += 1; a[:] = new; seq += 1",
            "",
            "before = seq; copy = a[:]",
            "ok = before == seq and seq % 2 == 0",
        ),
    ),
}


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
            for (x, y), lag in zip(places[late].tolist(), behind[late].tolist(), strict=True):
                canvas.label(x, y - size * 0.8 * canvas.point, f"{-lag:.0f}", "alarm")
            agents.draw(canvas, frame, Sprites("car", size, places, up, first=1))
            canvas.rings(places[late], "alarm", size)
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
        """The four modes side by side, as far as they have been shown."""
        sync = self.sync
        if sync is None:
            return Panel("Vehicles", (), (), 0)
        columns = [Column("", TITLES, to_left=True)]
        rooms = [max(len(name), FIGURE) + APART for name in sync.figures]
        for name, room in zip(sync.figures, rooms, strict=True):
            end = columns[-1].right + (1 - TITLES) * room / sum(rooms)
            columns.append(Column(name, end, lit=name == sync.mode))
        table = [
            (-1, (title, *(row(f) if tried(f) else NOTHING for f in sync.figures.values())))
            for title, row in ROWS
        ]
        return Panel("Four ways to share", columns, table[:rows], len(table))

    def caption(self) -> Caption | None:
        """What the mode does, what it looks like in Python, and what is the matter."""
        sync = self.sync
        if sync is None:
            return None
        lesson = LESSONS[sync.mode]
        return Caption(
            f"{sync.mode}: {state(sync)}",
            lesson.says,
            lesson.code,
            sync.alarm or busy(sync),
            sync.notice,
        )


def state(sync: SyncView) -> str:
    """How the writer goes about it at this moment."""
    pace = "flat out" if sync.stress else "at its rate"
    delay = f", {sync.delay:g} ms between two elements" if sync.delay else ""
    return f"the writer goes {pace}{delay}"


def busy(sync: SyncView) -> str:
    """A word about a read that takes unusually long; "" if none does."""
    if sync.waiting < 0.1:
        return ""
    why = "the writer holds the lock" if sync.mode == "lock" else "the read goes on"
    return f"The reader has waited {sync.waiting:.1f} s: {why}. The picture is an old one."


def tried(figures: SyncFigures) -> bool:
    """Whether a mode has been shown at all."""
    return bool(figures.reads or figures.missed or figures.passes)


ROWS: tuple[tuple[str, Callable[[SyncFigures], str]], ...] = (
    ("reads", lambda f: abbreviated(f.reads)),
    ("torn", lambda f: abbreviated(f.torn)),
    ("  share", lambda f: percent(f.torn, f.reads) if f.reads else NOTHING),
    ("wait [ms]", lambda f: milliseconds(f.median) if f.reads else NOTHING),
    ("  p99", lambda f: milliseconds(f.p99) if f.reads else NOTHING),
    ("  max", lambda f: milliseconds(f.most) if f.reads else NOTHING),
    ("missed", lambda f: abbreviated(f.missed)),
    ("passes/s", lambda f: abbreviated(f.passes)),
)


def paint_ground(canvas: Canvas) -> None:
    """Grass, and a road as wide as all lanes."""
    bottom, top = canvas.sight.bottom - HIGH, canvas.sight.top + HIGH
    canvas.fill("grass")
    canvas.box(Bounds(0.0, bottom, WIDE, top), "tarmac")
    for x in (0.0, WIDE):
        canvas.line(np.array([(x, bottom), (x, top)]), "edge", 2.0)
