"""A lifeline: what ends a child with its parent until the child sees to that itself, in its boot.

    made -> packed while the child is started -> tie(pid) in the parent -> cut() in both

Nothing of ours runs in an interpreter that is still loading, and it may be frozen there for ever.
So the parent asks the kernel in its place: it hands down a read end, with that child as its owner,
of a pipe of which it alone has the other end. Used by game.crew; Linux alone, elsewhere it is
nothing.
"""

import os
import signal
import sys
from functools import cache
from typing import Any

from game.child.parent_watch import send_at_end


class Lifeline:
    """One child's read end: in the parent while it is started, in the child until it is cut."""

    def __init__(self) -> None:
        self._end = -1  # a descriptor; -1 without one

    def __reduce__(self) -> Any:
        if sys.platform != "linux":
            return Lifeline, ()
        from multiprocessing.reduction import DupFd  # which Windows has not

        # An open file of its own: each has another owner.
        self._end = os.open(f"/proc/self/fd/{ends()[0]}", os.O_RDONLY | os.O_NONBLOCK)
        return arrived, (DupFd(self._end),)

    def tie(self, pid: int) -> None:
        """In the parent: have the kernel kill the child when this process ends."""
        if self._end >= 0:
            send_at_end(self._end, pid, signal.SIGKILL)

    def cut(self) -> None:
        """Let go of it here; in the child, it is tied no more."""
        if self._end >= 0:
            os.close(self._end)
            self._end = -1


def arrived(end: Any) -> Lifeline:
    """The lifeline in the child."""
    made = Lifeline()
    made._end = end.detach()
    return made


@cache
def ends() -> tuple[int, int]:
    """The pipe of this process, for all its children: nobody ever writes to it."""
    return os.pipe2(os.O_CLOEXEC)
