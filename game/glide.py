"""Glide: smooth motion between the rows that movers publish, on the reader's side.

A mover writes ten times a second, or two; the window draws sixty. Each new row becomes the
target of a straight glide that takes as long as the row before it lasted, so agents are shown
one update late and never jump. Only the reader's clock counts: any frame rate gives the same
motion. Used by scenes.
"""

import numpy as np

from game.snapshot import Floats, Integers, Snapshot

LONGEST = 1.5  # times the expected period: a mover that was silent for longer is caught up with
FARTHEST = 1e12  # a value beyond it is shown as this: its square must still be a number
MOST = 20_000  # agents that glide: of more, nobody sees one move
STILL = 1e-9  # [m] a way shorter than this has no direction


class Glide:
    """The values of all agents as they are shown, between their last row and the one before."""

    def __init__(self) -> None:
        self._start: Floats = np.zeros((0, 0))  # (capacity, fields) where each glide began
        self._target: Floats = np.zeros((0, 0))  # (capacity, fields) where it leads
        self._since: Floats = np.zeros(0)  # (slots,) [s] when it began
        self._lasts: Floats = np.ones(0)  # (slots,) [s] how long it takes

    def follow(self, snapshot: Snapshot) -> Floats:
        """The fields of the agents shown at `snapshot.now`, (len(agents), fields) float64.

        Call it once for every snapshot, whether or not the result is drawn. A value that is
        not finite leaves the agent where it was.
        """
        if len(snapshot.agents) > MOST:
            self._target = np.zeros((0, 0))
            return snapshot.shown
        if self._target.shape != snapshot.values.shape:
            self._begin(snapshot)
        fresh = np.flatnonzero(snapshot.fresh)
        if fresh.size:
            # Those that are shown: a slot may have room for very many more.
            self._aim(snapshot, fresh, snapshot.agents[snapshot.fresh[snapshot.slots_shown]])
        return self._between(snapshot.agents, snapshot)

    def _begin(self, snapshot: Snapshot) -> None:
        """Show everybody where the last row says, from where the next one leads on."""
        slots, agents = len(snapshot.changed), snapshot.agents
        # Zeros take no memory until they are written to: there may be room for very many.
        self._start = np.zeros(snapshot.values.shape)
        self._target = np.zeros(snapshot.values.shape)
        rows = snapshot.shown
        here = np.clip(np.where(np.isfinite(rows), rows, 0.0), -FARTHEST, FARTHEST)
        self._start[agents] = self._target[agents] = here
        self._since, self._lasts = np.zeros(slots), np.ones(slots)

    def _aim(self, snapshot: Snapshot, slots: Integers, agents: Integers) -> None:
        """Begin the glide to every new row where its agents are shown at this moment."""
        new = np.clip(snapshot.values[agents], -FARTHEST, FARTHEST)
        here = self._between(agents, snapshot)
        given = np.isfinite(snapshot.values[agents])
        appeared = (snapshot.first == snapshot.now)[agents // snapshot.per_process][:, None]
        here = np.where(appeared, np.where(given, new, 0.0), here)
        self._start[agents] = here
        self._target[agents] = np.where(given, new, here)
        self._since[slots] = snapshot.now
        self._lasts[slots] = np.clip(snapshot.interval[slots], 1e-6, LONGEST * snapshot.expected)

    def _between(self, agents: Integers, snapshot: Snapshot) -> Floats:
        slots = agents // snapshot.per_process
        part = np.clip((snapshot.now - self._since[slots]) / self._lasts[slots], 0.0, 1.0)
        start = self._start[agents]
        between: Floats = start + (self._target[agents] - start) * part[:, None]
        return between


class Headings:
    """Which way each agent faces, from the way it moved; it turns smoothly and keeps its nose
    where it was while it stands still."""

    QUICK = 0.12  # [s] to make good on 63 % of a turn

    def __init__(self) -> None:
        self._angle: Floats = np.zeros(0)  # (capacity,) [rad, counter-clockwise from +x]
        self._place: Floats = np.zeros((0, 2))  # (capacity, 2) [m] at the last call
        self._known = np.zeros(0, np.bool_)
        self._now = 0.0

    def follow(self, places: Floats, snapshot: Snapshot) -> Floats:
        """The headings of the agents shown [rad], from their `places` (len(agents), 2) [m]."""
        if len(snapshot.agents) > MOST:
            return np.zeros(len(snapshot.agents))
        if len(self._angle) != len(snapshot.values):
            self._angle = np.zeros(len(snapshot.values))
            self._place = np.zeros((len(snapshot.values), 2))
            self._known = np.zeros(len(snapshot.values), np.bool_)
        agents = snapshot.agents
        appeared = snapshot.first[agents // snapshot.per_process] == snapshot.now
        way = places - self._place[agents]
        moved = (np.hypot(way[:, 0], way[:, 1]) > STILL) & ~appeared
        turn = np.arctan2(way[:, 1], way[:, 0]) - self._angle[agents]
        turn = np.remainder(turn + np.pi, 2 * np.pi) - np.pi
        share = 1 - np.exp(-max(snapshot.now - self._now, 0.0) / self.QUICK)
        known = self._known[agents] & ~appeared
        self._angle[agents] += np.where(moved, np.where(known, turn * share, turn), 0.0)
        self._known[agents] = known | moved
        self._place[agents] = places
        self._now = snapshot.now
        return self._angle[agents].copy()
