"""The state that a program and its viewer share: one record, the newest, in a file of memory.

    8 bytes: length    4 bytes: CRC-32 of the rest    JSON

The program writes what it hands over, once, before its viewer is there; after that only the viewer
writes. Nobody waits for anybody: a record that is being written has the wrong sum.
"""

import json
import os
import struct
import time
import zlib
from collections.abc import Mapping
from typing import Any

HEAD = struct.Struct("=QI")
TRIES = 5
PAUSE = 0.001  # [s] between two tries


def write(descriptor: int, told: Mapping[str, Any]) -> None:
    """Put a record in place of the one that is there; OSError where there is no room for it."""
    words = json.dumps(told).encode()
    rest = memoryview(HEAD.pack(len(words), zlib.crc32(words)) + words)
    done = 0
    while done < len(rest):
        done += os.pwrite(descriptor, rest[done:], done)


def read(descriptor: int) -> dict[str, Any] | None:
    """The record; None where there is none, or none that is whole."""
    for attempt in range(TRIES):
        if attempt:
            time.sleep(PAUSE)
        size = os.fstat(descriptor).st_size
        if size < HEAD.size:
            return None
        length, checked = HEAD.unpack(os.pread(descriptor, HEAD.size, 0))
        if length <= size - HEAD.size:
            words = read_whole(descriptor, length)
            if zlib.crc32(words) == checked:
                found: dict[str, Any] = json.loads(words)
                return found
    return None


def read_whole(descriptor: int, length: int) -> bytes:
    """What stands after the head: `length` bytes, or those that are there."""
    words = b""
    while len(words) < length:
        more = os.pread(descriptor, length - len(words), HEAD.size + len(words))
        if not more:
            break
        words += more
    return words
