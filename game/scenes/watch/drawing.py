"""The scene of a watched array: words on top, a view of its elements, and how much changed.

+----------------------------------------+
| bank: float64, 480 x 640      bank.py  |   what it is, and how it stands with it
| ...                                    |   what the picture is
| +------------------------------------+ |
| | a view: see game.scenes.watch.views | |
| +------------------------------------+ |
| changes   ▁▂▁▁▅▇▁▁▁▁▁▂▁▁▁▁             |   in the last minute
+----------------------------------------+
"""

from collections.abc import Sequence

import numpy as np
import pygame

from game.frame import Frame
from game.scenes.watch import VIEWS, Settings, checking, table, tips, violated
from game.scenes.watch.elements import Elements
from game.scenes.watch.looks import Look, WatchView
from game.scenes.watch.surroundings import Ground, divide, draw_strip, draw_words
from game.scenes.watch.views import View
from game.scenes.watch.views.bars import Bars
from game.scenes.watch.views.cells import Cells
from game.scenes.watch.views.ground import Ground as Robots
from game.scenes.watch.views.ground import Oval
from game.scenes.watch.views.image import CHANNELS, Image
from game.scenes.watch.views.lines import Lines
from game.scenes.watch.views.points import Points
from game.scenes.watch.violated import Kept
from game.scenes.watch.watched import Watched
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.panel import Panel
from game.view.scene import BaseScene

IMAGE_FROM = 16  # rows and columns from which an array is shown as an image
FRAMED = 200  # elements that get a frame at the most, where the mouse is on them


