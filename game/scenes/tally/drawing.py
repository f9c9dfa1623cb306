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

import numpy as np

from game.frame import Floats
from game.scenes.tally import name, table, words
from game.scenes.tally.figures import Count, TallyView
from game.view import agents
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.numbers import percent
from game.view.panel import Panel
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
        tints = canvas.tints(numbers, self.frame.per_process)
        columns = (part.tolist() for part in (numbers, tints, bottoms, tops))
        for agent, tint, bottom, top in zip(*columns, strict=True):
            colour = canvas.theme.tint(tint)
            box = Bounds(left, bottom + GAP * (top - bottom > 3 * GAP), right, top)
            canvas.box(box, colour)
            if self.frame.is_dead(agent):  # between two stripes
                for edge in (left, right - STRIPE * canvas.point):
                    canvas.box(box._replace(left=edge, right=edge + STRIPE * canvas.point), "alarm")
            if top - bottom >= NAME[1] * canvas.point and right - left >= NAME[0] * canvas.point:
                ink = agents.readable_on(colour, canvas.theme)
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
        return table.panel(tally, rows)

    def caption(self) -> Caption | None:
        """What the mode does, what it looks like in Python, and what is the matter."""
        tally = self.tally
        if tally is None:
            return None
        return words.caption(tally)

    def results(self) -> list[str]:
        """What became of the additions, in each way that was shown."""
        counts = self.tally.counts if self.tally else {}
        return [
            f"{mode}: {count.added:,} added, {count.counted:,} counted, {count.lost:,} lost"
            for mode, count in counts.items()
        ]


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
