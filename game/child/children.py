"""The movers that this process is the parent of: signals to them, their ends, and their descent.

    a leader ends -> its group is killed -> it is reaped -> whoever left the group is killed -> told

Each is the leader of a process group of its own. While a leader is not reaped, its pid and its
group are its own, so that no signal from here can reach a stranger. A child of a mover that has
left the group is handed to this process when its own parent ends, because this process is a
subreaper; by a mark that it has inherited it is known whose it was.

Used by the nursery, by a window whose nursery has died, and for movers that are spawned. Linux
alone.
"""

import ctypes
import os
import signal
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from game.child.messages import Ended

MARK = "ARRAY_ARENA_MOVER"  # the variable with a mover's pid, which the programs it starts get
NAME = "mover"  # and what the kernel calls it, which its forks are called as well
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h
PATIENCE = 1.0  # [s] that the news of a mover's end waits for the end of its descent
LIMIT = 5.0  # [s] that the end of all of them may take
REST = 2  # times as long as a look at all processes took, until the next one
LOOK = 0.002  # [s] between two looks at those who have not ended yet

_adopters = 0  # how many in this process want it to be a subreaper


def mark() -> None:
    """Be recognized as a mover, with everything that this process will start."""
    os.environ[MARK] = str(os.getpid())
    be_called(f"{NAME} {os.getpid()}")


def be_called(name: str) -> None:
    """Give this process another name, for the kernel, ps and top."""
    with suppress(OSError):
        comm = os.open("/proc/self/comm", os.O_WRONLY)
        os.write(comm, name.encode())
        os.close(comm)


def adopt_orphans(wanted: bool = True) -> None:
    """Be the parent of every descendant whose own parent ends, until it is wanted no more."""
    global _adopters
    _adopters += 1 if wanted else -1
    ctypes.CDLL(None).prctl(SUBREAPER, int(_adopters > 0), 0, 0, 0)


