"""A recording's file that a process of its own writes: what is handed to it, what it says.

    Writer ──add, flush──> pipe ──> game.recording.writer_process ──> the file
                           <── "good SIZE TIME", "failed NUMBER WORDS"

The same methods as those of McapFile. Handing over waits where the pipe is full, without holding
up the window's thread. Whatever becomes of this program, the process finishes the file and ends.
"""

import errno
import json
import os
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from threading import Lock
from time import perf_counter, sleep

from game.recording import writer_process
from game.recording.changes import Buffer
from game.recording.writer_process import BEGIN, FINISH, FLUSH, LARGE, RECORD

POSSIBLE = hasattr(os, "writev") and hasattr(select, "poll") and bool(sys.executable)
SECONDS = 30.0  # [s] that the file may take to be finished
MOMENT = 1.0  # [s] that whoever is handing over may take
RATE = 80_000_000  # [bytes/s] of a crowd: more takes the processors from the run itself
PIPE = 1 << 20  # [bytes] that wait in it, where the system allows that
MOST = 512  # buffers that the system takes at a time
# The C library keeps the room of large messages: fresh pages for each took a third of the time.
ROOM = {"MALLOC_MMAP_THRESHOLD_": str(1 << 25), "MALLOC_TRIM_THRESHOLD_": str(1 << 28)}  # [bytes]


class Piped:
    """Hands what is to be written to a process. An OSError says why that has ended."""

    def __init__(self, file: FileIO, run: Mapping[str, str], library: str) -> None:
        """The file is the process's from now on; OSError where there can be no process."""
        self.size = 0  # [bytes] that are good, up to
        self.until = 0  # [ns since 1970] what was logged
        self._failed: OSError | None = None  # what it said of that
        self._lock = Lock()  # of the pipe, that is written to
        self._open = True
        self._rest = b""  # of a line
        reads, self._pipe = os.pipe()
        self._answers, says = os.pipe()
        try:
            self._process = started(reads, says, file)
        except BaseException:
            os.close(self._pipe)
            os.close(self._answers)
            raise
        finally:
            os.close(reads)
            os.close(says)
            file.close()
        enlarge(self._pipe)
        os.set_blocking(self._answers, False)
        self._send(BEGIN, 0, [json.dumps({"run": dict(run), "library": library}).encode()])

    def add(self, topic: int, time: int, parts: Sequence[Buffer]) -> None:
        """Hand a message over in parts, logged at a time [ns since 1970]; no more than RATE."""
        began = perf_counter()
        self._send(topic, time, parts)
        size = sum(map(len, parts))
        if size >= LARGE:
            sleep(max(0.0, began + size / RATE - perf_counter()))

    def flush(self) -> None:
        """Have all that was added stand in the file."""
        self._send(FLUSH)

    def finish(self) -> None:
        """Have the file finished; OSError where it is not."""
        self.close()
        if self._process.returncode:
            raise self._why()

    def close(self) -> None:
        """Hand nothing more over, and wait until the file is finished."""
        if not self._lock.acquire(timeout=MOMENT):
            self._process.kill()  # it takes nothing: whoever waits for that is to go on
            self._lock.acquire()
        try:
            if self._open:
                self._open = False
                self._close()
        finally:
            self._lock.release()

    def _close(self) -> None:
        # That it ends is not enough: forked processes hold the pipe as well.
        room = select.poll()
        room.register(self._pipe, select.POLLOUT)
        with suppress(OSError):
            if room.poll(1000 * SECONDS):
                os.write(self._pipe, RECORD.pack(FINISH, 0, 0))
        os.close(self._pipe)
        try:
            self._process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._hear()
        os.close(self._answers)

    def _send(self, kind: int, time: int = 0, data: Sequence[Buffer] = ()) -> None:
        with self._lock:
            if not self._open:
                raise self._why()
            size = sum(map(len, data))
            try:
                write_all(self._pipe, [RECORD.pack(kind, time, size), *data])
            except BrokenPipeError:
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(MOMENT)
                self._hear()
                raise self._why() from None
            self._hear()

    def _why(self) -> OSError:
        """Why the process has ended."""
        code = self._process.returncode
        how = f"signal {-code}" if code and code < 0 else f"status {code}"
        return self._failed or OSError(errno.EPIPE, f"the process that wrote it ended ({how})")

    def _hear(self) -> None:
        """Take in what the process has said."""
        with suppress(BlockingIOError):
            while said := os.read(self._answers, 4096):
                self._rest += said
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            word, number, told = line.decode(errors="replace").split(" ", 2)
            if word == "good":
                self.size, self.until = int(number), int(told)
            else:
                self._failed = OSError(int(number), told)


def started(stdin: int, stdout: int, file: FileIO) -> "subprocess.Popen[bytes]":
    """The process; Ctrl-C does not reach it. It starts from wherever we were loaded."""
    flags = ["-P", "-E"] if sys.flags.ignore_environment else ["-P"]
    return subprocess.Popen(
        [sys.executable, *flags, writer_process.__file__, str(file.fileno())],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.DEVNULL,
        pass_fds=(file.fileno(),),
        start_new_session=True,
        env={**os.environ, **ROOM},
    )


def enlarge(pipe: int) -> None:
    """Have more room in a pipe, so that large messages go through it in few pieces."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE)


def write_all(descriptor: int, buffers: Sequence[Buffer]) -> None:
    """Write buffers, one after the other, to the end."""
    left = [memoryview(buffer) for buffer in buffers if len(buffer)]
    while left:
        took = os.writev(descriptor, left[:MOST])
        while left and took >= len(left[0]):
            took -= len(left.pop(0))
        if took:
            left[0] = left[0][took:]
