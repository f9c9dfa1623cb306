"""Interpolation: smooth motion between the rows that movers publish, on the reader's side.

A mover writes ten times a second, or two; the window draws sixty. Each new row becomes the
target of a straight way that takes as long as the row before it lasted, so agents are shown
one update late and never jump by themselves. A row that is farther away than anybody can have
got is a jump, and shown as one: at once, with a mark. Only the reader's clock counts: any frame
rate gives the same motion. Used by scenes, in their follow().
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from game.frame import Flags, Floats, Frame, Integers
from game.view.memory import Memory

LONGEST = 1.5  # times the expected period: a mover that was silent for longer is caught up with
FARTHEST = 1e12  # a value beyond it is shown as this: its square must still be a number
MOST = 250_000  # agents that glide: 2 ms a frame; of more, a density shows where they last were
OFTEN, CROWD = 1 / 30, 20_000  # [s] rows of a crowd of more that come as often are shown as such
AT_ONCE = 32_768  # of them moved at once: what fits into a core's own cache
LARGE = 4_096  # agents of a process from which each process is moved by itself
STILL = 1e-9  # [m] a way shorter than this has no direction
MARKED = 0.5  # [s] that a jump is marked

Rows = slice | Integers  # of the arrays (capacity, ...): side by side, or picked


def anywhere(seconds: NDArray[Any]) -> Floats:
    """How far one can have got in so many seconds of simulated time, where nobody knows."""
    return np.full(len(seconds), np.inf)


def too_many(agents: int) -> str:
    """What is to be told of agents that do not glide; "" if they do."""
    return "" if agents <= MOST else "in steps: too many to glide"


class Interpolation(Memory):
    """The values of all agents as they are shown, between their last row and the one before."""

    REMEMBERS = ("_start", "_target", "_since", "_lasts", "_updates", "_marked", "_origin")

    def __init__(self, farthest: Callable[[NDArray[Any]], Floats] = anywhere) -> None:
        """`farthest` says how far [as the values] one can get in so many seconds (n,)."""
        self._farthest = farthest
        super().__init__()

    def reset(self) -> None:
        """Forget where everybody is."""
        self._start: Floats = np.zeros((0, 0))  # (capacity, fields) where each way began
        self._target: Floats = np.zeros((0, 0))  # (capacity, fields) where it leads
        self._since: Floats = np.zeros(0)  # (slots,) [s] when it began
        self._lasts: Floats = np.ones(0)  # (slots,) [s] how long it takes
        self._updates: Integers = np.zeros(0, np.int64)  # (slots,) at that moment
        self._marked: Floats = np.zeros(0)  # (capacity,) [s] until when a jump is
        self._origin: Floats = np.zeros((0, 0))  # (capacity, fields) from where it was
        self._shown: Floats = np.zeros((0, 0))  # (capacity, fields) of this frame: kept room
        self._part: Floats = np.zeros(0)  # (slots,) of the way that is done
        self.moves = False  # somebody is elsewhere than in the frame before

    def follow(self, frame: Frame) -> Floats:
        """The fields of the agents shown at `frame.now`, (len(agents), fields) float64, which
        the next call may write over.

        A value that is not finite leaves the agent where it was.
        """
        crowd = len(frame.agents) > CROWD
        if len(frame.agents) > MOST or (crowd and frame.expected < OFTEN):
            self._target, self.moves = np.zeros((0, 0)), bool(frame.fresh.any())
            return frame.shown
        if self._target.shape != frame.values.shape:
            self._begin(frame)
        if self._shown.shape != frame.values.shape:
            self._shown = np.zeros(frame.values.shape)
        fresh = np.flatnonzero(frame.fresh)
        if fresh.size:
            # Those that are shown: a slot may have room for very many more.
            self._aim(frame, fresh, frame.agents[frame.fresh[frame.slots_shown]])
        before, self._part = self._part, self._parts(frame.now)
        self.moves = bool(fresh.size) or not np.array_equal(before, self._part)
        return self._between(frame.agents, frame)

    def jumps(self, frame: Frame) -> tuple[Flags, Floats]:
        """Which of the agents shown jumped a moment ago (n,), and from where (n, fields)."""
        if not len(self._target):
            return np.zeros(len(frame.agents), np.bool_), frame.shown
        rows = self._rows(frame.agents)
        return self._marked[rows] > frame.now, self._origin[rows]

    def _begin(self, frame: Frame) -> None:
        """Show everybody where the last row says, from where the next one leads on."""
        slots, agents = len(frame.changed), frame.agents
        # Zeros take no memory until they are written to: there may be room for very many.
        self._start, self._target = np.zeros(frame.values.shape), np.zeros(frame.values.shape)
        self._origin, self._marked = np.zeros(frame.values.shape), np.zeros(len(frame.values))
        rows = frame.shown
        here = np.clip(np.where(np.isfinite(rows), rows, 0.0), -FARTHEST, FARTHEST)
        self._start[agents] = self._target[agents] = here
        self._since, self._lasts = np.zeros(slots), np.ones(slots)
        self._updates = frame.updates.copy()

    def _aim(self, frame: Frame, slots: Integers, agents: Integers) -> None:
        """Begin the way to every new row where its agents are shown at this moment."""
        self._part = self._parts(frame.now)
        here = self._between(agents, frame)
        limits = self._farthest((frame.updates - self._updates) * frame.step)
        appeared = frame.first == frame.now
        for at in range(0, len(agents), AT_ONCE):
            some = agents[at : at + AT_ONCE]
            of = some // frame.per_process
            self._aim_some(frame, some, here[at : at + AT_ONCE], appeared[of], limits[of])
        self._since[slots], self._updates[slots] = frame.now, frame.updates[slots]
        self._lasts[slots] = np.clip(frame.interval[slots], 1e-6, LONGEST * frame.expected)

    def _aim_some(
        self, frame: Frame, agents: Integers, here: Floats, appeared: Flags, limits: Floats
    ) -> None:
        """Begin the ways of agents from `here` (n, fields); who is farther from where the last
        one led than its limit (n,), or has `appeared`, is at the end of it at once."""
        rows = self._rows(agents)
        new = frame.values[rows]
        given = np.isfinite(new)
        known = given.all(axis=1) if not given.all() else np.ones(len(agents), np.bool_)
        if not known.all():
            new = np.where(given, new, np.where(appeared[:, None], 0.0, here))
        new = np.clip(new, -FARTHEST, FARTHEST)
        way = new - self._target[rows]
        far = known & ~appeared & (np.einsum("ij,ij->i", way, way) > limits * limits)
        if far.any():
            self._origin[agents[far]] = here[far]
            self._marked[agents[far]] = frame.now + MARKED
        self._marked[agents[appeared]] = 0.0
        at_once = far | appeared
        self._start[rows] = np.where(at_once[:, None], new, here) if at_once.any() else here
        self._target[rows] = new

    def _parts(self, now: float) -> Floats:
        """How much of the way of each slot is done, (slots,) from 0 to 1."""
        done: Floats = np.clip((now - self._since) / self._lasts, 0.0, 1.0)
        return done

    def _rows(self, agents: Integers) -> Rows:
        """Where agents stand: a slice, which copies nothing, if they stand side by side."""
        if len(agents) and agents[-1] - agents[0] == len(agents) - 1:
            return slice(int(agents[0]), int(agents[-1]) + 1)
        return agents

    def _between(self, agents: Integers, frame: Frame) -> Floats:
        rows = self._rows(agents)
        start, target = self._start[rows], self._target[rows]
        shown = self._shown[rows]
        for run, part in self._runs(agents, frame.per_process):
            way = np.subtract(target[run], start[run], out=shown[run])
            way *= part
            way += start[run]
        return shown

    def _runs(self, agents: Integers, per_process: int) -> Iterator[tuple[slice, Floats]]:
        """Agents side by side, and how much of their way is done: a number, or (n, 1)."""
        if per_process < LARGE:
            yield slice(0, len(agents)), self._part[agents // per_process][:, None]
            return
        slots = np.arange(len(self._part) + 1)
        ends = np.searchsorted(agents, slots * per_process).tolist()
        for first, end, part in zip(ends, ends[1:], self._part, strict=False):
            for at in range(first, end, AT_ONCE):
                yield slice(at, min(at + AT_ONCE, end)), part


class Headings(Memory):
    """Which way each agent faces: as it says, else as it moved. It turns smoothly, and keeps its
    nose where it was while it stands still."""

    REMEMBERS = ("_angle", "_place", "_known", "_now")
    TIME_CONSTANT = 0.12  # [s] of a turn

    def reset(self) -> None:
        """Forget where everybody looks."""
        self._angle: Floats = np.zeros(0)  # (capacity,) [rad, counter-clockwise from +x]
        self._place: Floats = np.zeros((0, 2))  # (capacity, 2) [m] at the last call
        self._known = np.zeros(0, np.bool_)
        self._now = 0.0

    def of(self, agents: Integers) -> Floats:
        """The headings of some agents [rad], (n,); 0 of those that were never followed."""
        if not len(self._angle):
            return np.zeros(len(agents))
        return self._angle[agents]

    def follow(self, places: Floats, frame: Frame, stated: Floats | None = None) -> None:
        """Note where the agents shown turn: as `stated` (len(agents),) [rad], else, and
        where that is no number, from their `places` (len(agents), 2) [m]."""
        if len(self._angle) != len(frame.values):
            self._angle = np.zeros(len(frame.values))
            self._place = np.zeros((len(frame.values), 2))
            self._known = np.zeros(len(frame.values), np.bool_)
        agents = frame.agents
        appeared = frame.first[agents // frame.per_process] == frame.now
        way = places - self._place[agents]
        moved = (np.hypot(way[:, 0], way[:, 1]) > STILL) & ~appeared
        angle = np.arctan2(way[:, 1], way[:, 0])
        if stated is not None:
            given = np.isfinite(stated)
            angle, moved = np.where(given, stated % (2 * np.pi), angle), moved | given
        turn = angle - self._angle[agents]
        turn = np.remainder(turn + np.pi, 2 * np.pi) - np.pi
        share = 1 - np.exp(-max(frame.now - self._now, 0.0) / self.TIME_CONSTANT)
        known = self._known[agents] & ~appeared
        self._angle[agents] += np.where(moved, np.where(known, turn * share, turn), 0.0)
        self._known[agents] = known | moved
        self._place[agents] = places
        self._now = frame.now
