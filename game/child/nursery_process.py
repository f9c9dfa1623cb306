"""The nursery: the small process that forks all movers, reaps them, and ends with the window.

    window: Start, Signal, ... -> channel -> nursery: fork, kill, waitid -> Started, Ended -> window

Started by game.crew.nursery before there is a window, in a fresh interpreter; it has loaded what a
mover needs, so that a fork is all that a start takes. A session of its own keeps it and the movers
apart from the terminal's keys.

No mover outlives the window. For each of them the nursery holds a read end of one pipe of which the
window has the other end. When that closes, the kernel sends SIGKILL to the mover's whole group, and
wakes the nursery, which ends whoever has left the group.
"""

import gc
import multiprocessing
import os
import pickle
import select
import signal
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, NoReturn

import game.child.preload  # noqa: F401  before the movers are forked
from game import scenes
from game.child import messages
from game.child.channel import Channel
from game.child.children import LOOK, Children, adopt_orphans, be_called, children
from game.child.descriptors import drain, own, own_end, own_wakeup
from game.child.forked import become
from game.child.gate import Gate
from game.child.job import Job
from game.child.lifeline import Lifeline
from game.child.parent_watch import (
    STOPS,
    die_with_parent,
    keep_channels_private,
    restore_environment,
    send_at_end,
    wake_at_end,
)
from game.child.threads import limit
from game.child.words import account
from game.shared.table import Table

SESSION_NICE = 5  # levels of priority that the session stands below the window's
TURN = 32  # movers that are forked, or reaped, between two looks at what else there is to do


def run(packed: bytes, connection: "Connection[Any, Any]", lifeline: Lifeline) -> NoReturn:
    """Serve the window until it is gone, or has had enough."""
    os.setsid()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)  # one that came until now stops nobody here
    stand_behind()
    adopt_orphans()
    restore_environment()
    keep_channels_private()
    die_with_parent()
    lifeline.cut()
    # Where a nursery dies, its movers' groups are orphans: the kernel sends this to frozen ones.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    be_called("nursery")
    channel = Channel(Connection(own(connection.fileno())))
    connection.close()
    nursery = Nursery(channel)
    status = 1
    try:
        nursery.load(packed)  # which may take long, and is not ours
        wake_at_end()
        gc.collect()
        gc.freeze()  # the movers' collectors leave alone, and so share, the pages of what there is
        nursery.serve()
        status = 0
    except BaseException as error:
        channel.send(messages.Failed(account(error)[0]))
    finally:
        os._exit(status)


