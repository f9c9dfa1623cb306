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
from importlib import import_module

import game.child.monitor_process
import game.child.mover_process
import game.child.printed
import game.track
from game import scenes
from game.child.parent_watch import give_way, restore_environment

__all__ = ["ctypes", "game", "multiprocessing"]

# Every behaviour of ours: each is small, and a thousand movers would compile theirs each.
for scene in scenes.OWN:
    for mover in scenes.find(scene).movers:
        import_module(f"game.scenes.{scene}.movers.{mover}")

restore_environment()
give_way()
gc.freeze()
