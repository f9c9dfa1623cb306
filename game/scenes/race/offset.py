"""The offset: how far left of the centre line each car drives [m], as the movers say that state it.

Between two rows it changes evenly, as the reader's clock goes. Used by the race's scene.
"""

import numpy as np

from game.frame import Floats, Frame
from game.scenes.race import FAR, OFFSET
from game.view.interpolation import Interpolation
from game.view.memory import Memory


class Offset(Memory):
    """The offsets [m] of the agents shown; nan of one that has none, and drives in a lane."""

    REMEMBERS = ("_interpolation",)

    def reset(self) -> None:
        """Forget where everybody is."""
        self._interpolation = Interpolation()

    def follow(self, frame: Frame) -> Floats:
        """The offsets of the agents shown at `frame.now`, (len(agents),) [m]."""
        if OFFSET not in frame.fields:
            return np.full(len(frame.agents), np.nan)
        shown = self._interpolation.follow(frame.part(OFFSET, OFFSET))[:, 0]
        shown = np.clip(np.nan_to_num(shown), -FAR, FAR)
        return np.where(frame.says(OFFSET), shown, np.nan)
