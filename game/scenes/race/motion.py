"""The motion: how far each car is as it is shown, between the rows that it publishes.

    distance ^                      . row     through both places, and as fast at each of them
             |              . ' '             as the row says: a cubic Hermite spline
             |  row . - '
             +-------------------------> time

So a car changes its speed within an update, and not within a frame. It never drives backwards for
that: the slopes are limited (F. N. Fritsch, R. E. Carlson, 1980, https://doi.org/10.1137/0717021).
A row that is farther away than its speed allows is a jump, and shown as one: at once, with a mark.
Used by the race's scene. Kept in numpy for all agents at once, on the reader's clock.
"""

import numpy as np

from game.frame import Flags, Floats, Frame, Integers
from game.scenes.race import FAR, IMPOSSIBLE, KMH, NEAR
from game.view.interpolation import LONGEST, MARKED, MOST
from game.view.memory import Memory

LATE = 0.03  # [s] a row may come later than the one before without that the car stops for it
STEEPEST = 3.0  # times the way's mean slope: up to there a cubic is monotone


class Motion(Memory):
    """The distances [m] of all cars as they are shown."""

    REMEMBERS = (
        *("_start", "_leaves", "_target", "_arrives", "_speed"),
        *("_since", "_lasts", "_updates", "_marked", "_origin"),
    )

    def reset(self) -> None:
        """Forget where everybody is."""
        # (capacity,) where each way begins and leads to [m], and how fast [m/s, real time]
        self._start, self._leaves, self._target, self._arrives = np.zeros((4, 0))
        self._speed: Floats = np.zeros(0)  # (capacity,) [m/s] in the last row, simulated time
        self._since, self._lasts = np.zeros((2, 0))  # (slots,) [s] when it began, how long it takes
        self._updates: Integers = np.zeros(0, np.int64)  # (slots,) at that moment
        # (capacity,) until when a jump is marked [s], and from where it was [m]
        self._marked, self._origin = np.zeros((2, 0))

    def follow(self, frame: Frame) -> Floats:
        """How far the agents shown are at `frame.now` [m], (len(agents),).

        A value that is not finite leaves the car where it was.
        """
        agents = frame.agents
        if len(agents) > MOST:
            self._start = np.zeros(0)
            return frame["distance"]
        if len(self._start) != len(frame.values):
            self._begin(frame)
        fresh = frame.fresh[frame.slots_shown]
        if fresh.any():
            self._aim(frame, agents[fresh])
        return self._now(frame, agents)[0]

    def jumps(self, frame: Frame) -> tuple[Flags, Floats]:
        """Which of the agents shown jumped a moment ago, and from where [m], (n,) both."""
        if not len(self._start):
            return np.zeros(len(frame.agents), np.bool_), np.zeros(len(frame.agents))
        return self._marked[frame.agents] > frame.now, self._origin[frame.agents]

    def _begin(self, frame: Frame) -> None:
        """Let everybody stand where the last row says."""
        cars, slots = len(frame.values), len(frame.changed)
        self._start, self._leaves, self._target, self._arrives, self._speed = np.zeros((5, cars))
        self._marked, self._origin = np.zeros((2, cars))
        self._since, self._lasts = np.zeros(slots), np.ones(slots)
        self._updates = frame.updates.copy()
        here = np.clip(np.nan_to_num(frame["distance"], nan=0.0), -FAR, FAR)
        self._start[frame.agents] = self._target[frame.agents] = here

    def _aim(self, frame: Frame, agents: Integers) -> None:
        """Begin the way to every new row where its car is shown at this moment, as fast as it is
        shown."""
        slots = agents // frame.per_process
        here, pace = self._now(frame, agents)
        distance = frame.values[agents, frame.columns["distance"]]
        speed = frame.values[agents, frame.columns["speed"]] * KMH
        given = np.abs(distance) < FAR
        appeared = frame.first[slots] == frame.now
        target = np.where(given, distance, np.where(appeared, 0.0, here))
        speed = np.where(np.abs(speed) < FAR, speed, 0.0)
        jumped = given & ~appeared & self._impossible(frame, agents, target, speed)
        self._origin[agents[jumped]] = here[jumped]
        self._marked[agents] = np.where(
            jumped, frame.now + MARKED, self._marked[agents] * ~appeared
        )
        start = np.where(jumped | appeared, target, here)
        lasts = np.clip(frame.interval[slots], 1e-6, LONGEST * frame.expected) + LATE
        mean = STEEPEST * (target - start) / lasts
        low, high = np.minimum(mean, 0.0), np.maximum(mean, 0.0)
        self._start[agents], self._target[agents], self._speed[agents] = start, target, speed
        self._leaves[agents] = np.clip(pace, low, high)
        # In real time, of which a pause or another speed makes more or less.
        self._arrives[agents] = np.clip(speed * (frame.step / frame.expected), low, high)
        self._since[slots], self._lasts[slots] = frame.now, lasts
        self._updates[slots] = frame.updates[slots]

    def _impossible(self, frame: Frame, agents: Integers, target: Floats, speed: Floats) -> Flags:
        """Which cars cannot have got to their rows from the rows before."""
        made = (frame.updates - self._updates)[agents // frame.per_process]
        fastest = np.maximum(np.abs(speed), np.abs(self._speed[agents]))
        allowed = IMPOSSIBLE * fastest * made * frame.step + NEAR
        far: Flags = np.abs(target - self._target[agents]) > allowed
        return far

    def _now(self, frame: Frame, agents: Integers) -> tuple[Floats, Floats]:
        """Where cars are shown [m], and how fast they are shown to drive [m/s], (n,) both."""
        slots = agents // frame.per_process
        lasts = self._lasts[slots]
        part = np.clip((frame.now - self._since[slots]) / lasts, 0.0, 1.0)
        rest, start, way = 1.0 - part, self._start[agents], self._target[agents]
        way = way - start
        leaves, arrives = self._leaves[agents] * lasts, self._arrives[agents] * lasts
        place = start + way * (part * part * (3.0 - 2.0 * part))
        place += part * rest * (leaves * rest - arrives * part)
        pace = 6.0 * way * part * rest
        pace += leaves * rest * (1.0 - 3.0 * part) + arrives * part * (3.0 * part - 2.0)
        return place, np.where(part < 1.0, pace / lasts, 0.0)
