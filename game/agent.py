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

It runs in the mover's own process: neither pygame nor numpy belongs there, nor anything that
the behaviour does not use. A Crowd alone may use numpy, and imports it when it is made.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from random import Random

Values = Sequence[float]  # of some agents side by side, (agents * fields,)


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
    parameters: Parameters = Parameters()  # as PARAMETERS and --set say
    keys: Any = None  # keys.up, .down, .left, .right: which arrow keys are held down, if KEYS says

    @property
    def obstacles(self) -> Any:
        """What stands on the ground, in a scene that has such."""
        return self.world.obstacles


class Group(NamedTuple):
    """What a Crowd is told of the agents that it drives."""

    numbers: range  # their places in the table
    seed: str  # for a source of chance of its own: same --seed, same choices
    rate: float  # [Hz] updates a second that it is asked for
    world: Any  # the scene's World
    parameters: Parameters = Parameters()  # as PARAMETERS and --set say
    keys: Any = None  # keys.up, .down, .left, .right: which arrow keys are held down, if KEYS says

    @property
    def obstacles(self) -> Any:
        """What stands on the ground, in a scene that has such."""
        return self.world.obstacles
