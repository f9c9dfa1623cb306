"""The parts of a session that do not know each other, as they look from outside.

    Source   gives Frames                                  game.sources
    Cast     has processes: optional                       game.crew
    Time     can be paused, stepped, sped up: optional     game.crew.simulated_time
    Scene    makes pictures of Frames                      game.view.scene

Only the session knows all of them. A scene's own source and keys get the cast as an argument.
"""

import signal
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple, Protocol

KILL = getattr(signal, "SIGKILL", signal.SIGTERM)  # what ends a process without asking it


class Standing(Enum):
    """How it stands with a process."""

    WAITING = "waiting to be started"
    RUNNING = "running"
    FROZEN = "frozen"
    LEAVING = "leaving"  # it was asked to
    DONE = "done"  # it left, and had done all that it was asked for
    FAILED = "failed"  # it raised, exited or was killed


class Member(Protocol):
    """One process of a cast, and the slot that it holds."""

    @property
    def slot(self) -> int:
        """Which of the table's slots it writes."""

    @property
    def name(self) -> str:
        """What a person calls it."""

    @property
    def agents(self) -> int:
        """How many it drives."""

    @property
    def pid(self) -> int:
        """Its process id; 0 until it is started."""

    @property
    def host(self) -> str:
        """The other machine that the pid is of; "" where it is this one."""

    @property
    def standing(self) -> Standing:
        """How it stands with it."""

    @property
    def exitcode(self) -> int | None:
        """As multiprocessing has it; None while it lives."""


class Card(NamedTuple):
    """What a cast knows of one process, for a person who asks."""

    headline: str  # the exception that ended it, in a line
    words: str  # what it printed last, and its traceback
    why: str  # it ended, in words
    started: str  # how it was started
    exit: str  # its exit code or signal in words; "" while it lives
    state: str  # what its row says of it: starting, running, done, failed


class Event(NamedTuple):
    """Something that happened to a process, for the person to read."""

    slot: int  # -1: to no single mover
    name: str
    pid: int
    failed: bool  # a mover died, or could not be started
    why: str
    last_words: str = ""  # what it printed, and its traceback
    host: str = ""  # the other machine that it was on
    told: bool = False  # in the words of another event


class Entrant(NamedTuple):
    """An agent that took part in a run, for a scene that keeps a score."""

    number: int
    name: str
    mover: str  # what a person calls its behaviour
    through: bool  # its process did all that it was asked for


class Progress(NamedTuple):
    """How far something is that takes longer than a moment."""

    done: int
    total: int


class Limit(NamedTuple):
    """A limit of the system on how many processes there can be."""

    name: str  # of what there is not enough
    value: int  # the limit
    used: int  # of it at this moment, or needed for other things
    each: int  # that a process takes
    remedy: str

    @property
    def room(self) -> int:
        """How many more processes it leaves room for."""
        return max(0, self.value - self.used) // self.each


class Together(Protocol):
    """How the processes of a cast step together."""

    @property
    def steps(self) -> int:
        """How many steps all have made together."""

    @property
    def left_out(self) -> int:
        """How many the others step without."""

    def waiting(self) -> list[int]:
        """The slots of those who have made the step and wait for the others: no silence."""

    def forsaken(self, members: Mapping[int, Member]) -> list[str]:
        """The names of those who are left out, once all others have come to their end."""

    def figures(self) -> dict[str, Any]:
        """What was counted, for --stats, by name."""


class Cast(Protocol):
    """Processes that write what the source reads, and what can be done to them.

    Nothing here waits for a process. Slots count from 0, and `per_process` agents share one.
    """

    alive: int  # how many processes there are at this moment
    restarts: int
    before_start: Callable[[int], object]  # is told of the slot before each start

    @property
    def lockstep(self) -> Together | None:
        """How its processes step together; None where each goes by itself."""

    @property
    def members(self) -> Mapping[int, Member]:
        """Its processes by slot, in the order of their arrival."""

    @property
    def per_process(self) -> int:
        """How many agents a slot has room for."""

    @property
    def room(self) -> int:
        """How many more processes there are slots for."""

    def limit(self, processes: int) -> Limit | None:
        """The limit of the system that so many more processes would meet first."""

    @property
    def done(self) -> bool:
        """Whether every process has done its work, or died."""

    @property
    def failed(self) -> bool:
        """Whether one died, or could not be started."""

    @property
    def progress(self) -> Progress:
        """How many of those that were asked for together have started."""

    def add(self, agents: int | None = None) -> int:
        """Take a free slot for a new process; IndexError when there is none."""

    def remove(self, slot: int) -> None:
        """Ask a process to leave, and see to it that it does."""

    def restart(self, slot: int) -> bool:
        """Start one again that has ended; whether there was one."""

    def signal(self, slot: int, number: int) -> None:
        """Send a signal to a process, if there is one."""

    def freeze(self, slot: int) -> None:
        """Stop a process where it stands, or let it go on."""

    def newest(self) -> int | None:
        """The slot of the process that came last and was not asked to leave."""

    def forget_choices(self) -> None:
        """Begin anew: the next process of every slot makes the choices of the first one."""

    def select(self, agent: int) -> None:
        """Tell its processes which agent the person has selected; -1: none."""

    def card(self, slot: int) -> Card:
        """What is known of a process."""

    def poll(self) -> list[Event]:
        """Take in what happened since the last call."""

    def suspend(self) -> None:
        """Let all stand still, because this process is about to."""

    def resume(self) -> None:
        """Let all go on that stood still for that reason."""


class Time(Protocol):
    """Simulated time, as far as it can be told what to do."""

    speed: float  # times normal, also while it is paused
    paused: bool

    def pause(self) -> None:
        """Stop, or go on."""

    def step(self) -> None:
        """Pause, and let every agent make one update."""

    def slower(self) -> None:
        """Halve the speed."""

    def faster(self) -> None:
        """Double the speed."""

    def normal(self) -> None:
        """Run as fast as real time."""


class Host(Protocol):
    """What the keys of a scene may ask of the session that they are pressed in."""

    @property
    def agents(self) -> int:
        """How many a start begins with."""

    @property
    def capacity(self) -> int:
        """The most agents that there can be."""

    @property
    def scene(self) -> object:
        """The scene that is on the screen."""

    def tell(self, message: str) -> None:
        """Show a message for some seconds."""

    def start_with(self, agents: int) -> None:
        """Start again, with so many agents."""

    def save(self, ending: str, write: Callable[[str], None]) -> None:
        """Save a file into the current folder, whole or not at all, and tell its name."""


class ArrowKeys(Protocol):
    """The cells of the arrow keys: up, down, left, right."""

    def hold(self, key: int, down: bool) -> None:
        """Say that one is held down, or no longer."""

    def release(self) -> None:
        """Say that none is held down."""