class Scene(BaseScene):
    """Somebody else's array, which its own source adds to each Frame.

    Of a frame without one, the agents' values are the array.
    """

    REMEMBERS = ("_live", "_frames")

    def __init__(self, settings: Settings | None = None) -> None:
        self._asked = settings.view if settings else ""
        self._chosen = ""  # by a key; "": as asked for, or by its shape
        self._views: dict[str, View] = dict(
            zip(
                VIEWS,
                (Cells(), Lines(), Bars(), Image(), Points(), Robots(), Oval()),
                strict=True,
            )
        )
        self._live, self._kept = Watched(), Kept()
        super().__init__(settings)

    def reset(self) -> None:
        """Forget all looks; how they are to be shown stays."""
        super().reset()
        self._live.reset()
        self._frames = 0
        self._view = WatchView(())

    @property
    def title(self) -> str:  # type: ignore[override]
        """The array's name."""
        look = self._view.look
        return f"Watch: {look.name}" if look else "Watch"

    def ground(self, width: int, height: int) -> Bounds:
        """As large as the view [px]: whatever is shown fills it."""
        return Bounds(0.0, 0.0, float(width), float(height))

    def follow(self, frame: Frame) -> None:
        """Take in the array as it was read."""
        super().follow(frame)
        self._frames += 1
        extra = frame.extra
        self._view = extra if isinstance(extra, WatchView) else self._made(frame)
        if (look := self._view.look) and look.number:
            self._live.follow(look, frame.now)
        self._kept.follow(self._view, frame.now)

    @property
    def _watched(self) -> Watched:
        """What is shown: the array as it is now, or in a violation that was kept."""
        return self._kept.watched or self._live

    def _made(self, frame: Frame) -> WatchView:
        """The agents' values as an array."""
        if not frame.fields:
            return WatchView(())
        names = tuple(frame.fields) if len(frame.fields) > 1 else ()
        values = frame.shown if names else frame.shown[:, 0]
        return WatchView((Look("values", values, self._frames, frame.now, columns=names),))

    # Ways to show it.

    @property
    def view(self) -> str:
        """The way that it is shown in at this moment, one of VIEWS."""
        elements, look = self._watched.elements, self._view.look
        if elements is None or look is None:
            return VIEWS[0]
        for wish in (self._chosen, look.view, self._asked):
            if wish in self._views and self._views[wish].fits(elements):
                return wish
        return by_shape(elements)

    def _in_vain(self) -> str:
        """Why it is not shown in the way that was asked for; "" if it is, or nobody asked."""
        elements, look = self._watched.elements, self._view.look
        asked = (look.view if look else "") or self._asked
        if elements is None or asked not in self._views or self._views[asked].fits(elements):
            return ""
        return self._views[asked].wants

    def next_view(self) -> str:
        """Show it in the next way that fits it; returns which one."""
        elements = self._watched.elements
        if elements is not None:
            fitting = [name for name in VIEWS if self._views[name].fits(elements)]
            self._chosen = fitting[(fitting.index(self.view) + 1) % len(fitting)]
        return self.view

    def view_by_shape(self) -> str:
        """Show it as it was asked for, else as its shape suggests; returns which way."""
        self._chosen = ""
        return self.view

    # The picture.

    def draw(self, canvas: Canvas) -> None:
        """Draw what is known of the array."""
        canvas.surface.fill(canvas.theme["floor"], canvas.view)
        canvas.drawn = np.zeros((0, 2)), np.zeros(0, np.int64)
        watched, ground = self._watched, divide(canvas)
        said, name = "", self.view
        if watched.elements is not None and watched.elements.many:
            said = self._views[name].draw(canvas, ground.view, watched)
            self._draw_frames(canvas, ground)
        view = self._view
        if self._kept.watched and watched.look:
            view = view._replace(looks=(watched.look,), shown=0)
        said = "; ".join(words for words in (said, self._in_vain()) if words)
        draw_words(canvas, ground, view, watched.elements, f"{name}: {said}" if said else "")
        if ground.strip:
            draw_strip(canvas, ground.strip, self._live, self._ticks)

    def _draw_frames(self, canvas: Canvas, ground: Ground) -> None:
        """Draw frames around the elements that are selected, or that the mouse is on."""
        selected, pointed = self._elements_of(canvas.selected), canvas.pointed
        each = max(1, len(self.frame.fields))
        under = range(pointed.start * each, pointed.stop * each)
        before = canvas.surface.get_clip()
        canvas.surface.set_clip(ground.view.clip(before))
        for elements, ink in ((under[:FRAMED], "text"), (selected, "accent")):
            for element in elements:
                self._frame(canvas, ground, element, ink)
        canvas.surface.set_clip(before)

    def _frame(self, canvas: Canvas, ground: Ground, element: int, ink: str) -> None:
        watched = self._watched
        if watched.elements is None or element >= watched.elements.many:
            return
        box = self._views[self.view].box(canvas, ground.view, watched, element)
        if box is not None:
            thick = max(1, round(2 * canvas.scale))
            pygame.draw.rect(canvas.surface, canvas.theme[ink], box.inflate(2, 2), thick)

    def _elements_of(self, agent: int) -> range:
        """The elements that are an agent of the frame."""
        each = max(1, len(self.frame.fields))
        return range(agent * each, (agent + 1) * each) if agent >= 0 else range(0)

    @property
    def _ticks(self) -> Sequence[float]:
        """When the check was violated [s]."""
        return self._view.check.ticks if self._view.check else ()

    # What is asked of it.

    def _at(self, canvas: Canvas, place: tuple[int, int]) -> range:
        area = divide(canvas).view
        if self._watched.elements is None or not area.collidepoint(place):
            return range(0)
        return self._views[self.view].at(canvas, area, self._watched, place)

    def agent_at(self, canvas: Canvas, place: tuple[int, int]) -> int:
        """The agent of the frame whose element is at a place [px]; -1 if there is none."""
        elements = self._at(canvas, place)
        return table.agent_of(elements.start, self.frame) if elements else -1

    def tooltip(self, canvas: Canvas, place: tuple[int, int]) -> Sequence[str] | None:
        """What is known of the elements at a place [px]."""
        return tips.tells(self._watched, self._at(canvas, place)) or None

    def panel(self, rows: int, selected: int) -> Panel:
        """The array's figures, and the elements that change most often."""
        if not isinstance(self.frame.extra, WatchView):
            return super().panel(rows, selected)
        check = violated.rows(self._view.check) if self._view.check else []
        return table.panel(self._watched, rows, selected, self.frame, check)

    def results(self) -> Sequence[str]:
        """What came of the check."""
        return [checking.result(self._view.check)] if self._view.check else []


def by_shape(elements: Elements) -> str:
    """The way to show an array that its shape suggests."""
    cells, _, _, image, points = VIEWS[:5]
    shape = elements.shape
    if len(shape) == 3 and shape[2] in CHANNELS and elements.dtype == "uint8":
        return image
    if len(shape) == 2 and min(shape) >= IMAGE_FROM:
        return image
    named = {"x", "y"} <= {name.lower() for name in elements.columns}
    if Points().fits(elements) and (named or shape[-1] == 2):
        return points
    return cells
