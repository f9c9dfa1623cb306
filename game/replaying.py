"""Replaying: opens a recording, and runs `replay` or `export` on it.

Called by __main__ with checked options.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any

from game import app
from game.child.words import harmless
from game.interrupts import Interrupted, Interrupts, raised
from game.opening import make_screen, open_window
from game.options import Options, choose_theme
from game.recording import RecordingError
from game.recording.reading import FileTape
from game.session.about import Recorded, scene_of
from game.session.ghost import Ghost, check_same_ground
from game.session.playback import Playback
from game.session.replay import Replay
from game.session.terminal import Terminal
from game.view.screen import Screen


def run(
    given: argparse.Namespace,
    clock: Callable[[], float] = time.perf_counter,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Do what was asked for; returns the exit status."""
    try:
        return export(given) if given.command == "export" else replay(given, clock, sleep)
    except (RecordingError, ValueError) as error:
        print(f"game: {' '.join(harmless(str(error)).split())}", file=sys.stderr)
        return 2


def replay(
    given: argparse.Namespace, clock: Callable[[], float], sleep: Callable[[float], None]
) -> int:
    """Show a recording."""
    interrupts = Interrupts()
    with ExitStack() as ends:
        ends.callback(interrupts.restore)
        terminal = ends.enter_context(Terminal(lambda: interrupts.count))
        session = open_replay(given, clock, sleep, ends)
        interrupts.note_stops()
        printed = app.run_once(session, interrupts, terminal)  # type: ignore[arg-type]
        saved = app.save_files(session)  # type: ignore[arg-type]
        status = session.status or int(not (printed and saved))
        terminal.deliver()
    return 128 + interrupts.signal if interrupts.signal else status


def open_replay(
    given: argparse.Namespace,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    ends: ExitStack,
) -> Replay:
    """A session of a recording, whose parts are closed with `ends`."""
    tape, recorded = opened(given.file, ends, given.scene or "")
    playback = playback_of(tape, given)
    options = options_of(given, tape, recorded)
    beside = opened(given.beside, ends, given.scene or "") if given.beside else None
    window, options = open_window(options, recorded.definition)
    ends.callback(window.close)
    screen = made_screen(recorded, options)
    ghost = None
    if beside:
        name, faint = os.path.basename(given.beside), partial(made_screen, beside[1], options)
        ghost = Ghost(name, beside[0], faint)
        check_same_ground(screen, ghost.screen, given.beside)
    return Replay(options, tape, window, screen, recorded.definition, playback, clock, sleep, ghost)


def opened(path: str, ends: ExitStack, scene: str = "") -> tuple[FileTape, Recorded]:
    """A recording and its scene; one from outside is given as `scene`."""
    tape = FileTape(path)
    ends.callback(tape.close)
    if tape.cut:
        print(
            f"game: {path}: it has no end: the run was killed, or the disk was full; "
            f"{tape.length:.1f} s of it are there",
            file=sys.stderr,
        )
    return tape, scene_of(path, tape.about, scene)


def playback_of(tape: FileTape, given: argparse.Namespace) -> Playback:
    """Where to begin and end; RecordingError beyond the recording."""
    if given.start is not None and given.start > tape.length:
        raise RecordingError(
            f"--from: {given.start:g} is after the end of {tape.path}, which is {tape.length:.1f} s"
        )
    playback = Playback(tape, given.start, given.end)
    playback.speed = given.speed
    return playback


def options_of(given: Any, tape: FileTape, recorded: Recorded) -> Options:
    """The options of the run that was recorded, as far as a replay has them."""
    told, definition = tape.about, recorded.definition
    return Options(
        scene=definition.path or definition.name,
        agents=0,
        capacity=0,
        per_process=1,
        job=recorded.job,
        ends=False,
        title="",
        headless=getattr(given, "headless", True),
        hold=False,
        frames=getattr(given, "frames", 0) or 0,
        seconds=getattr(given, "seconds", 0.0) or 0.0,
        fps=given.fps if given.fps is not None else 60.0,
        size=given.size or (1280, 720),
        theme=choose_theme(given.theme, definition),
        scale=given.scale or 1.0,
        screenshot=getattr(given, "screenshot", "") or "",
        stats=getattr(given, "stats", "") or "",
        start_method="",
        monitor=0.0,
        monitor_times=0,
        restart="never",
        speed=given.speed,
        lockstep=False,
        rounds=0,
        patience=0.0,
        preset=str(told.get("preset", "")),
        preset_options={},
    )


def made_screen(recorded: Recorded, options: Options) -> Screen:
    """A screen with the scene of a recording on it."""
    definition = recorded.definition
    options = options._replace(scene=definition.path or definition.name, job=recorded.job)
    return make_screen(definition, options)


def export(given: argparse.Namespace) -> int:
    """Make a film, a picture or a table."""
    from game.exporting import write

    with ExitStack() as ends:
        tape, recorded = opened(given.file, ends, given.scene or "")
        playback = playback_of(tape, given)
        try:
            with raised():
                return write(given, tape, recorded, playback)
        except Interrupted as interrupted:
            return interrupted.status
