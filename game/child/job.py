"""The job: what every mover process of a run is asked to do, in words and numbers.

Made from the options, and handed to each process when it starts.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from game import scenes
from game.child.threads import limit

MOST = 10_000  # slots that are shared out; there are never more


class Behaviour(NamedTuple):
    """What some agents of a run do."""

    mover: str  # the name of a behaviour of ours, or the path of a file with one
    fields: tuple[str, ...] = ()  # that it states besides the scene's own, in its order
    name: str = ""  # what a person calls it
    processes: int = 0  # that it drives, of those of the start; 0: it shares the others
    parameters: tuple[tuple[str, Any], ...] = ()  # names and values
    keys: bool = False  # whether the arrow keys drive it


class Job(NamedTuple):
    """What crosses the border to a mover process, besides the table."""

    scene: str  # the name of one of ours, or the path of one from outside
    fields: Mapping[str, str]  # name -> unit, in the order of an agent's slice, the scene's first
    behaviours: tuple[Behaviour, ...]  # that the agents are shared out among; () without any
    seed: int
    rate: float  # [Hz]
    updates: int  # stop after so many; 0: never
    settings: Any = None  # the scene's own, for its World and its movers
    names: tuple[str, ...] = ()  # what agents are called, in place of the scene's names
    says_updates: bool = False  # print every update to stdout
    finished: str = "made all its updates"  # what is said of a mover that is done
    threads: int = 0  # of each numeric library in a mover; 0: one, or as its variable says
    per_process: int = 1  # agents that one process drives
    processes: int = 0  # of the start, among which the behaviours are shared out
    reload: bool = False  # load the behaviour anew when the window says that it was saved
    log: str = ""  # the folder of files with all that each process prints; "": none

    @property
    def keys(self) -> bool:
        """Whether the arrow keys drive anybody."""
        return any(each.keys for each in self.behaviours)

    def behaviour(self, slot: int) -> Behaviour:
        """What the process of a slot does, whichever process that is."""
        return self.behaviours[self.shares[slot % MOST]]

    @property
    def shares(self) -> tuple[int, ...]:
        """Which behaviour each slot has, by its place in `behaviours`, for the first MOST slots."""
        return shared_out(tuple(each.processes for each in self.behaviours), self.processes)

    def agent_names(self, definition: scenes.Definition) -> Callable[[int], str]:
        """What a person calls an agent by its number; where there are several behaviours, with
        that of its own."""
        name = definition.names(self.names)
        if len(self.behaviours) < 2:
            return name
        return lambda n: f"{name(n)} ({self.behaviour(n // self.per_process).name})"


@lru_cache(maxsize=8)
def shared_out(counts: tuple[int, ...], start: int = 0) -> tuple[int, ...]:
    """Which behaviour each of the first MOST slots has, where each has so many of the `start`
    ones, or (0) its share of the rest: in turn, as long as a behaviour has not got all of its own.
    Those that come later are shared out in turn among those with a share, else among all."""
    sharers = [number for number, count in enumerate(counts) if not count]
    left = dict(enumerate(counts))
    for turn in range(start - sum(counts) if sharers else 0):
        left[sharers[turn % len(sharers)]] += 1
    found: list[int] = []
    while left := {number: count for number, count in left.items() if count}:
        found += left
        left = {number: count - 1 for number, count in left.items()}
    others = sharers or range(len(counts))
    while len(found) < MOST:
        found += others
    return tuple(found[:MOST])


class Loaded:
    """The first argument of every process: where it arrives, the scene is loaded from then on.

    What comes behind it may be of classes that a scene from outside defines, which no module
    path leads to.
    """

    def __init__(self, scene: str) -> None:
        self.scene = scene

    def __reduce__(self) -> Any:
        return arrived, (self.scene,)


def arrived(scene: str) -> Loaded:
    """Load a scene as a mover process needs it."""
    limit()  # before anything can be imported that reads it
    scenes.find_for_movers(scene, {})
    return Loaded(scene)
