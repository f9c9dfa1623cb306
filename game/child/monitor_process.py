"""What runs in the monitor's process: it only reads the array, and prints what it finds.

Called by game.crew.monitor, in a fresh process. It has a read-only view: it could not write if
it tried.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from game import scenes
from game.child.job import Job, Loaded
from game.child.lifeline import Lifeline
from game.child.parent_watch import die_with_parent, give_way, parent_watch, restore_environment
from game.shared.last_line import LastLine
from game.shared.table import Table
from game.shared.view import View

GLANCE = 0.002  # [s] between two looks for the first values

Line = Callable[[dict[int, tuple[float, ...]]], str]  # of all agents' values, by number


def run(
    scene: Loaded,
    table: Table,
    job: Job,
    every: float,
    times: int,
    last: LastLine,
    lifeline: Lifeline,
) -> NoReturn:
    """Print a line every `every` seconds, `times` of them or (0) until the parent is gone.

    The window finds what was printed in `last`; an empty line there says that it looks.
    """
    status = 1
    try:
        restore_environment()
        die_with_parent()
        lifeline.cut()
        give_way()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        line = line_of(job, scenes.find_for_movers(scene.scene, table.fields))
        last.write("")
        watch(View(table), line, every, times, parent_watch(), last.write)
        status = 0
    finally:
        sys.stdout.flush()
        os._exit(status)


def line_of(job: Job, definition: scenes.Definition) -> Line:
    """The scene's words about all agents, by the scene's own fields; where there are several
    behaviours, with those of all."""
    own = len(definition.fields)

    def line(agents: dict[int, tuple[float, ...]]) -> str:
        words = definition.monitor_line([values[:own] for values in agents.values()])
        if len(job.behaviours) < 2:
            return words
        who = (job.behaviour(number // job.per_process).name for number in agents)
        return f"{words} ({', '.join(who)})"

    return line


def watch(
    view: View,
    line: Line,
    every: float,
    times: int,
    sleep: Callable[[float], bool],
    note: Callable[[str], object],
) -> None:
    """Print a line of all agents' values, again and again; `sleep` says when to leave,
    and `note` is given each line.

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
        words = str(line(view.by_number()))
        note(words)  # first: where nobody reads, to print it may take for ever
        print(words, flush=True)
        printed += 1
        if printed != times and sleep(every):
            return
