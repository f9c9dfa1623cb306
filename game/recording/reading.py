"""Reading a recording: a tape from a file of MCAP, whole or cut anywhere.

    records ──walk, no chunk is unpacked──> where each message stands ──on demand──> chunk ──> it

Nothing is trusted: what is no recording, or of a newer version, is refused in one line; what is
broken ends the recording where it is.
"""

import json
import os
import stat
import struct
import zlib
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from math import isfinite
from typing import Any, BinaryIO, NamedTuple

import numpy as np

from game.frame import Floats
from game.recording import VERSION, RecordingError
from game.recording.file import MAGIC, TOPICS, check_packages
from game.recording.packed import pairs, text, unpacked
from game.recording.tape import Mark, state_of

RECORD = struct.Struct("<BQ")  # opcode, length
CHUNK_HEAD = struct.Struct("<QQQII")  # start, end [ns], size, crc, length of the compression's name
SCHEMA, CHANNEL, MESSAGE, CHUNK, INDEX, ATTACHMENT, METADATA, END = 3, 4, 5, 6, 7, 9, 12, 15
MESSAGE_HEAD = struct.Struct("<HIQQ")  # channel, sequence, log time, publish time [ns]
KEPT = 8  # chunks at most that stay unpacked, as far as they have
ROOM = 256_000_000  # [bytes]
BROKEN = (ValueError, TypeError, AttributeError, LookupError, RecursionError)  # what JSON can do
LARGEST = 1 << 31  # [bytes] of a chunk that anybody unpacks


class Place(NamedTuple):
    """Where a message stands."""

    chunk: int  # which one
    offset: int  # [bytes] in it, unpacked


class Chunk(NamedTuple):
    """Where a chunk stands in the file."""

    start: int  # [bytes] of its data
    length: int  # [bytes] of its data
    size: int  # [bytes] when it is unpacked
    crc: int  # of that; 0: not known
    compression: str


