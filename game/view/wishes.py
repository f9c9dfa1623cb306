"""Wishes: how the person wants the picture to look: theme, layers, what colours stand for.

A hand of the controls: its methods have the names of the actions in game.view.keys. Made by the
screen, which draws by it.
"""

from collections.abc import Callable

from game import assets
from game.frame import Frame
from game.view import layers
from game.view.colouring import PROCESS, about, choices
from game.view.scene import ShownScene
from game.view.theme import Theme, ThemeError


class Wishes:
    """What is to be seen of a scene, and in which colours."""

    def __init__(self, scene: ShownScene, theme: str, tell: Callable[[str], None]) -> None:
        """`theme` is the name of one; `tell` says something to the person."""
        self.theme = Theme(theme, scene.colours)
        self.layers = layers.AT_START  # what scenes are to draw besides
        self.colours = PROCESS  # what the colours of agents are to stand for
        self._scene, self._tell = scene, tell

    def take_scene(self) -> None:
        """See to the scene's own colours, which may be others than before."""
        self._take_theme(self.theme.name)

    def _take_theme(self, name: str) -> None:
        try:
            self.theme = Theme(name, self._scene.colours)
        except ThemeError as error:
            self._tell(str(error))

    @property
    def _frame(self) -> Frame:
        """The frame that the scene followed last."""
        return self._scene.scene.frame

    def next_theme(self) -> None:
        """Take the next theme."""
        names = assets.names("themes", ".toml")
        # The file of this one may have got another name meanwhile.
        place = names.index(self.theme.name) if self.theme.name in names else -1
        self._take_theme(names[(place + 1) % len(names)])

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
        words = layers.refusal(layer, self._scene.layers, len(self._frame.agents))
        if not words:
            self.layers ^= {layer}
            is_now = layers.LAYERS[layer].about if layer in self.layers else "off"
            words = f"{layer}: {is_now}"
        self._tell(words)

    def next_colours(self) -> None:
        """Have the colours of agents stand for something else: process, mover, node, field."""
        frame = self._frame
        if not frame.behaviours:
            self._tell("no movers are known here whose colours could be told apart")
            return
        can = choices(frame)
        if len(can) < 2:
            self._tell("a colour for each process: there is one mover, and no further field")
            return
        at = can.index(self.colours) if self.colours in can else 0
        self.colours = can[(at + 1) % len(can)]
        self._tell(about(self.colours))
