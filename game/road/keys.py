"""The road's keys: the way to share, the pace of a pass, and the death of the writer.

Part of the controls; on any other scene they say where they belong.
"""

from collections.abc import Callable

from game.road.reader import RoadReader


class RoadKeys:
    """What a person can do to the road. The methods have the names of the actions in view.keys."""

    def __init__(self, road: RoadReader | None, tell: Callable[[str], None]) -> None:
        self._road = road
        self._tell = tell

    def next_sync(self) -> None:
        """Share the road's array in the next way."""
        if road := self._reader():
            road.next_mode()

    def stress(self) -> None:
        """Let the road's writer run flat out, or at its rate."""
        if road := self._reader():
            road.toggle_stress()

    def lens_shorter(self) -> None:
        """Make the pause between two elements shorter."""
        if road := self._reader():
            self._tell(f"{road.change_lens(-1):g} ms between two elements")

    def lens_longer(self) -> None:
        """Make the pause between two elements longer."""
        if road := self._reader():
            self._tell(f"{road.change_lens(1):g} ms between two elements")

    def kill_writer(self) -> None:
        """Kill the road's writer in the middle of a pass."""
        if road := self._reader():
            road.kill_writer()

    def _reader(self) -> RoadReader | None:
        if self._road is None:
            self._tell("that is for the road: python -m game road")
        return self._road
