"""The scene as the screen knows it: what makes a picture of Frames.

    follow(frame)    once for every frame, in order: all that is remembered is remembered here
    draw(canvas)     as often as it is wanted: the pixels of the frame that was followed last;
                     drawn twice, the same pixels

`BaseScene` has everything but these two. `ShownScene` is what the screen holds: a scene that may
raise, and may be loaded anew.
"""

import os
import traceback
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from game.frame import Frame
from game.view.camera import Bounds
from game.view.canvas import Canvas
from game.view.caption import Caption
from game.view.memory import Memory, State
from game.view.panel import Column, Panel, figures, first, headings
from game.view.theme import Colours

LEGIBLE = 5  # columns of values that the table beside a scene has room for
LOOK = 0.25  # [s] between two looks whether a file was saved


class BaseScene(Memory):
    """A scene that draws nothing yet: a base for others, with what they may leave as it is."""

    title = "A scene"
    bounds = Bounds(0.0, 0.0, 100.0, 100.0)  # [m] the part of the ground to show
    colours: Colours = {}  # noqa: RUF012 its own, by theme; filled in from its COLOURS
    layers: frozenset[str] = frozenset()  # those of game.view.layers that it can draw
    agent_name: Callable[[int], str] = staticmethod(str)  # what a person calls an agent by number

    def __init__(self, settings: Any = None) -> None:
        """`settings` are the scene's own, from its options."""
        self.frame = Frame({}, 0)  # the one that was followed last
        super().__init__()

    def reset(self) -> None:
        """Forget everything: the next frame is the first one. Extend it by what is remembered."""
        self.frame = Frame({}, 0)

    def follow(self, frame: Frame) -> None:
        """Take in the next frame. Extend it by what is to be remembered."""
        self.frame = frame

    def draw(self, canvas: Canvas) -> None:
        """Draw the ground and every agent of the frame; change nothing."""
        raise NotImplementedError

    def ground(self, width: int, height: int) -> Bounds:
        """The part of the ground to show in a view of that size [px]; here the same in any."""
        return self.bounds

    def agent_at(self, canvas: Canvas, place: tuple[int, int]) -> int:
        """The agent that is drawn at a place [px], to be selected; -1 if there is none."""
        return canvas.at(*place)

    def tooltip(self, canvas: Canvas, place: tuple[int, int]) -> Sequence[str] | None:
        """Lines about what is drawn at a place [px] that the mouse is on; None for nothing."""
        return None

    def panel(self, rows: int, selected: int) -> Panel:
        """The table beside it, of at most `rows` rows; here every agent's values."""
        frame, fields = self.frame, self.frame.fields
        some = list(fields)[:LEGIBLE]
        first_wide = 0.25 if len(frame.behaviours) < 2 else 0.4  # with the name of its mover
        wide = (1 - first_wide) / max(len(some), 1)
        columns = [Column("agent", first_wide, to_left=True)]
        for place, title in enumerate(headings(frame, some), 1):
            columns.append(Column(title, first_wide + wide * place))
        shown = []
        for agent in first(frame.agents, rows, selected):
            values = figures(frame.values[agent, : len(some)].tolist())
            shown.append((agent, (self.agent_name(agent), *values)))
        title = "Agents"
        if len(some) < len(fields):
            title += f", {len(some)} of {len(fields)} fields (all: click)"
        return Panel(title, columns, shown, len(frame.agents))

    @property
    def note(self) -> str:
        """A few words for the header: what has to be known about the picture; "" if nothing."""
        return ""

    def caption(self) -> Caption | None:
        """Words and code under it, if it has any to say."""
        return None

    def where(self, agent: int, canvas: Canvas) -> tuple[float, float] | None:
        """The place of an agent of the frame as it is shown [m], for the camera; None if it has
        none."""
        return None

    def results(self) -> Sequence[str]:
        """Lines that the program prints when it ends."""
        return ()


