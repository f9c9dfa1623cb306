"""The tape in a file: MCAP, appended to while the run goes on, and read wherever it ends.

    metadata "run"          what ran: see CHANNELS.md
    /whole /changes         updates, all of the state or what is new of it
    /checkpoint             what the screen remembered after a whole update
    /marks                  what happened, as JSON
    attachment "marks"      all of them once more, at the end of a file that was closed

A file that ends anywhere is good up to its last whole chunk; one is written every CHUNK seconds, by
a process of its own where there can be one (game.recording.piped), else by the recorder's thread.
"""

import errno
import json
import os
from collections.abc import Mapping, Sequence
from io import FileIO
from typing import Any

from game.recording import VERSION, RecordingError, piped
from game.recording.changes import Buffer, Encoder
from game.recording.piped import Piped
from game.recording.plain import Arrays, saved
from game.recording.tape import Mark
from game.recording.writer_process import TOPICS, McapFile

MAGIC = b"\x89MCAP0\r\n"
CHUNK = 0.5  # [s] after which what was written can be read
NEEDS = "recording needs the packages mcap and zstandard: pip install 'array-arena[record]'"


def check_packages() -> None:
    """See that the format's library is there; RecordingError where it is not."""
    try:
        import mcap.writer  # noqa: F401
        import zstandard  # noqa: F401
    except ImportError:
        raise RecordingError(NEEDS) from None


class Writer:
    """Writes a recording. An OSError leaves a file that is good up to there."""

    def __init__(self, path: str, about: Mapping[str, Any], began: float) -> None:
        """`began` is the time of the first update, in seconds since 1970."""
        check_packages()
        self.path = path
        self.failed = False  # it could not go on
        self._first: float | None = None  # [s] on the recorder's clock: the first update
        self._began = round(began * 1e9)  # [ns]
        file = open_alone(path)
        self.replaces = os.fstat(file.fileno()).st_size > 0  # an earlier one was there
        file.truncate(0)
        self._due = 0.0  # [s]
        self._noted: list[Mark] = []  # of the next update, on the recorder's clock
        run = {key: json.dumps(value) for key, value in about.items()}
        into = Piped if piped.POSSIBLE else McapFile
        self._into = into(file, run, f"array-arena {VERSION}")

    @property
    def size(self) -> int:
        """How much is written and good [bytes], as far as we have heard."""
        return self._into.size

    @property
    def seconds(self) -> float:
        """How much of the run that is [s]."""
        return max(0.0, (self._into.until - self._began) / 1e9)

    def write(self, time: float, message: Sequence[Buffer], whole: bool, checkpoint: Any) -> None:
        """Write an update, and what the screen remembered after it, if that is given."""
        if self._first is None:
            self._first = time
        time -= self._first
        self._write_marks()
        self._add("/whole" if whole else "/changes", time, message)
        if checkpoint is not None:
            arrays: Arrays = {}
            plain = {"state": saved(checkpoint, arrays, "state")}
            self._add("/checkpoint", time, Encoder().message(plain, arrays, whole=True))
        if time >= self._due:
            self._due = time + CHUNK
            self._into.flush()

    def note(self, mark: Mark) -> None:
        """Have a mark written with the next update."""
        self._noted.append(mark)

    def _write_marks(self) -> None:
        """Write what was noted; what was before the first update stands at that."""
        for mark in self._noted:
            noted = mark._replace(time=max(0.0, mark.time - (self._first or 0.0)))
            self._add("/marks", noted.time, [json.dumps(noted._asdict()).encode()])
        self._noted = []

    def finish(self) -> None:
        """Write what is left, the index included, and close the file."""
        self._into.finish()

    def close(self) -> None:
        """Close the file, up to where it is whole."""
        self._into.close()

    def _add(self, topic: str, time: float, data: Sequence[Buffer]) -> None:
        self._into.add(TOPICS.index(topic), self._began + round(time * 1e9), data)


def is_recording(path: str) -> bool:
    """Whether a file is one of the format, or empty, so that another may take its place."""
    with open(path, "rb") as file:
        return file.read(len(MAGIC)) in (MAGIC, b"")


def open_alone(path: str) -> FileIO:
    """A file that no other run records into; OSError where one does."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o666)
    file = FileIO(descriptor, "w")
    try:
        lock(file)
    except BaseException:
        file.close()
        raise
    return file


def lock(file: FileIO) -> None:
    """Keep a file to ourselves as long as it is open, where the system can."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OSError(errno.EBUSY, "another run records into it; give another name") from None
    except OSError:  # a disk that knows no locks
        return
