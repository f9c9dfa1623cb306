"""The contents of a file of MCAP, whole or cut anywhere: where each message stands.

    a file that was closed ──its summary───────┐
    one that was not ──record by record────────┴──> places by topic ──on demand──> chunk ──> data

The format's library does the reading, and nothing of a file is trusted: what is broken ends it.
Used by game.recording.reading alone, once it is sure that the library is there.
"""

import os
import struct
from collections import OrderedDict, defaultdict
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

from mcap.exceptions import McapError
from mcap.reader import SeekingReader
from mcap.records import Attachment, Channel, Chunk, McapRecord, Message, MessageIndex, Metadata
from mcap.stream_reader import MAGIC_SIZE, StreamReader, breakup_chunk
from zstandard import ZstdError, frame_content_size

# What the library raises, whatever bytes there are.
BROKEN = (McapError, ZstdError, struct.error, ValueError, LookupError, OverflowError, MemoryError)
PACKED = ("", "zstd")
LARGEST = 1 << 31  # [bytes] of a chunk that anybody unpacks
ROOM = 64_000_000  # [bytes] of unpacked chunks that are kept, and the last one in any case


class Place(NamedTuple):
    """Where a message stands."""

    chunk: int  # which one of the file
    channel: int  # its id
    number: int  # which of the channel's messages in that chunk


class Contents:
    """What a file holds; ValueError where it is none of MCAP."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size
        self._unpacked: OrderedDict[int, Mapping[int, list[bytes]]] = OrderedDict()
        try:
            reader = SeekingReader(file, record_size_limit=self._size)
        except BROKEN:
            raise ValueError("not MCAP") from None
        self.packed = ""  # how, where nobody here can unpack it
        self.cut = False  # the file has no end, or none that can be read
        self._forget()
        try:
            self._read_summary(reader)
        except (*BROKEN, OSError):  # a place before the beginning
            self.cut = True
            self._forget()
            self._walk()

    def data(self, place: Place) -> bytes:
        """A message's data; ValueError where its chunk is broken."""
        try:
            return self._messages(place.chunk)[place.channel][place.number]
        except BROKEN:
            raise ValueError("broken") from None

    def _forget(self) -> None:
        self.metadata: dict[str, Mapping[str, str]] = {}
        self.attachments: dict[str, bytes] = {}
        # By topic, in the file's order: when a message was logged [ns], and its place.
        self.found: defaultdict[str, list[tuple[int, Place]]] = defaultdict(list)
        self._chunks: list[int] = []  # [bytes] where each begins
        self._topics: dict[int, str] = {}

    def _read_summary(self, reader: SeekingReader) -> None:
        """Take in what the end of the file says of it."""
        summary = reader.get_summary()
        if summary is None or not summary.chunk_indexes:
            raise McapError("no summary")
        self._topics = {number: channel.topic for number, channel in summary.channels.items()}
        for record in (*reader.iter_metadata(), *reader.iter_attachments()):
            self._take(record)
        for chunk in summary.chunk_indexes:
            self._note_chunk(chunk.chunk_start_offset, chunk.compression)
            for start in chunk.message_index_offsets.values():
                self._take(self._record(start))

    def _walk(self) -> None:
        """Take in record after record, to the end or to where it is broken."""
        self._file.seek(0)
        start = MAGIC_SIZE
        with suppress(*BROKEN):
            for record in StreamReader(
                self._file, emit_chunks=True, record_size_limit=self._size
            ).records:
                if isinstance(record, Chunk):
                    self._note_chunk(start, record.compression)
                    if not self._topics:
                        for part in parts(record):
                            self._take(part)
                self._take(record)
                start = self._file.tell()
        self._look_into_the_last()

    def _look_into_the_last(self) -> None:
        """Find the messages of the last chunk in itself: its index may be cut."""
        last = len(self._chunks) - 1
        for topic, found in self.found.items():
            self.found[topic] = [one for one in found if one[1].chunk != last]
        with suppress(*BROKEN):
            for part in parts(self._record(self._chunks[last])):
                if isinstance(part, Message):
                    self._take(MessageIndex(part.channel_id, [(part.log_time, 0)]))

    def _note_chunk(self, start: int, compression: str) -> None:
        self._chunks.append(start)
        if compression not in PACKED:
            self.packed = compression

    def _take(self, record: McapRecord) -> None:
        """Take in a record."""
        match record:
            case Metadata():
                self.metadata[record.name] = record.metadata
            case Attachment():
                self.attachments[record.name] = record.data
            case Channel():
                self._topics[record.id] = record.topic
            case MessageIndex():
                chunk, channel = len(self._chunks) - 1, record.channel_id
                found = self.found[self._topics.get(channel, "")]
                before = found[-1][1] if found else None
                first = before.number + 1 if before and before[:2] == (chunk, channel) else 0
                for number, (time, _) in enumerate(record.records, first):
                    found.append((time, Place(chunk, channel, number)))

    def _record(self, start: int) -> Any:
        """The record that begins at a place [bytes]."""
        if start >= self._size:
            raise McapError("beyond the end")
        self._file.seek(start)
        return next(
            StreamReader(
                self._file, skip_magic=True, emit_chunks=True, record_size_limit=self._size
            ).records,
            None,
        )

    def _messages(self, number: int) -> Mapping[int, list[bytes]]:
        """The data of a chunk's messages, by channel."""
        if number not in self._unpacked:
            messages: defaultdict[int, list[bytes]] = defaultdict(list)
            for part in parts(self._record(self._chunks[number])):
                if isinstance(part, Message):
                    messages[part.channel_id].append(part.data)
            self._unpacked[number] = messages
            while len(self._unpacked) > 1 and self._held > ROOM:
                self._unpacked.popitem(last=False)
        self._unpacked.move_to_end(number)
        return self._unpacked[number]

    @property
    def _held(self) -> int:
        """The room that unpacked chunks take [bytes]."""
        return sum(
            len(data)
            for chunk in self._unpacked.values()
            for messages in chunk.values()
            for data in messages
        )


def parts(chunk: Any) -> list[McapRecord]:
    """The records in a chunk; one of BROKEN where it is none, or of another size than it says."""
    if not isinstance(chunk, Chunk) or chunk.uncompressed_size > LARGEST:
        raise McapError("no chunk")
    # What is packed says of its own size is believed else, however much that is.
    if chunk.compression and frame_content_size(chunk.data) > chunk.uncompressed_size:
        raise McapError("larger than it says")
    return breakup_chunk(chunk, validate_crc=True)
