"""Driving: from the window's arrow keys to the cells that movers read as `agent.keys`.

Part of the controls, in a run of which a behaviour states KEYS. A key that is held when the window
loses the keyboard would never be let go, so all are then.
"""

import pygame

from game.parts import ArrowKeys

KEYS = (pygame.K_UP, pygame.K_DOWN, pygame.K_LEFT, pygame.K_RIGHT)  # in the order of the cells
LOST = (pygame.WINDOWFOCUSLOST, pygame.WINDOWMINIMIZED, pygame.WINDOWHIDDEN)


class Driving:
    """The arrow keys, as long as the run goes on."""

    def __init__(self, cells: ArrowKeys) -> None:
        self._cells = cells

    def drive(self) -> None:
        """Nothing more: while a key is held, that stands in its cell."""

    def let_go(self) -> None:
        """Hold no key down any longer: they mean something else."""
        self._cells.release()

    def takes(self, event: pygame.event.Event) -> bool:
        """Pass an event on, if it is about the arrow keys; whether it means nothing else."""
        if event.type in LOST:
            self._cells.release()
        if event.type not in (pygame.KEYDOWN, pygame.KEYUP) or event.key not in KEYS:
            return False
        self._cells.hold(KEYS.index(event.key), event.type == pygame.KEYDOWN)
        return True
