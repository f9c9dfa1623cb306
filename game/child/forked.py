"""What a mover does first, right behind the fork, before it is a mover like any other.

Called by the nursery, in its child. Every line here is run a thousand times at a start of a
thousand, each page of memory that it is the first to write to is copied then (4 us), and the
nursery's own handlers and descriptors must be gone before the behaviour is loaded.
"""

import multiprocessing
import os
import resource
import select
import signal
from typing import Any, NoReturn

from game import scenes
from game.child.channel import PRIVATE
from game.child.job import Job
from game.child.messages import Start
from game.child.mover_process import work
from game.child.pace import Passage
from game.child.parent_watch import NICE, send_at_end
from game.shared.table import Table

set_handler: Any = getattr(signal.signal, "__wrapped__", signal.signal)  # without enums: quicker


def become(
    start: Start,
    table: Table,
    job: Job,
    definition: scenes.Definition,
    pipe: int,
    sentinel: int,
    passage: Passage | None,
) -> NoReturn:
    """Be a mover, from right behind the fork to its end.

    Deaf to Ctrl-C it is already. `pipe` is its own end of the pipe of which the window has the
    other one, and takes the place of the nursery's. `passage` is its way
    through the gate, if that is shut.
    """

    def settle_in() -> None:
        os.setpgid(0, 0)
        send_at_end(pipe, -os.getpid(), signal.SIGKILL)
        os.dup2(pipe, sentinel, inheritable=False)
        signal.set_wakeup_fd(-1)
        set_handler(signal.SIGCHLD, signal.SIG_DFL)
        os.closerange(PRIVATE, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
        os.nice(NICE)  # behind the window, and behind the forks that are still to come
        multiprocessing.current_process().name = start.name
        if select.select([sentinel], [], [], 0)[0]:
            os._exit(0)  # it closed before the kernel was asked to watch it

    try:
        work(table, start.slot, start.generation, job, definition, settle_in, passage)
    finally:
        os._exit(1)
