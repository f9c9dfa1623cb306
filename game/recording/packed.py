"""Parts of MCAP's records as bytes: strings, maps, chunks that are packed.

Used by what reads a recording. Nothing is believed: what is cut or broken raises, or is empty.
"""

import struct
from collections.abc import Sequence
from contextlib import suppress


def unpacked(data: bytes, size: int) -> bytes:
    """A chunk's bytes, of which there are so many; b"" where it is broken."""
    import zstandard

    with suppress(zstandard.ZstdError, MemoryError):
        # What a frame says of its own size is believed else, however much that is.
        if zstandard.frame_content_size(data) <= size:
            return zstandard.ZstdDecompressor().decompress(data, size)
    return b""


def text(data: bytes, at: int) -> tuple[str, int]:
    """A string of MCAP at a place, and where it ends; ValueError where it is cut."""
    (length,) = struct.unpack_from("<I", data, at)
    end = at + 4 + length
    if end > len(data):
        raise ValueError("cut")
    return data[at + 4 : end].decode(), end


def pairs(data: bytes, at: int) -> Sequence[tuple[str, str]]:
    """A map of MCAP at a place."""
    (length,) = struct.unpack_from("<I", data, at)
    at, end, found = at + 4, at + 4 + length, []
    while at < end:
        key, at = text(data, at)
        value, at = text(data, at)
        found.append((key, value))
    return found
