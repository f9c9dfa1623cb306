"""The options of a run: what the command line gave, checked whole before anything starts.

Called by __main__ alone, with nothing imported yet that takes time. Every complaint is a
ValueError of one line: which option, its value, and what would be right.
"""

import argparse
import os
from typing import NamedTuple

from game import assets, movers
from game.child.mover_process import Job
from game.crew import limits

MOST_PROCESSES = 10_000
ROOM = 256  # the capacity that a small run gets


class Options(NamedTuple):
    """Everything that a run is told, with each default settled."""

    scene: str
    agents: int
    capacity: int
    per_process: int
    job: Job
    title: str  # printed above the final values of a finite run; "" prints none
    track: str  # the track's file; "" where the scene has none
    headless: bool
    frames: int  # end after so many; 0: no such end
    seconds: float  # [s] end after so long; 0: no such end
    fps: float  # [Hz] frame cap; 0: none
    size: tuple[int, int]  # [px]
    theme: str  # the name of a file in assets/themes
    scale: float  # [px] of a point
    screenshot: str  # the file of the last frame; "": none
    stats: str  # the file of what was measured; "": none
    start_method: str  # "" for the system's best
    monitor: float  # [s] between two lines of the monitor process; 0: none
    monitor_times: int  # lines that it prints; 0: until the end
    restart: str  # never, on-failure or always
    together: bool  # one process drives all agents
    sync: str  # how the array is shared: a name of game.sync, or "all" in turn (road)
    stress: bool  # the road's writer runs flat out
    lens: float  # [ms] between two elements of the road's writer


