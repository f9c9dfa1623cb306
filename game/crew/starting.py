"""How interpreters are started: with our modules, with room for them, and deaf to Ctrl-C.

Used by the app, the launchers and the monitor.
"""

import json
import multiprocessing.process
import os
import signal
import site
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess

from game.child.lifeline import Lifeline
from game.child.parent_watch import KEPT, PATHS, STOPS, restore_environment

DESCRIPTORS = 3  # that the parent holds for each process, and one to be safe
FOR_A_START = 12  # descriptors that a start holds for a moment, and some to be safe
SPARE = 256  # descriptors for everything else


def spawning() -> BaseContext:
    """The multiprocessing context of a run: spawn, whoever then forks the movers.

    Never fork here: a child forked after pygame keeps SDL's SIGTERM handler and survives
    terminate().
    """
    context = multiprocessing.get_context("spawn")
    see_tracker()
    return context


def see_tracker() -> None:
    """See that the resource tracker runs, which multiprocessing starts of itself elsewhere.

    There its start would let SIGINT through again (gh-110844). It stays in the terminal's group,
    and Ctrl-Z must not stop it: it is started with that held back, for good.
    """
    if os.name == "posix":  # Windows has a resource tracker in name only
        with held(*STOPS):
            resource_tracker.ensure_running()


@contextmanager
def held(*numbers: int) -> Iterator[None]:
    """Hold signals back while a process or a thread starts, which inherits that."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


@contextmanager
def our_path() -> Iterator[None]:
    """Have every interpreter that is started meanwhile look for this package where it is.

    multiprocessing starts one with the current folder first, where somebody's own `game.py` or
    `random.py` would be run in place of what is meant. The children put their environment back:
    see `restore_environment` in game.child.parent_watch. For a whole session: changed for each
    start, it would be changed by two threads at once.
    """
    place = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    before = {name: os.environ.get(name) for name in PATHS}
    old = before["PYTHONPATH"]
    os.environ[KEPT] = json.dumps(before)
    os.environ["PYTHONSAFEPATH"] = "1"
    if place not in site.getsitepackages():  # else it is found, and not before Python's own
        os.environ["PYTHONPATH"] = os.pathsep.join([place, old] if old else [place])
    try:
        yield
    finally:
        restore_environment()


def start(process: BaseProcess, lifeline: Lifeline) -> None:
    """Start a process, deaf to Ctrl-C; OSError where the system has no room for it.

    `lifeline` is among its arguments.
    """
    see_room()
    see_tracker()
    with held(signal.SIGINT):
        try:
            process.start()
            lifeline.tie(process.pid or 0)
        finally:
            lifeline.cut()
    # Else each start would ask all the earlier ones whether they have ended, and Python would
    # wait at its own end, without a limit, for those that have not.
    getattr(multiprocessing.process, "_children", set()).discard(process)


def make_room(processes: int) -> None:
    """Raise the limit of open files as far as so many processes need, and the system lets us."""
    if os.name != "posix":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = DESCRIPTORS * processes + SPARE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def see_room() -> None:
    """See that there are descriptors enough to start one process; OSError where there are not."""
    if os.name != "posix":
        return
    probes: list[int] = []
    try:
        while len(probes) < FOR_A_START:
            probes.append(os.dup(0))
    finally:
        for probe in probes:
            os.close(probe)
