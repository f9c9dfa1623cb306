"""The watching scene's keys about what is read: which array, as which type."""

import pygame

from game.parts import Host
from game.scenes.watch.reader import WatchSource
from game.view.keys import Key

KEYS = (
    Key("N", "next_array", "the next array", "nN", (pygame.K_n,)),
    Key("D", "next_type", "read the bytes as another type", "dD", (pygame.K_d,)),
)
HINT = "N  next array     D  another type"


class Keys:
    """What a person can do to what is watched. The methods have the names of the keys' actions."""

    def __init__(self, source: object, host: Host) -> None:
        self._source = source if isinstance(source, WatchSource) else None
        self._host = host

    def next_array(self) -> None:
        """Show the next array."""
        if self._source is not None:
            self._host.tell(f"shown: {self._source.next_array()}")

    def next_type(self) -> None:
        """Read the bytes as another type."""
        if self._source is not None:
            self._host.tell(self._source.next_type())
