"""The movers that this process is the parent of: signals to them, their ends, and their descent.

    a leader ends -> its group is killed -> it is reaped -> told -> who left the group is killed

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
from collections.abc import Callable, Iterable
from contextlib import suppress

from game.child.channel import Ended

MARK = "ARRAY_ARENA_MOVER"  # the variable with a mover's pid, which the programs it starts get
NAME = "mover"  # and what the kernel calls it, which its forks are called as well
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER in linux/prctl.h
PATIENCE = 1.0  # [s] that the news of a mover's end waits for the end of its group
LIMIT = 5.0  # [s] that the end of all of them may take
REST = 10  # times as long as a look at all processes took, until the next one
LOOK = 0.002  # [s] between two looks at a group that has not ended yet


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


_adopters = 0  # how many in this process want it to be a subreaper


def adopt_orphans(wanted: bool = True) -> None:
    """Be the parent of every descendant whose own parent ends, until it is wanted no more."""
    global _adopters
    _adopters += 1 if wanted else -1
    ctypes.CDLL(None).prctl(SUBREAPER, int(_adopters > 0), 0, 0, 0)


class Children:
    """The movers by slot, and what is left of those that have ended."""

    def __init__(self, take: Callable[[int], int | None] | None = None) -> None:
        """`take` reaps a process that has ended, and returns its exit code."""
        self.pids: dict[int, int] = {}  # slot -> pid of a leader that is not reaped
        self._take = take or reaped
        self._slots: dict[int, int] = {}  # the same, the other way round
        self._ended: set[int] = set()  # pids of leaders that were reaped
        self._ending: dict[int, tuple[Ended, float]] = {}  # by pid, and when it was reaped [s]
        self._unswept = False  # somebody has ended, and may have left somebody behind
        self._next_sweep = 0.0  # [s]

    def add(self, slot: int, pid: int) -> None:
        """Take on a child that leads a group of its own."""
        self.pids[slot], self._slots[pid] = pid, slot
        self._ended.discard(pid)

    @property
    def busy(self) -> bool:
        """Whether there is somebody to wait for."""
        return bool(self.pids or self._ending or self._unswept)

    @property
    def patience(self) -> float | None:
        """How long [s] to wait at most until the next reap(); None without an end."""
        if self._ending:
            return LOOK
        return max(0.0, self._next_sweep - time.monotonic()) if self._unswept else None

    def signal(self, slot: int, number: int, group: bool = False) -> None:
        """Send a signal to the mover of a slot, or to its group; to nobody if it is reaped."""
        pid = self.pids.get(slot)
        if pid is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            if group and leads(pid):
                os.killpg(pid, number)
            else:
                os.kill(pid, number)

    def reap(self, pids: Iterable[int]) -> list[Ended]:
        """Reap those of some children that have ended; returns the ends that are complete."""
        for pid in list(pids):
            self._reap(pid)
        found = [self._ending.pop(pid)[0] for pid in list(self._ending) if self._over(pid)]
        now = time.monotonic()
        if self._unswept and now >= self._next_sweep:
            self._unswept = self._sweep()
            self._next_sweep = now + REST * (time.monotonic() - now)
        return found

    def _reap(self, pid: int) -> None:
        try:
            found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:  # the nursery reaped it, and died before it could tell
            found, code = None, None
        else:
            if found is None:
                return
            if pid in self._slots:  # while it is not reaped, the group is its own
                with suppress(ProcessLookupError, PermissionError):
                    os.killpg(pid, signal.SIGKILL)
            code = self._take(pid) if pid in self._slots else reaped(pid)
        if pid in self._slots:
            slot = self._slots.pop(pid)
            del self.pids[slot]
            self._ended.add(pid)
            self._unswept = True
            self._ending[pid] = Ended(slot, code), time.monotonic()

    def _over(self, pid: int) -> bool:
        """Whether nobody is left of a mover's group; or nobody can wait any longer for it."""
        return not group_left(pid) or time.monotonic() - self._ending[pid][1] > PATIENCE

    def _sweep(self) -> bool:
        """Kill what movers that have ended left to this process; whether there was anybody."""
        left = [pid for pid in children() if pid not in self._slots]
        left = [pid for pid in left if leader_of(pid) in self._ended]
        for pid in left:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
            self._reap(pid)
        return bool(left)

    def end_strangers(self, suspects: Callable[[], Iterable[int]]) -> None:
        """Kill those children among some suspects who belong to no living mover."""
        until = time.monotonic() + LIMIT
        while time.monotonic() < until:
            left = [pid for pid in suspects() if not self._related(pid)]
            for pid in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                self._reap(pid)
            if not left:
                return
            time.sleep(0.002)

    def _related(self, pid: int) -> bool:
        """Whether a child is a living mover, or of the group of one."""
        with suppress(ProcessLookupError):
            return pid in self._slots or os.getpgid(pid) in self._slots
        return True  # there is nobody

    def end(self, more: Callable[[], Iterable[int]] = tuple, limit: float = LIMIT) -> None:
        """Kill all of them, their groups and their descent, and `more`; wait some time for it."""
        for slot in list(self.pids):
            self.signal(slot, signal.SIGKILL, group=True)
        until = time.monotonic() + limit
        while time.monotonic() < until:
            self.reap(list(self._slots))
            left = list(more())
            for pid in left:
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
                self._reap(pid)
            if not (self.busy or left):
                return
            time.sleep(0.002)


def reaped(pid: int) -> int | None:
    """Reap a child that has ended; returns its exit code."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def leads(pid: int) -> bool:
    """Whether a child leads a group of its own, which is not so in its very first moment."""
    with suppress(ProcessLookupError):
        return os.getpgid(pid) == pid
    return False


def group_left(leader: int) -> bool:
    """Whether anybody is left of the group of a leader that is reaped."""
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def leader_of(pid: int) -> int | None:
    """The pid of the mover that a process descends from, by its group or its mark."""
    with suppress(OSError, ValueError):
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            name, _, number = file.read().strip().partition(" ")
        if name == NAME and number.isdigit():
            return int(number)
        with open(f"/proc/{pid}/environ", "rb") as environ:
            for variable in environ.read().split(b"\0"):
                if variable.startswith(MARK.encode() + b"="):
                    return int(variable.partition(b"=")[2])
        return os.getpgid(pid)
    return None


def children() -> list[int]:
    """The pids of this process's children, those included that were handed to it."""
    found: list[int] = []
    try:
        for task in os.listdir("/proc/self/task"):
            with open(f"/proc/self/task/{task}/children") as file:
                found += map(int, file.read().split())
    except OSError:  # a kernel without that file
        everybody = (int(name) for name in os.listdir("/proc") if name.isdigit())
        return [pid for pid in everybody if parent(pid) == os.getpid()]
    return found


def parent(pid: int) -> int:
    """The parent of a process; 0 if there is no such process."""
    with suppress(OSError), open(f"/proc/{pid}/stat", "rb") as file:
        return int(file.read().rpartition(b")")[2].split()[1])
    return 0
