"""Rows that somebody has written to who does not own them, in words for the terminal.

Owned by the session, which prints the lines.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from game.frame import Frame
from game.parts import Member

HOW = "changed, and not by publish()"


class Wild:
    """Which rows were told of: a mover's once, and those that no mover holds once for all."""

    def __init__(self, frame: Frame) -> None:
        self._last = frame.wild
        self._named: set[tuple[int, int]] = set()  # slots and pids of movers that were told of
        self._free: set[int] = set()  # slots that no mover held
        self._told = 0  # how many of these were told of

    def follow(self, frame: Frame, members: Mapping[int, Member]) -> Iterator[str]:
        """Take in a frame; lines about what is new in it."""
        if frame.wild is self._last:
            return
        slots = np.flatnonzero((frame.wild > 0) & (self._last == 0)).tolist()
        self._last = frame.wild
        for slot in slots:
            if slot not in members:
                self._free.add(slot)
            elif (slot, members[slot].pid) not in self._named:
                self._named.add((slot, members[slot].pid))
                yield f"{members[slot].name}: its row was {HOW}"
        if not self._told:
            yield from self.rest()

    def rest(self) -> Iterator[str]:
        """A line about the free rows, if there are more than were told of."""
        found = len(self._free)
        if found > self._told:
            rows = "free row was" if found == 1 else "free rows were"
            yield f"{found:,} {rows} {HOW}{', in all' if self._told else ''}"
            self._told = found
