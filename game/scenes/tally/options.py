"""The tally's own options on the command line."""

import argparse
from typing import TYPE_CHECKING

from game.arguments import Add
from game.scenes.tally import Settings

if TYPE_CHECKING:
    from game.options import Options

SYNC = ("none", "element", "lock", "own", "all")


def add_options(add: Add) -> None:
    """How the cell is shared."""
    add("--sync", choices=SYNC, help="how the cell is shared; all: each in turn (none)")


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run in which every process adds by itself."""
    if given.per_process:
        raise ValueError("--per-process: every process of the tally adds by itself; leave it out")
    sync = given.sync or options.preset_options.get("sync") or "none"
    settings = Settings(sync)
    if options.seconds:
        settings = settings._replace(tour=options.seconds / (len(SYNC) - 1))
    return options._replace(job=options.job._replace(settings=settings))
