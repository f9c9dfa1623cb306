"""The session as the keys of a scene see it. Made by the controls; see game.parts.Host."""

import time
from collections.abc import Callable

from game.session.cast_keys import CastKeys
from game.session.saving import save
from game.view.screen import Screen

NOBODY = "there are no processes here that could be told to"


class SessionHost:
    """What the keys of a scene may ask for."""

    def __init__(
        self, cast_keys: CastKeys | None, screen: Screen, tell: Callable[[str], None]
    ) -> None:
        """`tell` shows a message for some seconds."""
        self.tell = tell
        self._cast_keys, self._screen = cast_keys, screen

    @property
    def agents(self) -> int:
        """How many a start begins with."""
        return self._cast_keys.agents if self._cast_keys else 0

    @property
    def capacity(self) -> int:
        """The most agents that there can be."""
        return self._cast_keys.capacity if self._cast_keys else 0

    @property
    def scene(self) -> object:
        """The scene that is on the screen."""
        return self._screen.scene.scene

    def start_with(self, agents: int) -> None:
        """Start again, with so many agents; say so where nobody can be started."""
        if self._cast_keys:
            self._cast_keys.start_with(agents)
        else:
            self.tell(NOBODY)

    def save(self, ending: str, write: Callable[[str], None]) -> None:
        """Save a file into the current folder, whole or not at all, and tell its name."""
        path = time.strftime(f"{self._screen.name}-%Y%m%d-%H%M%S{ending}")
        try:
            save(path, write)
            self.tell(f"saved {path}")
        except OSError as error:
            self.tell(f"not saved: {error}")
