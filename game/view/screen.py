"""The screen: the whole picture of one moment, and what the person wants to see of it.

    frame ──follow──> scene, bar, table, curves: what they remember
    status, inspection ──draw──> the scene on its canvas, the parts around it

Asked by the session for each frame. Knows the scene and everything that draws; never hears of
processes: what is to be read of them comes as text.
"""

from collections.abc import Callable

import numpy as np
import pygame

from game.frame import Frame
from game.view import caption, colour_key, inspector, onlooker, tooltip
from game.view.bar import Bar
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.colouring import PROCESS, Ranges, about
from game.view.curves import Curves, Moment
from game.view.help import Help
from game.view.hud import Hud, Status
from game.view.inspector import Inspection
from game.view.layout import Layout, Wanted, aside_width, lay_out, no_room, remedies
from game.view.memory import Memory, State
from game.view.painter import Area, Painter
from game.view.pointer import NOWHERE, Gesture
from game.view.scene import ShownScene
from game.view.table import Table
from game.view.timeline import TimelinePart
from game.view.viewpoint import Viewpoint
from game.view.wishes import Wishes

READABLE = 1 / 10  # [s] a figure has to stand for, or nobody can read it
SELECTABLE = 1000  # agents that Tab goes through
NEAR = 4.0  # times as near as the whole ground, at least, when an agent is followed


