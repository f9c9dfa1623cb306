"""A node of the cluster, as the publisher has it: one question at a time, asked by a thread.

    publisher: ask(request) ──> thread: engine's host.exchange() ──> answers ──> publisher

The thread touches nothing else. Where an answer takes too long, nobody waits for the thread: its
site is lost, and what it brings later is looked at by nobody.
"""

import pickle
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple, Protocol

from game.cluster.messages import Answer, Begin, Hello, Request

SILENT = 1.4  # [s] without an answer, after which a node is lost, and
SLOW = 5.0  # times its slowest round trip of late
START = 0.02  # [s] more for each mover that it was to start of late
LONGEST = 8.0  # [s] at the most
FORGET = 0.995  # of the slowest one that is left of it with each answer: a tenth after 15 s


class ClusterError(Exception):
    """The cluster, or one of its nodes, cannot be used; one line: what, and what would help."""


class Place(NamedTuple):
    """A node that a cluster has."""

    name: str  # what a person calls it
    processors: float  # that it offers
    key: str = ""  # how the engine finds it


class Host(Protocol):
    """What runs on a node: see game.cluster.host. Each call may take its time."""

    def hello(self) -> bytes:
        """What it says first: a pickled Hello."""

    def exchange(self, request: bytes) -> bytes:
        """Ask it; its answer. An exception of one line where it is gone."""

    def close(self) -> None:
        """End it."""


class Engine(Protocol):
    """The cluster itself: Ray's, see game.cluster.engine. Each call may take its time."""

    def join(self) -> list[Place]:
        """Be part of it; its nodes. ClusterError where that cannot be."""

    def open(self, place: Place, parcel: bytes) -> Host:
        """Start our program on a node; an exception of one line where that cannot be."""

    def amiss(self) -> str:
        """Why the cluster as a whole is gone, in words; "" while it is there."""

    def close(self) -> None:
        """Leave it, and end what was started of it."""


class Told(NamedTuple):
    """What a site's thread has found out."""

    site: "Site"
    answer: Hello | Answer | None
    why: str = ""  # there is none


class Site:
    """One node: what it holds, what it was told, and what it is to be told next."""

    def __init__(self, place: Place, tell: Callable[[Told], None]) -> None:
        """`tell` is called in the site's thread."""
        self.place = place
        self.name = place.name
        self.index = 0  # among the names that the window knows
        self.ready = self.lost = False
        self.ending = False  # its last question was asked
        self.held: dict[int, int] = {}  # slots and their agents
        self.wishes: list[Any] = []
        self.sent: dict[int, bytes] = {}  # cells of the rows of others that it has
        self.asks = False  # somebody there has asked for these
        self.reloads = 0  # so many times it was given newer files
        self.asked: float | None = None  # [s] when the question was put that is not answered
        self.answered = 0.0  # [s] when the last answer came
        self.way = 0.0  # [s] half of the last round trip
        self._slowest = 0.0  # [s] a round trip of late, forgotten by and by
        self._starts = 0.0  # movers that it was to start of late, forgotten likewise
        self._tell = tell
        self._host: Host | None = None
        self._requests: SimpleQueue[Request] = SimpleQueue()

    @property
    def load(self) -> float:
        """How many processes it has for each of its processors."""
        return len(self.held) / self.place.processors

    @property
    def patience(self) -> float:
        """How long its answer may take [s]: more where it has been slow of late, or has many movers
        to start, which takes the processors of a small machine."""
        return min(max(SILENT, SLOW * self._slowest) + START * self._starts, LONGEST)

    def hear(self, now: float) -> None:
        """An answer has come."""
        assert self.asked is not None
        trip = now - self.asked
        self.way = trip / 2
        self._slowest = max(trip, self._slowest * FORGET)
        self._starts *= FORGET
        self.asked, self.answered = None, now

    def open(self, engine: Engine, parcel: bytes) -> None:
        """Have its program started: told as a Hello."""
        Thread(target=self._work, args=(engine, parcel), name=self.name, daemon=True).start()

    def ask(self, request: Request, now: float) -> None:
        """Put a question to it: told as an Answer."""
        self.asked, self.ending = now, request.end
        self._starts += sum(isinstance(wish, Begin) for wish in request.wishes)
        self.wishes = []
        self._requests.put(request)

    def _work(self, engine: Engine, parcel: bytes) -> None:
        try:
            self._host = engine.open(self.place, parcel)
            self._tell(Told(self, pickle.loads(self._host.hello())))
            while True:
                request = self._requests.get()
                answer = self._host.exchange(pickle.dumps(request))
                if request.end:
                    self._host.close()
                self._tell(Told(self, pickle.loads(answer)))
        except BaseException as error:
            self._tell(Told(self, None, in_a_line(error)))


def in_a_line(error: BaseException) -> str:
    """What is amiss, in one line: Ray's own exceptions carry a traceback as text."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip(" =-")]
    if cause := getattr(error, "cause", None):
        return in_a_line(cause)
    return lines[-1][:300] if lines else type(error).__name__
