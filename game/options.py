"""The options of a run: what the command line gave, checked whole before anything starts.

Called by __main__ alone, with nothing imported yet that takes time. Every complaint is a
ValueError of one line: which option, its value, and what would be right.
"""

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from game import assets, behaviours, stated
from game.child.job import MOST, Job
from game.cluster.where import Where
from game.cluster.where import check as choose_cluster
from game.crew import limits
from game.scenes import Definition, Preset
from game.timing import check_end, choose_timing

KEYS_RATE = 20.0  # [Hz] at least, unless told otherwise, of who is driven by the arrow keys
ROOM = 256  # the capacity that a small run gets


class Options(NamedTuple):
    """Everything that a run is told, with each default settled."""

    scene: str
    agents: int
    capacity: int
    per_process: int
    job: Job
    ends: bool  # the movers finish what they are asked for: the run has an end of its own
    title: str  # printed above the final values of a finite run; "" prints none
    headless: bool
    hold: bool  # a run that ends by itself keeps its last picture until a key
    frames: int  # end after so many; 0: no such end
    seconds: float  # [s] end after so long; 0: no such end
    fps: float  # [Hz] frame cap; 0: none
    size: tuple[int, int]  # [px]
    theme: str  # the name of a file in assets/themes
    scale: float  # [px] of a point
    screenshot: str  # the file of the last frame; "": none
    stats: str  # the file of what was measured; "": none
    start_method: str
    monitor: float  # [s] between two lines of the monitor process; 0: none
    monitor_times: int  # lines that it prints; 0: until the end
    restart: str  # never, on-failure or always
    speed: float  # simulated time runs so many times as fast, to begin with
    lockstep: bool  # all movers step together
    rounds: int  # headless runs, one after another; 0: one run as it is
    patience: float  # [s] that a run with an end of its own waits for a silent mover; 0: for ever
    preset: str  # the name of the tutorial's program that this is; "": none
    preset_options: Mapping[str, Any]  # what it says of the scene's own options
    debug: bool = False  # the one mover is the window's own process
    cluster: Where | None = None  # whose nodes the movers run on; None: this machine
    record: str = ""  # the file that everything shown is recorded into; "": none
    record_float32: bool = False  # values take half the room there
    film: str = ""  # the file of a film of it; "": none
    keep: float = 0.0  # [s] of the past that are at hand; 0: nothing is kept
    keep_memory: float = 0.0  # [MB] that they may take


def settle(given: argparse.Namespace, scene: Definition) -> Options:
    """The options of a run: what was given, else the preset's, else the scene's own."""
    check_writable(given.screenshot, "--screenshot", ".png")
    check_writable(given.stats, "--stats", ".json")
    check_recording(given)
    options = of_movers(given, scene) if scene.processes else of_nobody(given, scene)
    if own := scene.offers("options", "settle"):
        options = own(given, options)
        scene.check_settings(options.job.settings)
    check_end(options.rounds, options.ends)
    if scene.processes:
        check_room(options, len(options.job.fields))
    return options


def check_recording(given: argparse.Namespace) -> None:
    """See that what is to be recorded or filmed can be."""
    check_writable(given.record, "--record", ".mcap")
    if given.record_float32 and not given.record:
        raise ValueError("--record-float32: it says how --record FILE keeps values; give that, too")
    if given.record or given.film:
        from game.recording.file import check_packages, is_recording

        check_packages()
        option = "--record" if given.record else "--film"
        if getattr(given, "rounds", 0):
            raise ValueError(f"{option}: --rounds are runs of their own; leave one of them out")
        if given.record and os.path.exists(given.record) and not is_recording(given.record):
            raise ValueError(
                f"--record: {given.record!r} is there already and is no recording; "
                "give another name"
            )
    if given.film:
        from game.recording.films import check_encoder

        check_writable(given.film, "--film", os.path.splitext(given.film)[1])
        check_encoder(given.film, "--film")


