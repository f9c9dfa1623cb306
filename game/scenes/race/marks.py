"""The race's marks on the timeline of a recording: laps."""

import numpy as np

from game.frame import Frame, Integers
from game.scenes.race import Settings
from game.track import load

TOLD = 8  # cars whose laps are marked at the most: with more, the leader's alone
FAR = 1e9  # [m] no car's distance


class Marks:
    """Notes who has begun another lap."""

    def __init__(self, settings: Settings) -> None:
        self._length = load(settings.track).length
        self._laps: Integers = np.zeros(0, np.int64)  # of each car, the most so far

    def follow(self, frame: Frame) -> list[tuple[str, str]]:
        """What happened in a frame: its kind and its words."""
        if len(self._laps) != len(frame.values):
            self._laps = np.zeros(len(frame.values), np.int64)
        distance = frame["distance"]
        sound = np.where(np.abs(distance) < FAR, distance, 0.0)
        laps = np.maximum(sound // self._length, 0).astype(np.int64)
        before = self._laps[frame.agents]
        most = int(self._laps.max(initial=0))
        self._laps[frame.agents] = np.maximum(laps, before)
        over = frame.agents[(laps > before) & frame.fresh[frame.slots_shown]]
        if len(frame.agents) > TOLD:
            over = over[self._laps[over] > most][:1]
        return [("lap", f"car {car + 1}: lap {self._laps[car]} done") for car in over.tolist()]
