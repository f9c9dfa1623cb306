"""A child process and its parent: it leaves with it, gives way to it, and hands its pipes to
nobody.

Called in the child: by movers, by the monitor, by the nursery.
"""

import json
import multiprocessing
import os
import select
import signal
import sys
from collections.abc import Callable
from contextlib import suppress

KEPT = "ARRAY_ARENA_ENVIRONMENT"  # holds the variables as they were, while a process starts
PATHS = ("PYTHONSAFEPATH", "PYTHONPATH")
NICE = 10  # levels of priority that a mover stands below the window
# What a terminal stops its processes with.
STOPS = tuple(
    getattr(signal, name) for name in ("SIGTSTP", "SIGTTIN", "SIGTTOU") if hasattr(signal, name)
)


def restore_environment() -> None:
    """Put back what was changed in the environment so that this process finds its modules."""
    kept = os.environ.pop(KEPT, None)
    if kept is None:
        return
    for name, value in json.loads(kept).items():
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value


def parent_watch() -> Callable[[float], bool]:
    """A function that sleeps for some seconds, or returns True as soon as the parent is gone.

    It raises OSError where this process has closed its end of what would tell.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return lambda seconds: False
    sentinel = parent.sentinel
    if not hasattr(select, "poll"):
        from multiprocessing.connection import wait

        return lambda seconds: bool(wait([sentinel], seconds))
    # A poll object of its own costs 0.3 us a call, connection.wait 2.3 us.
    poll = select.poll()
    poll.register(sentinel, select.POLLIN)

    def gone(seconds: float) -> bool:
        for _, told in poll.poll(seconds * 1000):
            if told & select.POLLNVAL:
                raise OSError("closed its own descriptors")
            return True
        return False

    return gone


def keep_channels_private() -> None:
    """See that no program which a behaviour starts inherits this process's pipes.

    Spawn leaves them inheritable: a child that lives on would hide this process's end.
    """
    for name in os.listdir("/dev/fd") if os.path.isdir("/dev/fd") else ():
        with suppress(OSError):
            if int(name) > 2:
                os.set_inheritable(int(name), False)


def give_way() -> None:
    """Let the window go first where processors are scarce, however busy this process is.

    Without it, forty movers in endless loops on two cores leave the window 7 frames a second;
    with it 60, and those that do work get as much of it done.
    """
    parent = multiprocessing.parent_process()
    if parent is None or not hasattr(os, "setpriority"):
        return
    with suppress(OSError):  # the window is gone
        level = os.getpriority(os.PRIO_PROCESS, parent.pid or os.getppid()) + NICE
        if os.getpriority(os.PRIO_PROCESS, 0) < level:
            os.setpriority(os.PRIO_PROCESS, 0, level)


def lead_a_group() -> None:
    """Lead a process group of one's own: what this process starts can be ended with it."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)


def die_with_parent() -> None:
    """Leave Ctrl-C to the window, and see to it that this process cannot outlive it.

    On Linux the kernel itself sends SIGKILL to this process, or to the group that it leads, when
    the parent's end of the sentinel closes: so even a behaviour in an endless loop, or a frozen
    one, goes with the window, and what it has started. Elsewhere a mover notices between two
    steps.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    parent = multiprocessing.parent_process()
    if sys.platform == "linux" and parent is not None:
        sentinel = parent.sentinel
        # An open file of its own: another process may have the same one, with another owner.
        own = os.open(f"/proc/self/fd/{sentinel}", os.O_RDONLY | os.O_NONBLOCK)
        os.dup2(own, sentinel, inheritable=False)
        os.close(own)
        leads = os.getpgrp() == os.getpid()
        send_at_end(sentinel, -os.getpid() if leads else os.getpid(), signal.SIGKILL)
        if select.select([sentinel], [], [], 0)[0]:
            os._exit(0)  # it closed before the kernel was asked to watch it


def wake_at_end() -> None:
    """Be woken when the parent's end of the sentinel closes, and not killed: after
    die_with_parent(), in a process that then has something left to do."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    send_at_end(parent.sentinel, os.getpid(), signal.SIGCONT)


def send_at_end(pipe: int, owner: int, number: int) -> None:
    """Have the kernel send a signal when the other end of a pipe closes.

    `owner` is a pid, or minus a process group.
    """
    import fcntl

    fcntl.fcntl(pipe, fcntl.F_SETOWN, owner)
    fcntl.fcntl(pipe, fcntl.F_SETSIG, number)
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