def of_nobody(given: argparse.Namespace, scene: Definition) -> Options:
    """The options of a run without processes of ours."""
    job = Job(scene.job_name, dict(scene.fields), (), seed=0, rate=scene.rate, updates=0)
    return Options(
        agents=0,
        capacity=0,
        per_process=1,
        job=job,
        ends=False,
        hold=False,
        title="",
        start_method="",
        monitor=0.0,
        monitor_times=0,
        restart="never",
        patience=0.0,
        speed=1.0,
        lockstep=False,
        rounds=0,
        preset="",
        preset_options={},
        **of_any(given, scene),
    )


def of_any(given: argparse.Namespace, scene: Definition) -> dict[str, Any]:
    """The options that every run has."""
    return {
        "scene": given.scene,
        "headless": given.headless or bool(getattr(given, "rounds", 0)),
        "frames": given.frames or 0,
        "seconds": given.seconds or 0.0,
        "fps": given.fps,
        "size": given.size,
        "theme": choose_theme(given.theme, scene),
        "scale": given.scale,
        "screenshot": given.screenshot or "",
        "stats": given.stats or "",
        "record": given.record or "",
        "record_float32": given.record_float32,
        "film": given.film or "",
        "keep": given.keep,
        "keep_memory": given.keep_memory,
    }


