"""The app: runs a session from its first frame to its end, and hands over what was asked for.

Called by __main__ with checked options.
"""

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from game.crew.limits import NoPlace
from game.interrupts import Interrupts
from game.opening import Clock, open_session
from game.options import Options
from game.scenes import SceneError, one_line
from game.session.terminal import Terminal

if TYPE_CHECKING:
    from game.crew.monitor import Monitor
    from game.session.session import Session


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
    if not options.film:
        return played(options, begun, clock, sleep, interrupts, terminal)
    from game.filming import film, filmed

    recorded = filmed(options)
    status = played(recorded, begun, clock, sleep, interrupts, terminal)
    return film(options, recorded.record, status)


def played(
    options: Options,
    begun: float,
    clock: Clock,
    sleep: Callable[[float], None],
    interrupts: Interrupts,
    terminal: Terminal,
) -> int:
    """Run a session to its last trace; returns the exit status."""
    with ExitStack() as ends:
        try:
            session = open_session(
                options, begun, clock, sleep, ends, lambda: interrupts.signal > 0
            )
        except (SceneError, NoPlace) as error:
            print(f"game: {error}", file=sys.stderr)
            return 2
        interrupts.note_stops()
        printed = run_once(session, interrupts, terminal)
        while look_on(session, interrupts):
            printed = run_once(session, interrupts, terminal)
        saved = save_files(session)
        recorded = session.keeping is None or session.keeping.close()
        return session.status or int(not (printed and saved and recorded))


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

    from game.session import saving, stats

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
            stats.write(options.stats, {**session.summary(), **more})
    except OSError as error:
        print(f"game: not saved: {error}", file=sys.stderr)
        whole = False
    return whole