class FileTape:
    """A recording; RecordingError where it is none that can be shown."""

    def __init__(self, path: str) -> None:
        check_packages()
        self.path = path
        self.about: Mapping[str, Any] = {}
        self.cut = False  # the file has no end: the program was killed, or the disk was full
        self._chunks: list[Chunk] = []
        self._unpacked: OrderedDict[int, bytes] = OrderedDict()
        self._topics: dict[int, str] = {}
        self._found: dict[str, list[tuple[int, Place]]] = {topic: [] for topic in TOPICS}
        self._attached: bytes | None = None  # the marks of a file that was closed
        try:
            if not stat.S_ISREG(os.stat(path).st_mode):  # a pipe would be waited for
                raise ValueError("it is no ordinary file")
            self._file: BinaryIO = open(path, "rb")  # noqa: SIM115
        except (OSError, ValueError) as error:
            what = getattr(error, "strerror", None) or error
            raise RecordingError(f"{path}: {what}; give the file of a recording") from None
        try:
            self._walk()
            self._order()
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # As a tape.

    @property
    def first(self) -> int:
        """All of it is kept."""
        return 0

    @property
    def last(self) -> int:
        """The last one that is whole in the file."""
        return len(self._places) - 1

    @property
    def length(self) -> float:
        """How long it is [s]."""
        return float(self._times[-1])

    def time(self, number: int) -> float:
        """When an update was shown [s]."""
        return float(self._times[min(max(number, 0), self.last)])

    def at(self, time: float) -> int:
        """The last one up to a time [s]."""
        return max(0, int(np.searchsorted(self._times, time + 1e-9, "right")) - 1)

    def message(self, number: int) -> bytes | None:
        """An update."""
        if not 0 <= number < len(self._places):
            return None
        return self._data(self._places[number])

    def whole(self, number: int) -> int:
        """The last whole one up to a number."""
        place = bisect_right(self._wholes, number) - 1
        return self._wholes[max(place, 0)]

    def checkpoint(self, number: int) -> tuple[int, Any] | None:
        """The last checkpoint up to a number; a broken one counts as none."""
        place = bisect_right(self._saved, number, key=lambda one: one[0]) - 1
        if place < 0:
            return None
        after, where = self._saved[place]
        with suppress(Exception):
            return after, state_of(self._data(where))
        return None

    @cached_property
    def marks(self) -> Sequence[Mark]:
        """What happened."""
        if self._attached is None:
            told = [partial(self._data, place) for _, place in self._found["/marks"]]
        else:
            told = [partial(bytes, self._attached)]
        marks: list[Mark] = []
        for data in told:
            with suppress(*BROKEN):
                found = json.loads(data())
                for one in found if isinstance(found, list) else [found]:
                    marks.append(Mark(float(one["time"]), str(one["kind"]), str(one["words"])))
        return sorted((mark for mark in marks if isfinite(mark.time)), key=lambda one: one.time)

    # The file.

    def _walk(self) -> None:
        """Go from record to record, to the end or to where it is broken."""
        size = os.fstat(self._file.fileno()).st_size
        if self._file.read(len(MAGIC)) != MAGIC:
            raise RecordingError(f"{self.path}: it is no recording; one begins with --record FILE")
        bare, at = -1, len(MAGIC)  # a chunk without an index of its messages yet
        while head := self._head(at, size):
            opcode, length = head
            if opcode == END:
                break
            if opcode in (INDEX, ATTACHMENT, METADATA):
                self._take(opcode, self._file.read(length))
                bare = -1 if opcode == INDEX else bare
            if opcode == CHUNK:
                self._look_into(bare)
                if not self._take_chunk(at + RECORD.size, length):
                    break
                bare = len(self._chunks) - 1
            at += RECORD.size + length
        else:
            self.cut, bare = True, len(self._chunks) - 1  # of which an index may be missing
            for topic, found in self._found.items():
                self._found[topic] = [one for one in found if one[1].chunk != bare]
        self._look_into(bare)

    def _head(self, at: int, size: int) -> tuple[int, int] | None:
        """The opcode and the length of a record that is whole; None where there is none."""
        self._file.seek(at)
        head = self._file.read(RECORD.size)
        if len(head) < RECORD.size:
            return None
        opcode, length = RECORD.unpack(head)
        return (opcode, length) if opcode and at + RECORD.size + length <= size else None

    def _take_chunk(self, at: int, length: int) -> bool:
        """Note a chunk; whether it is one."""
        head = self._file.read(CHUNK_HEAD.size)
        if len(head) < CHUNK_HEAD.size:
            return False
        _, _, size, crc, name = CHUNK_HEAD.unpack(head)
        compression = self._file.read(min(name, 16)).decode(errors="replace")
        start = at + CHUNK_HEAD.size + name + 8
        if start > at + length or size > LARGEST:
            return False
        if compression not in ("", "zstd"):
            raise RecordingError(
                f"{self.path}: it is packed as {compression!r}, and this program reads 'zstd'"
            )
        self._chunks.append(Chunk(start, at + length - start, size, crc, compression))
        if not self._topics:
            self._look_into(len(self._chunks) - 1, channels_alone=True)
        return True

    def _take(self, opcode: int, data: bytes) -> None:
        """Take in a record that stands by itself; one that is broken says nothing."""
        with suppress(struct.error, *BROKEN):
            if opcode == METADATA:
                name, at = text(data, 0)
                if name == "run":
                    self.about = {key: json.loads(value) for key, value in pairs(data, at)}
            elif opcode == ATTACHMENT:
                name, at = text(data, 16)
                _, at = text(data, at)
                (size,) = struct.unpack_from("<Q", data, at)
                if name == "marks":
                    self._attached = data[at + 8 : at + 8 + size]
            elif self._chunks:
                (channel,) = struct.unpack_from("<H", data)
                entries = np.frombuffer(data, "<u8", offset=6).reshape(-1, 2).tolist()
                chunk = len(self._chunks) - 1
                if topic := self._topics.get(channel):
                    self._found[topic] += [(time, Place(chunk, at)) for time, at in entries]

    def _check_version(self) -> None:
        version = self.about.get("version")
        if not isinstance(version, int) or version > VERSION:
            raise RecordingError(
                f"{self.path}: it is of version {version!r:.20}, and this program reads up to "
                f"{VERSION}; a newer array-arena does"
            )

    def _look_into(self, number: int, channels_alone: bool = False) -> None:
        """Find the messages of a chunk that has no index, or the channels in it."""
        if number < 0:
            return
        data, at = self._chunk(number), 0
        with suppress(struct.error, ValueError):
            while at + RECORD.size <= len(data):
                opcode, length = RECORD.unpack_from(data, at)
                body = at + RECORD.size
                if opcode == CHANNEL and channels_alone:
                    (channel,) = struct.unpack_from("<H", data, body)
                    self._topics[channel] = text(data, body + 4)[0]
                elif opcode == MESSAGE and not channels_alone:
                    channel, _, time, _ = MESSAGE_HEAD.unpack_from(data, body)
                    if topic := self._topics.get(channel):
                        self._found[topic].append((time, Place(number, at)))
                at = body + length

    def _chunk(self, number: int) -> bytes:
        """A chunk's bytes; b"" where it is broken."""
        if number in self._unpacked:
            self._unpacked.move_to_end(number)
            return self._unpacked[number]
        chunk = self._chunks[number]
        self._file.seek(chunk.start)
        data = self._file.read(chunk.length)
        if chunk.compression:
            data = unpacked(data, chunk.size)
        if chunk.crc and zlib.crc32(data) != chunk.crc:
            data = b""
        self._unpacked[number] = data
        held = sum(map(len, self._unpacked.values()))
        while len(self._unpacked) > 1 and (len(self._unpacked) > KEPT or held > ROOM):
            held -= len(self._unpacked.popitem(last=False)[1])
        return data

    def _data(self, place: Place) -> bytes:
        """A message's data; RecordingError where its chunk is broken."""
        data = self._chunk(place.chunk)
        if len(data) < place.offset + RECORD.size:
            raise RecordingError(f"{self.path}: it is broken in the middle")
        _, length = RECORD.unpack_from(data, place.offset)
        start = place.offset + RECORD.size
        return data[start + MESSAGE_HEAD.size : start + length]

    # What was found, in the order of time.

    def _order(self) -> None:
        """Number the updates, from the first whole one on."""
        if not self.about:
            raise RecordingError(f"{self.path}: it does not say what ran; it is no recording of us")
        self._check_version()
        wholes = self._found["/whole"]
        if not wholes:
            raise RecordingError(f"{self.path}: there is nothing in it: it was cut off too early")
        both = [(time, place, True) for time, place in wholes]
        both += [(time, place, False) for time, place in self._found["/changes"]]
        both.sort(key=lambda one: one[:2])
        start = next(n for n, one in enumerate(both) if one[2])
        both = both[start:]
        self._places = [place for _, place, _ in both]
        self._wholes = [number for number, one in enumerate(both) if one[2]]
        began = both[0][0]
        self._times: Floats = np.array([(one[0] - began) / 1e9 for one in both])
        stamps = {both[number][0]: number for number in self._wholes}
        self._saved = [
            (stamps[time], place) for time, place in self._found["/checkpoint"] if time in stamps
        ]
