"""The ways in which mover processes come and go, as the crew sees them.

    Nursery          forked by one process of ours, game.crew.nursery: Linux
    Spawner          an interpreter started for each, game.crew.spawner: everywhere
    ClusterLauncher  on other machines, by one of these there: game.cluster.launcher

Nothing here waits for a process without a limit. What became of a wish is told by poll().
"""

from multiprocessing.context import BaseContext
from typing import NamedTuple, Protocol

from game.child.job import Job
from game.child.messages import Ended, Refused, Started, Withdrawn
from game.shared.table import Table


class Trouble(NamedTuple):
    """Something happened to the launcher itself, in words."""

    name: str
    why: str


class Placed(NamedTuple):
    """Movers run on other machines: slot and the name of its node."""

    hosts: tuple[tuple[int, str], ...]


class Parted(NamedTuple):
    """A machine is lost, and with it the movers that were there."""

    slots: tuple[int, ...]
    name: str  # of the machine
    why: str
    last: bool = False  # there is none on which anybody could be started again


Report = Started | Refused | Withdrawn | Ended | Trouble | Placed | Parted


class Launcher(Protocol):
    """Starts, signals and reaps the process of each slot."""

    method: str  # as --start-method has it

    def start(self, slot: int, generation: int, name: str) -> None:
        """Start a mover: Started or Refused is told later."""

    def withdraw(self, slot: int) -> None:
        """Do not start a mover after all: Withdrawn, or, where it is too late, Started is told."""

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Send a signal to a mover that runs, or to it and all that it has started."""

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """Have everybody stand still and start nobody, or let them go on.

        But for the slots that are `frozen`. It may take some seconds until it is done.
        """

    def poll(self) -> list[Report]:
        """What has been found out since the last call."""

    def wait(self, seconds: float) -> None:
        """Wait until something may have been found out, at most some seconds."""

    def leave(self) -> None:
        """Start nobody any more: the end is near."""

    def close(self) -> list[Trouble]:
        """End all that is left, and the launcher itself; returns what was amiss with it."""


def launch(method: str, context: BaseContext, table: Table, job: Job) -> Launcher:
    """A launcher for the movers of a table; `method` is "forkserver" or "spawn"."""
    if method == "forkserver":
        from game.crew.nursery import Nursery

        return Nursery(context, table, job)
    from game.crew.spawner import Spawner

    return Spawner(context, table, job)
