"""What a run measured: frame times, rates, deaths; written by --stats and shown on screen."""

import json
from array import array
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np

from game.snapshot import Floats

KEPT = 100_000  # durations of a kind: half an hour at 60 frames a second
VALUES_KEPT = 1000  # agents whose values stand in the file


class Series:
    """Durations of one kind [ms]: the newest `kept` of them, and the longest of all."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self.last = 0.0  # [ms]
        self._ms = array("d")
        self._count = 0
        self._most = 0.0

    def add(self, seconds: float) -> None:
        """Note one duration [s]."""
        self.last = seconds * 1000
        self._most = max(self._most, self.last)
        if self._count < self._kept:
            self._ms.append(self.last)
        else:
            self._ms[self._count % self._kept] = self.last
        self._count += 1

    def since(self, count: int) -> Floats:
        """The durations after the first `count` [ms], as long as they are kept."""
        return np.array(self._ms)[count:]

    def __len__(self) -> int:
        return self._count

    def summary(self) -> dict[str, float | None]:
        """Median, 99th percentile and maximum [ms]; None where nothing was measured."""
        if not self._ms:
            return {"median": None, "p99": None, "max": None}
        median, p99 = np.percentile(np.frombuffer(self._ms), (50, 99))
        return {"median": tidy(median), "p99": tidy(p99), "max": tidy(self._most)}


class Meter:
    """How fast a growing count grows, over the last second."""

    SPAN = 1.0  # [s]

    def __init__(self) -> None:
        self._seen: deque[tuple[float, float]] = deque()

    def rate(self, count: float, now: float) -> float:
        """Note the count at `now` [s]; returns its growth per second."""
        self._seen.append((now, count))
        while len(self._seen) > 2 and self._seen[1][0] <= now - self.SPAN:
            self._seen.popleft()
        (then, before) = self._seen[0]
        return (count - before) / (now - then) if now > then else 0.0


class Stats:
    """The measurements of one run."""

    def __init__(self) -> None:
        self.frames = 0
        self.frame = Series()  # the work of a frame, without the wait for the next
        self.snapshot = Series()
        self.first_frame: float | None = None  # [s] on the app's clock
        self.last_frame = 0.0
        self.all_movers: float | None = None  # [s] when every first mover had published
        self.deaths: list[dict[str, Any]] = []

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
            "deaths": self.deaths,
        }


def since(begun: float, moment: float | None) -> float | None:
    """The time from `begun` to a moment [ms]."""
    return None if moment is None else tidy((moment - begun) * 1000)


def tidy(value: float) -> float:
    """A figure with no more digits than it deserves."""
    return round(float(value), 4)


def write(path: str, summary: Mapping[str, Any]) -> None:
    """Write the figures as JSON; OSError where the file cannot be written."""
    text = json.dumps(plain(summary), indent=1, allow_nan=False)
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        raise OSError(f"{path}: {error.strerror}") from None


def plain(value: Any) -> Any:
    """The value with "nan", "inf" and "-inf" as text, which JSON has no numbers for."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)
    return value
