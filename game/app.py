"""The app: puts the parts together, runs the arena, and leaves nothing behind.

Called by __main__ with checked options. Imports what takes time (pygame, numpy) only after the
forkserver is under way, so that both load at once.
"""

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.context import BaseContext
from types import FrameType
from typing import TYPE_CHECKING

from game import movers
from game.crew.crew import Crew
from game.crew.starting import make_room, start_method
from game.monitor import Monitor
from game.options import Options, check_writable
from game.table import Table

if TYPE_CHECKING:
    from game.arena import Arena
    from game.view.window import Window

WITHOUT_DISPLAY = 10.0  # [s] a run lasts that found no display
ENDINGS = (signal.SIGINT, signal.SIGTERM, getattr(signal, "SIGHUP", None))


class Interrupts:
    """Notes the signal that asks the program to end; the main loop looks at the note."""

    def __init__(self) -> None:
        self.signal = 0
        self._before = {
            number: signal.signal(number, self._note) for number in ENDINGS if number is not None
        }

    def _note(self, number: int, frame: FrameType | None) -> None:
        self.signal = number

    def restore(self) -> None:
        """Give the signals back to whoever had them."""
        for number, handler in self._before.items():
            signal.signal(number, handler)


def run(
    options: Options,
    begun: float,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run the arena from the first process to the last; returns the program's exit status.

    `begun` is the program's start on the clock [s], for the figures of the start.
    """
    interrupts = Interrupts()  # before SDL, which would turn SIGTERM into an event
    with ExitStack() as ends:
        ends.callback(interrupts.restore)
        make_room(options.capacity // options.per_process)  # for the forkserver as well
        context = start_method(options.start_method)  # before the window: never fork after SDL
        world = movers.world(options.scene)
        table = Table(context, world.FIELDS, options.capacity, options.per_process)
        crew = Crew(table, context, options.job, clock, options.restart)
        ends.callback(crew.close)
        os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
        from game.arena import Arena

        window, options = open_window(options)
        ends.callback(window.close)
        arena = Arena(options, crew, window, begun, clock, sleep)
        with watched(context, table, options) as monitor_done:
            while not (arena.cut_short or interrupts.signal):
                if arena.over and monitor_done(arena):
                    break
                arena.frame()
        delivered = deliver(arena, window, options)
        status = arena.status or int(not delivered)
    return 128 + interrupts.signal if interrupts.signal else status


@contextmanager
def watched(
    context: BaseContext, table: Table, options: Options
) -> "Iterator[Callable[[Arena], bool]]":
    """Have a monitor process look on meanwhile, if one is wanted; gives whether it is done."""
    try:
        monitor = (
            Monitor(context, table, options.scene, options.monitor, options.monitor_times)
            if options.monitor
            else None
        )
    except (OSError, EOFError) as error:
        print(f"game: the monitor could not be started: {error}", file=sys.stderr)
        monitor = None
    try:
        # Where movers have failed, there may never be as many lines as were asked for.
        yield lambda arena: monitor is None or monitor.done or arena.failures > 0
    finally:
        if monitor:
            monitor.close()


def open_window(options: Options) -> "tuple[Window, Options]":
    """The window, and the options as they hold for it: without a display a short headless run."""
    from game.view.window import NoDisplay, Window

    title = f"Array Arena: {options.scene}"
    try:
        return Window(options.size, title, options.headless), options
    except NoDisplay:
        picture = options.screenshot or spare_picture(options.scene)
        ends = options.frames or options.seconds or options.job.updates
        seconds = options.seconds if ends else WITHOUT_DISPLAY
        length = "" if ends else f" for {WITHOUT_DISPLAY:g} s"
        print(
            f"game: no display: running without a window{length}, then saving {picture}",
            file=sys.stderr,
        )
        options = options._replace(headless=True, screenshot=picture, seconds=seconds)
        return Window(options.size, title, headless=True), options


def spare_picture(scene: str) -> str:
    """Where a picture goes that nobody named a place for: here, or the temporary folder."""
    here = os.path.abspath(f"array-arena-{scene}.png")
    try:
        check_writable(here, "the picture", ".png")
    except ValueError:
        return os.path.join(tempfile.gettempdir(), os.path.basename(here))
    return here


def deliver(arena: "Arena", window: "Window", options: Options) -> bool:
    """Hand over what the run was asked for, final values, picture, figures; whether it worked."""
    from game import report, stats

    whole = True
    try:
        for line in report.final_lines(arena):
            print(line, flush=True)
    except OSError as error:
        # What is still in the buffer must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # nobody reads any more, as with `| head -1`
            print(f"game: the final lines were not printed: {error}", file=sys.stderr)
            whole = False
    try:
        if options.screenshot:
            arena.last_picture()
            window.save(options.screenshot)
        if options.stats:
            stats.write(options.stats, report.summary(arena))
    except OSError as error:
        print(f"game: not saved: {error}", file=sys.stderr)
        whole = False
    return whole
