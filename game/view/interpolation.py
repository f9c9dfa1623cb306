"""Interpolation: smooth motion between the rows that movers publish, on the reader's side.

A mover writes ten times a second, or two; the window draws sixty. Each new row becomes the
target of a straight way that takes as long as the row before it lasted, so agents are shown
one update late and never jump. Only the reader's clock counts: any frame rate gives the same
motion. Used by scenes, in their follow().
"""

import numpy as np

from game.frame import Floats, Frame, Integers
from game.view.memory import Memory

LONGEST = 1.5  # times the expected period: a mover that was silent for longer is caught up with
FARTHEST = 1e12  # a value beyond it is shown as this: its square must still be a number
MOST = 20_000  # agents that way: of more, nobody sees one move
STILL = 1e-9  # [m] a way shorter than this has no direction


class Interpolation(Memory):
    """The values of all agents as they are shown, between their last row and the one before."""

    REMEMBERS = ("_start", "_target", "_since", "_lasts")

    def reset(self) -> None:
        """Forget where everybody is."""
        self._start: Floats = np.zeros((0, 0))  # (capacity, fields) where each way began
        self._target: Floats = np.zeros((0, 0))  # (capacity, fields) where it leads
        self._since: Floats = np.zeros(0)  # (slots,) [s] when it began
        self._lasts: Floats = np.ones(0)  # (slots,) [s] how long it takes

    def follow(self, frame: Frame) -> Floats:
        """The fields of the agents shown at `frame.now`, (len(agents), fields) float64.

        A value that is not finite leaves the agent where it was.
        """
        if len(frame.agents) > MOST:
            self._target = np.zeros((0, 0))
            return frame.shown
        if self._target.shape != frame.values.shape:
            self._begin(frame)
        fresh = np.flatnonzero(frame.fresh)
        if fresh.size:
            # Those that are shown: a slot may have room for very many more.
            self._aim(frame, fresh, frame.agents[frame.fresh[frame.slots_shown]])
        return self._between(frame.agents, frame)

    def _begin(self, frame: Frame) -> None:
        """Show everybody where the last row says, from where the next one leads on."""
        slots, agents = len(frame.changed), frame.agents
        # Zeros take no memory until they are written to: there may be room for very many.
        self._start = np.zeros(frame.values.shape)
        self._target = np.zeros(frame.values.shape)
        rows = frame.shown
        here = np.clip(np.where(np.isfinite(rows), rows, 0.0), -FARTHEST, FARTHEST)
        self._start[agents] = self._target[agents] = here
        self._since, self._lasts = np.zeros(slots), np.ones(slots)

    def _aim(self, frame: Frame, slots: Integers, agents: Integers) -> None:
        """Begin the way to every new row where its agents are shown at this moment."""
        new = np.clip(frame.values[agents], -FARTHEST, FARTHEST)
        here = self._between(agents, frame)
        given = np.isfinite(frame.values[agents])
        appeared = (frame.first == frame.now)[agents // frame.per_process][:, None]
        here = np.where(appeared, np.where(given, new, 0.0), here)
        self._start[agents] = here
        self._target[agents] = np.where(given, new, here)
        self._since[slots] = frame.now
        self._lasts[slots] = np.clip(frame.interval[slots], 1e-6, LONGEST * frame.expected)

    def _between(self, agents: Integers, frame: Frame) -> Floats:
        slots = agents // frame.per_process
        part = np.clip((frame.now - self._since[slots]) / self._lasts[slots], 0.0, 1.0)
        start = self._start[agents]
        between: Floats = start + (self._target[agents] - start) * part[:, None]
        return between


class Headings(Memory):
    """Which way each agent faces, from the way it moved; it turns smoothly and keeps its nose
    where it was while it stands still."""

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

    def follow(self, places: Floats, frame: Frame) -> None:
        """Note where the agents shown turn, from their `places` (len(agents), 2) [m]."""
        if len(self._angle) != len(frame.values):
            self._angle = np.zeros(len(frame.values))
            self._place = np.zeros((len(frame.values), 2))
            self._known = np.zeros(len(frame.values), np.bool_)
        agents = frame.agents
        appeared = frame.first[agents // frame.per_process] == frame.now
        way = places - self._place[agents]
        moved = (np.hypot(way[:, 0], way[:, 1]) > STILL) & ~appeared
        turn = np.arctan2(way[:, 1], way[:, 0]) - self._angle[agents]
        turn = np.remainder(turn + np.pi, 2 * np.pi) - np.pi
        share = 1 - np.exp(-max(frame.now - self._now, 0.0) / self.TIME_CONSTANT)
        known = self._known[agents] & ~appeared
        self._angle[agents] += np.where(moved, np.where(known, turn * share, turn), 0.0)
        self._known[agents] = known | moved
        self._place[agents] = places
        self._now = frame.now