class Children:
    """The movers by slot, and what is left of those that have ended."""

    def __init__(self, take: Callable[[int], int | None] | None = None) -> None:
        """`take` reaps a mover that has ended, and returns its exit code."""
        self.pids: dict[int, int] = {}  # slot -> pid of a leader that is not reaped
        self._take = take or reaped
        self._slots: dict[int, int] = {}  # the same, the other way round
        self._ending: dict[int, tuple[Ended, float]] = {}  # by pid, and when it was reaped [s]
        self._next_sweep = 0.0  # [s] all processes are looked at not before

    def add(self, slot: int, pid: int) -> None:
        """Take on a child that leads a group of its own."""
        self.pids[slot], self._slots[pid] = pid, slot

    @property
    def busy(self) -> bool:
        """Whether there is somebody to wait for."""
        return bool(self.pids or self._ending)

    @property
    def patience(self) -> float | None:
        """How long [s] to wait at most until the next look; None without an end."""
        return max(LOOK, self._next_sweep - time.monotonic()) if self._ending else None

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Send a signal to the mover of a slot, or to its group; to nobody if it is reaped."""
        pid = self.pids.get(slot)
        if pid is None:
            return
        with suppress(OSError):
            waits_for(pid)  # raises where it is no child of this process (any more)
            if group and group_of(pid) == pid:  # else it is in its very first moment
                os.killpg(pid, number)
            else:
                os.kill(pid, number)

    def reap(self, pids: Iterable[int]) -> None:
        """Reap those of some children that have ended, movers and others."""
        for pid in list(pids):
            try:
                if not waits_for(pid):
                    continue
            except ChildProcessError:  # a nursery reaped it, and died before it could tell
                self._note_end(pid, None)
                continue
            if pid not in self._slots:
                reaped(pid)
                continue
            with suppress(OSError):  # while it is not reaped, the group is its own
                os.killpg(pid, signal.SIGKILL)
            self._note_end(pid, self._take(pid))

    def _note_end(self, pid: int, code: int | None) -> None:
        if pid in self._slots:
            slot = self._slots.pop(pid)
            del self.pids[slot]
            self._ending[pid] = Ended(slot, code), time.monotonic()

    def ended(self) -> list[Ended]:
        """The movers that are reaped, and have nobody left who could still write their row."""
        began = time.monotonic()
        if not self._ending or began < self._next_sweep:
            return []
        strays = self._strays()
        self._kill(strays)
        self._next_sweep = time.monotonic() + REST * (time.monotonic() - began)
        held = set(strays.values())
        over = [pid for pid in self._ending if self._over(pid, held)]
        return [self._ending.pop(pid)[0] for pid in over]

    def _over(self, pid: int, held: set[int]) -> bool:
        if time.monotonic() - self._ending[pid][1] > PATIENCE:
            return True  # nobody can wait any longer
        return pid not in held and not group_left(pid)

    def _strays(self) -> dict[int, int]:
        """Children that movers have left to this process when they ended: pid -> whose it was."""
        inherited = os.environ.get(MARK)  # where this process descends from a mover itself
        found = {}
        for pid in children(self._slots.keys()):
            owner = group_of(pid) if group_of(pid) in self._ending else marked(pid)
            if owner not in (0, pid) and owner not in self._slots and str(owner) != inherited:
                found[pid] = owner
        return found

    def _kill(self, pids: Iterable[int]) -> None:
        for pid in pids:
            with suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.reap(pids)

    def end_strangers(self, suspects: Callable[[], Iterable[int]]) -> None:
        """Kill those children among some suspects who belong to no living mover."""
        self._end(lambda: [pid for pid in suspects() if not self._related(pid)])

    def _related(self, pid: int) -> bool:
        """Whether a child is a living mover, or descends from one."""
        # The dearest question last.
        return any(leader(pid) in self._slots for leader in (int, group_of, marked))

    def end(self, more: Callable[[], Iterable[int]] | None = None) -> None:
        """Kill all of them, their groups, what they left behind, and `more`; wait for the end."""
        for slot in list(self.pids):
            self.signal(slot, signal.SIGKILL, group=True)
        self._end(lambda: [*self._slots, *(more or self._strays)()])
        self._ending.clear()

    def _end(self, left: Callable[[], list[int]]) -> None:
        until = time.monotonic() + LIMIT
        while (pids := left()) and time.monotonic() < until:
            self._kill(pids)
            time.sleep(LOOK)


def waits_for(pid: int) -> bool:
    """Whether a child has ended and waits to be reaped; ChildProcessError if it is no child."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def reaped(pid: int) -> int | None:
    """Reap a child that has ended; returns its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def group_of(pid: int) -> int:
    """The process group of a process; 0 if there is no such process."""
    with suppress(ProcessLookupError):
        return os.getpgid(pid)
    return 0


def group_left(leader: int) -> bool:
    """Whether anybody is left of the group of a leader that is reaped."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def marked(pid: int) -> int:
    """The pid of the mover whose mark a process has; 0 without one."""
    with suppress(OSError, ValueError):
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            name, _, number = file.read().strip().partition(" ")
        if name == NAME:
            return int(number)
        with open(f"/proc/{pid}/environ", "rb") as environ:
            for variable in environ.read().split(b"\0"):
                if variable.startswith(MARK.encode() + b"="):
                    return int(variable.partition(b"=")[2])
    return 0


def children(known: Collection[int] = ()) -> list[int]:
    """The pids of this process's children, but for those that are known.

    Those included that were handed to it.
    """
    found: list[int] = []
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                found += map(int, file.read().split())
    except OSError:  # a kernel without that file
        everybody = (int(name) for name in os.listdir("/proc") if name.isdigit())
        return [pid for pid in everybody if pid not in known and parent(pid) == os.getpid()]
    return [pid for pid in found if pid not in known]


def parent(pid: int) -> int:
    """The parent of a process; 0 if there is no such process."""
    with suppress(OSError):  # by hand: open() takes three times as long, and there may be thousands
        file = os.open(f"/proc/{pid}/stat", os.O_RDONLY)
        words = os.read(file, 512)
        os.close(file)
        return int(words.rpartition(b")")[2].split()[1])
    return 0
