"""How old the rows of other machines are while they are shown: of each row in each frame.

Asked by the session once a frame, and at the end for the figures.
"""

import numpy as np

from game.frame import Frame
from game.meters import tidy

STEP = 0.001  # [s] that ages are told apart by
STEPS = 10_000  # older than so many count as so old


class Ages:
    """How often each age was on the screen."""

    def __init__(self) -> None:
        self.median = 0.0  # [s] of the last frame
        self._seen = np.zeros(STEPS + 1, np.int64)

    def follow(self, frame: Frame) -> None:
        """Take in a frame."""
        shown = (frame.aged > 0) & (frame.updates > 0) & ~frame.died & ~frame.done
        ages = frame.aged[shown]
        if len(ages):
            self.median = float(np.median(ages))
            steps = np.minimum(ages / STEP, STEPS).astype(np.int64)
            self._seen += np.bincount(steps, minlength=STEPS + 1)

    def summary(self) -> dict[str, float | None]:
        """Median and 99th percentile [ms]; None where there was no such row."""
        many = np.cumsum(self._seen)
        if not many[-1]:
            return {"median": None, "p99": None}

        def at(share: float) -> float:
            return tidy(1000 * STEP * (int(np.searchsorted(many, share * many[-1])) + 0.5))

        return {"median": at(0.5), "p99": at(0.99)}
