"""What the forkserver loads once, so that a mover starts in milliseconds.

Named in the forkserver's preload list by the crew; imported by nobody else, because of the
last line: the objects loaded so far leave the collector's care, and a mover's first
collection does not touch (and so copy) the pages that it shares with the forkserver.
"""

import ctypes
import gc
import multiprocessing.heap
import multiprocessing.sharedctypes
import multiprocessing.spawn

import game.monitor
import game.mover_process
import game.movers
import game.movers.race
import game.movers.swarm
import game.printed
import game.track

__all__ = ["ctypes", "game", "multiprocessing"]

gc.freeze()
