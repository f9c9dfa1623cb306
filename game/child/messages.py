"""What the window and the nursery say to each other, over a channel.

    window: Start Withdraw Signal Suspend NewLock Arm Ping End -> nursery
    nursery: Started Refused Withdrawn Ended Armed Pong Failed -> window

The first four of the nursery's are what the crew is told as well, whoever starts its movers.
"""

from typing import NamedTuple

# What the window asks for.


class Start(NamedTuple):
    """Start a mover."""

    slot: int
    generation: int
    name: str


class NewLock(NamedTuple):
    """Give the movers that are forked from now on another lock."""

    pickled: bytes


class Withdraw(NamedTuple):
    """Do not start it after all."""

    slot: int


class Signal(NamedTuple):
    """Send a signal to a mover, or to its whole process group."""

    slot: int
    number: int
    group: bool


class Suspend(NamedTuple):
    """Have everybody stand still, and fork nobody; or let them go on."""

    on: bool
    frozen: frozenset[int]  # slots that stand still anyway, and go on doing so


class Arm(NamedTuple):
    """Have a group end with the window, whose nursery is dead; or no more."""

    pid: int
    on: bool


class Ping(NamedTuple):
    """Answer, if you live."""

    number: int


class End(NamedTuple):
    """End everybody, and yourself."""


# What the nursery tells.


class Started(NamedTuple):
    """Movers have a process each."""

    pids: tuple[tuple[int, int], ...]  # slot and pid


class Refused(NamedTuple):
    """A mover could not be started, and so those behind it were not tried."""

    slots: tuple[int, ...]
    why: str


class Withdrawn(NamedTuple):
    """A mover was not started, as was wished."""

    slot: int


class Ended(NamedTuple):
    """A mover's process is reaped, and nobody of its group is left."""

    slot: int
    exitcode: int | None  # as multiprocessing has it; None: nobody knows


class Armed(NamedTuple):
    """A group ends with the window, or is there no more."""

    pid: int


class Failed(NamedTuple):
    """I am about to die, and know why."""

    why: str


class Pong(NamedTuple):
    """I live."""

    number: int
