"""Lines: each element over the last ten seconds, as on an oscilloscope.

Of more than two dozen elements a band from the least to the most of all, and lines of the eight
that change most often.
"""

import numpy as np
import pygame

from game.frame import Floats
from game.scenes.watch.elements import Elements
from game.scenes.watch.history import ALL, TRACED, widened
from game.scenes.watch.plot import Axes, framed, inside, lens, write
from game.scenes.watch.views import NOTHING, View, one
from game.scenes.watch.watched import Watched
from game.view.canvas import Canvas, runs

NEAR = 14  # [px] from a line: the mouse is on it
BESIDE = 0.5  # [s] from a look: what was seen then still counts
SMOOTH = 6000  # pieces of lines up to which they are drawn with smooth edges
NAMES = 70  # [pt] at the right for the names of the lines
AIR = 0.05  # of the scale, above and below


class Lines(View):
    """An oscilloscope."""

    def fits(self, elements: Elements) -> bool:
        """Any numbers."""
        return True

    def draw(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> str:
        """Draw the band, the lines and their names."""
        elements, traces = watched.elements, watched.traces
        if elements is None:
            return ""
        axes = self._axes(canvas, area, watched)
        axes.draw(canvas, "seconds")
        when = traces.when - watched.now
        many, all_of_them = len(traces.elements), elements.many <= ALL
        smooth = many * int(np.isfinite(when).sum()) <= SMOOTH
        with inside(canvas, axes.area):
            if not all_of_them:
                band(canvas, axes, when, traces.low, traces.high)
            for place, element in enumerate(traces.elements):
                line(canvas, axes, when, traces.values[:, place], element, smooth)
        self._names(canvas, axes, watched, elements)
        if all_of_them:
            return "all elements"
        return f"the {many} that change most often; band: from the least to the most of all"

    def _axes(self, canvas: Canvas, area: pygame.Rect, watched: Watched) -> Axes:
        plot = framed(canvas, area)
        if area.width >= 320 * canvas.scale:
            plot.width -= round(NAMES * canvas.scale)
        low, high = scale_of(watched)
        return Axes(plot, lens(canvas), -TRACED, 0.0, low, high)

    def _names(self, canvas: Canvas, axes: Axes, watched: Watched, elements: Elements) -> None:
        """Write what each line is at its right end, as far as there is room."""
        right, scale = axes.area.right, canvas.scale
        if axes.lens.nearness > 1 or axes.area.right + 40 * scale > canvas.view[0] + canvas.view[2]:
            return
        last = watched.traces.values[-1, : len(watched.traces.elements)]
        heights = axes.pixels(0.0, np.nan_to_num(last))[1]
        taken: list[float] = []
        for place in np.argsort(heights).tolist():
            y = min(max(float(heights[place]), axes.area.top), axes.area.bottom)
            y = max([y, *(other + 14 * scale for other in taken[-1:])])
            if np.isfinite(last[place]) and y <= axes.area.bottom + 6 * scale:
                taken.append(y)
                element = watched.traces.elements[place]
                name = f"[{elements.place(element)}]"
                picture_at = right + 8 * scale
                swatch = pygame.Rect(right + 2, round(y) - 1, round(5 * scale), round(3 * scale))
                canvas.surface.fill(canvas.theme.agent(element), swatch)
                write(canvas, name, picture_at + 2 * scale, y, "text", down=0.5)

    def at(
        self, canvas: Canvas, area: pygame.Rect, watched: Watched, place: tuple[int, int]
    ) -> range:
        """The element whose line is nearest to a place."""
        axes, traces = self._axes(canvas, area, watched), watched.traces
        if not traces.elements or not axes.area.collidepoint(place):
            return NOTHING
        when = axes.numbers(*place)[0] + watched.now
        sample = int(np.abs(traces.when - when).argmin())
        if not abs(traces.when[sample] - when) < BESIDE:  # there was no look at that time
            return NOTHING
        y = axes.pixels(0.0, traces.values[sample, : len(traces.elements)])[1]
        away = np.abs(y - place[1])
        if not (away <= NEAR * canvas.scale).any():
            return NOTHING
        return one(traces.elements[int(np.nanargmin(away))])


def scale_of(watched: Watched) -> tuple[float, float]:
    """From where to where the values go, with some air."""
    assert watched.look is not None
    limits = watched.look.limits
    if len(limits) in (2, 4):
        return widened(*limits[-2:])
    low, high = watched.ranges.of("values")
    air = (high - low) * AIR
    return low - air, high + air


def line(
    canvas: Canvas, axes: Axes, when: Floats, values: Floats, element: int, smooth: bool
) -> None:
    """Draw the values of one element, in its colour, broken where it was no number."""
    x, y = axes.pixels(when, values)
    colour, draw = canvas.theme.agent(element), pygame.draw.aalines if smooth else pygame.draw.lines
    far = 4 * (canvas.view[2] + canvas.view[3])
    known = np.isfinite(x) & np.isfinite(y)
    points = np.column_stack((np.clip(x, -far, far), np.clip(y, -far, far)))
    for first, last in runs(known):
        if last > first:
            draw(canvas.surface, colour, False, points[first : last + 1].tolist())


def band(canvas: Canvas, axes: Axes, when: Floats, low: Floats, high: Floats) -> None:
    """Fill what lies between the least and the most."""
    x, top = axes.pixels(when, high)
    bottom = axes.pixels(when, low)[1]
    known = np.isfinite(x) & np.isfinite(top) & np.isfinite(bottom)
    for first, last in runs(known):
        if last > first:
            part = slice(first, last + 1)
            upper = np.column_stack((x[part], top[part] - 1))
            lower = np.column_stack((x[part], bottom[part] + 1))[::-1]
            corners = np.clip(np.concatenate((upper, lower)), -1e5, 1e5)
            pygame.draw.polygon(canvas.surface, canvas.theme["band"], corners.tolist())
