"""Waiting for a cell of shared memory to change, without a lock: the kernel's futex, by ctypes.

    somebody:  cell = 8; wake(cell)            another one:  while cell == 7: wait(cell, 7, seconds)

It holds nothing, so a process that is killed leaves nothing locked behind, and one call wakes all
who wait. Python has no word for it; see futex(2). Where there is no such call, or its number is
not known, to wait is to sleep for a moment: slower, and as right. Used in beat, by movers and by
the conductor.
"""

import ctypes
import platform
import sys
import time
from typing import Any

NUMBERS = {"x86_64": 202, "aarch64": 98, "riscv64": 98}  # of the system call, by machine
WAIT, WAKE = 0, 1
EVERYBODY = 2**31 - 1
GLANCE = 0.0005  # [s] between two looks where there is no futex


class _Moment(ctypes.Structure):
    """struct timespec."""

    _fields_ = (("seconds", ctypes.c_long), ("nanoseconds", ctypes.c_long))


def number() -> int:
    """The number of the system call; 0 where there is none that is known."""
    known = sys.platform == "linux" and sys.byteorder == "little" and sys.maxsize > 2**32
    return NUMBERS.get(platform.machine(), 0) if known else 0


NUMBER = number()
_call: Any = ctypes.CDLL(None).syscall if NUMBER else None


def wait(address: int, value: int, seconds: float) -> None:
    """Sleep until wake() is called for an int64 cell, at most some seconds; not at all where it
    does not hold `value` (of which the lower 32 bits count)."""
    if not _call:
        time.sleep(min(seconds, GLANCE))
        return
    moment = _Moment(int(seconds), int(seconds % 1 * 1e9))
    cell, low = ctypes.c_void_p(address), ctypes.c_uint32(value & 0xFFFFFFFF)
    _call(NUMBER, cell, WAIT, low, ctypes.byref(moment), None, 0)


def wake(address: int) -> None:
    """Wake all who wait for a cell."""
    if _call:
        _call(NUMBER, ctypes.c_void_p(address), WAKE, EVERYBODY, None, None, 0)
