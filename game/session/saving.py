"""Files that are saved whole or not at all: written beside their place, then renamed.

Used by the app for what a run was asked for, by stats, and by the key that saves a picture.
"""

import errno
import os
from collections.abc import Callable
from contextlib import suppress

FULL = "there is no room"
ADVICE = {
    errno.ENOSPC: f"{FULL}; free some, or name another folder",
    errno.EDQUOT: f"{FULL} for you; free some, or name another folder",
    errno.EFBIG: "larger than a file may be here; raise the limit (ulimit -f)",
    errno.EROFS: "the disk is read-only; name another folder",
    errno.EACCES: "that is not allowed; name a folder of yours",
    errno.ENOENT: "the folder is gone; name one that is there",
}


def save(path: str, write: Callable[[str], None]) -> None:
    """Have `write` make a file, and put it at `path` once it is whole; OSError where it fails.

    What was there stays until then, and stays where it fails. `write` gets another path, with
    the same ending. The error says which file, and in a few words what would help.
    """
    place = os.path.realpath(path)  # a link goes on leading to what it led to
    folder, name = os.path.split(place)
    beside = os.path.join(folder, f".array-arena-{os.getpid()}{os.path.splitext(name)[1]}")
    try:
        open_new(beside, place)
        write(beside)
        os.replace(beside, place)
    except OSError as error:
        raise OSError(f"{path}: {words(error)}") from None
    finally:
        with suppress(OSError):
            os.remove(beside)


def open_new(path: str, like: str) -> None:
    """Make an empty file with the rights of another one, where that is there."""
    with suppress(FileNotFoundError):
        os.remove(path)  # left by one of the same pid that was killed
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
    with suppress(OSError):
        os.chmod(path, os.stat(like).st_mode & 0o777)


def words(error: OSError) -> str:
    """An error of the system in words, with what would help."""
    what = error.strerror or str(error) or type(error).__name__
    advice = ADVICE.get(error.errno or 0)
    return f"{what}: {advice}" if advice else what
