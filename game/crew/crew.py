"""The crew: the mover processes, from the wish for one to the last trace of it.

    add() -> waiting -> started -> running -> it ends -> reaped -> tombstone -> restart()
                |                    |                     |           |
             remove() ---------------+---------------------+-> free <--+ remove()

Called by the session once a frame. Nothing here waits for a process: the launcher starts, signals
and reaps them, and tells of it. Knows nothing of drawing.
"""

import signal
from collections import deque
from collections.abc import Callable
from heapq import heapify, heappop, heappush
from time import monotonic

from game.child.job import Job
from game.child.messages import Ended, Refused, Started, Withdrawn
from game.child.words import harmless
from game.crew import limits
from game.crew.events import not_started, parted, troubled
from game.crew.launcher import Launcher, Parted, Placed, Report, Trouble
from game.crew.lockstep import Lockstep
from game.crew.member import RESTARTS, UNKNOWN, WITHIN, Member, exit_words, reason
from game.parts import Card, Event, Limit, Progress, Standing
from game.shared.table import STATE, State, Table

STATES = {state.value: state.name.lower() for state in State}
GRACE = 0.5  # [s] between asking a process to end (SIGTERM) and SIGKILL
PATIENCE = 5.0  # [s] until close() gives up on a process that not even SIGKILL has ended
STOP = 0.5  # [s] that suspend() gives the processes to stand still


