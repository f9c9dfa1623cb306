"""What a run measured: frame times, rates, deaths; written by --stats and shown on screen."""

import json
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from game.meters import Series, tidy
from game.session.saving import save

DEATHS_KEPT = 1000  # the last ones
VALUES_KEPT = 1000  # agents whose values stand in the file


class Stats:
    """The measurements of one run."""

    def __init__(self) -> None:
        self.frames = 0
        self.frame = Series()  # the work of a frame, without the wait for the next
        self.snapshot = Series()  # reading a Frame
        self.first_frame: float | None = None  # [s] on the app's clock
        self.last_frame = 0.0
        self.all_movers: float | None = None  # [s] when every first mover had published
        self.died = 0
        self.deaths: deque[dict[str, Any]] = deque(maxlen=DEATHS_KEPT)

    def presented(self, now: float) -> None:
        """Count a frame that was shown at `now` [s]."""
        self.frames += 1
        self.last_frame = now
        if self.first_frame is None:
            self.first_frame = now

    def summary(self, begun: float) -> dict[str, Any]:
        """The figures that need nothing but this; `begun` is the program's start [s]."""
        first = self.first_frame
        span = self.last_frame - first if first is not None else 0.0
        return {
            "frames": self.frames,
            "seconds": tidy(span),
            "fps": tidy((self.frames - 1) / span) if span > 0 else 0.0,
            "frame_ms": self.frame.summary(),
            "snapshot_ms": self.snapshot.summary(),
            "start_ms": {
                "first_frame": since(begun, first),
                "all_movers": since(begun, self.all_movers),
            },
            "died": self.died,
            "deaths": list(self.deaths),
        }


def since(begun: float, moment: float | None) -> float | None:
    """The time from `begun` to a moment [ms]."""
    return None if moment is None else tidy((moment - begun) * 1000)


def write(path: str, summary: Mapping[str, Any]) -> None:
    """Write the figures as JSON; OSError where the file cannot be written."""
    text = json.dumps(plain(summary), indent=1, allow_nan=False)

    def fill(beside: str) -> None:
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text + "\n")

    save(path, fill)


def plain(value: Any) -> Any:
    """The value as JSON has it: "nan", "inf" and "-inf" are text, and so is what it has no word
    for."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | deque | set | frozenset):
        return [plain(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, str | int | float) else str(value)
