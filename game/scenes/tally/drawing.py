"""The tally: what each process has added, and beside it what the shared cell says of it.

  added              the cell says
+-------+
| P 3   |           missing  - - - -
|-------|           +-------+
| P 2   |           |       |
|-------|           |       |
| P 1   |           |       |
+-------+           +-------+
"""

from collections.abc import Callable

import numpy as np

from game.frame import Floats
from game.scenes.tally import name
from game.scenes.tally.figures import Count, TallyView
from game.view import agents
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption, Lesson
from game.view.numbers import abbreviated, percent
from game.view.panel import Column, Panel
from game.view.scene import BaseScene

WIDE, HIGH = 100.0, 58.0  # [m] of the ground that is shown
FLOOR, TOP = 6.0, 48.0  # [m] where the columns stand, and how high the higher one is
ADDED, SAYS = (10.0, 42.0), (58.0, 90.0)  # [m] from left to right: the two columns
NAME = 76, 17  # [pt] wide and high: of a part of a column that has room for its name
FIGURES = 16  # [pt] high
STRIPE = 5  # [pt] wide, at both ends of a part whose process died
WORDS = 190  # [pt] from the middle of a column to that of the next: there is room for all words
GAP = 0.25  # [m] between the parts
DASHES = 15  # along each side of what is missing
NOTHING = "-"  # in the table, where nothing was measured
TITLES = 0.24  # of the table's width: the names of its rows
FIGURE = 6  # letters' widths of a figure, which may be wider than its heading


LESSONS = {
    "none": Lesson(
        "No lock. To add 1 is to read, to add and to write. A process that reads between another "
        "one's read and its write writes the same number again: an addition is lost.",
        ("raw = a.get_obj()", "for _ in range(n):", "    raw[0] += 1", "", "print(raw[0])"),
    ),
    "element": Lesson(
        "The Array takes its lock by itself, for each access. But += is two of them, a read and "
        "a write, and another process comes in between: additions are still lost.",
        ("for _ in range(n):", "    a[0] += 1  # lock, read; lock, write", "", "print(a[0])"),
    ),
    "lock": Lesson(
        "The lock around the whole addition: nothing is lost, ever. But everybody waits for "
        "everybody, and whoever dies inside shuts all others out.",
        ("for _ in range(n):", "    with a.get_lock():", "        a[0] += 1", "", "print(a[0])"),
    ),
    "own": Lesson(
        "A cell for each process; whoever wants to know adds them up. There is one writer a "
        "cell, so there is nothing to lose, and nobody waits.",
        ("for _ in range(n):", "    cells[me] += 1  # mine alone", "", "print(sum(cells))"),
    ),
}


