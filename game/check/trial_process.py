"""What runs in the process of a trial: a mover is driven as in a run, by a pace that looks.

    drive() ──publish──> a table of its own ──wait()──> looked at, and on

Started by game.check.trial, once for a plain trial and once with the memory traced.
"""

import faulthandler
import gc
import hashlib
import io
import json
import math
import multiprocessing
import os
import pickle
import sys
import time
import tracemalloc
import warnings
from statistics import median
from types import FrameType, TracebackType
from typing import IO, Any, NoReturn

from game import scenes
from game.check.trial import DIGEST, HANG, LOAD, SPAN, Task
from game.child.job import Job
from game.child.mover_process import drive
from game.child.parent_watch import restore_environment
from game.child.terminal import without_terminal
from game.child.threads import limit
from game.child.words import headline
from game.shared.table import Slice, Table

REARM = 0.5  # [s] between two times that the alarm is set anew
GROWTH = 16  # [bytes] an update and agent from which memory counts as growing
FRAMES = 8  # of a traceback that is kept for each piece of memory


class Enough(BaseException):
    """The trial is over."""


class Told:
    """What the process tells, in files: each kind of finding once."""

    def __init__(self, folder: str, path: str) -> None:
        self.path = path
        self._told = open(os.path.join(folder, "told"), "a")  # noqa: SIM115
        self._kinds: set[str] = set()

    def tell(self, kind: str, line: int, what: str, remedy: str, file: str = "") -> None:
        """Tell of a finding, unless there was one of its kind."""
        if kind not in self._kinds:
            self._kinds.add(kind)
            self._write([file or self.path, line, what, remedy])

    def end(self) -> None:
        """Say that nothing comes any more."""
        self._write([])

    def _write(self, finding: list[Any]) -> None:
        self._told.write(json.dumps(finding) + "\n")
        self._told.flush()


class Pace:
    """A pace that waits for nothing, and looks at each row that was published."""

    paused = False

    def __init__(
        self, told: Told, task: Task, table: Table, ranges: Any, line: int, folder: str
    ) -> None:
        self._told, self._task, self._line = told, task, line
        self._values, self._fields, self._ranges = table.slice(0), tuple(table.fields), ranges
        self.made = 0
        self.took: list[float] = []  # [s] each update
        self._digests = open(os.path.join(folder, "digests"), "ab", buffering=0)  # noqa: SIM115
        self._half: tracemalloc.Snapshot | None = None
        self._began = self._armed = self._last = time.perf_counter()

    def take_step(self) -> bool:
        return False

    def pause(self, seconds: float) -> None:
        """Nothing is waited for."""

    def wait(self, period: float) -> None:
        """Look at what was published, and go on at once."""
        now = time.perf_counter()
        if self.made:
            self.took.append(now - self._last)
        else:
            self._began = now
        self.made += 1
        self._digests.write(hashlib.blake2b(self._values, digest_size=DIGEST).digest())
        self._look()
        if self._task.traced and self.made == 1:
            tracemalloc.start(FRAMES)  # not before: to load what it uses takes memory once
        elif self._task.traced and self.made == self._task.updates // 2:
            self._half = snapshot(self._told.path)
            alarm(HANG)
        if self.made >= self._task.updates or now - self._began > SPAN:
            raise Enough
        if now - self._armed > REARM:
            self._armed = now
            alarm(HANG)
        self._last = time.perf_counter()

    def _look(self) -> None:
        """Whether all values are finite, and where they may be."""
        for column, field in enumerate(self._fields):
            values = self._values[column :: len(self._fields)]
            low, high = self._ranges.get(field, (-math.inf, math.inf))
            for agent, value in enumerate(values):
                if math.isfinite(value) and low <= value <= high:
                    continue
                what = f"{field} is {value:.6g} in update {self.made}, of agent {agent}"
                if not math.isfinite(value):
                    remedy = "return finite numbers; what has none to give returns its last ones"
                    self._told.tell("finite", self._line, what, remedy)
                else:
                    what += f", outside {low:g} to {high:g}"
                    self._told.tell("range", self._line, what, f"keep {field} inside")

    def conclude(self, job: Job) -> None:
        """Look at what can be known at the end alone: time and memory."""
        if self._half:
            self._look_at_memory(self._half, snapshot(self._told.path))
        share, allowed = self._task.share, 1 / job.rate
        took = median(self.took) * share if self.took else 0.0
        if took > allowed and not self._task.traced:
            what = f"an update takes {took * 1e3:.3g} ms, --rate {job.rate:g} allows "
            what += f"{allowed * 1e3:.3g} ms"
            remedy = f"do less in step(), or give --rate {0.8 / took:.2g}"
            self._told.tell("rate", self._line, what, remedy)

    def _look_at_memory(self, half: tracemalloc.Snapshot, end: tracemalloc.Snapshot) -> None:
        grown = [diff for diff in end.compare_to(half, "traceback") if diff.size_diff > 0]
        updates = self.made - self._task.updates // 2
        each = sum(diff.size_diff for diff in grown) / max(updates, 1)
        if each < GROWTH * self._task.agents or updates < 20:
            return
        top = max(grown, key=lambda diff: diff.size_diff)
        frames = [(frame.filename, frame.lineno) for frame in reversed(top.traceback)]
        file, line = innermost(frames, self._told.path)
        what = f"memory grows by {each / self._task.agents:.0f} bytes an update of each agent"
        remedy = "keep the last ones alone, as in deque(maxlen=100)"
        self._told.tell("memory", line, what, remedy, file)


