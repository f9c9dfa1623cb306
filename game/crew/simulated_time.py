"""Simulated time of our own movers: the commands in the table that all of them obey.

Made by the app, asked by the session's keys.
"""

from game.shared.table import Table

SLOWEST, FASTEST = 1 / 16, 64.0  # times normal speed


class SimulatedTime:
    """Pause, single steps and speed, for every mover at once."""

    def __init__(self, table: Table, speed: float = 1.0) -> None:
        self.speed = speed
        self.paused = False
        self._table = table
        self._tell()

    def pause(self) -> None:
        """Stop, or go on."""
        self.paused = not self.paused
        self._tell()

    def step(self) -> None:
        """Pause, and let every mover make one update."""
        self.paused = True
        self._tell()
        self._table.grant_step()

    def slower(self) -> None:
        """Halve the speed."""
        self.speed = max(SLOWEST, self.speed / 2)
        self._tell()

    def faster(self) -> None:
        """Double the speed."""
        self.speed = min(FASTEST, self.speed * 2)
        self._tell()

    def normal(self) -> None:
        """Run as fast as real time."""
        self.speed = 1.0
        self._tell()

    def _tell(self) -> None:
        self._table.set_pace(0.0 if self.paused else self.speed)
