"""What a program has handed over to this one: its arrays, a socket and the state.

Called by the options when the program was started by `game.watch`.
"""

import os
from contextlib import suppress
from typing import Any

import numpy as np

from game.attach import state
from game.attach.elements import Elements
from game.attach.memory import Memory
from game.attach.shared_object import as_dtype
from game.attach.subjects import Found, Handed, Semaphore


def received(words: str) -> tuple[Handed, int, tuple[str, float]]:
    """The arrays, the state in which their program is told what was found, and a check with the
    time [s] that it has to be violated.

    `words` are the numbers of a socket and of the state. ValueError where nothing stands there.
    """
    link, handle = (int(number) for number in words.split(","))
    told = state.read(handle)
    if told is None:
        raise ValueError(f"--handed {words}: nothing was handed over; game.watch does it")
    state.write(handle, {})
    with suppress(OSError):  # the program is gone: it is found out where that is looked for
        os.write(link, b"%d" % os.getpid())
    memory = Memory(told["memory"]) if told["memory"] >= 0 else None
    found = [piece(one, told, memory) for one in told["arrays"]]
    handed = Handed(found, told["pid"], link, told["title"])
    return handed, handle, (told["check"], told["settled"])


def piece(one: dict[str, Any], told: dict[str, Any], memory: Memory | None) -> Found:
    """One array, as it was described."""
    lock = Semaphore(memory, one["lock"]) if memory and one["lock"] else None
    dtype = np.dtype(as_dtype(one["dtype"]))
    elements = Elements(dtype, tuple(one["shape"]), one["offset"], tuple(told["columns"]))
    limits, view = tuple(told["limits"]), told["view"]
    return Found(one["name"], Memory(one["descriptor"]), elements, lock, limits, view)
