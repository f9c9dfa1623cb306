"""The app: puts the parts of a session together, runs it, and leaves nothing behind.

Called by __main__ with checked options. Imports what takes time (pygame, numpy) only after the
nursery is under way, so that both load at once.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from game import scenes
from game.crew.limits import NoPlace, in_places, temporary
from game.interrupts import Interrupts
from game.options import Options, check_writable
from game.scenes import Definition, SceneError, one_line
from game.session.terminal import Terminal

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from game.crew.crew import Crew
    from game.crew.lockstep import Lockstep
    from game.crew.monitor import Monitor
    from game.crew.own_process import OwnProcess
    from game.crew.simulated_time import SimulatedTime
    from game.session.session import Session
    from game.shared.table import Table
    from game.sources import Source
    from game.view.screen import Screen
    from game.view.window import Window

Clock = Callable[[], float]

WITHOUT_DISPLAY = 10.0  # [s] a run lasts that found no display


def run(
    options: Options,
    begun: float,
    clock: Clock = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Run a session from the first process to the last; returns the program's exit status.

    `begun` is the program's start on the clock [s], for the figures of the start.
    """
    interrupts = Interrupts()  # before SDL, which would turn SIGTERM into an event
    if options.debug:
        from game.crew.own_process import HeldClock

        clock = HeldClock(clock)
    with ExitStack() as ends:
        ends.callback(interrupts.restore)
        terminal = ends.enter_context(Terminal(lambda: interrupts.count, options.debug))
        if options.rounds:
            from game import rounds

            status = rounds.play(options, begun, clock, sleep, interrupts, terminal)
        else:
            status = play(options, begun, clock, sleep, interrupts, terminal)
        # Only now, when nobody is left who could be held up: a reader may take its time.
        if why := terminal.deliver():
            print(f"game: the final lines were not printed: {why}", file=sys.stderr)
            status = status or 1
    return 128 + interrupts.signal if interrupts.signal else status


def play(
    options: Options,
    begun: float,
    clock: Clock,
    sleep: Callable[[float], None],
    interrupts: Interrupts,
    terminal: Terminal,
) -> int:
    """Run a session, hand over what it was asked for, and close it; returns the exit status."""
    with ExitStack() as ends:
        try:
            session = open_session(options, begun, clock, sleep, ends)
        except (SceneError, NoPlace) as error:
            print(f"game: {error}", file=sys.stderr)
            return 2
        interrupts.note_stops()
        printed = run_once(session, interrupts, terminal)
        while look_on(session, interrupts):
            printed = run_once(session, interrupts, terminal)
        saved = save_files(session)
        return session.status or int(not (printed and saved))


def run_once(session: "Session", interrupts: Interrupts, terminal: Terminal) -> bool:
    """Run a session to its end, and print its final lines; whether that went well."""
    run_through(session, interrupts)
    return print_results(session, terminal)


def run_through(session: "Session", interrupts: Interrupts) -> None:
    """Run a session to its end, or to that of everything."""
    session.given_up = ""
    with watched(session) as monitor_done:

        def going() -> bool:
            ended = session.cut_short or (session.over and monitor_done())
            return not (ended or interrupts.signal)

        if session.debugged:
            session.debugged.work(lambda: next_frame(session, interrupts), going)
            if session.debugged.quit:
                session.controls.closed = True
                print("game: the debugger was left, and the run with it", file=sys.stderr)
        while going():
            next_frame(session, interrupts)
    session.finish()


def look_on(session: "Session", interrupts: Interrupts) -> bool:
    """Keep the last picture of a run that has ended by itself, if that is wanted, until a person
    has seen it; whether everything begins again."""
    if not session.options.hold or session.dismissed or interrupts.signal:
        return False
    session.hold()
    while session.held and not (session.dismissed or interrupts.signal):
        next_frame(session, interrupts)
    again = not (session.held or session.dismissed or interrupts.signal)
    session.let_go()
    return again


def next_frame(session: "Session", interrupts: Interrupts) -> None:
    """Make a frame, unless Ctrl-Z was pressed: then that comes first."""
    if interrupts.stop:
        stand_still(session, interrupts)
    session.frame()


