"""The Frame: what is known of all agents at one moment, as read-only numpy columns.

    source ──read──> Frame ──follow──> what a scene remembers ──draw──> pixels

A source makes one a frame; whoever holds it may keep it: it never changes. It knows nothing of
where it comes from (our own table, a recording, somebody else's array), nor of the person who
looks at it.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SILENCE = 0.7  # [s] without an update before a writer counts as silent, and
LATE = 3.0  # times its period
INTERVAL = 0.5  # [s] taken for the time between two updates until it is known


class Foreign(NamedTuple):
    """What is known of an array that is not ours. Who writes it is not known."""

    words: str  # its type and shape, "int32, 480 x 640"
    noun: str  # what a row of the values is: "element", "row", "record"
    dtype: str
    itemsize: int  # [bytes] of an element; 0 where they are of several types
    offset: int  # [bytes] of the first one in its memory


class Behaved(NamedTuple):
    """One of the behaviours of a run."""

    name: str  # what a person calls it
    fields: frozenset[str]  # that it gives values of; of the others they are 0


class Looked(NamedTuple):
    """What the selected agent looked at in its last step."""

    agent: int
    radius: float  # [m] around it, in which it looked for others; 0: it asked for some by name
    numbers: tuple[int, ...]  # of those that it saw, the first ones


class Frame:
    """The accepted values of every agent, and what is known of the process behind each.

    `values` is (capacity, fields) float64; everything called "of a slot" is (slots,). A slot
    holds the agents of one writing process. Agents that a scene has to draw are listed in
    `agents`; `frame["x"]` is a field of just those.
    """

    def __init__(self, fields: Mapping[str, str], slots: int, per_process: int = 1) -> None:
        """A frame of agents without any process behind them; `fields` maps names to units."""
        self.fields = dict(fields)
        self.columns = {name: number for number, name in enumerate(fields)}
        self.per_process = per_process  # agents in a slot
        self.now = 0.0  # [s] on the session's clock
        self.expected = INTERVAL  # [s] between two rows of a writer that is on time
        self.step = INTERVAL  # [s] of simulated time that one update makes
        self.element_wise = False  # elements are written one by one, and no row at once
        self.foreign: Foreign | None = None  # None: the array is our own table's
        self.looked: Looked | None = None  # by the agent that is selected, if it looked at others
        self.extra: Any = None  # what a scene's own source adds; only that scene looks into it
        self.values: Floats = np.zeros((slots * per_process, len(fields)))
        self.behaviours: tuple[Behaved, ...] = ()  # that the agents have
        self.further: tuple[str, ...] = ()  # fields that they state besides the scene's own
        self.hosts: tuple[str, ...] = ()  # the names of other machines that write it; (): none does
        self.agents: Integers = np.zeros(0, np.int64)  # ascending numbers of the agents shown
        # Of a slot:
        self.behaviour: Integers = np.zeros(slots, np.int64)  # which of them its process has
        self.pid: Integers = np.zeros(slots, np.int64)  # the writing process, there; 0: none
        self.host: Integers = np.full(slots, -1)  # which of the hosts it is on; -1: this one
        self.aged: Floats = np.zeros(slots)  # [s] how old its row is, where that is known; else 0
        self.driven: Integers = np.full(slots, per_process)  # agents that its process drives
        self.died: Flags = np.zeros(slots, np.bool_)  # its process failed
        self.done: Flags = np.zeros(slots, np.bool_)  # its process did all that it was asked for
        self.updates: Integers = np.zeros(slots, np.int64)  # so far
        self.fresh: Flags = np.zeros(slots, np.bool_)  # it has a new row in this frame
        self.wild: Integers = np.zeros(slots, np.int64)  # rows that somebody else has written to
        self.first: Floats = np.zeros(slots)  # [s] when its first row was seen
        self.first_updates: Integers = np.zeros(slots, np.int64)  # at that moment
        self.changed: Floats = np.zeros(slots)  # [s] when its last new row was seen
        self.interval: Floats = np.full(slots, INTERVAL)  # [s] between its last two rows
        self.period: Floats = np.full(slots, INTERVAL)  # [s] that its updates take, on average
        self.silent_from = 0.0  # [s] silences count from then on at the earliest

    def next(self, **changes: Any) -> Self:
        """The frame that follows: the same but for some columns, which belong to it from now on."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__)
        for column in changes.values():
            if column.__class__ is np.ndarray:
                column.flags.writeable = False
        made.__dict__.update(changes)
        return made

    def __getitem__(self, field: str) -> Floats:
        """One field of the agents shown, (len(agents),) float64, a copy."""
        column: Floats = self.values[self.agents, self.columns[field]]
        return column

    def mover_of(self, agent: int) -> str:
        """The name of an agent's behaviour, where there are several; else ""."""
        if len(self.behaviours) < 2:
            return ""
        behaved: Behaved = self.behaviours[self.behaviour[agent // self.per_process]]
        return behaved.name

    def host_of(self, slot: int) -> str:
        """The name of the other machine that a slot's process is on; "" where it is here."""
        index = int(self.host[slot])
        return self.hosts[index] if 0 <= index < len(self.hosts) else ""

    def says(self, field: str) -> Flags:
        """Which of the agents shown have a behaviour that gives values of a field."""
        says = np.array([field in each.fields for each in self.behaviours], np.bool_)
        if not len(says) or says.all():
            return np.full(len(self.agents), field in self.columns)
        of_slot: Flags = says[self.behaviour]
        return of_slot[self.slots_shown]

    def part(self, first: str, last: str) -> Self:
        """The same frame of just the fields from one to another, side by side, if it has them; not
        a copy."""
        if first not in self.columns or last not in self.columns:
            return self
        columns = slice(self.columns[first], self.columns[last] + 1)
        names = list(self.fields)[columns]
        if len(names) == len(self.fields):
            return self
        return self.next(
            fields={name: self.fields[name] for name in names},
            columns={name: number for number, name in enumerate(names)},
            values=self.values[:, columns],
        )

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

    def only(self, which: Flags) -> Self:
        """The same frame, of which just these of the agents are shown, (len(agents),)."""
        return self.next(agents=self.agents[which])

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
        silence: Floats = self.now - np.maximum(self.changed, self.silent_from)
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
        silent: Flags = quiet & ~self.died & ~self.done
        return silent

    @property
    def dead(self) -> Flags:
        """Which of the agents shown have a process that died, (len(agents),)."""
        dead: Flags = self.died[self.slots_shown]
        return dead

    def is_dead(self, agent: int) -> bool:
        """Whether an agent's process died; nobody (-1) has none."""
        return agent >= 0 and bool(self.died[agent // self.per_process])
