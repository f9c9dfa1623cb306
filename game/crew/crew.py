"""The crew: the mover processes, from the wish for one to the last trace of it.

    add() -> waiting -> starter -> running -> it ends -> reaped -> tombstone -> restart()
                |                    |                     |           |
             remove() ---------------+---------------------+-> free <--+ remove()

Called by the session once a frame. Nothing here waits for a process: a thread of its own starts
them (the starter), and an ended one is reaped when its sentinel says so. Knows nothing of
drawing.
"""

import signal
from collections import deque
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heappush
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from time import monotonic

from game.child.job import Job, Loaded
from game.child.mover_process import run
from game.crew.events import forkserver_died, not_started
from game.crew.member import RESTARTS, UNKNOWN, WITHIN, Member, exit_words, reason
from game.crew.starter import Answer, Starter
from game.crew.starting import start_forkserver
from game.crew.watch import Watch
from game.parts import Card, Event, Progress, Standing
from game.shared.table import STATE, State, Table

GRACE = 0.5  # [s] between asking a process to end (SIGTERM) and SIGKILL
PATIENCE = 5.0  # [s] until close() gives up on a process that not even SIGKILL has ended


class Crew:
    """Starts, watches and ends the mover processes of one table."""

    def __init__(
        self,
        table: Table,
        context: BaseContext,
        job: Job,
        clock: Callable[[], float] = monotonic,
        policy: str = "never",
        agent_name: Callable[[int], str] = str,
    ) -> None:
        """`policy` is whether a mover that ended is started again: never, on-failure, always;
        `agent_name` is what a person calls an agent."""
        self.table = table
        self.context = context
        self.job = job
        self.members: dict[int, Member] = {}  # by slot, in the order of their arrival
        self.alive = 0  # how many processes there are at this moment
        self.restarts = 0
        self.missing = 0  # could not be started since the last start of all, and hold no slot
        self.before_start: Callable[[int], object] = lambda slot: None  # before each start
        self._clock = clock
        self._policy = policy
        self._agent_name = agent_name
        self._starter = Starter(self._arrived)
        self._leaving: deque[tuple[float, Member]] = deque()  # and when they were asked [s]
        self._killed: list[Member] = []  # after their grace, and not yet reaped
        self._free = list(range(table.slots))
        self._generations = [0] * table.slots  # how many processes held each slot so far
        self._watch = Watch()
        heapify(self._free)

    @property
    def done(self) -> bool:
        """Whether every mover has made its updates, or failed."""
        return all(m.exitcode is not None for m in self.members.values())

    @property
    def failed(self) -> bool:
        """Whether a mover failed, or could not be started."""
        died = any(m.standing is Standing.FAILED for m in self.members.values())
        return died or self.missing > 0

    @property
    def progress(self) -> Progress:
        """How many of those that were asked for together have started, and how many they are."""
        return Progress(self._starter.answered, self._starter.asked)

    @property
    def per_process(self) -> int:
        """How many agents a slot has room for."""
        return self.table.per_process

    @property
    def room(self) -> int:
        """How many more movers the table has slots for."""
        return len(self._free)

    # What a person asks for.

    def add(self, agents: int | None = None) -> int:
        """Take the lowest free slot for a new mover, which is started soon; returns the slot.

        `agents` is how many it drives, by default as many as a slot holds. Raises IndexError
        when no slot is free.
        """
        slot = heappop(self._free)
        agents = agents or self.table.per_process
        name = self._process_name(slot * self.table.per_process, agents)
        member = Member(slot, name, agents, self._process(slot, name))
        self.members[slot] = member
        self._open(member)
        return slot

    def remove(self, slot: int) -> None:
        """Ask the mover of a slot to leave; the slot is free once its process is reaped."""
        member = self.members[slot]
        if member.exitcode is not None or self._starter.withdraw(member):
            self._forget(member)
        elif not member.leaving:
            member.standing = Standing.LEAVING
            if member.running:
                self._ask_to_leave(member)

    def restart(self, slot: int) -> bool:
        """Start a mover again in the slot where one has ended; whether there was one to start."""
        member = self.members[slot]
        if member.exitcode is None:
            return False
        member.take(self._process(slot, member.name))
        self._open(member)
        self.restarts += 1
        return True

    def signal(self, slot: int, number: int) -> None:
        """Send a signal to the mover of a slot, if it has a process."""
        self.members[slot].send(number)

    def freeze(self, slot: int) -> None:
        """Stop the mover of a slot where it stands, or let it go on."""
        self.members[slot].freeze()

    def card(self, slot: int) -> Card:
        """What is known of the mover of a slot."""
        member, (headline, words) = self.members[slot], self.table.note(slot)
        code = member.exitcode
        known = member.watched and member.pid > 0
        return Card(
            headline,
            words,
            member.why,
            f"started by {self.context.get_start_method()}",
            "" if code is None else exit_words(code, known),
            State(self.table.row(slot)[STATE]).name.lower(),
        )

    def newest(self) -> int | None:
        """The slot of the mover that came last and was not asked to leave; None if none is left."""
        staying = (s for s, m in reversed(self.members.items()) if not m.leaving)
        return next(staying, None)

    def forget_choices(self) -> None:
        """Begin anew: the next mover of every slot makes the same choices as the first one did."""
        self._generations = [0] * self.table.slots
        self.missing = 0

    # A frame.

    def poll(self) -> list[Event]:
        """Take in what has started, reap what has ended, end what overstayed; returns events."""
        events = [event for answer in self._starter.answers() for event in self._hear(answer)]
        events += self._reap_all(self._watch.ended())
        # A child that a mover forked may hold its sentinel; its parent knows all the same.
        events += self._reap_all([member.slot for member in self._killed if member.gone])
        while self._leaving and self._clock() - self._leaving[0][0] > GRACE:
            member = self._leaving.popleft()[1]
            member.kill()
            if member.running:
                self._killed.append(member)
        return events

    def close(self) -> None:
        """End every process: all are asked at once, and killed after one grace for all."""
        self._policy = "never"
        for member in self._starter.close():
            self._forget(member)
        self.poll()  # the one whose start was under way
        for slot in list(self.members):
            self.remove(slot)
        began = self._clock()
        while self.members and self._clock() - began < GRACE + PATIENCE:
            self._watch.wait(0.02)
            self.poll()

    # A member's way through its states.

    def _process_name(self, first: int, agents: int) -> str:
        """What a person calls the process that drives some agents: the first and the last."""
        ends = [first, first + agents - 1][: min(agents, 2)]
        return " to ".join(self._agent_name(number) for number in ends)

    def _process(self, slot: int, name: str) -> BaseProcess:
        process: BaseProcess = self.context.Process(  # type: ignore[attr-defined]
            target=run,
            name=name,
            args=(Loaded(self.job.scene), self.table, slot, self._generations[slot], self.job),
        )
        self._generations[slot] += 1
        return process

    def _open(self, member: Member) -> None:
        self.before_start(member.slot)
        self.table.open(member.slot, member.agents)
        self._starter.put(member)

    def _arrived(self, member: Member) -> bool:
        return bool(self.table.row(member.slot)[STATE] != State.STARTING)

    def _hear(self, answer: Answer) -> Iterator[Event]:
        """Take in a process that has started; or give up on it, and on those behind it."""
        member, error, others = answer
        if error:
            for given_up in (member, *others):
                self._give_up(given_up)
            yield not_started(answer)
            return
        member.note_start()
        self.alive += 1
        self._watch.add(member.slot, member.sentinel)
        if member.leaving:  # it was removed meanwhile
            self._ask_to_leave(member)

    def _ask_to_leave(self, member: Member) -> None:
        self._leaving.append((self._clock(), member))
        member.send(signal.SIGTERM)

    def _give_up(self, member: Member) -> None:
        """Free the slot of a mover that cannot be started; a tombstone stays one."""
        if member.leaving or not member.why:
            self.missing += not member.leaving
            self._forget(member)
            return
        member.exitcode, member.standing = UNKNOWN, Standing.FAILED
        self.table.mark(member.slot, State.FAILED)

    def _reap_all(self, slots: list[int]) -> list[Event]:
        """Reap the processes that have ended; tell of those that were not asked to."""
        events, orphans = [], 0
        for slot in slots:
            member = self.members[slot]
            self._watch.discard(slot)
            if not member.reap():
                self._watch.add(slot, member.sentinel)
                orphans += 1
                continue
            self.alive -= 1
            if member in self._killed:
                self._killed.remove(member)
            if member.leaving:
                self._forget(member)
            else:
                events.append(self._bury(member))
        if orphans:
            events.append(self._replace_forkserver(orphans))
        return events

    def _replace_forkserver(self, orphans: int) -> Event:
        try:
            start_forkserver(self.context)
        except OSError as error:
            return forkserver_died(orphans, error)
        return forkserver_died(orphans)

    def _bury(self, member: Member) -> Event:
        """Mark what became of a mover that left by itself, or start it again."""
        slot, pid = member.slot, member.pid
        # A mover says itself that it is done: leaving early with 0 is no success.
        # Nobody knows its exit code when the forkserver is gone: then its word is enough.
        said_so = self.table.row(slot)[STATE] == State.DONE
        done = said_so and member.exitcode in (0, UNKNOWN)
        self.table.mark(slot, State.DONE if done else State.FAILED)
        member.standing = Standing.DONE if done else Standing.FAILED
        headline, last_words = self.table.note(slot)
        member.why = self.job.finished
        if not done:
            member.why = reason(member.exitcode, headline, member.watched)
            # Only where the exit code is no failure do "on-failure" and "always" differ.
            if self._policy == "always" or (self._policy == "on-failure" and member.exitcode):
                member.why += self._start_again(member)
        return Event(slot, member.name, pid, not done, member.why, last_words)

    def _start_again(self, member: Member) -> str:
        if member.may_restart(self._clock()):
            self.restart(member.slot)
            return "; started again"
        return f"; not again: {RESTARTS} restarts in {WITHIN:g} s are enough"

    def _forget(self, member: Member) -> None:
        del self.members[member.slot]
        self.table.clear(member.slot)
        heappush(self._free, member.slot)
