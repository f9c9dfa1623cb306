"""The content of a circuit's file: its bytes, its text, and what it seems to be if not a circuit.

Used by game.track_files.
"""

import codecs
import os

from game.track_files.outline import TrackError, one_line

MAX_BYTES = 20_000_000
MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
ZIP = "a zip file (KMZ, XLSX, NPZ); unpack it and give a file inside"
# How files begin that are no circuits, what they are, and what would be right.
FOREIGN = {
    b"\x89PNG": "a PNG image; give the circuit's centre line",
    b"\xff\xd8\xff": "a JPEG image; give the circuit's centre line",
    b"GIF8": "a GIF image; give the circuit's centre line",
    b"P5\n": "a PGM image; give the circuit's centre line",
    b"RIFF": "a picture, a sound or a film; give the circuit's centre line",
    b"PK\x03\x04": ZIP,
    b"\x1f\x8b": "a gzip file; unpack it",
    b"%PDF": "a PDF; give the circuit's centre line",
    b"\x93NUMPY": "a NumPy array; save it with numpy.savetxt(..., delimiter=',')",
    b"\x89HDF": "an HDF5 file; export the centre line as CSV",
    b"SQLite format": "an SQLite database or a GeoPackage; export GeoJSON",
    b"\x00\x00\x27\x0a": "an ESRI shapefile; export GeoJSON",
    b"\x7fELF": "a program; give the circuit's centre line",
    b"version https://git-lfs": "a Git LFS pointer; fetch the file that it stands for",
    b"image:": "the YAML of a map; give the CSV of the centre line",
    b"{\\rtf": "a text processor's file; save it as CSV",
}


def read(path: str) -> bytes:
    """Return a regular file's bytes; a device or a pipe might never end, so none is opened."""
    place = one_line(path)
    if os.path.isdir(path):
        raise TrackError(f"{place}: is a folder; name a track's file")
    if os.path.exists(path) and not os.path.isfile(path):
        raise TrackError(f"{place}: is a device or a pipe; name a track's file")
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise TrackError(f"{place}: {reason}; name a track's file you can read") from error
    except ValueError as error:
        raise TrackError(f"{place}: is not a path; name a track's file") from error
    if len(content) > MAX_BYTES:
        raise TrackError(f"{place}: is larger than the {MAX_BYTES:,} bytes a track may have")
    return content


def decode(content: bytes, path: str) -> str:
    """Return UTF-8, or UTF-16 with a mark, as text with plain line ends; raise TrackError."""
    place = one_line(path)
    for begins, what in FOREIGN.items():
        if content.startswith(begins):
            raise TrackError(f"{place}: looks like {what}")
    encoding = next((name for mark, name in MARKS.items() if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text(content, error.start, place) from None
    if "\0" in text:
        raise _not_text(content, content.find(b"\0"), place)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _not_text(content: bytes, bad: int, place: str) -> TrackError:
    before = content[:bad].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    line = before.count(b"\n") + 1
    return TrackError(f"{place}:{line}: byte 0x{content[bad]:02x} is not text; write UTF-8 text")
