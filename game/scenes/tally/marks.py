"""The tally's marks on the timeline of a recording: changes of the way to share."""

from game.frame import Frame
from game.scenes.tally.figures import TallyView


class Marks:
    """Notes when another way to share began."""

    def __init__(self, settings: object) -> None:
        self._mode = ""

    def follow(self, frame: Frame) -> list[tuple[str, str]]:
        """What happened in a frame: its kind and its words."""
        view = frame.extra
        mode = view.mode if isinstance(view, TallyView) else ""
        found = [("mode", f"shared in mode {mode}")] if self._mode and mode != self._mode else []
        self._mode = mode
        return found