class Crew:
    """Starts, watches and ends the mover processes of one table."""

    def __init__(
        self,
        table: Table,
        job: Job,
        launcher: Launcher,
        clock: Callable[[], float] = monotonic,
        policy: str = "never",
        agent_name: Callable[[int], str] = str,
        lockstep: Lockstep | None = None,
    ) -> None:
        """`policy` is whether a mover that ended is started again: never, on-failure, always;
        `agent_name` is what a person calls an agent; with `lockstep` all movers step together."""
        self.table = table
        self.job = job
        self.members: dict[int, Member] = {}  # by slot, in the order of their arrival
        self.alive = 0  # how many processes there are at this moment
        self.restarts = 0
        self.missing = 0  # could not be started since the last start of all, and hold no slot
        self.before_start: Callable[[int], object] = lambda slot: None  # before each start
        self._clock = clock
        self._policy = policy
        self._agent_name = agent_name
        self._launcher = launcher
        self.lockstep = lockstep
        self._closed = False
        self._asked = self._answered = 0  # starts, since all that were asked for were answered
        self._leaving: deque[tuple[float, Member]] = deque()  # and when they were asked [s]
        self._free = list(range(table.slots))
        self._generations = [0] * table.slots  # how many processes held each slot so far
        self._unprepared: dict[str, list[int]] = {}  # slots by why their start failed before it
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
        return Progress(self._answered, self._asked)

    @property
    def per_process(self) -> int:
        """How many agents a slot has room for."""
        return self.table.per_process

    @property
    def room(self) -> int:
        """How many more movers the table has slots for."""
        return len(self._free)

    def limit(self, processes: int) -> Limit | None:
        """The limit of the system that so many more movers would meet first."""
        return limits.tightest(processes, self._launcher.method, self.alive)

    # What a person asks for.

    def add(self, agents: int | None = None) -> int:
        """Take the lowest free slot for a new mover, which is started soon; returns the slot.

        `agents` is how many it drives, by default as many as a slot holds. Raises IndexError
        when no slot is free.
        """
        slot = heappop(self._free)
        agents = agents or self.table.per_process
        name = self._process_name(slot * self.table.per_process, agents)
        member = Member(slot, name, agents, self._launcher.signal)
        self.members[slot] = member
        self._open(member)
        return slot

    def remove(self, slot: int) -> None:
        """Ask the mover of a slot to leave; the slot is free once its process is reaped."""
        member = self.members[slot]
        if member.exitcode is not None:
            self._forget(member)
        elif not member.leaving:
            member.standing = Standing.LEAVING
            if member.running:
                self._ask_to_leave(member)
            else:
                self._launcher.withdraw(slot)

    def restart(self, slot: int) -> bool:
        """Start a mover again in the slot where one has ended; whether there was one to start."""
        member = self.members[slot]
        if member.exitcode is None:
            return False
        member.renew()
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
        member, (headline, words) = self.members[slot], self._note(slot)
        code = member.exitcode
        known = member.known and member.pid > 0
        return Card(
            headline,
            words,
            member.why,
            f"started by {self._launcher.method}",
            "" if code is None else exit_words(code, known),
            STATES.get(self.table.row(slot)[STATE], "unknown"),
        )

    def newest(self) -> int | None:
        """The slot of the mover that came last and was not asked to leave; None if none is left."""
        staying = (s for s, m in reversed(self.members.items()) if not m.leaving)
        return next(staying, None)

    def select(self, agent: int) -> None:
        """Have the agent's process write down what it looks at; -1: nobody's."""
        self.table.select(agent)

    def forget_choices(self) -> None:
        """Begin anew: the next mover of every slot makes the same choices as the first one did."""
        self._generations = [0] * self.table.slots
        self.missing = 0
        if self.lockstep:
            self.lockstep.begin()

    # A frame.

    def poll(self) -> list[Event]:
        """Take in what has started and ended, end what overstayed; returns events."""
        events = []
        for report in (*self._refused(), *self._launcher.poll()):
            if isinstance(report, Parted):
                events += self._part(report)
            elif event := self._hear(report):
                events.append(event)
        while self._leaving and self._clock() - self._leaving[0][0] > GRACE:
            self._leaving.popleft()[1].kill()
        if self.lockstep:
            events += self.lockstep.follow(self.members)
        return events

    def suspend(self) -> None:
        """Let everybody stand still, because this process is about to: Ctrl-Z."""
        if self.lockstep:
            self.lockstep.suspend(True)
        self._launcher.suspend(True, self._frozen(), STOP)

    def resume(self) -> None:
        """Let everybody go on, but for those that a person has frozen."""
        self._launcher.suspend(False, self._frozen(), STOP)
        if self.lockstep:
            self.lockstep.suspend(False)

    def _frozen(self) -> frozenset[int]:
        """The slots of those that a person has frozen."""
        return frozenset(slot for slot, m in self.members.items() if m.standing is Standing.FROZEN)

    def close(self) -> list[Event]:
        """End every process: all are asked at once, and killed after one grace for all.

        Returns what was amiss with the launcher meanwhile. Nothing can be asked of a crew that is
        closed, but to be closed once more.
        """
        if self._closed:
            return []
        events = []
        self._policy = "never"
        for slot in list(self.members):
            self.remove(slot)
        self._launcher.leave()
        began = self._clock()
        while self.members and self._clock() - began < GRACE + PATIENCE:
            events += [event for event in self.poll() if event.slot < 0]
            if self.members:
                self._launcher.wait(0.02)
        events += [troubled(trouble) for trouble in self._launcher.close()]
        if self.lockstep:
            self.lockstep.close()
        self._closed = True
        return events

    # A member's way through its states.

    def _process_name(self, first: int, agents: int) -> str:
        """What a person calls the process that drives some agents: the first and the last."""
        ends = [first, first + agents - 1][: min(agents, 2)]
        return " to ".join(self._agent_name(number) for number in ends)

    def _open(self, member: Member) -> None:
        slot = member.slot
        if self._asked == self._answered:
            self._asked = self._answered = 0
        self._asked += 1
        try:
            self.before_start(slot)
        except OSError as error:  # it is told, and the slot given back, with the next events
            self._unprepared.setdefault(limits.advice(error), []).append(slot)
            return
        self.table.open(slot, member.agents)
        self._launcher.start(slot, self._generations[slot], member.name)
        self._generations[slot] += 1

    def _refused(self) -> list[Report]:
        """The starts that failed before they were asked for; those of one cause together."""
        refused, self._unprepared = self._unprepared, {}
        return [Refused(tuple(slots), why) for why, slots in refused.items()]

    def _hear(self, report: Report) -> Event | None:
        """Take in what the launcher tells; the event is what a person is to know of it."""
        match report:
            case Started(pids):
                for slot, pid in pids:
                    self._note_start(self.members[slot], pid)
            case Placed(hosts):
                for slot, host in hosts:
                    self.members[slot].host = host
            case Withdrawn(slot):
                self._asked -= 1
                self._forget(self.members[slot])
            case Refused(slots):
                event = not_started(report, self.members[slots[0]].name)
                self._answered += len(slots)
                for slot in slots:
                    self._give_up(self.members[slot])
                return event
            case Ended(slot, exitcode):
                return self._note_end(self.members[slot], exitcode)
            case Trouble():
                return troubled(report)
        return None

    def _part(self, report: Parted) -> list[Event]:
        """Take in that movers are lost with their machine: all are named, none is told alone."""
        if report.last:
            self._policy = "never"
        lost = [self.members[slot] for slot in report.slots]
        ended = [self._note_end(member, None) for member in lost]
        told = [event._replace(told=True) for event in ended if event]
        return [parted(report, lost, sum(m.exitcode is None for m in lost)), *told]

    def _note_start(self, member: Member, pid: int) -> None:
        self._answered += 1
        self.alive += 1
        member.note_start(pid)
        if member.leaving:  # it was removed meanwhile
            self._ask_to_leave(member)

    def _note_end(self, member: Member, exitcode: int | None) -> Event | None:
        self.alive -= 1
        member.note_end(exitcode)
        if member.leaving:
            self._forget(member)
            return None
        return self._bury(member)

    def _ask_to_leave(self, member: Member) -> None:
        self._leaving.append((self._clock(), member))
        member.send(signal.SIGTERM)

    def _give_up(self, member: Member) -> None:
        """Free the slot of a mover that cannot be started; a tombstone stays one."""
        if member.leaving or not member.why:
            self.missing += not member.leaving
            self._forget(member)
            return
        member.exitcode, member.known, member.standing = UNKNOWN, False, Standing.FAILED
        self.table.mark(member.slot, State.FAILED)

    def _bury(self, member: Member) -> Event:
        """Mark what became of a mover that left by itself, or start it again."""
        slot, pid, host = member.slot, member.pid, member.host
        # A mover says itself that it is done: leaving early with 0 is no success.
        # Nobody knows its exit code when its nursery is gone: then its word is enough.
        said_so = self.table.row(slot)[STATE] == State.DONE
        done = said_so and (member.exitcode == 0 or not member.known)
        self.table.mark(slot, State.DONE if done else State.FAILED)
        member.standing = Standing.DONE if done else Standing.FAILED
        headline, last_words = self._note(slot)
        member.why = self.job.finished
        if not done:
            member.why = reason(member.exitcode, headline, member.known)
            # Only where the exit code is no failure do "on-failure" and "always" differ.
            if self._policy == "always" or (self._policy == "on-failure" and member.exitcode):
                member.why += self._start_again(member)
        return Event(slot, member.name, pid, not done, member.why, last_words, host)

    def _note(self, slot: int) -> tuple[str, str]:
        """What a process left in its note; whoever wrote it, nothing in it steers a terminal."""
        headline, words = self.table.note(slot)
        return harmless(headline), harmless(words)

    def _start_again(self, member: Member) -> str:
        if member.may_restart(self._clock()):
            self.restart(member.slot)
            return "; started again"
        return f"; not again: {RESTARTS} restarts in {WITHIN:g} s are enough"

    def _forget(self, member: Member) -> None:
        del self.members[member.slot]
        self.table.clear(member.slot)
        heappush(self._free, member.slot)
