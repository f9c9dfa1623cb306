"""The spawner: an interpreter of its own for each mover, by multiprocessing's spawn.

    start() -> starter's thread: Process.start() -> Started -> its sentinel is readable -> reaped

On Linux an ended mover's group and descent are ended as the nursery does it. Elsewhere there is
what multiprocessing offers, and no more.
"""

import os
import signal
import sys
from contextlib import suppress
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from game.child.children import Children, adopt_orphans
from game.child.job import Job, Loaded
from game.child.lifeline import Lifeline
from game.child.messages import Ended, Refused, Started, Withdrawn
from game.child.mover_process import run
from game.crew.launcher import Report, Trouble
from game.crew.starter import Answer, Starter
from game.crew.starting import start
from game.crew.watch import Watch
from game.parts import KILL
from game.shared.table import STATE, State, Table


class Spawned:
    """The process of a slot, from the wish for it to its end."""

    def __init__(self, slot: int, process: BaseProcess, lifeline: Lifeline) -> None:
        self.slot = slot
        self.process = process
        self._lifeline = lifeline
        self.pid = 0  # 0 until it is started
        self.pidfd = -1

    def start(self) -> None:
        """Start it; OSError where the system has no room for it. In the starter's thread."""
        start(self.process, self._lifeline)
        if hasattr(os, "pidfd_open"):
            # The sentinel of multiprocessing may be held by a fork of the mover, or closed by it.
            with suppress(OSError):
                self.pidfd = os.pidfd_open(self.process.pid or 0)

    @property
    def sentinel(self) -> int:
        """A descriptor that becomes readable when the process ends."""
        return self.pidfd if self.pidfd >= 0 else self.process.sentinel

    def reap(self) -> int | None:
        """Take leave of a process that has ended; its exit code, None if it runs on after all."""
        self.process.join(0)
        code = self.process.exitcode
        if code is not None:
            self.process.close()
            if self.pidfd >= 0:
                os.close(self.pidfd)
        return code


class Spawner:
    """The launcher that starts an interpreter for each mover."""

    method = "spawn"

    def __init__(self, context: BaseContext, table: Table, job: Job) -> None:
        self._context, self._table, self._job = context, table, job
        self._starter = Starter(self._arrived)
        self._spawned: dict[int, Spawned] = {}  # by slot
        self._by_pid: dict[int, Spawned] = {}  # those that run
        self._withdrawn: list[Report] = []
        self._watch = Watch()
        self._deaf: set[int] = set()  # slots whose sentinel is no help: they are asked each frame
        self._children: Children | None = None
        if sys.platform == "linux":
            adopt_orphans()
            self._children = Children(self._reap_pid)

    def _arrived(self, spawned: object) -> bool:
        assert isinstance(spawned, Spawned)
        return bool(self._table.row(spawned.slot)[STATE] != State.STARTING)

    # What the crew asks for.

    def start(self, slot: int, generation: int, name: str) -> None:
        """Have a mover spawned."""
        lifeline = Lifeline()
        args = (Loaded(self._job.scene), self._table, slot, generation, self._job, lifeline)
        process = self._context.Process(target=run, name=name, args=args)  # type: ignore[attr-defined]
        self._spawned[slot] = Spawned(slot, process, lifeline)
        self._starter.put(self._spawned[slot])

    def withdraw(self, slot: int) -> None:
        """Have a mover not spawned after all."""
        if slot in self._spawned and self._starter.withdraw(self._spawned[slot]):
            del self._spawned[slot]
            self._withdrawn.append(Withdrawn(slot))

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Send a signal to a mover, or to its whole group."""
        if self._children:
            self._children.signal(slot, number, group)
        elif (spawned := self._spawned.get(slot)) and spawned.pid:
            if number == KILL:
                self._deaf.add(slot)
            if spawned.process.exitcode is None:
                os.kill(spawned.pid, number)

    def suspend(self, on: bool, frozen: frozenset[int], seconds: float) -> None:
        """Have everybody stand still, or let them go on: at once."""
        number = getattr(signal, "SIGSTOP" if on else "SIGCONT", 0)
        for slot in self._spawned.keys() - frozen:
            self.signal(slot, number, group=True)

    # A frame.

    def poll(self) -> list[Report]:
        """What has become of those that were to be started, and of those that run."""
        reports, self._withdrawn = self._withdrawn, []
        for answer in self._starter.answers():
            reports += self._hear(answer)
        ended = set(self._watch.ended())
        if self._children:
            self._children.reap(self._spawned[slot].pid for slot in ended)
            reports += self._children.ended()
        else:
            reports += self._reap_plainly(ended | self._deaf)
        return reports

    def _hear(self, answer: Answer) -> list[Report]:
        spawned, error, others = answer
        if error:
            slots = (spawned.slot, *(other.slot for other in others))
            for slot in slots:
                del self._spawned[slot]
            return [Refused(slots, getattr(error, "strerror", None) or str(error))]
        assert isinstance(spawned, Spawned)
        spawned.pid = spawned.process.pid or 0
        self._watch.add(spawned.slot, spawned.sentinel)
        if self._children:
            self._children.add(spawned.slot, spawned.pid)
            self._by_pid[spawned.pid] = spawned
        return [Started(((spawned.slot, spawned.pid),))]

    def _reap_pid(self, pid: int) -> int | None:
        """Reap a mover whose end the kernel has told."""
        spawned = self._by_pid.pop(pid)
        self._watch.discard(spawned.slot)
        del self._spawned[spawned.slot]
        return spawned.reap()

    def _reap_plainly(self, slots: set[int]) -> list[Report]:
        """Reap those that multiprocessing says have ended; one that runs on is killed, because
        nobody would tell of its end."""
        reports: list[Report] = []
        for slot in slots:
            spawned = self._spawned[slot]
            self._watch.discard(slot)
            code = spawned.reap()
            if code is None:
                spawned.process.kill()
                self._deaf.add(slot)
            else:
                del self._spawned[slot]
                self._deaf.discard(slot)
                reports.append(Ended(slot, code))
        return reports

    # The end.

    def wait(self, seconds: float) -> None:
        """Wait until a process may have ended, at most some seconds."""
        self._watch.wait(min(seconds, 0.005) if self._deaf else seconds)

    def leave(self) -> None:
        """Start nobody any more."""
        self._starter.close()

    def close(self) -> list[Trouble]:
        """End whoever is left."""
        self._starter.close()
        self.poll()  # the one whose start was under way
        if self._children:
            self._children.end()
            self._children = None
            adopt_orphans(False)
        return []
