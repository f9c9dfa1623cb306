"""The tally's key: the next way to share."""

import pygame

from game.parts import Host
from game.scenes.tally.reader import TallySource
from game.view.keys import Key

KEYS = (Key("S", "next_sync", "the next way to share", "sS", (pygame.K_s,), live=True),)
HINT = "S  next way to share     +  -  processes"


class Keys:
    """What a person can do to the tally. The methods have the names of the keys' actions."""

    def __init__(self, source: object, host: Host) -> None:
        self._source = source if isinstance(source, TallySource) else None
        self._host = host

    def next_sync(self) -> None:
        """Share the cell in the next way."""
        if self._source is None:
            self._host.tell("what is shown is not shared at this moment")
        else:
            self._source.next_mode()
