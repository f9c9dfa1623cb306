"""The race's own options on the command line."""

import argparse
import os
from typing import TYPE_CHECKING

from game import assets
from game.arguments import Add, filled, whole
from game.scenes.race import TRACK, Settings
from game.track import TrackError, load

if TYPE_CHECKING:
    from game.options import Options


def add_options(add: Add) -> None:
    """Where it is, and how long."""
    add("--track", type=filled, metavar="NAME|FILE.csv", help=f"the circuit ({TRACK})")
    end = "the race ends after N laps; --seconds and --frames may end it unfinished, with 0"
    add("--laps", type=whole(1, 10_000), metavar="N", help=end)


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run on a circuit that is there; a race with an end ends by itself."""
    laps, track = given.laps or 0, choose_track(given.track or TRACK)
    job = options.job._replace(settings=Settings(track, laps, load(track).length))
    if not laps:
        return options._replace(job=job)
    return options._replace(job=job._replace(finished="finished the race"), ends=True)


def choose_track(name: str) -> str:
    """The absolute path of a track's file, checked to hold a track."""
    if not name.endswith(".csv"):
        have = assets.names("tracks", ".csv")
        if name not in have:
            raise ValueError(
                f"--track: there is no track {name!r}; "
                f"give one of {', '.join(have)}, or a file that ends in .csv"
            )
        name = assets.path("tracks", name + ".csv")
    try:
        load(name)
    except TrackError as error:
        raise ValueError(f"--track: {error}") from None
    return os.path.abspath(name)
