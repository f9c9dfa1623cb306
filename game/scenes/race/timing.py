"""What the race's source adds to each Frame: when each car finished, as it was timed itself."""

from typing import NamedTuple

from game.frame import Floats


class Timing(NamedTuple):
    """When cars passed the finish."""

    finished: Floats  # (capacity,) [s] simulated time after its own start; nan: not yet
