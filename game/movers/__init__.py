"""The behaviours: one file each, in a folder for each scene.

A folder's `__init__.py` is the *world* that its movers live in: the fields that they publish,
the defaults of a run and the tutorial's programs. Every other file holds one behaviour: a
class `Mover` with

    __init__(self, agent: Agent)        which agent it is, and what it may know
    step(self, dt) -> (value, ...)      one update of `dt` seconds: its new values, in order

and, if it can drive very many at once, a class `Crowd` with the same methods for all agents of
a process (`--per-process`): it gets a Group, and step() returns an (agents, fields) float64 array.

This runs in the mover's own process: neither pygame nor numpy belongs here, nor anything that
the behaviour does not use. A Crowd alone may use numpy, and imports it when it is made.
"""

import os
from collections.abc import Mapping, Sequence
from importlib import import_module
from random import Random
from typing import Any, NamedTuple, Protocol, cast

FOLDER = os.path.dirname(__file__)

Values = Sequence[float]  # of some agents side by side, (agents * fields,)


class Agent(NamedTuple):
    """What a mover is told of the agent that it drives."""

    number: int  # its place in the table, from 0
    random: Random  # its own source of chance: same --seed, same choices
    rate: float  # [Hz] updates a second that it is asked for
    world: Any  # the scene's World: the size of the ground, the track


class Group(NamedTuple):
    """What a Crowd is told of the agents that it drives."""

    numbers: range  # their places in the table
    seed: str  # for a source of chance of its own: same --seed, same choices
    rate: float  # [Hz] updates a second that it is asked for
    world: Any  # the scene's World


class Preset(NamedTuple):
    """One of the tutorial's programs: a run with all its numbers."""

    about: str
    agents: int
    mover: str
    rate: float  # [Hz]
    updates: int
    title: str  # printed above the final values
    names: tuple[str, ...] = ()  # what the agents are called; () for the scene's own
    per_process: int = 1  # agents driven by one process
    says_updates: bool = True  # each process prints its updates
    monitor: float = 0.0  # [s] between two lines of a monitor process; 0: none
    sync: str = ""  # how the road's array is shared


class World(Protocol):
    """What every world module states, for the command line, the movers and the printing."""

    ARRAY: str  # what a person calls the shared array in Python
    FIELDS: Mapping[str, str]  # name -> unit, in the order of an agent's slice
    AGENTS: int  # to start with
    RATE: float  # [Hz]
    MOVER: str  # the default behaviour
    TRACK: str  # the default track; "" where the scene has none
    MOST: int  # agents at the most
    TOGETHER: bool  # one process drives all agents
    TITLE: str  # printed above the final values
    PRESETS: Mapping[str, Preset]

    def World(self, place: str, laps: int) -> Any:  # a class, or a function
        """What a mover may know of its surroundings; `place` is the track's file, if any, and
        `laps` how many a race has, 0 for no end. Its `over(values)` says after each update of
        a process whether its agents are done."""

    def name(self, number: int) -> str:
        """What a person calls an agent."""

    def update_line(self, name: str, values: tuple[float, ...]) -> str:
        """The line printed after an update."""

    def monitor_line(self, agents: list[tuple[float, ...]]) -> str:
        """The line that a monitor prints of all agents' values."""

    def final_line(self, name: str, values: tuple[float, ...]) -> str:
        """The line printed at the end."""


def world(scene: str) -> World:
    """The world module of a scene."""
    return cast(World, import_module(f"{__name__}.{scene}"))


def names(scene: str) -> list[str]:
    """The behaviours that a scene's folder holds, by name."""
    files = os.listdir(os.path.join(FOLDER, scene))
    return sorted(f[:-3] for f in files if f.endswith(".py") and not f.startswith("_"))


def describe(scene: str, name: str) -> str:
    """The first line of a behaviour's docstring, read without running its file."""
    import ast

    with open(os.path.join(FOLDER, scene, name + ".py"), encoding="utf-8") as file:
        return (ast.get_docstring(ast.parse(file.read())) or "").partition("\n")[0]


def figure(value: float) -> str:
    """A value as a person writes it: whole where it is whole, else one decimal."""
    return f"{value:.1f}".removesuffix(".0")
