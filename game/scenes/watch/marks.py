"""The marks of a watched array on the timeline of a recording: violations of the check."""

from game.frame import Frame
from game.scenes.watch.looks import WatchView


class Marks:
    """Notes when the check was found violated."""

    def __init__(self, settings: object) -> None:
        self._seen = 0
        self._gone = False

    def follow(self, frame: Frame) -> list[tuple[str, str]]:
        """What happened in a frame: its kind and its words."""
        view = frame.extra
        if not isinstance(view, WatchView):
            return []
        found = []
        check = view.check
        violations = check.report.violations if check and check.report else 0
        if violations > self._seen:
            found.append(("violation", f"violated: {check.text}"))
        if view.gone and not self._gone:
            found.append(("death", view.gone))
        self._seen, self._gone = violations, bool(view.gone)
        return found