class Noticed(io.TextIOBase):
    """Stands for stdout: notes what is printed first, and where."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self.lines = 0
        self._first, self._place = "", (told.path, 0)

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not self._first:
            self._place = innermost(frames_of(sys._getframe(1)), self._told.path)
        if "\n" not in self._first:
            self._first += text
        self.lines += text.count("\n")
        return len(text)

    def conclude(self) -> None:
        """Tell what was printed, if anything was."""
        if self._first:
            file, line = self._place
            first = self._first.strip().partition("\n")[0]
            what = f"prints, {max(self.lines, 1):,} lines so far, the first: {first!r:.80}"
            remedy = "a run keeps the last lines alone: leave it out, or see --log"
            self._told.tell("prints", line, what, remedy, file)


def frames_of(frame: FrameType | None) -> list[tuple[str, int]]:
    """Files and lines from a frame outwards."""
    found = []
    while frame:
        found.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return found


def traced(trace: TracebackType | None) -> list[tuple[str, int]]:
    """Files and lines of a traceback, the innermost first."""
    found = []
    while trace:
        found.append((trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return found[::-1]


def innermost(frames: list[tuple[str, int]], path: str) -> tuple[str, int]:
    """The first place that is in a mover's folder; line 0 of its file if none is."""
    folder = os.path.dirname(path) + os.sep
    theirs = [place for place in frames if place[0].startswith(folder)]
    return theirs[0] if theirs else (path, 0)


def snapshot(path: str) -> tracemalloc.Snapshot:
    """What memory there is that the files in a mover's folder have asked for."""
    faulthandler.cancel_dump_traceback_later()
    gc.collect()
    theirs = tracemalloc.Filter(True, os.path.join(os.path.dirname(path), "*"), all_frames=True)
    return tracemalloc.take_snapshot().filter_traces([theirs])


fatal: IO[str]  # where faulthandler writes


def alarm(seconds: float) -> None:
    """Have the process end, and tell where it was, unless this is called again in time."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=fatal)


def tell_of(told: Told, error: BaseException, pace: Pace, line: int) -> None:
    """Tell of what a mover raised."""
    file, found = innermost(traced(error.__traceback__), told.path)
    if isinstance(error, SyntaxError) and error.filename:
        file, found = error.filename, error.lineno or 0
    remedy = "handle it: a mover that raises is dead for the rest of its run"
    if not found and isinstance(error, ValueError):
        remedy = "return one finite number for each field"
    elif isinstance(error, SystemExit):
        remedy = "return values, and let the run end it"
    when = f" in update {pace.made + 1}" if pace.made else ""
    told.tell("raised", found or line, f"{headline(error)}{when}", remedy, file)


def main(folder: str) -> NoReturn:
    """Try the mover that a folder's task names."""
    global fatal
    restore_environment()
    fatal = open(os.path.join(folder, "fatal"), "w")  # noqa: SIM115
    faulthandler.enable(fatal)
    alarm(LOAD)
    with open(os.path.join(folder, "task"), "rb") as file:
        _, job, task, line = pickle.load(file)
    alarm(task.load)
    limit(job.threads)
    definition = scenes.find_for_movers(job.scene, job.fields)
    make, context = definition.offers("cells", "Cells"), multiprocessing.get_context("spawn")
    cells = make(context) if make else None
    table = Table(context, job.fields, task.agents, task.agents, cells)
    table.open(0, task.agents)
    told = Told(folder, job.behaviour(0).mover)
    ranges = definition.ranges(definition.world(job.settings))
    pace, printed = Pace(told, task, table, ranges, line, folder), Noticed(told)
    sys.stdout = sys.stderr = printed
    without_terminal()
    warnings.simplefilter("ignore", RuntimeWarning)  # of a coroutine that nobody awaits
    try:
        drive(table, Slice(table, 0), pace, job._replace(updates=0), definition, 0)  # type: ignore[arg-type]
    except Enough:
        pace.conclude(job)
    except BaseException as error:
        tell_of(told, error, pace, line)
    printed.conclude()
    told.end()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
