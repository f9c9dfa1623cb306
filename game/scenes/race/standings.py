"""The standings: who is ahead in a race, and when each car finished it.

Used by the race's scene. Times are simulated ones: update k of a car is k times `frame.step`
after its start. So they do not depend on the frame rate, on the speed that a person watches at
or on a pause. Cars are timed by their own processes, see laps; where nobody is (too many cars, rows
without processes of ours), by the rows that were seen.
"""

import numpy as np

from game.frame import Flags, Floats, Frame, Integers
from game.scenes.race.timing import Timing
from game.view.memory import Memory

LAST = 1e10  # [s] after every time, and [m] further than any distance
ON_THE_PODIUM = 3


class Standings(Memory):
    """The order of all cars and their finishing times, over any number of frames."""

    REMEMBERS = ("times", "_row", "_began", "_held", "_clock", "_seen")

    def __init__(self, finish: float, far: float) -> None:
        """`finish` [m] is infinite in a race without an end; beyond `far` [m] there is no car."""
        self._finish, self._far = finish, far
        super().__init__()

    def reset(self) -> None:
        """Begin a new race."""
        self.times: Floats = np.zeros(0)  # (capacity,) [s] at the finish; nan: not there yet
        self._row: Floats = np.zeros((0, 2))  # (capacity, 2) [s, m] of each car's last sound row
        self._began: Floats = np.zeros(0)  # (slots,) [s] in the race when a car set off
        self._held: Flags = np.zeros(0, np.bool_)  # (slots,) which have had a car in this race
        self._clock = 0.0  # [s] that the race has gone on for
        self._seen = -1.0  # [s] when the last frame was made

    def follow(self, frame: Frame) -> None:
        """Take note of every new row."""
        if len(self.times) != len(frame.values):
            self.times = np.full(len(frame.values), np.nan)
            self._row = np.full((len(frame.values), 2), np.nan)
            self._began = np.zeros(len(frame.updates))
            self._held = np.zeros(len(frame.updates), np.bool_)
        self._forget(frame)
        fresh = np.flatnonzero(frame.fresh)
        if fresh.size:
            now = self._began[fresh] + frame.updates[fresh] * frame.step
            self._clock = max(self._clock, float(now.max()))
            run = np.arange(frame.per_process)
            agents = (fresh[:, None] * frame.per_process + run).ravel()
            began = self._began[fresh].repeat(frame.per_process)
            self._cross(agents, began, now.repeat(frame.per_process), frame)

    def _forget(self, frame: Frame) -> None:
        """Let the cars of slots that changed hands begin anew; with nobody left, the race."""
        if not frame.agents.size:
            self._clock, self._held[:] = 0.0, False
        begun = frame.first > self._seen
        self._seen = frame.now
        if begun.any():
            cars = begun.repeat(frame.per_process)
            self.times[cars], self._row[cars] = np.nan, np.nan
            # Each counts from its own start: a process takes its time to come. But who starts
            # again in a race that goes on does not gain by it.
            late = np.maximum(self._clock - frame.updates[begun] * frame.step, 0.0)
            self._began[begun] = np.where(self._held[begun], late, 0.0)
            self._held |= begun & (frame.updates > 0)

    def _cross(self, agents: Integers, began: Floats, now: Floats, frame: Frame) -> None:
        """Time the cars that passed the finish: as they did themselves, else since their last row
        by the way in between; one without a row before it as if it had driven evenly since it
        began."""
        distance = frame.values[agents, frame.columns["distance"]]
        sound = np.abs(distance) < self._far  # false for nan
        racing = np.isnan(self.times[agents])
        if isinstance(frame.extra, Timing):  # they were timed where they are driven
            taken = frame.extra.finished[agents]
            self.times[agents[racing]] = (began + taken)[racing]
            return
        there = sound & (distance >= self._finish) & racing
        before, was = self._row[agents[there]].T
        before, was = np.where(np.isnan(was), began[there], before), np.nan_to_num(was)
        share = (self._finish - was) / (distance[there] - was)
        self.times[agents[there]] = before + (now[there] - before) * share
        self._row[agents[sound]] = np.column_stack((now[sound], distance[sound]))

    def finished(self, agents: Integers) -> Flags:
        """Which of some agents have finished."""
        return ~np.isnan(self.times[agents])

    def order(self, agents: Integers, distance: Floats, most: int) -> Integers:
        """The places in `agents` of the first `most`: by time at the finish, then by distance."""
        sound = np.clip(np.nan_to_num(distance, nan=-self._far), -self._far, self._far)
        times = self.times[agents]
        behind = np.where(np.isnan(times), -sound, times - LAST)
        if 0 < most < len(behind):  # a few of very many: sorting all would cost too much
            kept = np.flatnonzero(behind <= np.partition(behind, most - 1)[most - 1])
            return kept[np.argsort(behind[kept], kind="stable")[:most]]
        return np.argsort(behind, kind="stable")[:most]

    def winners(self, frame: Frame) -> Integers:
        """The agents on the podium, the first one first; nobody until all its steps are taken."""
        agents = frame.agents
        finished = self.finished(agents)
        wanted = min(ON_THE_PODIUM, int(np.count_nonzero(finished | ~frame.dead)))
        if not wanted or np.count_nonzero(finished) < wanted:
            return agents[:0]
        there = agents[finished]
        return there[np.argsort(self.times[there], kind="stable")[:ON_THE_PODIUM]]


def tenths(seconds: float) -> int:
    """A time in tenths of a second: the one figure that all others are written from."""
    return round(seconds * 10)


def clock(seconds: float) -> str:
    """A time as it stands on a scoreboard: 0:41.2."""
    minutes, rest = divmod(tenths(seconds), 600)
    return f"{minutes}:{rest // 10:02}.{rest % 10}"


def gap(seconds: float, first: float) -> str:
    """How much later than the first one: what their times on the scoreboard differ by."""
    return f"+{(tenths(seconds) - tenths(first)) / 10:.1f} s"
