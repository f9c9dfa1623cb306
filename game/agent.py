"""What a behaviour is, and what it is told.

A behaviour is a file with a class `Mover`

    __init__(self, agent: Agent)        which agent it is, and what it may know
    step(self, dt) -> (value, ...)      one update of `dt` seconds: its new values, in order

and, if it can drive very many at once, a class `Crowd` with the same methods for all agents of
a process (`--per-process`): it gets a Group, and step() returns an (agents, fields) float64
array. What it publishes besides the scene's own fields, it states at the top of its file, as plain
values, name and unit:

    FIELDS = {"offset": "m"}            step() may then return these as well, after the scene's

All agents of a run have the same row; a field that a behaviour says nothing of is 0. In the same
way it states what --set may change, and for which scene it is:

    PARAMETERS = {"mu": 2.0}            found as agent.parameters.mu; numbers, text, True or False
    SCENE = "NAME"                      any other scene refuses it

One that is driven by the arrow keys states that as well; they are then no longer the window's, and
the run has 20 updates a second unless --rate says otherwise:

    KEYS = True                         agent.keys.up, .down, .left, .right: whether each is held

A behaviour that writes the shared memory by itself has a function

    drive(table, part, pace, job)       in place of both: see game.child.mover_process

Both see the others: agent.others, group.everybody(). What a scene's agents can ask besides, who
is near, who drives ahead, is in its own class Agent, made of the one below:

    class Agent(game.agent.Agent):          in the scene's __init__.py
        def near(self, radius): ...

It runs in the mover's own process: neither pygame nor numpy belongs there, nor anything that
the behaviour does not use. A Crowd alone may use numpy, and imports it when it is made.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from game.shared.others import Alone, Others, Source

if TYPE_CHECKING:
    from random import Random

Values = Sequence[float]  # of some agents side by side, (agents * fields,)
NOBODY = Alone()


class Parameters(dict[str, Any]):
    """What a behaviour is set to: parameters.mu, or parameters["mu"]."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            have = ", ".join(self) or "none"
            raise AttributeError(f"there is no parameter {name!r}; PARAMETERS has {have}") from None


class Agent(NamedTuple):
    """What a mover is told of the agent that it drives."""

    number: int  # its place in the table, from 0
    random: "Random"  # its own source of chance: same --seed, same choices
    rate: float  # [Hz] updates a second that it is asked for
    world: Any  # the scene's World: the size of the ground, the track
    others: Others = Others(NOBODY, 0)  # what the others have published last
    parameters: Parameters = Parameters()  # as PARAMETERS and --set say
    keys: Any = None  # keys.up, .down, .left, .right: which arrow keys are held down, if KEYS says

    @property
    def obstacles(self) -> Any:
        """What stands on the ground, in a scene that has such."""
        return self.world.obstacles


class Everybody(NamedTuple):
    """What all agents have published last, each row whole; numpy arrays that nobody can write.

    They are valid until the next step: then their memory is used again.
    """

    rows: Any  # (capacity, fields) float64, by the agents' numbers
    present: Any  # (capacity,) bool: who is there; of the others, the row means nothing
    gone: Any  # (capacity,) bool: of those who are there, whose process has ended


class Group(NamedTuple):
    """What a Crowd is told of the agents that it drives."""

    numbers: range  # their places in the table
    seed: str  # for a source of chance of its own: same --seed, same choices
    rate: float  # [Hz] updates a second that it is asked for
    world: Any  # the scene's World
    published: Source = NOBODY  # what everybody() asks
    parameters: Parameters = Parameters()  # as PARAMETERS and --set say
    keys: Any = None  # keys.up, .down, .left, .right: which arrow keys are held down, if KEYS says

    @property
    def obstacles(self) -> Any:
        """What stands on the ground, in a scene that has such."""
        return self.world.obstacles

    @property
    def selected(self) -> int:
        """The agent of the group that is selected in the window; -1: none."""
        noted = self.published.noted
        return -1 if noted is None else noted.agent

    def note(self, numbers: list[int], radius: float = 0.0) -> None:
        """Have it shown what the selected one has looked at in this step: at these, or for all
        within a radius [m]."""
        if self.published.noted is not None:
            self.published.noted.add(numbers, radius)

    def everybody(self) -> Everybody:
        """What all agents have published last, those of the group as well."""
        import numpy as np

        found = self.published.rows()
        rows = np.frombuffer(found.values.cast("B")).reshape(-1, max(len(found.fields), 1))
        present, gone = (np.frombuffer(found.marks(ended), np.bool_) for ended in (False, True))
        return Everybody(rows, present, gone)
