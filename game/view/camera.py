"""The camera: from metres to pixels and back. The only place where the two meet.

metres: y up       pixels: y down

    ^ y              +-----> x
    |                |
    +----> x         v y
"""

from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from game.frame import Floats

Number = TypeVar("Number", float, Floats)

MARGIN = 0.04  # of the view's smaller side, left free around the whole scene


class Bounds(NamedTuple):
    """A rectangle of the ground [m]."""

    left: float
    bottom: float
    right: float
    top: float


class Camera(NamedTuple):
    """Where a point of the ground is on the screen."""

    scale: float  # [px/m]
    x: float  # [px] of the ground's origin
    y: float

    def pixel(self, x: Number, y: Number) -> tuple[Number, Number]:
        """The place on the screen [px] of a point on the ground [m]."""
        return self.x + x * self.scale, self.y - y * self.scale

    def ground(self, x: float, y: float) -> tuple[float, float]:
        """The point on the ground [m] at a place on the screen [px]."""
        return (x - self.x) / self.scale, (self.y - y) / self.scale

    def pixels(self, x: Floats, y: Floats) -> NDArray[np.float64]:
        """The places on the screen [px] of many points [m], (n, 2)."""
        return np.column_stack(self.pixel(x, y))

    def moved(self, right: float, down: float) -> "Camera":
        """The camera of a picture that is moved by so many pixels."""
        return Camera(self.scale, self.x + right, self.y + down)

    def enlarged(self, factor: int) -> "Camera":
        """The camera of a picture that is `factor` times as large."""
        return Camera(self.scale * factor, self.x * factor, self.y * factor)


def fit(bounds: Bounds, view: tuple[int, int, int, int]) -> Camera:
    """A camera that shows all of `bounds` [m] in the middle of `view` (x, y, width, height) [px].

    Bounds of no extent are shown as if they were a metre wide.
    """
    left, top, width, height = view
    margin = MARGIN * min(width, height)
    across = (bounds.right - bounds.left) or 1.0
    up = (bounds.top - bounds.bottom) or 1.0
    scale = max(min((width - 2 * margin) / across, (height - 2 * margin) / up), 1e-9)
    return Camera(
        scale,
        left + width / 2 - scale * (bounds.left + bounds.right) / 2,
        top + height / 2 + scale * (bounds.bottom + bounds.top) / 2,
    )