def stand_still(session: "Session", interrupts: Interrupts) -> None:
    """Stop with all movers, and go on with them: Ctrl-Z reaches this process alone."""
    if session.cast:
        session.cast.suspend()
    if interrupts.stop:  # nobody has woken us meanwhile
        interrupts.stand_still()
    if session.cast:
        session.cast.resume()


def open_session(
    options: Options, begun: float, clock: Clock, sleep: Callable[[float], None], ends: ExitStack
) -> "Session":
    """A session, whose parts are closed with `ends`."""
    definition = scenes.find(options.scene)
    own = our_movers(definition, options, clock, ends) if definition.processes else OwnMovers()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from game.session.controls import Parts
    from game.session.mover_words import MoverWords
    from game.session.session import Session

    source = make_source(definition, own, options, clock)
    ends.callback(source.close)
    window, options = open_window(options, definition)
    ends.callback(window.close)
    keys = own.table.keys if own.table and options.job.keys else None
    parts = Parts(make_screen(definition, options), source, own.cast, own.time, keys)
    session = Session(options, definition, window, parts, begun, clock, sleep)
    session.debugged = own.debugged
    if own.table:
        paths = {definition.file_of(each.mover) for each in options.job.behaviours}
        session.mover_words = MoverWords(own.table, options, sorted(paths))
    return session


class OwnMovers(NamedTuple):
    """What there is where the movers are ours."""

    table: "Table | None" = None
    cast: "Crew | None" = None
    time: "SimulatedTime | None" = None
    debugged: "OwnProcess | None" = None  # the launcher, where the mover is this process


