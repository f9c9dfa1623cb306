"""The road's own options on the command line."""

import argparse
from typing import TYPE_CHECKING

from game.arguments import Add, number, whole
from game.scenes.road import MOST, Settings

if TYPE_CHECKING:
    from game.options import Options

SYNC = ("none", "element", "lock", "seqlock", "all")


def add_options(add: Add) -> None:
    """How the array is shared, and how the writer goes about it."""
    add("--vehicles", dest="agents", type=whole(1, MOST), metavar="N", help="same as --agents")
    add("--sync", choices=SYNC, help="how the array is shared; all: in turn (none)")
    add("--stress", action="store_true", help="the writer runs flat out")
    add("--lens", type=number(0, 10_000, "ms"), metavar="MS", help="pause between two elements")


def settle(given: argparse.Namespace, options: "Options") -> "Options":
    """The options of a run in which one process drives all vehicles."""
    if given.per_process:
        raise ValueError("--per-process: one process drives the whole road; leave it out")
    sync = given.sync or options.preset_options.get("sync") or "none"
    settings = Settings(sync, given.stress, given.lens or 0.0)
    if options.seconds:
        settings = settings._replace(tour=options.seconds / (len(SYNC) - 1))
    job = options.job._replace(settings=settings)
    return options._replace(job=job, per_process=options.capacity)