class Screen(Memory):
    """A scene with everything around it."""

    REMEMBERS = ("scene", "bar", "table", "curves", "ranges", "_tick")

    def __init__(
        self,
        scene: ShownScene,
        bar: Bar,
        theme: str = "dark",
        scale: float = 1.0,
        name: str = "picture",
    ) -> None:
        """`bar` shows the scene's array; `scale` is how many pixels a point has; `name` is what
        its pictures are saved under."""
        self.scene = scene
        self.bar = bar
        self.name = name
        self.table, self.curves, self.ranges = Table(scene), Curves(), Ranges()
        self.hud, self.keys, self.timeline = Hud(), Help(), TimelinePart()
        self.wishes = Wishes(scene, theme, self._tell)
        self.viewpoint = Viewpoint(scene.bounds)
        self.selected = -1  # an agent's number; -1: nobody
        self.selectable: Callable[[], list[int]] = self._shown  # whom Tab goes through
        self.following = False
        self.canvas: Canvas | None = None
        self.resets = 0  # how often it was told to forget everything
        # Draws something over the scene; None: nothing is.
        self.over: Callable[[Canvas], None] | None = None
        self._tick = -1  # of READABLE: the parts around the ground are drawn once in each
        self._bar_wanted = True
        self._place = NOWHERE  # [px] of the mouse
        self._drawn = scene.scene  # what theme, viewpoint and layers were made for
        self._scale = scale  # [px] of a point
        self._size = 0, 0  # [pt] of the last picture
        self._layout: Layout | None = None
        # What the parts around the ground were drawn for, and in which tick.
        self._drawn_around: tuple[object, int] | None = None
        self._frame: Frame | None = None  # followed last

    # Frames.

    def reset(self) -> None:
        """Forget every frame so far."""
        self.resets += 1
        for part in (self.scene, self.bar, self.table, self.curves, self.ranges):
            part.reset()
        self._tick = -1
        self.renew()

    def restore(self, state: State) -> None:
        """Remember what it did when `state` was saved."""
        super().restore(state)
        self.renew()

    def follow(self, frame: Frame, moment: Moment) -> None:
        """Take in the next frame, and what is known of the run at that moment."""
        self._frame = frame
        self.scene.follow(frame)
        if self.scene.scene is not self._drawn:  # it was loaded anew
            self._take_scene()
        self.bar.follow(frame)
        self.ranges.follow(frame)
        self.curves.follow(frame.now, moment)
        tick = int(frame.now // READABLE)
        if tick != self._tick or self.table.rows.under_way:
            self.table.follow(frame, self.selected)
        self._tick = tick

    def _take_scene(self) -> None:
        """See to the scene's own colours and ground, which may be others than before."""
        self._drawn = self.scene.scene
        self.wishes.take_scene()
        self.viewpoint, self.canvas = Viewpoint(self.scene.bounds), None
        self.renew()

    # The picture.

    def draw(
        self, surface: pygame.Surface, status: Status, inspection: Inspection | None = None
    ) -> None:
        """Draw the frame that was followed last; `inspection` is of the selected agent.

        The ground and the cells of the array are drawn for every call, all that is read as often
        as it can be.
        """
        frame = self._frame
        if frame is None:
            return
        theme = self.wishes.theme
        painter = Painter(surface, theme, self._scale)
        self._size = painter.size
        words = self.scene.caption()
        wanted = self._wanted(painter, status, inspection, words)
        layout = lay_out(painter.size, wanted)
        looked = self._place, self.selected, self.wishes.colours
        key = surface, theme, layout, self.keys.open, looked
        anew = (key, self._tick) != self._drawn_around
        if anew:
            self._drawn_around, self._layout = (key, self._tick), layout
            if layout.bar:  # before the ground, where those are lit that the mouse is on
                self.bar.place(painter, layout.bar)
        self._draw_ground(painter, layout, frame)
        if anew:
            self._draw_around(painter, layout, status, inspection, words)
            self._draw_footer(painter, layout, status, wanted)
        elif layout.table and self.table.rows.under_way:
            self._draw_table(painter, layout.table)
        if layout.bar:
            by = self.canvas.colouring if self.canvas else None
            self.bar.draw(painter, layout.bar, self.selected, self.pointed, anew, by)
            self.bar.tooltip(painter, self._place)
        self.timeline.draw(painter, layout.timeline, status.timeline, self._place)
        self._tooltip(painter, layout.ground)
        if layout.table:
            self.table.tooltip(painter, layout.table, self._place)
        if self.keys.open:
            self.keys.draw(painter)

    def _tooltip(self, painter: Painter, ground: Area) -> None:
        """Tell about what the mouse is on, where the scene has anything to say of it."""
        canvas = self.canvas
        if canvas is None or not pygame.Rect(canvas.view).collidepoint(self._place):
            return
        if lines := self.scene.tooltip(canvas, self._place):
            x, y = self._place[0] / painter.scale, self._place[1] / painter.scale
            tooltip.draw(painter, lines, x, y - tooltip.BESIDE, ground)

    def renew(self) -> None:
        """Leave nothing in the next picture as it was in this one."""
        self._drawn_around = None
        self.table.renew()

    def _draw_around(
        self,
        painter: Painter,
        layout: Layout,
        status: Status,
        inspection: Inspection | None,
        words: Caption | None,
    ) -> None:
        assert self._frame is not None
        now = self._frame.now
        if layout.table:
            self._draw_table(painter, layout.table)
        if layout.inspector and inspection:
            tint = self._tint(self.selected) if self.selected >= 0 else None
            inspector.draw(painter, layout.inspector, inspection, tint)
        if layout.caption and words:
            caption.draw(painter, layout.caption, words)
        self.hud.header(painter, layout.header, status, self._note(self._frame))
        if layout.curves:
            self.curves.draw(painter, layout.curves, now)
        if layout.onlooker and status.onlooker:
            onlooker.draw(painter, layout.onlooker, status.onlooker)

    def _note(self, frame: Frame) -> str:
        """What has to be known about the picture, in a few words."""
        shared = frame.per_process > 1 and not frame.foreign
        by = self.ranges.colouring(frame, self.wishes.colours).choice
        coloured = "" if by is PROCESS and not shared else about(by)
        return ", ".join(words for words in (coloured, self.scene.note) if words)

    def _wanted(
        self,
        painter: Painter,
        status: Status,
        inspection: Inspection | None,
        words: Caption | None,
    ) -> Wanted:
        """The parts that there is something to show in."""
        width = painter.size[0] - aside_width(painter.size[0], inspection is not None)
        return Wanted(
            inspector=inspection is not None,
            caption=caption.height(painter, width, words) if words else 0,
            bar=self._bar_wanted,
            curves=self.curves.shown,
            onlooker=status.onlooker is not None,
            timeline=status.timeline is not None,
            table=self._has_table(),
        )

    def _has_table(self) -> bool:
        """Whether the scene has one: asked as often as it is drawn."""
        drawn = self._drawn_around
        if drawn is not None and drawn[1] == self._tick and self.table.drawn is not None:
            return bool(self.table.drawn.columns)
        return self.table.panel(self._frame, self.selected) is not None

    def _draw_footer(
        self, painter: Painter, layout: Layout, status: Status, wanted: Wanted
    ) -> None:
        """Draw the footer, which names everything that had no room, on the ground as well."""
        assert self._frame is not None
        names = [*layout.missing, *(self.canvas.left_out if self.canvas else ())]
        lines = no_room(names, remedies(painter.size, wanted, painter.scale))
        self.hud.footer(painter, layout.footer, status, self._frame.now, self.keys.missing, lines)

    def _draw_table(self, painter: Painter, area: Area) -> None:
        assert self._frame is not None
        self.table.draw(painter, area, self._frame, self.selected, self._tint)

    def _tint(self, agent: int) -> int:
        """The number of an agent's colour; that of nobody (-1) is the last one."""
        frame = self._frame
        assert frame is not None
        run, different = frame.per_process, self.wishes.theme.different
        if frame.foreign and run > 1:  # no colour tells so many elements apart
            return 0 if agent >= 0 else different - 1
        if agent < 0:
            return (agent // run) % different
        by = self.ranges.colouring(frame, self.wishes.colours)
        return int(by.of(np.array([agent]), run, different)[0])

    def _draw_ground(self, painter: Painter, layout: Layout, frame: Frame) -> None:
        # A window of an odd number of pixels, or a very low one, may end within a point.
        area = painter.pixels(layout.ground).clip(painter.surface.get_rect())
        view = area.x, area.y, area.width, area.height
        canvas = self.canvas
        if (
            canvas is None
            or (canvas.surface, canvas.view) != (painter.surface, view)
            or canvas.theme is not painter.theme
        ):
            bounds = self.scene.ground(area.width, area.height)
            canvas = self.canvas = Canvas(
                painter.surface, view, bounds, painter.theme, painter.scale
            )
            if bounds != self.viewpoint.bounds:
                self.viewpoint = Viewpoint(bounds)
            canvas.camera = self.viewpoint.camera(view)
        canvas.layers, canvas.selected = self.wishes.layers, self.selected
        canvas.pointed = self.pointed
        canvas.colouring = self.ranges.colouring(frame, self.wishes.colours)
        self._follow_selected(canvas)
        canvas.look(self.viewpoint.camera(canvas.view), frame.now)
        with painter.inside(layout.ground):
            self.scene.draw(canvas)
            if self.over:
                self.over(canvas)
            colour_key.draw(canvas)
            if self.scene.error:
                inspector.draw_error(painter, layout.ground, self.scene.error)

    def _follow_selected(self, canvas: Canvas) -> None:
        """Bring the selected agent to the middle, if it is to be followed."""
        if self.following and (place := self.scene.where(self.selected, canvas)):
            self.viewpoint.centre(*place)

    # What the person does with it. The methods have the names of the actions in view.keys.

    def point(self, gesture: Gesture) -> None:
        """Do what was done with the mouse."""
        canvas, layout = self.canvas, self._layout
        self._place = gesture.place
        if canvas is None or layout is None or self.keys.open:
            return
        over = pygame.Rect(canvas.view).collidepoint(gesture.place)
        if gesture.kind == "click":
            self.selected = self._pointed_at(canvas, layout, gesture.place)
        elif gesture.kind == "wheel" and over:
            self.viewpoint.zoom(canvas.view, gesture.place, gesture.by[1])
        elif gesture.kind == "drag" and over:
            self.viewpoint.drag(canvas.view, *gesture.by)
            self.following = False

    def _pointed_at(self, canvas: Canvas, layout: Layout, place: tuple[int, int]) -> int:
        """The agent at a place [px]; -1 on the empty ground; elsewhere the selected one stays."""
        if pygame.Rect(canvas.view).collidepoint(place):
            return self.scene.agent_at(canvas, place)
        x, y = place[0] / self._scale, place[1] / self._scale
        found = -1
        if layout.table and layout.table.collidepoint(x, y):
            found = self.table.agent_at(layout.table, x, y)
        elif layout.bar:
            found = self.bar.agent_at(place)
        return found if found >= 0 else self.selected

    @property
    def pointed(self) -> range:
        """The agents whose cells of the array the mouse is on."""
        shown = self._layout and self._layout.bar
        return self.bar.agents_at(self._place) if shown else range(0)

    def select_next(self) -> None:
        """Select the next agent."""
        agents = self.selectable()
        later = [agent for agent in agents if agent > self.selected]
        self.selected = (later or agents or [-1])[0]

    def _shown(self) -> list[int]:
        """The agents of the frame, as far as anybody goes through them with a key."""
        shown: list[int] = self._frame.agents[:SELECTABLE].tolist() if self._frame else []
        return shown

    def array_bar(self) -> None:
        """Show the array along the bottom, or hide it."""
        self._bar_wanted = not self._bar_wanted
        if self._bar_wanted:
            self._see_room("bar", "the array bar")

    def fit(self) -> None:
        """Show the whole ground again."""
        self.viewpoint.fit()
        self.following = False

    def follow_selected(self) -> None:
        """Keep the selected agent in the middle, or no longer."""
        if self.canvas is None:
            return
        if not self.following and self.scene.where(self.selected, self.canvas) is None:
            self._tell("nobody to follow: select one that moves about the ground (click, Tab)")
            return
        self.following = not self.following
        if self.following:
            self.viewpoint.nearness = max(self.viewpoint.nearness, NEAR)

    def help(self) -> None:
        """Show the keys, the next page of them, or hide them."""
        self.keys.turn()

    def show_curves(self) -> None:
        """Show how the last half minute went, or hide it."""
        self.curves.shown = not self.curves.shown
        if self.curves.shown:
            self._see_room("curves", "the curves")

    def _see_room(self, part: str, name: str) -> None:
        """Say so where the window is too small for a part that is wanted."""
        wanted = Wanted(bar=self._bar_wanted, curves=self.curves.shown)
        if getattr(lay_out(self._size, wanted), part) is None:
            self._tell(f"no room for {name}: make the window larger")

    def _tell(self, message: str) -> None:
        self.hud.tell(message, self._frame.now if self._frame else 0.0)
