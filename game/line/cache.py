"""What has been worked out once is kept: columns of numbers, in the person's own cache folder.

A file's name is a hash of everything that its content follows from, so that nothing in it is ever
out of date. A folder that cannot be written and a file that is not whole are no fault: then the
columns are worked out again. Used by driven.
"""

import hashlib
import os
import sys
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress

from game.curve.banded import Column

VERSION = 1  # of how lines and speeds are worked out: another one finds none of the old files
MOST = 200  # files that are kept: the oldest ones go
ENDING = ".columns"


def folder() -> str:
    """Where they are kept: as the system has it for what can be made again."""
    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):  # the specification: another one is to be ignored
            base = os.path.join(home, ".cache")
    return os.path.join(base, "array-arena", "lines")


def key(*parts: Iterable[float] | str) -> str:
    """The name of what follows from numbers and words, in this order."""
    found = hashlib.sha256(f"{VERSION} {sys.byteorder}".encode())
    for part in parts:
        content = part.encode() if isinstance(part, str) else array("d", part).tobytes()
        found.update(f"{len(content)}:".encode() + content)
    return found.hexdigest()[:40]


def kept(name: str, count: int, make: Callable[[], list[Column]]) -> list[Column]:
    """The `count` columns of that name, all of one length: as they were kept, else made anew."""
    path = os.path.join(folder(), name + ENDING)
    columns = read(path, count)
    if columns is None:
        columns = make()
        with suppress(OSError, ValueError):
            write(path, columns)
    return columns


def read(path: str, count: int) -> list[Column] | None:
    """The columns of a file; None where there is none, or it is not whole."""
    try:
        with open(path, "rb") as file:
            digest, content = file.read(32), file.read()
    except (OSError, ValueError):
        return None
    if hashlib.sha256(content).digest() != digest or not content or len(content) % (8 * count):
        return None
    numbers = array("d", content).tolist()
    size = len(numbers) // count
    return [numbers[i * size : (i + 1) * size] for i in range(count)]


def write(path: str, columns: list[Column]) -> None:
    """Keep columns in a file, which is there whole or not at all; OSError where it cannot be."""
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    content = b"".join(array("d", column).tobytes() for column in columns)
    part = f"{path}.{os.getpid()}"
    try:
        with open(part, "wb") as file:
            file.write(hashlib.sha256(content).digest() + content)
        os.replace(part, path)
    except OSError:
        with suppress(OSError):
            os.remove(part)
        raise
    tidy(os.path.dirname(path))


def tidy(place: str) -> None:
    """Remove the oldest files, where there are more than are kept."""
    files = [entry for entry in os.scandir(place) if entry.name.endswith(ENDING)]
    if len(files) > MOST:
        files.sort(key=lambda entry: entry.stat().st_mtime)
        for entry in files[:-MOST]:
            with suppress(OSError):
                os.remove(entry.path)
