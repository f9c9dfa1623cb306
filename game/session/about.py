"""About: what a recording says of the run that it is of, and the scene that it needs.

Written when a recording begins, read when it is opened again.
"""

import os
import platform
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from typing import Any, NamedTuple

from game import __version__, scenes
from game.options import Options
from game.recording import VERSION, RecordingError
from game.recording.plain import Arrays, restored, saved
from game.scenes import Definition, SceneError

PACKAGES = ("numpy", "pygame", "pygame-ce", "mcap")


class Recorded(NamedTuple):
    """The run that a recording is of."""

    definition: Definition
    settings: Any  # the scene's own
    names: tuple[str, ...]  # that agents were given


def about(options: Options, definition: Definition) -> dict[str, Any]:
    """What ran: plain values by name."""
    arrays: Arrays = {}
    job = options.job
    return {
        "version": VERSION,
        "scene": options.scene if not definition.path else definition.path,
        "fields": dict(definition.fields),
        "settings": saved(job.settings, arrays, "settings"),
        "names": list(job.names),
        "mover": os.path.basename(job.mover),
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


def versions() -> dict[str, str]:
    """What it was made with."""
    found = {"array-arena": __version__, "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def scene_of(path: str, told: Mapping[str, Any]) -> Recorded:
    """The scene of a recording; RecordingError where it is not here."""
    word = str(told.get("scene", ""))
    try:
        definition = scenes.find(word)
        with definition.in_a_line():
            for part in ("reader", "drawing", "marks"):  # so that their classes are there
                definition.part(part)
            settings = restored(told.get("settings"), {})
            definition.drawn(settings)
    except (SceneError, OSError) as error:
        raise RecordingError(f"{path}: its scene is not here: {error}") from None
    except Exception as error:  # settings of another version, a track that is gone
        why = scenes.one_line(error)
        raise RecordingError(f"{path}: its scene {word!r} cannot be shown: {why}") from None
    return Recorded(definition, settings, tuple(map(str, told.get("names") or ())))
