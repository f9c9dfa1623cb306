"""The Array's lock from both sides: the writer publishes for how long it has it, and the reader
notes for how long that kept a read out.

    writer   takes it ───── HELD ─────> gives it back
    reader        is refused ───────────────────────────> has it
                  |── kept out ───────>|── scheduler ──>|

A read that finds the lock taken is kept out as long as the writer has it. Until the reader, asleep
by then, is woken up takes longer than that on a busy machine, and is the scheduler's affair.
Used by the modes.
"""

from time import perf_counter, perf_counter_ns  # one clock for all processes

from game.scenes.road.cells import HELD, Cells


class WriterLock:
    """The lock as the writer takes it."""

    def __init__(self, cells: Cells) -> None:
        self._lock, self._commands = cells.lock, cells.commands

    def __enter__(self) -> None:
        self._lock.acquire()
        self._commands[HELD] -= perf_counter_ns()

    def __exit__(self, *error: object) -> None:
        self._commands[HELD] += perf_counter_ns()
        self._lock.release()


class ReaderLock:
    """The lock as a read takes it, once or for each element, and waits for it no longer than it
    can."""

    def __init__(self, cells: Cells) -> None:
        self._lock, self._commands = cells.lock, cells.commands
        self.begin()

    def begin(self) -> None:
        """Begin with another read."""
        self.refused = 0  # how often the lock was found taken
        self.waited = 0.0  # [s] spent on waiting for it, the scheduler's share included
        self._kept = 0  # [ns] that it was kept out, of waits that are over
        self._since: int | None = None  # [ns] HELD at the refusal that it waits after

    @property
    def kept_out(self) -> float:
        """For how long the writer had the lock while the read waited for it, up to now [s]."""
        now = 0 if self._since is None else self._held() - self._since
        return (self._kept + now) / 1e9

    def take(self, patience: float) -> bool:
        """Take the lock; False if that takes more than `patience` [s]."""
        if self._lock.acquire(block=False):
            self._end_wait()
            return True
        if self._since is None:
            self._since = self._held()
            self.refused += 1
        began = perf_counter()
        taken: bool = self._lock.acquire(timeout=patience)
        self.waited += perf_counter() - began
        if taken:
            self._end_wait()
        return taken

    def release(self) -> None:
        """Give it back."""
        self._lock.release()

    def _held(self) -> int:
        """For how long the writer has had the lock, altogether [ns]."""
        told = self._commands[HELD]
        return told + perf_counter_ns() if told < 0 else told

    def _end_wait(self) -> None:
        if self._since is not None:
            self._kept += self._held() - self._since
            self._since = None