class ShownScene(Memory):
    """The scene on the screen. Where it raises, its traceback stands in its place; when its file
    is saved, it is loaded anew."""

    def __init__(
        self,
        scene: BaseScene,
        file: str = "",
        remake: Callable[[], BaseScene] | None = None,
    ) -> None:
        """`remake` makes the scene from its `file` as it is later; "": it stays as it is."""
        self.scene = scene
        self.error = ""  # what it raised for the frame that was followed last
        self.resets = 0  # how often it was told to forget everything
        self._unloadable = ""  # why its files, as they are now, are no scene
        self._unheard = ""
        self._told: set[object] = set()
        self._file, self._remake = file, remake
        self._saved = self._time()
        self._looked = -np.inf  # [s]

    # What it is asked for, as a BaseScene is. An exception leaves what is neutral.

    @property
    def title(self) -> str:
        """Its name for the window."""
        return str(self._guarded("", lambda: self.scene.title))

    @property
    def colours(self) -> Colours:
        """Its own colours."""
        return self.scene.colours

    @property
    def bounds(self) -> Bounds:
        """The part of the ground to show [m]."""
        return self.scene.bounds

    @property
    def layers(self) -> frozenset[str]:
        """What it can draw besides."""
        return self.scene.layers

    def follow(self, frame: Frame) -> None:
        """Take in the next frame, with the scene as its files are now."""
        self._reload(frame)
        self.error = self._unloadable
        self._guarded(None, self.scene.follow, frame)

    def draw(self, canvas: Canvas) -> None:
        """Draw the frame."""
        self._guarded(None, self.scene.draw, canvas)

    def ground(self, width: int, height: int) -> Bounds:
        """The part of the ground to show in a view of that size [px], [m]."""
        found: Bounds = self._guarded(self.bounds, self.scene.ground, width, height)
        return found

    def agent_at(self, canvas: Canvas, place: tuple[int, int]) -> int:
        """The agent that is drawn at a place [px]; -1 if there is none."""
        return int(self._guarded(-1, self.scene.agent_at, canvas, place))

    def tooltip(self, canvas: Canvas, place: tuple[int, int]) -> Sequence[str]:
        """Lines about what is drawn at a place [px]."""
        lines = self._guarded(None, self.scene.tooltip, canvas, place)
        return [str(line) for line in lines or ()]

    def panel(self, rows: int, selected: int) -> Panel:
        """The table beside it."""
        nothing = Panel("", (), (), 0)
        panel: Panel = self._guarded(nothing, lambda: checked(self.scene.panel(rows, selected)))
        return panel

    @property
    def note(self) -> str:
        """What has to be known about the picture."""
        return str(self._guarded("", lambda: self.scene.note))

    def caption(self) -> Caption | None:
        """Words and code under it."""
        caption: Caption | None = self._guarded(None, lambda: worded(self.scene.caption()))
        return caption

    def where(self, agent: int, canvas: Canvas) -> tuple[float, float] | None:
        """The place of an agent as it is shown [m]; None if it is not, or has none."""
        if agent not in self.scene.frame.agents:
            return None
        place: tuple[float, float] | None = self._guarded(None, self.scene.where, agent, canvas)
        return place

    def results(self) -> Sequence[str]:
        """Lines that the program prints when it ends."""
        lines: Sequence[str] = self._guarded((), self.scene.results)
        return lines

    def reset(self) -> None:
        """Forget everything."""
        self.resets += 1
        self._guarded(None, self.scene.reset)

    def checkpoint(self) -> State:
        """What the scene remembers."""
        found: State = self._guarded({}, self.scene.checkpoint)
        return found

    def restore(self, state: State) -> None:
        """Have the scene remember what it did when `state` was saved."""
        self._guarded(None, self.scene.restore, state)

    def unheard(self) -> str:
        """A traceback that nobody has been told of yet; "" if there is none."""
        found, self._unheard = self._unheard, ""
        return found

    def _guarded(self, otherwise: Any, ask: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return ask(*arguments)
        except Exception as error:
            if not self.error:  # what comes of the first one is no news
                self.error = "".join(traceback.format_exception(error))
                lines = [number for _, number in traceback.walk_tb(error.__traceback__)]
                self._tell(self.error, (type(error), *lines))
            return otherwise

    def _tell(self, error: str, kind: object) -> None:
        """Have an error told to the person, each kind of it once."""
        if kind not in self._told:
            self._told.add(kind)
            self._unheard = error

    # Its file.

    def _time(self) -> float:
        """When its file was saved; an editor may be about to replace it, which counts as not."""
        try:
            return os.stat(self._file).st_mtime if self._file else 0.0
        except OSError:
            return self._saved

    def _reload(self, frame: Frame) -> None:
        """Load it anew where its file was saved."""
        if self._remake is None or abs(frame.now - self._looked) < LOOK:
            return
        self._looked = frame.now
        time = self._time()
        if time == self._saved:
            return
        self._saved, self._unloadable = time, ""
        self._told.clear()
        try:
            self.scene = self._remake()
        except Exception as error:  # the old one goes on
            self._unloadable = str(error) or repr(error)
            self._tell(self._unloadable, self._unloadable)


def checked(panel: Panel) -> Panel:
    """A panel that can be drawn; TypeError or ValueError where it is none."""
    if not isinstance(panel, Panel):
        raise TypeError(f"panel() returned {panel!r:.80}, wanted a Panel")
    for number, cells in panel.rows:
        if len(cells) != len(panel.columns):
            have = f"{len(cells)} cells for {len(panel.columns)} columns"
            raise ValueError(f"panel() returned a row of {have}, that of agent {number}")
    return panel


def worded(caption: Caption | None) -> Caption | None:
    """A caption, or None; TypeError where it is neither."""
    if caption is not None and not isinstance(caption, Caption):
        raise TypeError(f"caption() returned {caption!r:.80}, wanted a Caption or None")
    return caption
