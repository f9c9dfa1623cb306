"""The viewpoint: how near the person looks at the ground, and at which part of it.

Kept by the screen from frame to frame; the camera is made anew from it for each picture.
"""

from game.view.camera import Bounds, Camera, fit

NEAREST = 64.0  # times as near as the whole ground fits
STEP = 1.25  # times nearer with each notch of the wheel

View = tuple[int, int, int, int]  # x, y, width, height [px]


class Viewpoint:
    """Where the person looks; at first, at the whole ground."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.fit()

    def fit(self) -> None:
        """Look at the whole ground."""
        self.nearness = 1.0  # times the scale at which the whole ground fits
        self._middle = (
            (self.bounds.left + self.bounds.right) / 2,
            (self.bounds.bottom + self.bounds.top) / 2,
        )  # [m]

    def camera(self, view: View) -> Camera:
        """The camera that shows what the person looks at in the middle of `view`."""
        scale = fit(self.bounds, view).scale * self.nearness
        left, top, width, height = view
        x, y = self._middle
        return Camera(scale, left + width / 2 - scale * x, top + height / 2 + scale * y)

    def zoom(self, view: View, pixel: tuple[float, float], notches: float) -> None:
        """Go nearer by some notches, or away; the ground under the pixel stays there."""
        before = self.camera(view)
        x, y = before.ground(*pixel)
        nearness = min(max(self.nearness * STEP**notches, 1.0), NEAREST)
        kept = self.nearness / nearness
        self.nearness = nearness
        middle_x, middle_y = self._middle
        self.look_at(x + (middle_x - x) * kept, y + (middle_y - y) * kept)

    def drag(self, view: View, right: float, down: float) -> None:
        """Move the ground under the view by so many pixels."""
        scale = self.camera(view).scale
        x, y = self._middle
        self.look_at(x - right / scale, y + down / scale)

    def centre(self, x: float, y: float) -> None:
        """Bring a place [m] to the middle of the view, also where no ground is beyond it."""
        self._middle = x, y

    def look_at(self, x: float, y: float) -> None:
        """Bring a place [m] to the middle of the view, as far as there is ground beyond it."""
        left, bottom, right, top = self.bounds
        # As far from the edge as half of what is in sight: at nearness 1, only the middle is.
        across, up = (right - left) / 2 / self.nearness, (top - bottom) / 2 / self.nearness
        self._middle = (
            min(max(x, left + across), right - across),
            min(max(y, bottom + up), top - up),
        )
