"""The curves: how the run went in the last half minute, as small charts side by side.

The screen notes a moment with every frame and draws the panel when it is wanted.
"""

from collections import deque
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from pygame import Rect

from game.view.memory import Memory
from game.view.numbers import axis_value
from game.view.painter import Area, Painter
from game.view.text import SMALL

SPAN = 30.0  # [s] that are shown
RATE = 10  # samples a second
SMOOTH = 1000 / 60  # [ms] a frame may take at 60 frames a second
EDGE, GAP = 14, 26  # [pt] around the charts, and between two of them
HEADING = 34  # [pt] from the panel's edge down to the charts
LEAST = 170  # [pt] wide: a narrow window shows fewer charts


class Moment(NamedTuple):
    """What is known of the run at one moment."""

    frame: float  # [ms] of work for a picture
    updates: float  # [1/s] of all movers
    processes: float  # that are alive
    rejected: float  # [1/s] rows that were half-written and are not shown


class Chart(NamedTuple):
    """One curve's heading."""

    title: str
    unit: str
    limit: float = 0.0  # a line to stay below; 0: none


CHARTS = (  # in the order of a Moment's figures
    Chart("frame", "ms", SMOOTH),
    Chart("updates", "/s"),
    Chart("processes", ""),
    Chart("rejected rows", "/s"),
)


class Curves(Memory):
    """The samples of the last SPAN seconds: of each tenth of a second, the most."""

    REMEMBERS = ("samples",)

    def __init__(self) -> None:
        self.shown = False
        super().__init__()

    def reset(self) -> None:
        """Forget all samples."""
        self.samples: deque[tuple[float, Moment]] = deque(maxlen=int(SPAN * RATE) + 2)  # [s] when

    def follow(self, now: float, moment: Moment) -> None:
        """Note what is known at `now` [s]; `now` never goes back."""
        tick = floor(now * RATE) / RATE
        if self.samples and self.samples[-1][0] == tick:
            before = self.samples.pop()[1]
            moment = Moment(*map(max, before, moment))
        self.samples.append((tick, moment))

    def draw(self, painter: Painter, area: Area, now: float) -> None:
        """Draw as many charts as there is room for, in the order of their weight."""
        painter.fill("panel", area)
        painter.fill("line", Rect(area.x, area.y, area.width, 1))
        kept = [(when, moment) for when, moment in self.samples if now - when <= SPAN]
        room = area.width - 2 * EDGE + GAP
        many = max(1, min(len(CHARTS), room // (LEAST + GAP)))
        wide = room / many
        for place, chart in enumerate(CHARTS[:many]):
            left, right = round(place * wide), round((place + 1) * wide) - GAP
            part = Rect(area.x + EDGE + left, area.y, right - left, area.height)
            _chart(painter, part, chart, [(when - now, moment[place]) for when, moment in kept])


def _chart(
    painter: Painter, area: Area, chart: Chart, samples: Sequence[tuple[float, float]]
) -> None:
    """Draw one curve of samples, [s] before now and value, with its heading and its scale."""
    present = samples[-1][1] if samples else 0.0
    top = nice(max((value for _, value in samples), default=0.0), chart.limit)
    middle = area.y + HEADING / 2 + 1
    shown = f"{axis_value(present)} {chart.unit}".strip()
    across = painter.write(shown, area.right, middle, "text", across=1.0, down=0.5)
    title = painter.cut(chart.title, area.width - across - 8)
    painter.write(title, area.x, middle, "dim", down=0.5)
    below = Rect(area.x, area.y + HEADING, area.width, area.height - HEADING - EDGE)
    plot = _scale(painter, below, chart, top)
    ends = [
        (plot.right + plot.width * when / SPAN, plot.bottom - 1 - (plot.height - 2) * value / top)
        for when, value in samples
    ]
    if len(ends) > 1:
        painter.lines("accent", ends, 1.5)


def _scale(painter: Painter, area: Area, chart: Chart, top: float) -> Area:
    """Draw the lines of a chart up to `top`, with their values; returns what is left for it."""
    limit = area.bottom - round(area.height * chart.limit / top)
    marks = [(area.y, axis_value(top), "dim"), (area.bottom, "0", "dim")]
    if chart.limit and min(limit - area.y, area.bottom - limit) > SMALL:
        marks.append((limit, f"{chart.limit:.1f}", "alarm"))
    plot = Rect(area)
    plot.width -= ceil(max(painter.width(words) for _, words, _ in marks)) + 8
    for y, words, ink in marks:
        painter.write(words, area.right, y, ink, across=1.0, down=0.5)
    for y in (plot.y, plot.bottom - 1):
        painter.fill("line", Rect(plot.x, y, plot.width, 1))
    if chart.limit:
        painter.fill("alarm", Rect(plot.x, limit, plot.width, 1))
    return plot


def nice(most: float, limit: float = 0.0) -> float:
    """A round number that `most` and `limit` fit under: 1, 2 or 5 times a power of ten."""
    most = max(most, limit * 1.2)
    if most <= 1.0:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)
