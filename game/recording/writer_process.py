"""The process that writes a recording's file, so that the window has nothing to do with it.

    stdin: records of (kind, time, size), data ──> McapFile ──> the file
    stdout: lines, "good SIZE TIME" after each chunk, "failed NUMBER WORDS" where it cannot go on

Started by game.recording.piped, as a file of its own: it imports nothing of ours, no numpy, no
pygame. Where stdin ends, also because the window was killed, the file is finished properly.
"""

import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from io import FileIO
from typing import Any, BinaryIO

RECORD = struct.Struct("<BqQ")  # kind, or a topic's number; time [ns since 1970]; size [bytes]
BEGIN, FLUSH, FINISH = 100, 101, 102  # kinds; BEGIN has what McapFile is told, as JSON
TOPICS = ("/whole", "/changes", "/checkpoint", "/marks")
MARKS = TOPICS.index("/marks")
SPARE = 1 << 20  # [bytes] of a chunk, about
LARGE = 1 << 20  # [bytes] of a message from which nothing is packed: a crowd's do not shrink
NICE = 10  # the window and the movers come first


class McapFile:
    """Writes a file of MCAP. An OSError leaves one that is good up to `size`."""

    def __init__(self, file: FileIO, run: Mapping[str, str], library: str) -> None:
        """`run` is what ran, as metadata."""
        self.size = 0  # [bytes] that are good, up to
        self.until = 0  # [ns since 1970] what was logged
        self._file = file
        self._run, self._library = run, library
        self._last = 0  # [ns since 1970]
        self._marks: list[bytes | memoryview] = []
        self._mcap: Any = None  # made with the first message, for messages of that size
        self._channels: list[int] = []

    def add(self, topic: int, time: int, parts: Sequence[bytes | memoryview]) -> None:
        """Add a message in parts, logged at a time [ns since 1970]."""
        data = parts[0] if len(parts) == 1 else b"".join(parts)
        if self._mcap is None:
            self._begin(packed=len(data) < LARGE)
        if topic == MARKS:
            self._marks.append(data)
        self._last = max(self._last, time)
        self._mcap.add_message(self._channels[topic], time, data, time)

    def flush(self) -> None:
        """Have all that was added stand in the file."""
        if self._mcap is not None:
            self._mcap.flush()
            self._sound()

    def finish(self) -> None:
        """Write what is left, the index included, and close the file."""
        marks = b"[" + b",".join(self._marks) + b"]"
        try:
            if self._mcap is None:
                self._begin(packed=True)
            self.flush()
            self._mcap.add_attachment(0, self._last, "marks", "application/json", marks)
            self._mcap.finish()
            self._sound()
        finally:
            self.close()

    def close(self) -> None:
        """Close the file, up to where it is good."""
        if self._file.closed:
            return
        with suppress(OSError):
            if os.fstat(self._file.fileno()).st_size > self.size:
                self._file.truncate(self.size)
        self._file.close()

    def _begin(self, packed: bool) -> None:
        from mcap.writer import CompressionType, Writer

        packing = CompressionType.ZSTD if packed else CompressionType.NONE
        self._mcap = Writer(_Whole(self._file), SPARE, packing)  # type: ignore[arg-type]
        self._mcap.start(profile="array-arena", library=self._library)
        self._mcap.add_metadata("run", dict(self._run))
        schema = self._mcap.register_schema("array-arena.changes", "", b"")
        for topic in TOPICS:
            json_ = topic == TOPICS[MARKS]
            encoding = "json" if json_ else "array-arena.changes"
            channel = self._mcap.register_channel(topic, encoding, 0 if json_ else schema)
            self._channels.append(channel)

    def _sound(self) -> None:
        """All that was added is in the file."""
        self.size = self._file.tell()
        self.until = self._last


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


def main() -> int:
    """Write what comes through stdin into the file of the descriptor that is told."""
    with suppress(OSError):
        os.nice(NICE)
    file = FileIO(int(sys.argv[1]), "w")
    made: McapFile | None = None
    try:
        with suppress(EOFError):
            made = McapFile(file, **json.loads(read(sys.stdin.buffer)[2]))
            take(made, sys.stdin.buffer)
        if made:
            made.finish()
            say_good(made)
    except Exception as error:
        number = getattr(error, "errno", None) or 0
        say(
            "failed", number, getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        )
        return 1
    finally:
        if made:
            made.close()
    return 0


def take(made: McapFile, stream: BinaryIO) -> None:
    """Take in record after record; EOFError where the stream ends without a last one."""
    while True:
        kind, time, data = read(stream)
        if kind == FINISH:
            return
        if kind == FLUSH:
            made.flush()
            say_good(made)
        else:
            made.add(kind, time, [data])


def read(stream: BinaryIO) -> tuple[int, int, bytes]:
    """The next record: kind, time and data; EOFError where there is none that is whole."""
    head = stream.read(RECORD.size)
    if len(head) < RECORD.size:
        raise EOFError
    kind, time, size = RECORD.unpack(head)
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return kind, time, data


def say_good(made: McapFile) -> None:
    """Say how far the file is good."""
    say("good", made.size, made.until)


def say(*words: object) -> None:
    """Say a line to the window, if there is one."""
    with suppress(BrokenPipeError):
        os.write(1, (" ".join(" ".join(map(str, words)).split()) + "\n").encode())


if __name__ == "__main__":
    sys.exit(main())
