"""The obstacles as a raster, for crowds: which cells of the ground nobody may be in.

A cell is closed if an obstacle reaches into it, so that who is in no closed cell is in none. Made
by a Crowd, which alone may load numpy.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.scenes.swarm import World
from game.scenes.swarm.obstacles import Circle, Obstacle

CELLS = 512  # along the longer side of the ground
TRIES = 100  # times that places are chosen anew


class Raster:
    """Which cells of a ground are closed."""

    def __init__(self, world: World) -> None:
        self._low = np.array((world.left, world.bottom))
        self._size = np.array((world.width, world.height))
        self._cell = float(self._size.max()) / CELLS  # [m] a side
        columns, rows = np.ceil(self._size / self._cell).astype(int).tolist()
        self._closed = np.zeros((rows, columns), np.bool_)
        for obstacle in world.obstacles:
            self._close(obstacle)

    def _close(self, obstacle: Obstacle) -> None:
        """Close the cells that an obstacle reaches into."""
        left, bottom, right, top = obstacle.box
        rows, columns = self._closed.shape
        first, lowest = ((np.array((left, bottom)) - self._low) / self._cell - 1).astype(int)
        last, highest = ((np.array((right, top)) - self._low) / self._cell + 2).astype(int)
        across = np.arange(max(first, 0), min(last, columns))
        up = np.arange(max(lowest, 0), min(highest, rows))
        x = self._low[0] + (across + 0.5) * self._cell
        y = self._low[1] + (up[:, None] + 0.5) * self._cell
        if across.size and up.size:
            reached = distances(obstacle, x, y) <= self._cell * 0.7072  # from middle to corner
            self._closed[up[0] : up[-1] + 1, across[0] : across[-1] + 1] |= reached

    def closed(self, places: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which places (n, 2) [m] on the ground are in closed cells."""
        cells = ((places - self._low) / self._cell).astype(np.int32)
        rows, columns = self._closed.shape
        column, row = np.minimum(cells[:, 0], columns - 1), np.minimum(cells[:, 1], rows - 1)
        found: NDArray[np.bool_] = self._closed[row, column]
        return found

    def free(self, places: NDArray[np.float64], random: np.random.Generator) -> None:
        """Choose places (n, 2) [m] anew that are in closed cells."""
        for _ in range(TRIES):
            closed = np.flatnonzero(self.closed(places))
            if not closed.size:
                return
            places[closed] = self._low + self._size * random.uniform(size=(closed.size, 2))

    def bounce(
        self,
        places: NDArray[np.float64],
        speeds: NDArray[np.float64],
        before: NDArray[np.float64],
    ) -> None:
        """Send those back to where they were `before` that have got into a closed cell."""
        closed = np.flatnonzero(self.closed(places))
        places[closed] = before[closed]
        speeds[closed] *= -1.0


def distances(obstacle: Obstacle, x: Any, y: Any) -> Any:
    """How far it is from the places of a grid, x (columns,) and y (rows, 1) [m], to an obstacle,
    (rows, columns) [m]; 0 or less inside."""
    if isinstance(obstacle, Circle):
        return np.hypot(x - obstacle.x, y - obstacle.y) - obstacle.radius
    inside = np.zeros(np.broadcast_shapes(x.shape, y.shape), np.bool_)
    far = np.full(inside.shape, np.inf)
    for (x1, y1), (x2, y2) in obstacle.sides:
        right, up = x2 - x1, y2 - y1
        square = right * right + up * up
        if not square:
            continue
        along = np.clip(((x - x1) * right + (y - y1) * up) / square, 0.0, 1.0)
        far = np.minimum(far, np.hypot(x - x1 - along * right, y - y1 - along * up))
        if up:
            inside ^= ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) / up * right)
    return np.where(inside, 0.0, far)
