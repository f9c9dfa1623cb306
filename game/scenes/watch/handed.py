"""What a program has handed over to this one: its arrays, and the pipes to it.

Called by the options when the program was started by `game.watch`.
"""

import json
import os
from typing import Any

import numpy as np

from game.attach.elements import Elements
from game.attach.memory import Memory
from game.attach.shared_object import as_dtype
from game.attach.subjects import Found, Handed, Semaphore


def received(words: str) -> tuple[Handed, int, tuple[str, float]]:
    """The arrays, a pipe for what is to be told to their program, and a check with the time [s]
    that it has to be violated.

    `words` are the numbers of two pipes, for reading and for writing.
    """
    source, answer = (int(number) for number in words.split(","))
    told = json.loads(line_of(source))
    memory = Memory(told["memory"]) if told["memory"] >= 0 else None
    found = [piece(one, told, memory) for one in told["arrays"]]
    os.set_blocking(answer, False)
    handed = Handed(found, told["pid"], source, told["title"])
    return handed, answer, (told["check"], told["settled"])


def line_of(source: int) -> bytes:
    """The first line on a pipe."""
    line = b""
    while not line.endswith(b"\n"):
        read = os.read(source, 1)
        if not read:
            raise ValueError("--handed: nobody is at the other end of the pipe")
        line += read
    return line


def piece(one: dict[str, Any], told: dict[str, Any], memory: Memory | None) -> Found:
    """One array, as it was described."""
    lock = Semaphore(memory, one["lock"]) if memory and one["lock"] else None
    dtype = np.dtype(as_dtype(one["dtype"]))
    elements = Elements(dtype, tuple(one["shape"]), one["offset"], tuple(told["columns"]))
    limits, view = tuple(told["limits"]), told["view"]
    return Found(one["name"], Memory(one["descriptor"]), elements, lock, limits, view)
