"""The road's marks on the timeline of a recording: torn reads."""

from game.frame import Frame
from game.scenes.road.figures import SyncView

APART = 0.5  # [s] between two marks at the least: without a lock every other read is torn


class Marks:
    """Notes when a torn read was shown."""

    def __init__(self, settings: object) -> None:
        self._last = float("-inf")  # [s]
        self._mode = ""

    def follow(self, frame: Frame) -> list[tuple[str, str]]:
        """What happened in a frame: its kind and its words."""
        view = frame.extra
        if not isinstance(view, SyncView):
            return []
        found = []
        if view.torn and frame.now - self._last >= APART:
            self._last = frame.now
            found.append(("torn", f"a torn read, in mode {view.mode}"))
        if self._mode and view.mode != self._mode:
            found.append(("mode", f"shared in mode {view.mode}"))
        self._mode = view.mode
        return found
