"""About: what a recording says of the run that it is of, and the scene that it needs.

Written when a recording begins, read when it is opened again.
"""

import os
import platform
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from shlex import quote
from typing import Any, NamedTuple

from game import __version__, scenes
from game.child.job import MOST, Behaviour, Job
from game.options import Options
from game.recording import VERSION, RecordingError
from game.recording.plain import Arrays, restored, saved
from game.scenes import MOST_AGENTS, Definition, SceneError

PACKAGES = ("numpy", "pygame", "pygame-ce", "mcap")


class Recorded(NamedTuple):
    """The run that a recording is of."""

    definition: Definition
    job: Job  # of its movers, as far as a replay has one


def about(options: Options, definition: Definition) -> dict[str, Any]:
    """What ran: plain values by name."""
    arrays: Arrays = {}
    job = options.job
    return {
        "version": VERSION,
        "scene": options.scene if not definition.path else definition.path,
        "fields": dict(job.fields),
        "settings": saved(job.settings, arrays, "settings"),
        "names": list(job.names),
        "movers": [mover(each) for each in job.behaviours],
        "processes": job.processes,
        "seed": job.seed,
        "rate": job.rate,
        "agents": options.agents,
        "per_process": options.per_process,
        "preset": options.preset,
        "size": list(options.size),
        "command": sys.argv[1:],
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "versions": versions(),
    }


def mover(behaviour: Behaviour) -> dict[str, Any]:
    """A behaviour of the run. Where its file was is nobody's business elsewhere."""
    return {
        **behaviour._asdict(),
        "mover": os.path.basename(behaviour.mover),
        "parameters": {name: str(value) for name, value in behaviour.parameters},
    }


def versions() -> dict[str, str]:
    """What it was made with."""
    found = {"array-arena": __version__, "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def scene_of(path: str, told: Mapping[str, Any], given: str = "") -> Recorded:
    """The scene of a recording; RecordingError where it is not here.

    One from outside is code, and somebody else may have made the recording: it has to be `given`.
    """
    word = str(told.get("scene", ""))
    ours = word in scenes.OWN
    if ours and given:
        raise RecordingError(f"--scene: {path} is of {word}, which is one of ours; leave it out")
    if scenes.is_outside(word) and not (ours or given):
        raise RecordingError(
            f"{path}: it is of a scene from outside, which would be run; if you know it, give it "
            f"as well: --scene {quote(word)}"
        )
    try:
        definition = scenes.find(given or word)
        with definition.in_a_line():
            for part in ("reader", "drawing", "marks"):  # so that their classes are there
                definition.part(part)
            settings = restored(told.get("settings"), {})
            definition.drawn(settings)
        return Recorded(definition, job_of(told, definition, settings))
    except (SceneError, OSError) as error:
        raise RecordingError(f"{path}: its scene is not here: {error}") from None
    except Exception as error:  # settings of another version, a track that is gone
        why = scenes.one_line(error)
        raise RecordingError(f"{path}: its scene {word!r} cannot be shown: {why}") from None


def job_of(told: Mapping[str, Any], definition: Definition, settings: Any) -> Job:
    """What the movers of a recording were asked to do, as far as anything shown depends on it."""
    fields = told.get("fields")
    return Job(
        scene=definition.job_name,
        fields=fields if isinstance(fields, dict) and fields else dict(definition.fields),
        behaviours=tuple(map(behaviour, told.get("movers") or ())),
        per_process=count(told, "per_process", 2 * MOST_AGENTS) or 1,
        processes=count(told, "processes", MOST),
        seed=int(told.get("seed") or 0),
        rate=float(told.get("rate") or 1.0),
        updates=0,
        settings=settings,
        names=tuple(map(str, told.get("names") or ())),
    )


def count(told: Mapping[str, Any], name: str, most: int) -> int:
    """How many there were; ValueError where no run has as many: room is taken for each."""
    many = int(told.get(name) or 0)
    if not 0 <= many <= most:
        raise ValueError(f"{name} is {many}")
    return many


def behaviour(told: Mapping[str, Any]) -> Behaviour:
    """A behaviour that was recorded."""
    return Behaviour(
        mover=str(told.get("mover", "")),
        fields=tuple(map(str, told.get("fields") or ())),
        name=str(told.get("name", "")),
        processes=count(told, "processes", MOST),
    )
