"""What runs in the processes of the peers: at module level, and light to import."""

import os
from time import perf_counter, sleep
from typing import Any

REST = 0.05  # [s] between two looks at whether it is this writer's turn


def write_elements(values: Any, go: Any, first: int, rate: float) -> None:
    """Write two elements of a synchronized Array, each under its lock, `rate` times a second.

    Only while `go[0]` is 1; ends when it is 2 or the parent is gone.
    """
    parent, number, due = os.getppid(), 0.0, perf_counter()
    while go[0] != 2 and os.getppid() == parent:
        if not go[0]:
            sleep(REST)
            due = perf_counter()
            continue
        number += 1.0
        values[first] = number
        values[first + 1] = number
        due = max(due + 1 / rate, perf_counter() - 1 / rate)
        sleep(max(0.0, due - perf_counter()))


def hold_libraries(ready: Any) -> None:
    """Import what a window needs, say so, and wait to be ended."""
    import numpy
    import pygame

    ready[0] = len((numpy.__name__, pygame.__name__))
    sleep(60)
