"""The race's own options on the command line."""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from game import assets
from game.arguments import Add, filled, number, whole
from game.scenes.race import TRACK, Settings
from game.scenes.race.lanes import race_line
from game.track import TrackError
from game.track_files import ENDINGS

if TYPE_CHECKING:
    from game.child.job import Behaviour
    from game.options import Options

ON_A_LINE = "grip"  # the behaviour that drives on one


def add_options(add: Add) -> None:
    """Where it is, and how long."""
    files = "CSV, GeoJSON, GPX, KML"
    add("--track", type=filled, metavar="NAME|FILE", help=f"the circuit; files: {files} ({TRACK})")
    wide = "how wide the track is in all, whatever its file says [m]"
    add("--width", type=number(0.01, 1000, "m"), metavar="M", help=wide)
    add("--reverse", action="store_true", help="drive the other way round")
    end = "the race ends after N laps; --seconds and --frames may end it unfinished, with 0"
    add("--laps", type=whole(1, 10_000), metavar="N", help=end)


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run on a circuit that is there; a race with an end ends by itself."""
    laps = given.laps or 0
    settings = Settings(choose_file(given.track or TRACK), laps, given.width or 0.0, given.reverse)
    job = options.job._replace(settings=checked(settings))
    prepare(job.settings, job.behaviours)
    if not laps:
        return options._replace(job=job)
    return options._replace(job=job._replace(finished="finished the race"), ends=True)


def prepare(settings: Settings, behaviours: Sequence["Behaviour"]) -> None:
    """Work out the lines that movers will want: once, and kept, and not in each of them."""
    wanted = [dict(each.parameters) for each in behaviours if is_on_a_line(each.mover)]
    for racing in {bool(parameters["racing"]) for parameters in wanted}:
        race_line(settings.load_track(), settings.scale, racing)


def is_on_a_line(mover: str) -> bool:
    """Whether a behaviour, by its name or its file, is ours that drives a line to be worked out."""
    ours = os.path.join(os.path.dirname(__file__), "movers", ON_A_LINE + ".py")
    if os.path.isabs(mover):
        return os.path.realpath(mover) == os.path.realpath(ours)
    return mover == ON_A_LINE


def choose_file(name: str) -> str:
    """The absolute path of the file that a name means: a file that is there, or one of ours."""
    if name.lower().endswith(ENDINGS) or os.path.exists(name):
        return os.path.abspath(name)
    have = assets.names("tracks", ".csv")
    if name not in have:
        raise ValueError(
            f"--track: there is no track {name!r}; "
            f"give one of {', '.join(have)}, or a file ({', '.join(ENDINGS)})"
        )
    return os.path.abspath(assets.path("tracks", name + ".csv"))


def checked(settings: Settings) -> Settings:
    """The settings with their track's scale and length, checked; says what was taken how."""
    try:
        track = settings.load_track()
    except TrackError as error:
        raise ValueError(f"--track: {error}") from None
    for note in track.notes:
        print(f"game: --track: {track.name}: {note}", file=sys.stderr)
    return settings._replace(scale=track.scale, length=track.length)
