"""The snapshot: what is known of all agents at one moment, as named numpy columns.

A scene draws a Snapshot and asks nothing else. The reader makes one from the shared table, once
a frame; a recording or somebody else's array can be another source, so nothing here knows of
tables or processes.
"""

from collections.abc import Mapping
from copy import copy
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SILENCE = 0.7  # [s] without an update before a mover counts as silent, and
LATE = 3.0  # times its period
INTERVAL = 0.5  # [s] taken for the time between two updates until it is known


class SyncFigures(NamedTuple):
    """What one way of sharing the array has cost and let through."""

    reads: int
    torn: int  # reads that caught a pass half done
    missed: int  # frames without a read, because it was not done in time
    median: float  # [ms] from asking for a copy to having it
    p99: float  # [ms]
    most: float  # [ms]
    passes: float  # [1/s] that the writer made


class SyncView(NamedTuple):
    """How the array of this snapshot is shared, and how that goes."""

    mode: str
    figures: Mapping[str, SyncFigures]  # of every mode so far
    torn: bool  # the values were caught half-way
    stress: bool  # the writer runs flat out
    lens: float  # [ms] between two elements of a pass
    waiting: float  # [s] that the read under way has taken so far; 0: none is
    alarm: str  # what is wrong at this moment
    notice: str  # what was done about the last thing that was


class Snapshot:
    """The accepted values of every agent, and what is known of the process behind each.

    `values` is (capacity, fields) float64; everything called "of a slot" is (slots,). Agents
    that a scene has to draw are listed in `agents`; `snapshot["x"]` is a field of just those.
    """

    def __init__(self, fields: Mapping[str, str], slots: int, per_process: int = 1) -> None:
        self.fields = dict(fields)
        self.per_process = per_process
        self.now = 0.0  # [s] on the reader's clock
        self.expected = INTERVAL  # [s] between two updates of a mover that is on time
        self.step = INTERVAL  # [s] of simulated time that one update makes
        self.values: Floats = np.zeros((slots * per_process, len(fields)))
        self.agents: Integers = np.zeros(0, np.int64)  # ascending numbers of the agents shown
        self.lost: Flags = np.zeros(slots, np.bool_)  # of a slot: its process failed
        self.updates: Integers = np.zeros(slots, np.int64)  # of a slot, so far
        self.pid: Integers = np.zeros(slots, np.int64)  # of a slot; 0: none
        self.first: Floats = np.zeros(slots)  # [s] when a slot's first row was seen
        self.first_updates: Integers = np.zeros(slots, np.int64)  # of a slot, at that moment
        self.changed: Floats = np.zeros(slots)  # [s] when a slot's last new row was seen
        self.forgiven = 0.0  # [s] silences count from then on at the earliest
        self.interval: Floats = np.full(slots, INTERVAL)  # [s] between a slot's last two
        # Of a slot: how many agents its process drives; where nobody knows, as many as fit.
        self.driven: Integers = np.full(slots, per_process)
        self.resting: Flags = np.zeros(slots, np.bool_)  # of a slot: its process is done
        self.period: Floats = np.full(slots, INTERVAL)  # [s] a slot's updates take, on average
        self.selected = -1  # the agent that a person points at; -1: none
        self.pointed = range(0)  # the agents that the mouse is on
        self.fresh: Flags = np.zeros(slots, np.bool_)  # of a slot: it has a new row in this frame
        self.sync: SyncView | None = None  # where the scene is about ways to share
        self.columns = {name: number for number, name in enumerate(fields)}

    def __getitem__(self, field: str) -> Floats:
        """One field of the agents shown, (len(agents),) float64, a copy."""
        column: Floats = self.values[self.agents, self.columns[field]]
        return column

    @property
    def shown(self) -> Floats:
        """All fields of the agents shown, (len(agents), fields); not a copy if none is missing."""
        return self.rows(0, len(self.agents))

    def rows(self, first: int, last: int) -> Floats:
        """All fields of `agents[first:last]`; not a copy where they stand side by side."""
        agents = self.agents[first:last]
        if len(agents) and agents[-1] - agents[0] == len(agents) - 1:
            return self.values[agents[0] : agents[-1] + 1]
        return self.values[agents]

    def only(self, which: Flags) -> "Snapshot":
        """The same snapshot, of which just these of the agents are shown, (len(agents),)."""
        part = copy(self)
        part.agents = self.agents[which]
        return part

    @property
    def slots_shown(self) -> Integers:
        """The slot of each agent shown, (len(agents),)."""
        return self.agents // self.per_process

    @property
    def age(self) -> Floats:
        """For how long each agent shown has written no row [s], (len(agents),)."""
        age: Floats = self.silence[self.slots_shown]
        return age

    @property
    def silence(self) -> Floats:
        """For how long each slot's process has written no row [s], (slots,)."""
        silence: Floats = self.now - np.maximum(self.changed, self.forgiven)
        return silence

    @property
    def silent(self) -> Flags:
        """Which of the agents shown have a process that has not written for too long."""
        silent: Flags = self.silent_slots[self.slots_shown]
        return silent

    @property
    def silent_slots(self) -> Flags:
        """Which slots have a process that has not written for too long, (slots,)."""
        quiet = (self.updates > 0) & (self.silence > max(SILENCE, LATE * self.expected))
        silent: Flags = quiet & ~self.lost & ~self.resting
        return silent

    @property
    def failed(self) -> Flags:
        """Which of the agents shown have lost their process, (len(agents),)."""
        failed: Flags = self.lost[self.slots_shown]
        return failed

    def is_lost(self, agent: int) -> bool:
        """Whether an agent has lost its process; nobody (-1) has none to lose."""
        return agent >= 0 and bool(self.lost[agent // self.per_process])
