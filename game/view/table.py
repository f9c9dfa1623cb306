"""The table: the scene's panel beside the ground, its rows gliding to their places.

Made and asked by the screen; what stands in it the scene says, how it looks game.view.panel.
"""

from collections.abc import Callable

from game.frame import Frame
from game.view import panel
from game.view.memory import Memory
from game.view.painter import Area, Painter
from game.view.panel import Panel, Rows
from game.view.scene import ShownScene


class Table(Memory):
    """A scene's table, worked out once for each frame that it is drawn of."""

    REMEMBERS = ("rows",)

    def __init__(self, scene: ShownScene) -> None:
        self.rows = Rows()
        self.drawn: Panel | None = None  # last
        self._scene = scene
        self._of: object = None  # frame, room, selected that it is of

    def reset(self) -> None:
        """Forget where the rows are."""
        self.rows.reset()
        self.renew()

    def renew(self) -> None:
        """Work it out anew when it is drawn again."""
        self._of = None

    def panel(self, frame: Frame | None, selected: int) -> Panel | None:
        """The table of a frame, as many rows as there is room for; None where there is none."""
        wanted = frame, self.rows.room, selected
        if self.drawn is None or self._of != wanted:
            self._of, self.drawn = wanted, self._scene.panel(self.rows.room, selected)
        return self.drawn if self.drawn.columns else None

    def follow(self, frame: Frame, selected: int) -> None:
        """Let the rows go on to where they belong, if there is room for any."""
        if self.rows.room and (found := self.panel(frame, selected)):
            self.rows.follow(found, frame.now)

    def draw(
        self, painter: Painter, area: Area, frame: Frame, selected: int, tint: Callable[[int], int]
    ) -> None:
        """Draw it into its area; `tint` is the number of an agent's colour."""
        self.rows.room = panel.capacity(area.height)
        if found := self.panel(frame, selected):
            dead = [number for number, _ in found.rows if frame.is_dead(number)]
            panel.draw(painter, area, found, selected, self.rows.places, dead, tint)

    def tooltip(self, painter: Painter, area: Area, place: tuple[int, int]) -> None:
        """Tell what is at a place [px]."""
        if self.drawn:
            panel.tooltip(painter, area, self.drawn, place)

    def agent_at(self, area: Area, x: float, y: float) -> int:
        """The agent whose row is drawn at a place [pt]; -1 if there is none."""
        return panel.at(area, self.drawn, x, y, self.rows.places) if self.drawn else -1
