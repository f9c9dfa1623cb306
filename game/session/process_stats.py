"""Process stats: what the system knows of one process, its processor time and its memory.

Asked for the inspector alone, and about once a second: looking takes a millisecond.
"""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import psutil

EVERY = 1.0  # [s] between two looks


class Reading(NamedTuple):
    """What a process uses; None is what nobody knows."""

    cpu: float | None = None  # [%] of one processor, since the look before
    memory: int | None = None  # [bytes]
    private: bool = False  # the memory is its own alone, nothing that it shares with others


class ProcessStats:
    """Looks at one process at a time."""

    def __init__(self) -> None:
        self._pid = 0
        self._reading = Reading()
        self._looked = 0.0  # [s] when
        self._spent: float | None = None  # [s] on the processors, until then

    def of(self, pid: int, now: float) -> Reading:
        """What process `pid` uses at `now` [s], as of the last look; blank when it is gone."""
        if pid != self._pid:
            self._pid, self._reading, self._spent = pid, Reading(), None
        elif now - self._looked < EVERY:
            return self._reading
        self._reading = self._look(now) if pid > 0 else Reading()
        self._looked = now
        return self._reading

    def _look(self, now: float) -> Reading:
        import psutil  # here: nobody who selects no agent pays for it

        try:
            process = psutil.Process(self._pid)
            times = process.cpu_times()
            memory, private = _memory(process)
        except (psutil.Error, OSError):  # gone, or not ours to look at
            self._spent = None
            return Reading()
        spent, before = times.user + times.system, self._spent
        self._spent = spent
        cpu = None
        if before is not None and now > self._looked:
            cpu = max(0.0, 100 * (spent - before) / (now - self._looked))
        return Reading(cpu, memory, private)


def _memory(process: "psutil.Process") -> tuple[int, bool]:
    """The memory of a process [bytes], and whether it is what is its own alone."""
    import psutil

    try:
        return process.memory_full_info().uss, True
    except (psutil.AccessDenied, AttributeError):  # a system that does not tell
        return process.memory_info().rss, False
