"""Opening a session: the table, those who write it, the source, the screen and the window.

Called by the app and by the rounds. Imports what takes time (pygame, numpy) only after
the nursery is under way, so that both load at once.
"""

import os
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from game import scenes
from game.crew.limits import in_places, temporary
from game.options import Options, check_writable
from game.scenes import Definition, SceneError

if TYPE_CHECKING:
    from multiprocessing.context import BaseContext

    from game.cluster.launcher import ClusterLauncher
    from game.crew.crew import Crew
    from game.crew.lockstep import Lockstep
    from game.crew.own_process import OwnProcess
    from game.crew.simulated_time import SimulatedTime
    from game.session.keeping import Keeping
    from game.session.session import Session
    from game.shared.table import Table
    from game.sources import Source
    from game.view.screen import Screen
    from game.view.window import Window

Clock = Callable[[], float]

WITHOUT_DISPLAY = 10.0  # [s] a run lasts that found no display


def open_session(
    options: Options,
    begun: float,
    clock: Clock,
    sleep: Callable[[float], None],
    ends: ExitStack,
    interrupted: Callable[[], bool] = lambda: False,
) -> "Session":
    """A session, whose parts are closed with `ends`; what takes long ends when `interrupted`."""
    definition = scenes.find(options.scene)
    own = our_movers(definition, options, clock, ends) if definition.processes else OwnMovers()
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    from game.session.controls import Parts
    from game.session.mover_words import MoverWords
    from game.session.session import Session

    if own.cluster:
        own.cluster.join(interrupted)
    source = make_source(definition, own, options, clock)
    if own.cluster:
        source.frame = source.frame.next(hosts=own.cluster.nodes)
    ends.callback(source.close)
    window, options = open_window(options, definition)
    ends.callback(window.close)
    keys = own.table.keys if own.table and options.job.keys else None
    screen = make_screen(definition, options)
    keeping = make_keeping(options, definition, screen, clock)
    ends.callback(keeping.close)
    parts = Parts(screen, source, own.cast, own.time, keys, keeping)
    session = Session(options, definition, window, parts, begun, clock, sleep)
    session.debugged, session.cluster = own.debugged, own.cluster
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
    cluster: "ClusterLauncher | None" = None  # the launcher, where they run on one


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
        remote = options.cluster is not None
        table = Table(context, options.job.fields, room, each, cells, options.lockstep, remote)
        debugged = None
        if options.debug:
            from game.crew.own_process import debug

            debugged = debug(table, options.job, definition, clock)
        # Started here, it loads while pygame does.
        cluster = cluster_of(options, context, table)
        launcher = debugged or cluster or launch(options.start_method, context, table, options.job)
        lockstep = lockstep_of(options, context, table, clock)
    names = options.job.agent_names(definition)
    crew = Crew(table, options.job, launcher, clock, options.restart, names, lockstep)
    ends.callback(close, crew)
    return OwnMovers(table, crew, SimulatedTime(table, options.speed), debugged, cluster)


def cluster_of(
    options: Options, context: "BaseContext", table: "Table"
) -> "ClusterLauncher | None":
    """What starts the movers on a cluster, if they are to run on one."""
    if not options.cluster:
        return None
    from game.cluster.launcher import ClusterLauncher

    return ClusterLauncher(context, table, options.job, options.cluster, options.start_method)


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


def make_keeping(
    options: Options, definition: Definition, screen: "Screen", clock: Clock
) -> "Keeping":
    """What keeps the run, in memory and in a file."""
    from game.filming import SPARE
    from game.session.about import about
    from game.session.keeping import Keeping

    quiet = os.path.basename(options.record).startswith(SPARE)

    def another() -> "Screen":
        with suppress(SceneError):  # one from outside may have been saved since, also in pieces
            return make_screen(scenes.find(options.scene), options)
        return make_screen(definition, options)

    try:
        return Keeping(options, partial(about, options, definition), another, screen, clock, quiet)
    except OSError as error:
        raise SceneError(f"--record: {options.record}: {error.strerror or error}") from None


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
