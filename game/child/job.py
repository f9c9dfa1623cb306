"""The job: what every mover process of a run is asked to do, in words and numbers.

Made from the options, and handed to each process when it starts.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from game import scenes
from game.child.threads import limit


class Job(NamedTuple):
    """What crosses the border to a mover process, besides the table."""

    scene: str  # the name of one of ours, or the path of one from outside
    fields: Mapping[str, str]  # name -> unit, in the order of an agent's slice
    mover: str  # the name of a behaviour of ours, or the path of a file with one
    seed: int
    rate: float  # [Hz]
    updates: int  # stop after so many; 0: never
    settings: Any = None  # the scene's own, for its World and its movers
    names: tuple[str, ...] = ()  # what agents are called, in place of the scene's names
    says_updates: bool = False  # print every update to stdout
    finished: str = "made all its updates"  # what is said of a mover that is done
    threads: int = 0  # of each numeric library in a mover; 0: one, or as its variable says
    reload: bool = False  # load the behaviour anew when the window says that it was saved
    log: str = ""  # the folder of files with all that each process prints; "": none


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