class Scene(BaseScene):
    """Processes that publish how often they have `added`.

    What the shared cell says their own source adds to each Frame.
    """

    bounds = Bounds(0.0, 0.0, WIDE, HIGH)

    @property
    def title(self) -> str:  # type: ignore[override]
        """Its name, and the way to share."""
        return f"Tally, sharing: {self.tally.mode}" if self.tally else "Tally"

    @property
    def tally(self) -> TallyView | None:
        """How it stands; None where nobody knows."""
        extra = self.frame.extra
        return extra if isinstance(extra, TallyView) else None

    def _parts(self) -> Floats:
        """What each agent shown has added, (len(agents),)."""
        if not self.frame.columns:
            return np.zeros(0)
        added = np.nan_to_num(self.frame["added"], posinf=0.0, neginf=0.0)
        return np.maximum(added, 0.0)

    def draw(self, canvas: Canvas) -> None:
        """Draw both columns, and what is missing of the second one."""
        canvas.background(paint_ground, slanted=False)
        canvas.drawn = np.zeros((0, 2)), np.zeros(0, np.int64)
        parts = self._parts()
        # The rows are as old as the last publish, the count is of now: the rows give the shares.
        count = self.tally.now if self.tally else Count(int(parts.sum()), int(parts.sum()))
        most = max(count.added, count.counted, 1)
        metres = (TOP - FLOOR) / most
        self._draw_added(canvas, parts, count.added * metres)
        self._draw_cell(canvas, count, metres)

    def _draw_added(self, canvas: Canvas, parts: Floats, high: float) -> None:
        """The column of what all have added, a part for each process."""
        numbers, total = self.frame.agents, float(parts.sum())
        tops = FLOOR + np.cumsum(parts) * (high / total if total else 0.0)
        bottoms = np.concatenate(([FLOOR], tops))[:-1]
        left, right = ADDED
        for agent, bottom, top in zip(
            numbers.tolist(), bottoms.tolist(), tops.tolist(), strict=True
        ):
            box = Bounds(left, bottom + GAP * (top - bottom > 3 * GAP), right, top)
            canvas.box(box, canvas.theme.agent(agent))
            if self.frame.is_dead(agent):  # between two stripes
                for edge in (left, right - STRIPE * canvas.point):
                    canvas.box(box._replace(left=edge, right=edge + STRIPE * canvas.point), "alarm")
            if top - bottom >= NAME[1] * canvas.point and right - left >= NAME[0] * canvas.point:
                ink = agents.readable_on(canvas.theme.agent(agent), canvas.theme)
                canvas.label((left + right) / 2, (bottom + top) / 2, name(agent), ink)
        middles = np.column_stack((np.full(len(tops), (left + right) / 2), (bottoms + tops) / 2))
        canvas.drawn = canvas.camera.pixels(*middles.T), numbers
        agents.point_out(canvas, middles, self.frame)
        under = FLOOR - 11 * canvas.point
        words = "added" if narrow(canvas) else "added, all together"
        canvas.label((left + right) / 2, under, words, "dim")
        over = FLOOR + high + FIGURES * canvas.point
        canvas.label((left + right) / 2, over, f"{self._added():,}", "text", FIGURES)

    def _added(self) -> int:
        return self.tally.now.added if self.tally else int(self._parts().sum())

    def _draw_cell(self, canvas: Canvas, count: Count, metres: float) -> None:
        """The column of what the cell says, and a dashed frame around what is missing."""
        left, right = SAYS
        middle, top = (left + right) / 2, FLOOR + count.counted * metres
        canvas.box(Bounds(left, FLOOR, right, top), "accent")
        own = self.tally and self.tally.mode == "own"
        words = "all cells say, added up" if own else "the shared cell says"
        if narrow(canvas):
            words = "counted"
        canvas.label(middle, FLOOR - 11 * canvas.point, words, "dim")
        line = FIGURES * canvas.point  # [m] high
        over, missing = top + line, count.lost * metres
        if missing > 0:
            dashes(canvas, Bounds(left, top, right, top + missing))
            words = f"{count.lost:,} lost"
            if not narrow(canvas):
                words += f" ({percent(count.lost, count.added)})"
            canvas.label(middle, top + missing + line, words, "alarm", FIGURES)
            over = top - line if top - FLOOR > 2 * line else top + line
        ink = "shade" if over < top else "text"
        if over < top or missing == 0 or missing > 2 * line:
            canvas.label(middle, over, f"{count.counted:,}", ink, FIGURES)

    def panel(self, rows: int, selected: int) -> Panel:
        """The ways to share side by side, as far as they have been shown."""
        tally = self.tally
        if tally is None:
            return super().panel(rows, selected)
        columns = [Column("", TITLES, to_left=True)]
        rooms = {mode: max(len(mode), FIGURE) for mode in LESSONS}
        for mode, room in rooms.items():
            end = columns[-1].right + (1 - TITLES) * room / sum(rooms.values())
            columns.append(Column(mode, end, lit=mode == tally.mode))
        counts = [tally.counts.get(mode, Count()) for mode in LESSONS]
        table = [
            (-1, (title, *(row(count) if count.added else NOTHING for count in counts)))
            for title, row in ROWS
        ]
        return Panel("Four ways to add", columns, table[:rows], len(table))

    def caption(self) -> Caption | None:
        """What the mode does, what it looks like in Python, and what is the matter."""
        tally = self.tally
        if tally is None:
            return None
        lesson = LESSONS[tally.mode]
        return Caption(
            f"{tally.mode}: {state(tally)}", lesson.says, lesson.code, tally.alarm, notice(tally)
        )

    def results(self) -> list[str]:
        """What became of the additions, in each way that was shown."""
        counts = self.tally.counts if self.tally else {}
        return [
            f"{mode}: {count.added:,} added, {count.counted:,} counted, {count.lost:,} lost"
            for mode, count in counts.items()
        ]


def state(tally: TallyView) -> str:
    """Whether the figures are exact at this moment."""
    if tally.exact:
        return "exact, all have stopped"
    if tally.waiting:
        return f"waiting for {tally.waiting} to stop"
    return "all add flat out; exact in a pause"


def notice(tally: TallyView) -> str:
    """What else is to be told; "" if nothing."""
    if tally.notice or not tally.killed:
        return tally.notice
    return (
        f"Killed in the middle of an addition: {tally.killed}. Nobody knows whether it arrived: "
        "it is set aside, on both sides."
    )


ROWS: tuple[tuple[str, Callable[[Count], str]], ...] = (
    ("added", lambda count: abbreviated(count.added)),
    ("counted", lambda count: abbreviated(count.counted)),
    ("lost", lambda count: abbreviated(count.lost)),
    ("  share", lambda count: percent(count.lost, count.added)),
    ("set aside", lambda count: abbreviated(count.set_aside)),
    ("added/s", lambda count: abbreviated(count.rate)),
)


def narrow(canvas: Canvas) -> bool:
    """Whether words under the two columns, or above them, would touch each other."""
    return (SAYS[0] - ADDED[0]) / canvas.point < WORDS


def dashes(canvas: Canvas, bounds: Bounds) -> None:
    """A dashed frame in the colour of what is wrong, 2 pt thick."""
    thick = 2 * canvas.point
    x, y = (
        np.linspace(low, high, 2 * DASHES).tolist() for low, high in (bounds[::2], bounds[1::2])
    )
    for first in range(0, 2 * DASHES - 1, 2):
        for edge in (bounds.bottom, bounds.top - thick):
            canvas.box(Bounds(x[first], edge, x[first + 1], edge + thick), "alarm")
        for edge in (bounds.left, bounds.right - thick):
            canvas.box(Bounds(edge, y[first], edge + thick, y[first + 1]), "alarm")


def paint_ground(canvas: Canvas) -> None:
    """A plain floor, and the line that the columns stand on."""
    canvas.fill("floor")
    canvas.box(Bounds(4.0, FLOOR - 0.3, WIDE - 4.0, FLOOR), "grid_ten")
