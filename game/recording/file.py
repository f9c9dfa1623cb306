"""The tape in a file: MCAP, appended to while the run goes on, and read wherever it ends.

    metadata "run"          what ran: see CHANNELS.md
    /whole /changes         updates, all of the state or what is new of it
    /checkpoint             what the screen remembered after a whole update
    /marks                  what happened, as JSON
    attachment "marks"      all of them once more, at the end of a file that was closed

A file that ends anywhere is good up to its last whole chunk; one is written every CHUNK seconds.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from game.recording import VERSION, RecordingError
from game.recording.changes import Encoder
from game.recording.plain import Arrays, saved
from game.recording.tape import Mark

CHUNK = 0.5  # [s] after which what was written can be read
TOPICS = ("/whole", "/changes", "/checkpoint", "/marks")
NEEDS = "recording needs the packages mcap and zstandard: pip install 'array-arena[record]'"
SPARE = 1 << 20  # [bytes] of a chunk, about


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
        from mcap.writer import CompressionType
        from mcap.writer import Writer as Mcap

        self.path = path
        self.failed = False  # it could not go on
        self.seconds = 0.0  # [s] that are written and good
        self._first: float | None = None  # [s] of the first update, and
        self._last = 0.0  # of the last one
        self._began = round(began * 1e9)  # [ns]
        self._file = open(path, "wb", buffering=0)  # noqa: SIM115
        self._good = 0  # [bytes] up to which it is whole
        self._due = 0.0  # [s]
        self._marks: list[Mark] = []
        self._mcap = Mcap(_Whole(self._file), SPARE, CompressionType.ZSTD)  # type: ignore[arg-type]
        self._mcap.start(profile="array-arena", library=f"array-arena {VERSION}")
        self._mcap.add_metadata("run", {key: json.dumps(value) for key, value in about.items()})
        schema = self._mcap.register_schema("array-arena.changes", "", b"")
        encodings = {"/marks": "json"}
        self._channels = {
            topic: self._mcap.register_channel(
                topic, encodings.get(topic, "array-arena.changes"), schema * (topic != "/marks")
            )
            for topic in TOPICS
        }
        self._sound()

    def write(self, time: float, message: bytes, whole: bool, checkpoint: Any) -> None:
        """Write an update, and what the screen remembered after it, if that is given."""
        if self._first is None:
            self._first = self._due = time
        self._last = time
        self._add("/whole" if whole else "/changes", time, message)
        if checkpoint is not None:
            arrays: Arrays = {}
            plain = {"state": saved(checkpoint, arrays, "state")}
            self._add("/checkpoint", time, Encoder().message(plain, arrays, whole=True))
        if time >= self._due:
            self._due = time + CHUNK
            self._mcap.flush()  # type: ignore[no-untyped-call]
            self._sound()

    def note(self, mark: Mark) -> None:
        """Write a mark."""
        self._marks.append(mark)
        self._add("/marks", mark.time, json.dumps(mark._asdict()).encode())

    def finish(self) -> None:
        """Write what is left, the index included, and close the file."""
        marks = json.dumps([mark._asdict() for mark in self._marks]).encode()
        try:
            self._mcap.flush()  # type: ignore[no-untyped-call]
            self._sound()
            self._mcap.add_attachment(0, self._began, "marks", "application/json", marks)
            self._mcap.finish()  # type: ignore[no-untyped-call]
            self._sound()
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, up to where it is whole."""
        if self._file.closed:
            return
        with suppress(OSError):
            if os.fstat(self._file.fileno()).st_size > self._good:
                self._file.truncate(self._good)
        self._file.close()

    def _sound(self) -> None:
        """All that was written is whole."""
        self._good = self._file.tell()
        self.seconds = self._last - (self._first or 0.0)

    def _add(self, topic: str, time: float, data: bytes) -> None:
        at = self._began + round(time * 1e9)
        self._mcap.add_message(self._channels[topic], at, data, at)


class _Whole:
    """A file that takes all of what it is given, or raises OSError: nothing waits in a buffer."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) :]
        return len(data)

    def tell(self) -> int:
        return int(self._file.tell())

    def flush(self) -> None:
        """Everything is written."""
