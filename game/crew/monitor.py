"""The monitor: a process of its own that only reads the array, and prints what it finds.

Started by the app beside the movers.
"""

from game.child.job import Job, Loaded
from game.child.lifeline import Lifeline
from game.child.monitor_process import run
from game.child.words import harmless
from game.crew.starting import spawning, start
from game.shared.last_line import LastLine
from game.shared.table import Table

PATIENCE = 2.0  # [s] for its end, after SIGKILL


class Monitor:
    """The monitor process, seen from its parent."""

    def __init__(self, table: Table, job: Job, every: float, times: int = 0) -> None:
        """Print a line every `every` seconds, `times` of them or (0) until it is ended."""
        self._times, lifeline = times, Lifeline()
        context = spawning()
        self._last = LastLine(context)
        given = Loaded(job.scene), table, job, every, times, self._last, lifeline
        self._process = context.Process(  # type: ignore[attr-defined]
            target=run, name="monitor", args=given
        )
        start(self._process, lifeline)
        self.pid: int = self._process.pid

    @property
    def done(self) -> bool:
        """Whether it has printed all that it was asked for, or can print no more."""
        return not self._times or not self._process.is_alive()

    @property
    def running(self) -> bool:
        """Whether there is a process."""
        return bool(self._process.is_alive())

    @property
    def looks(self) -> bool:
        """Whether it has begun to look at the array, or never will."""
        return self._last.read().lines > 0 or not self.running

    @property
    def line(self) -> str:
        """What it printed last, in one line that steers no terminal; "" before the first one."""
        return " ".join(harmless(self._last.read().last).split())

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join(PATIENCE)