class Nursery:
    """Forks movers on request, and takes care of them until they have ended."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._children = Children()
        self._queue: deque[messages.Start] = deque()
        self._pipes: dict[int, int] = {}  # pid -> the descriptor that ends its group
        self._job: tuple[Table, Job, scenes.Definition] | None = None
        self._gate = Gate()
        self._refusal = ""  # why no mover can be started
        self._over = self._suspended = False
        self._hurry = False  # more have ended than were reaped
        parent = multiprocessing.parent_process()
        assert parent is not None
        self._sentinel = parent.sentinel
        self._ends = own_wakeup()
        self._poll = select.poll()
        for descriptor in (self._sentinel, self._ends, channel.fileno()):
            self._poll.register(descriptor, select.POLLIN)
        self._answers: dict[type, Callable[[Any], None]] = {
            messages.Start: self._queue.append,
            messages.NewLock: self._take_lock,
            messages.Withdraw: self._withdraw,
            messages.Signal: lambda wish: self._children.signal(*wish),
            messages.Suspend: self._suspend,
            messages.Arm: self._arm,
            messages.Ping: lambda ping: channel.send(messages.Pong(ping.number)),
            messages.End: self._end,
        }

    def load(self, packed: bytes) -> None:
        """Load the scene and its table; where that fails, no mover can be started."""
        try:
            _, table, job = pickle.loads(packed)
            limit(job.threads)
            self._job = table, job, scenes.find_for_movers(job.scene, job.fields)
        except BaseException as error:
            self._refusal = account(error)[0]

    def serve(self) -> None:
        """Do what is asked for, until the window is gone or has asked for the end."""
        while not (self._over or self._channel.closed or self._window_gone()):
            self._wait()
            for request in self._channel.receive():
                self._answers[type(request)](request)
            self._reap()
            for ended in self._children.ended():
                self._channel.send(ended)
            if self._queue and not self._suspended:
                self._start_some()
            if self._gate.shut and self._job:
                self._gate.look(self._job[0], more=bool(self._queue))
            self._channel.flush()
        self._children.end(more=children)

    def _wait(self) -> None:
        """Wait until there is something to do."""
        wishes = select.POLLIN | (select.POLLOUT if self._channel.pending else 0)
        self._poll.modify(self._channel.fileno(), wishes)
        patience = self._children.patience
        if self._gate.shut:
            patience = LOOK
        if self._hurry or (self._queue and not self._suspended):
            patience = 0
        self._poll.poll(None if patience is None else patience * 1000)

    def _window_gone(self) -> bool:
        return bool(select.select([self._sentinel], [], [], 0)[0])

    def _withdraw(self, wish: messages.Withdraw) -> None:
        for start in self._queue:
            if start.slot == wish.slot:
                self._queue.remove(start)
                self._channel.send(messages.Withdrawn(wish.slot))
                return

    def _suspend(self, wish: messages.Suspend) -> None:
        self._suspended = wish.on
        for slot in self._children.pids.keys() - wish.frozen:
            number = signal.SIGSTOP if wish.on else signal.SIGCONT
            self._children.signal(slot, number, group=True)

    def _take_lock(self, wish: messages.NewLock) -> None:
        if self._job is not None:
            self._job[0].cells.lock = pickle.loads(wish.pickled)

    def _end(self, wish: messages.End) -> None:
        self._queue.clear()
        self._over = True

    # From the fork to the end.

    def _start_some(self) -> None:
        """Fork some movers; where that is refused, those behind it are not tried.

        One after another, and everything else before or afterwards: after each fork, every page
        of memory that this process writes to has to be copied.
        """
        if len(self._queue) > TURN and not self._gate.shut:
            self._gate.close()
        batch = [self._queue.popleft() for _ in range(min(TURN, len(self._queue)))]
        pipes, refusal = self._open_pipes(len(batch))
        pids: list[int] = []
        try:
            for start, pipe in zip(batch, pipes, strict=False):
                pids.append(self._fork(start, pipe))
        except Exception as error:
            refusal = error
        if refusal:
            self._refuse((*batch[len(pids) :], *self._queue), refusal)
        for pipe in pipes[len(pids) :]:
            os.close(pipe)
        self._pipes.update(zip(pids, pipes, strict=False))
        if self._gate.shut:
            self._gate.expect(start.slot for start in batch[: len(pids)])
        for start, pid in zip(batch, pids, strict=False):
            with suppress(OSError):  # it has done so itself, and has gone further already
                os.setpgid(pid, pid)
            self._children.add(start.slot, pid)
        if pids:
            started = zip((start.slot for start in batch), pids, strict=False)
            self._channel.send(messages.Started(tuple(started)))

    def _open_pipes(self, number: int) -> tuple[list[int], Exception | None]:
        """The descriptors of so many movers, as far as there is room, and why there are no more."""
        if self._job is None:
            return [], ImportError(self._refusal)
        pipes: list[int] = []
        try:
            while len(pipes) < number:
                pipes.append(own_end(self._sentinel))
        except OSError as error:
            return pipes, error
        return pipes, None

    def _fork(self, start: messages.Start, pipe: int) -> int:
        assert self._job is not None
        pid = os.fork()
        if pid == 0:
            passage = self._gate.passage(start.slot, self._sentinel)
            become(start, *self._job, pipe, self._sentinel, passage)
        return pid

    def _refuse(self, starts: tuple[messages.Start, ...], error: Exception) -> None:
        self._queue.clear()
        why = getattr(error, "strerror", None) or str(error)
        self._channel.send(messages.Refused(tuple(start.slot for start in starts), why))

    def _arm(self, wish: messages.Arm) -> None:
        """Have a group end with the window whose own nursery has died, or no more."""
        if wish.on:
            with suppress(OSError):  # the mover's own pipe is armed as well
                self._pipes[wish.pid] = own_end(self._sentinel)
                send_at_end(self._pipes[wish.pid], -wish.pid, signal.SIGKILL)
            self._channel.send(messages.Armed(wish.pid))
        else:
            self._let_go(wish.pid)

    def _let_go(self, pid: int) -> None:
        if (pipe := self._pipes.pop(pid, -1)) >= 0:
            os.close(pipe)

    def _reap(self) -> None:
        """Reap whoever has ended, movers and what they left behind."""
        drain(self._ends)
        self._hurry = False
        with suppress(ChildProcessError):
            for _ in range(TURN):
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                if ended is None:
                    return
                self._let_go(ended.si_pid)
                self._children.reap([ended.si_pid])
            self._hurry = True


def stand_behind() -> None:
    """Have this session as a whole go after the window's where processors are scarce.

    Linux may share them out by sessions first, and among the processes of each only then.
    """
    with suppress(OSError), open("/proc/self/autogroup", "w") as file:
        file.write(str(SESSION_NICE))
