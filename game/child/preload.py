"""What the forkserver loads once, so that a mover starts in milliseconds.

Named in the forkserver's preload list by game.crew.starting; imported by nobody else, because of
the last lines: the forkserver stands back behind the window, and so do the movers that it makes;
and the objects loaded so far leave the collector's care, so that a mover's first collection
does not touch (and so copy) the pages that it shares with the forkserver.
"""

import ctypes
import gc
import multiprocessing.heap
import multiprocessing.popen_forkserver
import multiprocessing.sharedctypes
import multiprocessing.spawn
import os
from importlib import import_module

import game.child.mover_process
import game.child.printed
import game.monitor
import game.track
from game import movers
from game.child.ties import give_way

__all__ = ["ctypes", "game", "multiprocessing"]

# Every behaviour of ours: each is small, and a thousand movers would compile theirs each.
for entry in os.scandir(movers.FOLDER):
    if entry.is_dir() and not entry.name.startswith("_"):
        import_module(f"game.movers.{entry.name}")
        for name in movers.names(entry.name):
            import_module(f"game.movers.{entry.name}.{name}")

give_way()
gc.freeze()