def settle(given: argparse.Namespace) -> Options:
    """The options of a run: what was given, else the preset's, else the scene's own."""
    world = movers.world(given.scene)
    preset = choose_preset(given, world)
    agents = given.agents or (preset.agents if preset else world.AGENTS)
    if agents > world.MOST:
        raise ValueError(f"--agents: {agents} is more than the {world.MOST} that {given.scene} has")
    per_process = given.per_process or (preset.per_process if preset else 1)
    capacity = choose_capacity(given, agents, per_process, world)
    track = choose_track(given, world)
    job = choose_job(given, world, preset, track)
    check_race(given, world)
    check_road(given, world)
    per_process = capacity if world.TOGETHER else per_process
    processes, slots = -(-agents // per_process), -(-capacity // per_process)
    limits.check(processes, limits.table_bytes(slots, per_process, len(world.FIELDS)))
    check_writable(given.screenshot, "--screenshot", ".png")
    check_writable(given.stats, "--stats", ".json")
    return Options(
        scene=given.scene,
        agents=agents,
        capacity=capacity,
        per_process=per_process,
        job=job,
        title=(preset.title if preset else world.TITLE) if job.updates else "",
        track=track,
        headless=given.headless,
        frames=given.frames or 0,
        seconds=given.seconds or 0.0,
        fps=given.fps,
        size=given.size,
        theme=choose_theme(given.theme),
        scale=given.scale,
        screenshot=given.screenshot or "",
        stats=given.stats or "",
        start_method=given.start_method,
        monitor=given.monitor or (preset.monitor if preset else 0.0),
        restart=given.restart,
        together=world.TOGETHER,
        sync=given.sync or (preset.sync if preset else "") or "none",
        stress=given.stress,
        lens=given.lens or 0.0,
        monitor_times=job.updates if preset and preset.monitor and not given.monitor else 0,
    )


def choose_job(
    given: argparse.Namespace, world: movers.World, preset: movers.Preset | None, track: str
) -> Job:
    """What every mover of the run is asked to do."""
    return Job(
        scene=given.scene,
        mover=choose_mover(given, preset.mover if preset else world.MOVER),
        place=track,
        seed=int.from_bytes(os.urandom(4), "big") if given.seed is None else given.seed,
        rate=given.rate or (preset.rate if preset else world.RATE),
        updates=given.updates or (preset.updates if preset else 0),
        names=preset.names if preset else (),
        says_updates=preset is not None and preset.says_updates,
        laps=given.laps or 0,
    )


def choose_preset(given: argparse.Namespace, world: movers.World) -> movers.Preset | None:
    """The tutorial's program that --preset names, if it does."""
    if not given.preset:
        return None
    if given.preset not in world.PRESETS:
        have = ", ".join(world.PRESETS)
        raise ValueError(f"--preset: {given.scene} has no preset {given.preset!r}; it has: {have}")
    return world.PRESETS[given.preset]


def choose_mover(given: argparse.Namespace, default: str) -> str:
    """The name of one of the scene's behaviours, or the absolute path of a file."""
    mover: str = given.mover or default
    have = movers.names(given.scene)
    if mover in have:
        return mover
    if not mover.endswith(".py"):
        raise ValueError(
            f"--mover: {given.scene} has no mover {mover!r}; "
            f"give one of {', '.join(have)}, or a file that ends in .py"
        )
    if not os.path.isfile(mover) or not os.access(mover, os.R_OK):
        raise ValueError(f"--mover: {mover!r} is not a file that can be read")
    try:
        with open(mover, "rb") as file:
            code = compile(file.read(), mover, "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        what = error.msg if isinstance(error, SyntaxError) else str(error) or "too deeply nested"
        raise ValueError(f"--mover: {mover}{line}: {what}; give a file of Python") from None
    # What a file defines or imports stands among its names; "import *" may bring anything.
    names = {*code.co_names}
    anything = ("*",) in code.co_consts
    if movers.world(given.scene).TOGETHER and not (anything or "drive" in names):
        raise ValueError(
            f"--mover: {mover} has no function drive, and {given.scene} takes no other"
        )
    if not {"Mover", "drive"} & names and not anything:
        raise ValueError(f"--mover: {mover} has no class Mover; the README shows one")
    return os.path.abspath(mover)


def choose_theme(name: str) -> str:
    """The name of a theme, checked to be there and whole."""
    have = assets.names("themes", ".toml")
    if name not in have:
        raise ValueError(f"--theme: there is no theme {name!r}; give one of {', '.join(have)}")
    from game.view.theme import Theme, ThemeError

    try:
        Theme(name)
    except ThemeError as error:
        raise ValueError(f"--theme: {error}") from None
    return name


def choose_track(given: argparse.Namespace, world: movers.World) -> str:
    """The absolute path of the track's file, checked to hold a track; "" without one."""
    if not world.TRACK:
        if given.track:
            raise ValueError(f"--track: {given.scene} has no track; give it to race")
        return ""
    name = given.track or world.TRACK
    if not name.endswith(".csv"):
        have = assets.names("tracks", ".csv")
        if name not in have:
            raise ValueError(
                f"--track: there is no track {name!r}; "
                f"give one of {', '.join(have)}, or a file that ends in .csv"
            )
        name = assets.path("tracks", name + ".csv")
    from game.track import TrackError, load

    try:
        load(name)
    except TrackError as error:
        raise ValueError(f"--track: {error}") from None
    return os.path.abspath(name)


def check_race(given: argparse.Namespace, world: movers.World) -> None:
    """See that laps are given to a race alone."""
    if given.laps and not world.TRACK:
        raise ValueError(f"--laps: {given.scene} has no laps; give it to race")


def check_road(given: argparse.Namespace, world: movers.World) -> None:
    """See that what is the road's is given to the road alone, and the reverse."""
    road = {"--sync": given.sync, "--stress": given.stress, "--lens": given.lens}
    for option, value in road.items():
        if value and not world.TOGETHER:
            raise ValueError(f"{option}: {given.scene} has no ways to share; give it to road")
    if given.per_process and world.TOGETHER:
        raise ValueError("--per-process: one process drives the whole road; leave it out")


def choose_capacity(
    given: argparse.Namespace, agents: int, per_process: int, world: movers.World
) -> int:
    """How many agents the table has room for, in whole slots."""
    # The default never asks for more processes than there may be; what is asked for may.
    spare = min(max(ROOM, 2 * agents), MOST_PROCESSES * per_process)
    capacity = given.capacity or max(spare, agents)
    capacity = -(-capacity // per_process) * per_process
    if capacity > 2 * world.MOST:
        raise ValueError(
            f"--capacity: room for {capacity} agents, in whole processes of {per_process}, is "
            f"more than {2 * world.MOST}; give less, or fewer agents to each process"
        )
    if agents > capacity:
        raise ValueError(
            f"--agents: {agents} is more than --capacity {capacity}; "
            f"give at most {capacity} agents or more capacity"
        )
    if capacity // per_process > MOST_PROCESSES and not world.TOGETHER:
        raise ValueError(
            f"--agents: room for {capacity // per_process} processes is more than "
            f"{MOST_PROCESSES}; give fewer, or more agents to each with --per-process"
        )
    return capacity


def check_writable(path: str | None, option: str, ending: str) -> None:
    """See that a file can be made at `path`, before the run and not after it."""
    if not path:
        return
    if not path.lower().endswith(ending):
        raise ValueError(f"{option}: {path!r} does not end in {ending}")
    existed = os.path.lexists(path)
    if existed and not os.path.isfile(path):
        raise ValueError(f"{option}: {path!r} is there already and is no ordinary file")
    try:
        with open(path, "ab"):
            pass
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise ValueError(f"{option}: {path!r} cannot be written: {what}") from None
    if not existed:
        os.remove(path)
