"""The arrow keys that the person holds down: a cell each, written by the window's side alone.

Travels in the table to every process. Movers read it as `agent.keys`.
"""

from multiprocessing.context import BaseContext
from typing import Any

UP, DOWN, LEFT, RIGHT = range(4)
CELLS = 8  # with some to spare


class KeyCells:
    """The cells, as the window's side has them."""

    def __init__(self, context: BaseContext) -> None:
        self._shared: Any = context.Array("b", CELLS, lock=False)

    def hold(self, key: int, down: bool) -> None:
        """Say that a key is held down, or no longer."""
        self._shared[key] = down

    def release(self) -> None:
        """Say that no key is held down."""
        for key in range(CELLS):
            self._shared[key] = False

    @property
    def state(self) -> bytes:
        """All cells, to be taken over elsewhere."""
        return bytes(self._shared)

    @state.setter
    def state(self, cells: bytes) -> None:
        self._shared[:] = cells

    def held(self, key: int) -> bool:
        """Whether a key is held down at this moment."""
        return bool(self._shared[key])


class Keys:
    """Which arrow keys are held down at this moment, as a mover asks."""

    def __init__(self, cells: KeyCells) -> None:
        self._cells = cells

    @property
    def up(self) -> bool:
        """Whether the arrow up is."""
        return self._cells.held(UP)

    @property
    def down(self) -> bool:
        """Whether the arrow down is."""
        return self._cells.held(DOWN)

    @property
    def left(self) -> bool:
        """Whether the arrow to the left is."""
        return self._cells.held(LEFT)

    @property
    def right(self) -> bool:
        """Whether the arrow to the right is."""
        return self._cells.held(RIGHT)
