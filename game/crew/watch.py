"""Which processes have ended, asked of all at once.

Used by the spawner alone.
"""

import select
import time
from multiprocessing.connection import wait
from typing import Any

SLICE = 60  # handles that are asked at once elsewhere: Windows waits for 63 at most (gh-94242)


class Watch:
    """The sentinels of the running processes, asked all at once.

    With a thousand processes a look costs less than a microsecond where there is epoll, fifty
    times as much with poll, and milliseconds with is_alive() on each.
    """

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}  # sentinel -> slot
        self._sentinels: dict[int, int] = {}  # slot -> sentinel
        self._epoll: Any = select.epoll() if hasattr(select, "epoll") else None

    def add(self, slot: int, sentinel: int) -> None:
        self._slots[sentinel], self._sentinels[slot] = slot, sentinel
        if self._epoll:
            self._epoll.register(sentinel, select.EPOLLIN)

    def discard(self, slot: int) -> None:
        """Watch a slot's process no more, if it is watched. Before its sentinel is closed."""
        if slot not in self._sentinels:
            return
        sentinel = self._sentinels.pop(slot)
        del self._slots[sentinel]
        if self._epoll:
            self._epoll.unregister(sentinel)

    def ended(self) -> list[int]:
        """The slots whose processes have ended."""
        return self.wait(0.0)

    def wait(self, seconds: float) -> list[int]:
        """Wait until a process ends, at most some seconds; the slots of those that have."""
        if self._epoll:
            return [self._slots[fd] for fd, _ in self._epoll.poll(seconds)]
        sentinels = list(self._slots)
        slices = [sentinels[i : i + SLICE] for i in range(0, len(sentinels), SLICE)]
        if not slices:
            time.sleep(seconds)
        ended = [sentinel for part in slices for sentinel in wait(part, seconds / len(slices))]
        return [self._slots[sentinel] for sentinel in ended if isinstance(sentinel, int)]