def of_movers(given: argparse.Namespace, scene: Definition) -> Options:
    """The options of a run of our own processes."""
    preset = choose_preset(given, scene)
    if given.debug:
        check_debug(given, scene)
        given.agents = given.capacity = given.per_process = 1
    per_process = given.per_process or (preset.per_process if preset else 1)
    found = behaviours.find_all(given.movers, scene, preset)
    otherwise = preset.agents if preset else scene.agents
    agents = behaviours.agents(given, found, otherwise, per_process)
    if agents > scene.most:
        raise ValueError(f"--agents: {agents} is more than the {scene.most} that {scene.name} has")
    job = choose_job(given, scene, preset, found, per_process)
    job = job._replace(processes=-(-agents // per_process))
    return Options(
        agents=agents,
        capacity=choose_capacity(given, agents, per_process, scene),
        per_process=per_process,
        job=job,
        ends=job.updates > 0,
        title=(preset.title if preset else scene.title) if job.updates else "",
        hold=choose_hold(given) and not given.rounds,
        start_method=given.start_method,
        monitor=given.monitor or (preset.monitor if preset else 0.0),
        monitor_times=job.updates if preset and preset.monitor and not given.monitor else 0,
        restart=given.restart,
        patience=given.patience,
        **choose_timing(given, scene)._asdict(),
        preset=given.preset or "",
        preset_options=preset.options if preset else {},
        debug=bool(given.debug),
        cluster=choose_cluster(given, scene),
        **of_any(given, scene),
    )


def check_room(options: Options, fields: int) -> None:
    """See that the system has room for so many processes, and for their table."""
    processes = -(-options.agents // options.per_process)
    slots = -(-options.capacity // options.per_process)
    if slots > MOST:
        raise ValueError(
            f"--agents: room for {slots} processes is more than {MOST}; "
            "give fewer, or more agents to each with --per-process"
        )
    shared = limits.table_bytes(slots, options.per_process, fields)
    elsewhere = options.cluster and not options.cluster.own
    limits.check(0 if elsewhere else processes, shared, options.start_method)


def choose_job(
    given: argparse.Namespace,
    scene: Definition,
    preset: Preset | None,
    found: Sequence[behaviours.Found],
    per_process: int,
) -> Job:
    """What every mover of the run is asked to do."""
    further = stated.union({each.path: each.fields for each in found})
    return Job(
        scene=scene.job_name,
        fields={**scene.fields, **further},
        behaviours=behaviours.behaviours(found, per_process),
        per_process=per_process,
        seed=int.from_bytes(os.urandom(4), "big") if given.seed is None else given.seed,
        rate=given.rate or (preset.rate if preset else choose_rate(scene, found)),
        updates=given.updates or (preset.updates if preset else 0),
        names=preset.names if preset else (),
        says_updates=preset is not None and preset.says_updates,
        threads=given.threads or 0,
        reload=choose_reload(given, scene),
        log=choose_log(given.log),
    )


def choose_rate(scene: Definition, found: Sequence[behaviours.Found]) -> float:
    """How often movers publish that nobody told: as the scene says; where one is driven by hand, so
    often that it answers at once."""
    return max(scene.rate, KEYS_RATE) if any(each.keys for each in found) else scene.rate


def choose_reload(given: argparse.Namespace, scene: Definition) -> bool:
    """Whether movers load their file anew when it is saved."""
    if given.reload and scene.needs:
        raise ValueError(
            f"--reload: {scene.name}'s movers drive by themselves, and cannot change on the way; "
            "leave it out"
        )
    return bool(given.reload)


def check_debug(given: argparse.Namespace, scene: Definition) -> None:
    """See that one agent in the window's own process is what is asked for."""
    if scene.needs:
        raise ValueError(f"--debug: {scene.name}'s movers drive by themselves; leave it out")
    for option in ("agents", "capacity", "per_process"):
        wanted = getattr(given, option)
        if wanted not in (None, 1):
            name = option.replace("_", "-")
            raise ValueError(f"--{name}: with --debug there is one agent; {wanted} is more")
    if given.lockstep:
        raise ValueError("--lockstep: with --debug there is one agent, and nobody to wait for")
    if given.log:
        raise ValueError("--log: with --debug the mover prints to the terminal; leave one out")


def choose_log(folder: str | None) -> str:
    """The absolute path of a folder that files can be written to; "" if none is wanted."""
    if not folder:
        return ""
    try:
        os.makedirs(folder, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return os.path.abspath(folder)
    except (OSError, ValueError) as error:
        what = getattr(error, "strerror", None) or error
        raise ValueError(f"--log: {folder!r}: {what}; give a folder of yours") from None


def choose_preset(given: argparse.Namespace, scene: Definition) -> Preset | None:
    """The tutorial's program that --preset names, if it does."""
    if not given.preset:
        return None
    if given.preset not in scene.presets:
        have = ", ".join(scene.presets) or "none"
        raise ValueError(f"--preset: {scene.name} has no preset {given.preset!r}; it has: {have}")
    return scene.presets[given.preset]


def choose_hold(given: argparse.Namespace) -> bool:
    """Whether the last picture stays until a key: by default where there is a window."""
    if given.hold and given.headless:
        raise ValueError(
            "--hold: with --headless there is no window to press a key in; leave one of them out"
        )
    return not given.headless if given.hold is None else bool(given.hold)


def choose_theme(name: str, scene: Definition) -> str:
    """The name of a theme, checked to be there and whole."""
    have = assets.names("themes", ".toml")
    if name not in have:
        raise ValueError(f"--theme: there is no theme {name!r}; give one of {', '.join(have)}")
    from game.view.theme import Theme, ThemeError

    try:
        Theme(name, scene.colours)
    except ThemeError as error:
        raise ValueError(f"--theme: {error}") from None
    return name


def choose_capacity(
    given: argparse.Namespace, agents: int, per_process: int, scene: Definition
) -> int:
    """How many agents the table has room for, in whole slots."""
    # The default never asks for more processes than there may be; what is asked for may.
    spare = min(max(ROOM, 2 * agents), MOST * per_process)
    capacity = given.capacity or max(spare, agents)
    capacity = -(-capacity // per_process) * per_process
    if capacity > 2 * scene.most:
        raise ValueError(
            f"--capacity: room for {capacity} agents, in whole processes of {per_process}, is "
            f"more than {2 * scene.most}; give less, or fewer agents to each process"
        )
    if agents > capacity:
        raise ValueError(
            f"--agents: {agents} is more than --capacity {capacity}; "
            f"give at most {capacity} agents or more capacity"
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
