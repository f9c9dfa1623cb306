"""The curves: how the run went in the last half minute, as small charts side by side.

The screen notes a moment with every frame and draws the panel when it is wanted.
"""

from collections import deque
from collections.abc import Sequence
from math import ceil, floor, log10
from typing import NamedTuple

from pygame import Rect

from game.view.memory import Memory
from game.view.numbers import ago, axis_value
from game.view.painter import Area, Painter
from game.view.text import SMALL

SPAN = 30.0  # [s] that are shown
RATE = 10  # samples a second
SMOOTH = 1000 / 60  # [ms] a frame may take at 60 frames a second
EDGE, GAP = 14, 26  # [pt] around the charts, and between two of them
HEADING, FOOT = 34, 22  # [pt] from the panel's edge down to the charts; below them, for the time
TINY = 11  # [pt] high: the axis of time, and how high a spike was
TIMES = range(30, -1, -10)  # [s] ago that the axis names
SPIKES = 0.05  # of the samples may be spikes, which the scale lets stick out of it
STEEP = 3.0  # times as high as what the others need: a spike
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
        many = fitting(area.width)
        wide = (area.width - 2 * EDGE + GAP) / many
        for place, chart in enumerate(CHARTS[:many]):
            left, right = round(place * wide), round((place + 1) * wide) - GAP
            part = Rect(area.x + EDGE + left, area.y, right - left, area.height)
            _chart(painter, part, chart, [(when - now, moment[place]) for when, moment in kept])


def _chart(
    painter: Painter, area: Area, chart: Chart, samples: Sequence[tuple[float, float]]
) -> None:
    """Draw one curve of samples, [s] before now and value, with its heading and its scale."""
    present = samples[-1][1] if samples else 0.0
    top = scale_top([value for _, value in samples], chart.limit)
    middle = area.y + HEADING / 2 + 1
    shown = f"{axis_value(present)} {chart.unit}".strip()
    across = painter.write(shown, area.right, middle, "text", across=1.0, down=0.5)
    title = painter.cut(chart.title, area.width - across - 8)
    painter.write(title, area.x, middle, "dim", down=0.5)
    below = Rect(area.x, area.y + HEADING, area.width, area.height - HEADING - FOOT)
    plot = _scale(painter, below, chart, top)
    ends = [
        (
            plot.right + plot.width * when / SPAN,
            plot.bottom - 1 - (plot.height - 2) * min(value / top, 1.0),
        )
        for when, value in samples
    ]
    if len(ends) > 1:
        painter.lines("accent", ends, 1.5)
    _times(painter, plot)
    when, most = max(samples, key=lambda sample: sample[1], default=(0.0, 0.0))
    if most > top:
        _spike(painter, plot, plot.right + plot.width * when / SPAN, axis_value(most))


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


def _times(painter: Painter, plot: Area) -> None:
    """Write the axis of time under a chart: all of TIMES, or where it is narrow the ends."""
    room = plot.width / (len(TIMES) - 1)
    ends = (TIMES[0], TIMES[-1])
    for time in TIMES if room > 1.5 * painter.width(ago(TIMES[0]), TINY) else ends:
        x = plot.right - plot.width * time / SPAN
        painter.fill("line", Rect(round(x), plot.bottom, 1, 3))
        across = 0.0 if time == TIMES[0] else 1.0 if time == TIMES[-1] else 0.5
        painter.write(ago(time), x, plot.bottom + 4, "dim", TINY, across)


def _spike(painter: Painter, plot: Area, x: float, words: str) -> None:
    """Mark where a curve goes on above its scale, and write how high it went."""
    painter.fill("alarm", Rect(round(x) - 1, plot.y - 3, 3, 6))
    to_left = x + painter.width(words, TINY) + 4 > plot.right
    painter.write(words, x - 4 if to_left else x + 4, plot.y + 2, "alarm", TINY, float(to_left))


def left_out(width: int) -> list[str]:
    """The titles of the charts that a panel of a width [pt] has no room for."""
    return [chart.title for chart in CHARTS[fitting(width) :]]


def fitting(width: int) -> int:
    """How many charts a panel of a width [pt] has room for."""
    return max(1, min(len(CHARTS), (width - 2 * EDGE + GAP) // (LEAST + GAP)))


def scale_top(values: Sequence[float], limit: float) -> float:
    """Where the scale of some samples ends: a few steep ones do not flatten all the others."""
    rising = sorted(values)
    most = rising[-1] if rising else 0.0
    others = rising[-1 - int(SPIKES * len(rising))] if rising else 0.0
    whole, calm = nice(most, limit), nice(others, limit)
    return calm if others and whole > STEEP * calm else whole


def nice(most: float, limit: float = 0.0) -> float:
    """A round number that `most` and `limit` fit under: 1, 2 or 5 times a power of ten."""
    most = max(most, limit * 1.2)
    if most <= 1.0:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= most)
