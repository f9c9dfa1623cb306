"""The publisher's post: what its threads have found out, and how it waits for that.

a thread ──put──> come() ──> the publisher, which wait() has woken, as the launcher's words do
"""

import os
import select
from collections.abc import Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

from game.child.channel import Channel


class Post:
    """One receiver, any number of senders."""

    def __init__(self, channel: Channel) -> None:
        """`channel` is what the receiver listens to besides."""
        self._channel = channel
        self._told: SimpleQueue[Any] = SimpleQueue()
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)

    def put(self, told: Any) -> None:
        """Tell something, from any thread."""
        self._told.put(told)
        os.write(self._wake, b"!")

    def come(self) -> Iterator[Any]:
        """All that has been told since the last call."""
        with suppress(Empty):
            while True:
                yield self._told.get_nowait()

    def wait(self, seconds: float) -> None:
        """Wait until there is something, or the launcher has spoken; at most so long."""
        poll = select.poll()
        poll.register(self._woken, select.POLLIN)
        wishes = select.POLLIN | (select.POLLOUT if self._channel.pending else 0)
        poll.register(self._channel.fileno(), wishes)
        poll.poll(1000 * seconds)
        with suppress(BlockingIOError):
            while os.read(self._woken, 4096):
                pass
