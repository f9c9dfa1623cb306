"""The recent past: how fast each agent was in the last seconds, and whether it slows down.

Used by the race's scene. Kept in numpy for all agents at once, on the reader's clock.
"""

import numpy as np
from numpy.typing import NDArray

from game.frame import Flags, Floats, Frame, Integers
from game.view.memory import Memory

SPAN, RATE = 15.0, 4.0  # [s] that is kept, [Hz] samples
MOST = 20_000  # agents whose speeds are kept: of more, nobody sees a curve
ROOM = 200_000  # agents that there may be; with more, 240 bytes for each are too many
FASTEST = 500.0  # [km/h] a speed beyond it is drawn as this
SLOWER = 3.0  # [km/h] less than in the row before: the brake light is on


class Speeds(Memory):
    """The speeds [km/h] of the last SPAN seconds, a ring of samples for each agent."""

    REMEMBERS = ("_samples", "_newest", "_due", "top")

    def reset(self) -> None:
        """Forget all samples."""
        # (ring, capacity)
        self._samples: NDArray[np.float32] = np.zeros((int(SPAN * RATE), 0), np.float32)
        self._newest = 0  # place in the ring
        self._due = 0.0  # [s] when the next sample is taken
        self.top = 1.0  # [km/h] the highest of all that are kept

    def follow(self, frame: Frame) -> None:
        """Take a sample if it is time for one."""
        if len(frame.agents) > MOST or len(frame.values) > ROOM:
            return
        if self._samples.shape[1] != len(frame.values):
            shape = len(self._samples), len(frame.values)
            self._samples = np.full(shape, np.nan, np.float32)
        begun = frame.first == frame.now
        if begun.any():
            self._samples[:, begun.repeat(frame.per_process)] = np.nan
        if frame.now < self._due:
            return
        self._due = frame.now + 1 / RATE
        self._newest = (self._newest + 1) % len(self._samples)
        self._samples[self._newest] = np.nan
        drives = frame.agents[~frame.done[frame.slots_shown]]
        speeds = frame.values[drives, frame.columns["speed"]]
        self._samples[self._newest, drives] = np.clip(speeds, 0.0, FASTEST)
        self.top = float(np.nanmax(self._samples, initial=1.0))

    def of(self, agents: Integers) -> NDArray[np.float32]:
        """The samples of some agents, oldest first, (agents, samples); nan where there is none."""
        if not self._samples.shape[1]:
            return np.zeros((len(agents), 0), np.float32)
        turned = np.roll(self._samples[:, agents], -1 - self._newest, axis=0)
        return turned.T


class Brakes(Memory):
    """Which agents slow down: those whose newest row is slower than the one before."""

    REMEMBERS = ("_speed", "_lit")

    def __init__(self, scale: float = 1.0) -> None:
        """`scale` is the track's: on a model of one a car slows down by less."""
        self._slower = SLOWER * scale  # [km/h]
        super().__init__()

    def reset(self) -> None:
        """Forget how fast everybody was."""
        self._speed: Floats = np.zeros(0)  # (capacity,) [km/h] in the last row
        self._lit: Flags = np.zeros(0, np.bool_)

    def follow(self, frame: Frame) -> None:
        """Note who is slower in a new row."""
        if len(self._speed) != len(frame.values):
            self._speed = np.zeros(len(frame.values))
            self._lit = np.zeros(len(frame.values), np.bool_)
        slots = frame.slots_shown
        fresh = frame.fresh[slots]
        agents = frame.agents[fresh]
        speed = frame["speed"][fresh]
        known = frame.first[slots][fresh] != frame.now
        self._lit[agents] = known & (speed < self._speed[agents] - self._slower)
        self._speed[agents] = speed

    def lit(self, frame: Frame) -> Flags:
        """Which of the agents shown have their brake light on."""
        at_rest = frame.done[frame.slots_shown] | frame.dead | frame.silent
        lit: Flags = self._lit[frame.agents] & ~at_rest
        return lit
