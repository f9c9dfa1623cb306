"""The recent past: how fast each agent was in the last seconds, and whether it slows down.

Used by the race's scene. Kept in numpy for all agents at once, on the reader's clock.
"""

import numpy as np
from numpy.typing import NDArray

from game.glide import MOST
from game.snapshot import Flags, Floats, Integers, Snapshot

SPAN, RATE = 15.0, 4.0  # [s] that is kept, [Hz] samples
ROOM = 200_000  # agents that there may be; with more, 240 bytes for each are too many
FASTEST = 500.0  # [km/h] a speed beyond it is drawn as this
SLOWER = 3.0  # [km/h] less than in the row before: the brake light is on


class Speeds:
    """The speeds [km/h] of the last SPAN seconds, a ring of samples for each agent."""

    def __init__(self) -> None:
        # (ring, capacity)
        self._samples: NDArray[np.float32] = np.zeros((int(SPAN * RATE), 0), np.float32)
        self._newest = 0  # place in the ring
        self._due = 0.0  # [s] when the next sample is taken
        self.top = 1.0  # [km/h] the highest of all that are kept

    def follow(self, snapshot: Snapshot) -> None:
        """Take a sample if it is time for one; call it once for every snapshot."""
        if len(snapshot.agents) > MOST or len(snapshot.values) > ROOM:
            return
        if self._samples.shape[1] != len(snapshot.values):
            shape = len(self._samples), len(snapshot.values)
            self._samples = np.full(shape, np.nan, np.float32)
        begun = snapshot.first == snapshot.now
        if begun.any():
            self._samples[:, begun.repeat(snapshot.per_process)] = np.nan
        if snapshot.now < self._due:
            return
        self._due = snapshot.now + 1 / RATE
        self._newest = (self._newest + 1) % len(self._samples)
        self._samples[self._newest] = np.nan
        drives = snapshot.agents[~snapshot.resting[snapshot.slots_shown]]
        speeds = snapshot.values[drives, snapshot.columns["speed"]]
        self._samples[self._newest, drives] = np.clip(speeds, 0.0, FASTEST)
        self.top = float(np.nanmax(self._samples, initial=1.0))

    def of(self, agents: Integers) -> NDArray[np.float32]:
        """The samples of some agents, oldest first, (agents, samples); nan where there is none."""
        if not self._samples.shape[1]:
            return np.zeros((len(agents), 0), np.float32)
        turned = np.roll(self._samples[:, agents], -1 - self._newest, axis=0)
        return turned.T


class Brakes:
    """Which agents slow down: those whose newest row is slower than the one before."""

    def __init__(self) -> None:
        self._speed: Floats = np.zeros(0)  # (capacity,) [km/h] in the last row
        self._lit: Flags = np.zeros(0, np.bool_)

    def follow(self, snapshot: Snapshot) -> Flags:
        """Which of the agents shown have their brake light on; call it once for every snapshot."""
        if len(self._speed) != len(snapshot.values):
            self._speed = np.zeros(len(snapshot.values))
            self._lit = np.zeros(len(snapshot.values), np.bool_)
        slots = snapshot.slots_shown
        fresh = snapshot.fresh[slots]
        agents = snapshot.agents[fresh]
        speed = snapshot["speed"][fresh]
        known = snapshot.first[slots][fresh] != snapshot.now
        self._lit[agents] = known & (speed < self._speed[agents] - SLOWER)
        self._speed[agents] = speed
        at_rest = snapshot.resting[slots] | snapshot.failed | snapshot.silent
        lit: Flags = self._lit[snapshot.agents] & ~at_rest
        return lit
