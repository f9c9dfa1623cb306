"""The monitor: a process of its own that only reads the array, and prints what it finds.

Started by the app beside the movers. It has a read-only view: it could not write if it tried.
"""

import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.context import BaseContext
from typing import NoReturn

from game import movers
from game.child.ties import die_with_parent, give_way, parent_watch
from game.crew.starting import start
from game.table import Table, View

GLANCE = 0.002  # [s] between two looks for the first values


class Monitor:
    """The monitor process, seen from its parent."""

    def __init__(
        self, context: BaseContext, table: Table, scene: str, every: float, times: int = 0
    ) -> None:
        """Print a line every `every` seconds, `times` of them or (0) until it is ended."""
        self._times = times
        self._process = context.Process(  # type: ignore[attr-defined]
            target=run, name="monitor", args=(table, scene, every, times)
        )
        start(self._process)
        self.pid: int = self._process.pid

    @property
    def done(self) -> bool:
        """Whether it has printed all that it was asked for, or can print no more."""
        return not self._times or not self._process.is_alive()

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.join()
        self._process.close()


def run(table: Table, scene: str, every: float, times: int) -> NoReturn:
    """What the monitor's process does; leaves when its work is done or the parent is gone."""
    status = 1
    try:
        die_with_parent()
        give_way()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        watch(View(table), movers.world(scene), every, times, parent_watch())
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def watch(
    view: View, world: movers.World, every: float, times: int, sleep: Callable[[float], bool]
) -> None:
    """Print a line of all agents' values, again and again; `sleep` says when to leave.

    It begins half a period after the first values: a line then shows what was written by the
    update before, not by one that happens at the same moment.
    """
    while not view.published():
        if sleep(GLANCE):
            return
    if sleep(every / 2):
        return
    printed = 0
    while not times or printed < times:
        print(world.monitor_line(view.agents()), flush=True)
        printed += 1
        if printed != times and sleep(every):
            return
