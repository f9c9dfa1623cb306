"""Which processes have ended, asked of all at once.

Used by the crew alone.
"""

import select


class Watch:
    """The sentinels of the running processes, asked all at once.

    A poll object that is kept costs a microsecond for a thousand processes; is_alive() on
    each of them costs milliseconds.
    """

    def __init__(self) -> None:
        self._slots: dict[int, int] = {}  # sentinel -> slot
        self._sentinels: dict[int, int] = {}  # slot -> sentinel
        self._poll = select.poll() if hasattr(select, "poll") else None

    def add(self, slot: int, sentinel: int) -> None:
        self._slots[sentinel], self._sentinels[slot] = slot, sentinel
        if self._poll:
            self._poll.register(sentinel, select.POLLIN)

    def discard(self, slot: int) -> None:
        sentinel = self._sentinels.pop(slot)
        del self._slots[sentinel]
        if self._poll:
            self._poll.unregister(sentinel)

    def ended(self) -> list[int]:
        """The slots whose processes have ended."""
        return self.wait(0.0)

    def wait(self, seconds: float) -> list[int]:
        """Wait until a process ends, at most some seconds; the slots of those that have."""
        if self._poll:
            return [self._slots[fd] for fd, _ in self._poll.poll(seconds * 1000)]
        from multiprocessing.connection import wait

        sentinels = list(self._slots)
        # Windows waits for at most 63 handles at once (gh-94242).
        slices = [sentinels[i : i + 60] for i in range(0, len(sentinels), 60)]
        ended = [sentinel for part in slices for sentinel in wait(part, seconds / len(slices))]
        return [self._slots[sentinel] for sentinel in ended if isinstance(sentinel, int)]