def our_movers(
    definition: Definition, options: Options, clock: Clock, ends: ExitStack
) -> OwnMovers:
    """The table, and those who will write it, who are closed with `ends`."""
    from game.crew.crew import Crew
    from game.crew.launcher import launch
    from game.crew.simulated_time import SimulatedTime
    from game.crew.starting import make_room, our_path, spawning
    from game.shared.table import Table

    ends.enter_context(our_path())
    make_room(options.capacity // options.per_process)  # for the nursery as well
    with in_places():
        context = spawning()
        with definition.in_a_line():
            own_cells = definition.offers("cells", "Cells")
            cells = own_cells(context) if own_cells else None
        room, each = options.capacity, options.per_process
        if cells and hasattr(cells, "make_room"):
            cells.make_room(room)
        table = Table(context, options.job.fields, room, each, cells, options.lockstep)
        debugged = None
        if options.debug:
            from game.crew.own_process import debug

            debugged = debug(table, options.job, definition, clock)
        # Started here, it loads while pygame does.
        launcher = debugged or launch(options.start_method, context, table, options.job)
        lockstep = lockstep_of(options, context, table, clock)
    names = options.job.agent_names(definition)
    crew = Crew(table, options.job, launcher, clock, options.restart, names, lockstep)
    ends.callback(close, crew)
    return OwnMovers(table, crew, SimulatedTime(table, options.speed), debugged)


def lockstep_of(
    options: Options, context: "BaseContext", table: "Table", clock: Clock
) -> "Lockstep | None":
    """What leads movers that step together: at the speed of a window, else as fast as it goes."""
    if not options.lockstep:
        return None
    from game.crew.lockstep import Lockstep

    period = 0.0 if options.headless else 1 / options.job.rate
    return Lockstep(context, table, options.job.scene, period, options.patience, clock)


def close(crew: "Crew") -> None:
    """Close the crew, and say what was amiss with that."""
    for event in crew.close():
        print(f"game: {event.name}: {event.why}", file=sys.stderr)


def make_source(definition: Definition, own: OwnMovers, options: Options, clock: Clock) -> "Source":
    """What gives the frames: the scene's own source, or else the table as it is."""
    from game.sources.own_table import TableSource

    with definition.in_a_line():
        if make := definition.offers("reader", "make_source"):
            source: Source = make(own.table, own.cast, options, clock)
            return told_of(source, definition, options)
    if own.table is None:
        raise SceneError(f"{definition.name}: it has no processes, so reader.make_source must be")
    return told_of(TableSource(own.table, options.job.rate), definition, options)


def told_of(source: "Source", definition: Definition, options: Options) -> "Source":
    """The source, whose frames say which behaviour each slot has."""
    import numpy as np

    from game.frame import Behaved

    job, slots = options.job, len(source.frame.behaviour)
    if job.behaviours:
        own = frozenset(definition.fields)
        source.frame = source.frame.next(
            behaviours=tuple(Behaved(each.name, own | {*each.fields}) for each in job.behaviours),
            behaviour=np.array(job.shares[:slots]),
            further=tuple(name for name in job.fields if name not in own),
        )
    return source


def make_screen(definition: Definition, options: Options) -> "Screen":
    """The screen with the scene on it, which is loaded anew when a file from outside is saved."""
    from game.view.bar import Bar
    from game.view.scene import ShownScene
    from game.view.screen import Screen

    job = options.job
    names = job.agent_names(definition)
    scene = ShownScene(
        definition.drawn(job.settings, names),
        definition.drawing_file,
        lambda: scenes.find(options.scene, anew=True).drawn(job.settings, names),
    )
    bar = Bar(definition.array, names)
    return Screen(scene, bar, options.theme, options.scale, definition.name)


@contextmanager
def watched(session: "Session") -> Iterator[Callable[[], bool]]:
    """Have a monitor process look on meanwhile, if one is wanted; gives whether it is done."""
    monitor = session.monitor = start_monitor(session) if session.options.monitor else None
    try:
        # Where movers have failed, there may never be as many lines as were asked for.
        yield lambda: monitor is None or monitor.done or session.failures > 0
    finally:
        if monitor:
            monitor.close()


def start_monitor(session: "Session") -> "Monitor | None":
    """A monitor of the session's table; None, and a line, where it cannot be started."""
    from game.crew.crew import Crew
    from game.crew.monitor import Monitor

    options, crew = session.options, session.cast
    if not isinstance(crew, Crew):
        return None
    every, times = options.monitor, options.monitor_times
    try:
        return Monitor(crew.table, options.job, every, times)
    except (OSError, EOFError) as error:
        print(f"game: the monitor could not be started: {error}", file=sys.stderr)
        return None


def open_window(options: Options, definition: Definition) -> "tuple[Window, Options]":
    """The window, and the options as they hold for it: without a display a short headless run."""
    from game.view.window import NoDisplay, Window

    preset = f", preset {options.preset}" if options.preset else ""
    title = f"Array Arena: {definition.name}{preset}"
    try:
        return Window(options.size, title, options.headless), options
    except NoDisplay:
        picture = options.screenshot or spare_picture(definition.name)
        ends = options.frames or options.seconds or options.ends
        seconds = options.seconds if ends else WITHOUT_DISPLAY
        length = "" if ends else f" for {WITHOUT_DISPLAY:g} s"
        print(
            f"game: no display: running without a window{length}, then saving {picture}",
            file=sys.stderr,
        )
        options = options._replace(headless=True, hold=False, screenshot=picture, seconds=seconds)
        return Window(options.size, title, headless=True), options


def spare_picture(scene: str) -> str:
    """Where a picture goes that nobody named a place for: here, or the temporary folder."""
    here = f"array-arena-{scene}.png"
    with suppress(OSError):  # the working directory may be gone
        here = os.path.abspath(here)
    try:
        check_writable(here, "the picture", ".png")
    except ValueError:
        return os.path.join(temporary() or os.curdir, os.path.basename(here))
    return here


def print_results(session: "Session", terminal: Terminal) -> bool:
    """Print the final lines; whether that worked."""
    from game.session import report

    try:
        terminal.results(report.final_lines(session))
    except Exception as error:
        if not session.definition.path:
            raise
        # The words of a scene from outside; picture and figures are handed over all the same.
        print(f"game: the final lines were not printed: {one_line(error)}", file=sys.stderr)
        return False
    return True


def save_files(session: "Session", more: Mapping[str, Any] = MappingProxyType({})) -> bool:
    """Save the picture and the figures that were asked for, with `more`; whether that worked."""
    import pygame

    from game.session import report, saving, stats

    whole, options = True, session.options
    try:
        if options.screenshot:
            session.last_picture()
            saving.save(options.screenshot, session.window.save)
    except (OSError, pygame.error) as error:  # a surface may be gone with its display
        print(f"game: not saved: {error}", file=sys.stderr)
        whole = False
    try:
        if options.stats:
            stats.write(options.stats, {**report.summary(session), **more})
    except OSError as error:
        print(f"game: not saved: {error}", file=sys.stderr)
        whole = False
    return whole
