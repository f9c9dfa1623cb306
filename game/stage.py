"""The stage: the whole picture of one moment, and what the person wants to see of it.

    snapshot, facts, card -> stage -> scene on its canvas, panels around it

Asked by the arena for each frame. Knows scenes and everything that draws; never hears of
processes: what is to be read of them comes as text.
"""

import pygame

from game import assets, scenes
from game.snapshot import Snapshot
from game.view import caption, card, layers, panel
from game.view.bar import Bar
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.card import Card
from game.view.curves import Curves
from game.view.help import Help
from game.view.hud import Facts, Hud
from game.view.layout import Layout, Wanted, lay_out
from game.view.panel import Panel
from game.view.pen import Area, Pen
from game.view.pointer import NOWHERE, Gesture
from game.view.theme import Theme, ThemeError
from game.view.viewpoint import Viewpoint

READABLE = 1 / 10  # [s] a figure has to stand for, or nobody can read it
NEAR = 4.0  # times as near as the whole ground, at least, when an agent is followed


class Stage:
    """A scene with everything around it."""

    def __init__(
        self, scene: scenes.Scene, bar: Bar, theme: str = "dark", scale: float = 1.0
    ) -> None:
        """`bar` shows the scene's array; `scale` is how many pixels a point has."""
        self.scene = scene
        self.hud, self.keys, self.curves = Hud(), Help(), Curves()
        self.viewpoint = Viewpoint(scene.bounds)
        self.layers = layers.AT_START  # what scenes are to draw besides
        self.following = False
        self.canvas: Canvas | None = None
        self._bar: Bar = bar
        self._bar_wanted = True
        self._place = NOWHERE  # [px] of the mouse
        self._theme, self._scale = Theme(theme), scale
        self._now = 0.0  # [s] of the last picture
        self._size = 0, 0  # [pt] of it
        self._layout: Layout | None = None
        self._standing: object = None  # what the parts around the ground were drawn for
        self._drawn = 0.0  # [s] when
        self._seen: Snapshot | None = None  # drawn last
        self._table: Panel | None = None
        self._gliding = panel.Gliding()

    # The picture.

    def draw(
        self, surface: pygame.Surface, snapshot: Snapshot, facts: Facts, found: Card | None
    ) -> None:
        """Draw everything; `found` is the card of the selected agent's process, if there is one.

        The ground is drawn for every call, what stands around it as often as it can be read.
        """
        pen, self._now = Pen(surface, self._theme, self._scale), snapshot.now
        self._size = pen.size
        words = scenes.caption(self.scene, snapshot)
        wanted = Wanted(found is not None, words is not None, self._bar_wanted, self.curves.shown)
        layout = lay_out(pen.size, wanted)
        self._bar.note(snapshot)
        if facts.moment:
            self.curves.note(snapshot.now, facts.moment)
        self._draw_ground(pen, layout, snapshot)
        standing = (surface, self._theme, layout, self._place, self.keys.open, snapshot.selected)
        if standing != self._standing or snapshot.now - self._drawn >= READABLE:
            self._standing, self._drawn, self._layout = standing, snapshot.now, layout
            self._draw_around(pen, layout, snapshot, facts, found, words)
        elif layout.table and self._gliding.under_way:
            self._draw_table(pen, layout.table, snapshot)
        if layout.bar:
            self._bar.tip(pen, self._place, snapshot)
        if self.keys.open:
            self.keys.draw(pen)

    def renew(self) -> None:
        """Leave nothing in the next picture as it was in this one."""
        self._standing = None

    def _draw_around(
        self,
        pen: Pen,
        layout: Layout,
        snapshot: Snapshot,
        facts: Facts,
        found: Card | None,
        words: Caption | None,
    ) -> None:
        if layout.table:
            self._draw_table(pen, layout.table, snapshot)
        if layout.card and found:
            card.draw(pen, layout.card, found)
        if layout.caption and words:
            caption.draw(pen, layout.caption, words)
        self.hud.header(pen, layout.header, facts)
        self.hud.footer(pen, layout.footer, facts, snapshot.now)
        if layout.curves:
            self.curves.draw(pen, layout.curves, snapshot.now)
        if layout.bar:
            self._bar.draw(pen, layout.bar, snapshot)

    def _draw_table(self, pen: Pen, area: Area, snapshot: Snapshot) -> None:
        self._table = self.scene.panel(snapshot, panel.capacity(area.height))
        self._gliding.follow(self._table, snapshot.now)
        lost = [number for number, _ in self._table.rows if snapshot.is_lost(number)]
        panel.draw(pen, area, self._table, snapshot.selected, self._gliding.places, lost)

    def _draw_ground(self, pen: Pen, layout: Layout, snapshot: Snapshot) -> None:
        # A window of an odd number of pixels, or a very low one, may end within a point.
        area = pen.pixels(layout.ground).clip(pen.surface.get_rect())
        view = area.x, area.y, area.width, area.height
        canvas = self.canvas
        if (
            canvas is None
            or (canvas.surface, canvas.view) != (pen.surface, view)
            or canvas.theme is not pen.theme
        ):
            canvas = self.canvas = Canvas(
                pen.surface, view, self.scene.bounds, pen.theme, pen.scale
            )
            canvas.camera = self.viewpoint.camera(view)
        canvas.layers = self.layers
        self._seen = snapshot
        self._follow(snapshot)
        canvas.look(self.viewpoint.camera(canvas.view), snapshot.now)
        with pen.inside(layout.ground):
            self.scene.draw(canvas, snapshot)

    def _follow(self, snapshot: Snapshot) -> None:
        """Bring the selected agent to the middle, if it is to be followed."""
        if self.following and (place := scenes.where(self.scene, snapshot, snapshot.selected)):
            self.viewpoint.look_at(*place)

    # What the person does with it. The methods have the names of the actions in view.keys.

    def point(self, gesture: Gesture, selected: int) -> int:
        """Do what was done with the mouse; returns the agent that is selected from then on."""
        canvas, layout = self.canvas, self._layout
        self._place = gesture.place
        if canvas is None or layout is None or self.keys.open:
            return selected
        over = pygame.Rect(canvas.view).collidepoint(gesture.place)
        if gesture.kind == "click":
            return self._pointed_at(canvas, layout, gesture.place, selected)
        if gesture.kind == "wheel" and over:
            self.viewpoint.zoom(canvas.view, gesture.place, gesture.by[1])
        elif gesture.kind == "drag" and over:
            self.viewpoint.drag(canvas.view, *gesture.by)
            self.following = False
        return selected

    def _pointed_at(
        self, canvas: Canvas, layout: Layout, place: tuple[int, int], selected: int
    ) -> int:
        """The agent at a place [px]; -1 on the empty ground; elsewhere the selected one stays."""
        if pygame.Rect(canvas.view).collidepoint(place):
            return canvas.at(*place)
        x, y = place[0] / self._scale, place[1] / self._scale
        if layout.table and self._table and layout.table.collidepoint(x, y):
            row = panel.at(layout.table, self._table, x, y, self._gliding.places)
            return row if row >= 0 else selected
        if layout.bar and self._seen:
            cell = self._bar.agent_at(place, self._seen)
            return cell if cell >= 0 else selected
        return selected

    @property
    def pointed(self) -> range:
        """The agents whose cells of the array the mouse is on."""
        shown = self._layout and self._layout.bar
        return self._bar.agents_at(self._place) if shown else range(0)

    def array_bar(self) -> None:
        """Show the array along the bottom, or hide it."""
        self._bar_wanted = not self._bar_wanted
        if self._bar_wanted:
            self._see_room("bar", "the array bar")

    def fit(self) -> None:
        """Show the whole ground again."""
        self.viewpoint.fit()
        self.following = False

    def follow(self) -> None:
        """Keep the selected agent in the middle, or no longer."""
        seen = self._seen
        if seen is None:
            return
        if not self.following and scenes.where(self.scene, seen, seen.selected) is None:
            self.hud.tell(
                "nobody to follow: select one that moves about the ground (click, Tab)", seen.now
            )
            return
        self.following = not self.following
        if self.following:
            self.viewpoint.nearness = max(self.viewpoint.nearness, NEAR)

    def trails(self) -> None:
        """Show where the agents were in the last moments, or no longer."""
        self._switch("trails")

    def heat(self) -> None:
        """Show where the agents have been since the start, or no longer."""
        self._switch("heat")

    def labels(self) -> None:
        """Write each agent's name beside it, or no longer."""
        self._switch("labels")

    def _switch(self, layer: str) -> None:
        """Switch a layer on or off, and say what it is, or why it cannot be seen."""
        if self._seen is None:
            return
        words = layers.refusal(layer, scenes.layers(self.scene), len(self._seen.agents))
        if not words:
            self.layers ^= {layer}
            about = layers.LAYERS[layer].about if layer in self.layers else "off"
            words = f"{layer}: {about}"
        self.hud.tell(words, self._seen.now)

    def next_theme(self) -> None:
        """Take the next theme."""
        names = assets.names("themes", ".toml")
        # The file of this one may have got another name meanwhile.
        place = names.index(self._theme.name) if self._theme.name in names else -1
        try:
            self._theme = Theme(names[(place + 1) % len(names)])
        except ThemeError as error:
            self.hud.tell(str(error), self._now)

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
            self.hud.tell(f"no room for {name}: make the window larger", self._now)
