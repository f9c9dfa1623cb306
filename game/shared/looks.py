"""What an agent looked at in its last step, in shared memory: for a window that shows it.

    looks   | slot 0 | slot 1 | slot 2 | ...   int64: LOOK cells each

    sequence | agent | step | radius | how many | their numbers, as many as there is room for

The process of a slot writes its cells, and only while one of its agents is selected in the window
and asks for others: the rest of the time it costs nothing. The sequence number is odd meanwhile,
as for the table's rows. `step` is the count of updates before the one that came of it.
"""

import struct
from typing import NamedTuple

from game.shared.fence import fence

LOOK = 64  # cells of a slot
SEQUENCE, AGENT, STEP, RADIUS, MANY, FIRST = range(6)
TRIES = 4  # to read it whole; else the one before stands for another frame


class Look(NamedTuple):
    """What an agent looked at in a step."""

    agent: int
    step: int
    radius: float  # [m] around it, in which it looked for others; 0: it asked for some by name
    many: int  # how many others it saw
    numbers: tuple[int, ...]  # of them, as many as there was room for


class Noted:
    """What an agent looks at in the step that it makes just now."""

    def __init__(self, agent: int) -> None:
        self.agent = agent
        self.radius = 0.0
        self.numbers: dict[int, None] = {}  # in the order in which it asked
        self.asked = False

    def add(self, numbers: "list[int]", radius: float = 0.0) -> None:
        """It has asked for some others, or for all within a radius [m]."""
        self.asked = True
        self.radius = max(self.radius, radius)
        self.numbers.update(dict.fromkeys(numbers))


def write(cells: "memoryview[int]", noted: Noted, step: int) -> None:
    """Write down what an agent looked at, into the cells of its slot."""
    room = list(noted.numbers)[: LOOK - FIRST]
    cells[SEQUENCE] += 1
    fence()
    cells[AGENT], cells[STEP], cells[MANY] = noted.agent, step, len(noted.numbers)
    cells[RADIUS] = struct.unpack("q", struct.pack("d", noted.radius))[0]
    for place, number in enumerate(room, FIRST):
        cells[place] = number
    fence()
    cells[SEQUENCE] += 1


def read(cells: "memoryview[int]") -> Look | None:
    """What was written last; None where it cannot be known at this moment."""
    for _ in range(TRIES):
        before = cells[SEQUENCE]
        fence()
        copy = cells.tolist()
        fence()
        if before == cells[SEQUENCE] and not before & 1:
            radius = struct.unpack("d", struct.pack("q", copy[RADIUS]))[0]
            seen = tuple(copy[FIRST : FIRST + min(copy[MANY], LOOK - FIRST)])
            return Look(copy[AGENT], copy[STEP], radius, copy[MANY], seen)
    return None
