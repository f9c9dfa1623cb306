"""Files of arrays: what stands in one that numpy wrote, or in one of bytes alone."""

import os
from typing import Any

import numpy as np

from game.attach import AttachError
from game.attach.elements import Elements, fit
from game.attach.memory import open_path


def elements(path: str, wish: Any) -> Elements | None:
    """What stands in a file: its header says so, or the person; None where it is to be guessed.

    AttachError of one line where it is no such file, or what is wished for is not in it.
    """
    if not os.path.isfile(path):
        what = "a folder" if os.path.isdir(path) else "not there"
        raise AttachError(f"{path!r} is {what}; give a file of numpy's (.npy), or one of bytes")
    if path.lower().endswith(".npy"):
        return of_numpy(path, wish)
    memory = open_path(path)
    try:
        if not memory.size:
            raise AttachError(f"{path!r} is empty")
        if wish.dtype is None:
            fit(memory.size, np.dtype("u1"), wish.shape, wish.offset)  # the least that it takes
            return None
        return fit(memory.size, wish.dtype, wish.shape, wish.offset, wish.columns)
    finally:
        memory.close()


def of_numpy(path: str, wish: Any) -> Elements:
    """What the header of a .npy file says."""
    for option, value in (("--dtype", wish.dtype), ("--shape", wish.shape)):
        if value is not None:
            raise AttachError(f"{option}: {path!r} says by itself what it holds; leave it out")
    try:
        mapped = np.lib.format.open_memmap(path, mode="r")
    except (OSError, ValueError, EOFError) as error:
        why = " ".join(str(getattr(error, "strerror", None) or error).split())
        raise AttachError(f"{path!r} is no file that numpy has written: {why}") from None
    if mapped.dtype.hasobject or not mapped.size:
        raise AttachError(f"{path!r} holds {mapped.dtype} of shape {mapped.shape}: no numbers")
    if mapped.flags.f_contiguous and not mapped.flags.c_contiguous:
        raise AttachError(f"{path!r} is in Fortran order; save it with numpy.ascontiguousarray")
    size = os.path.getsize(path)
    return fit(size, mapped.dtype, mapped.shape or (1,), int(mapped.offset), wish.columns)
