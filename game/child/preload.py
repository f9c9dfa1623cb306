"""What the nursery loads once, so that a mover starts in a millisecond.

Imported by game.child.nursery_process and by nobody else.
"""

import multiprocessing.heap
import multiprocessing.sharedctypes
import multiprocessing.synchronize
from importlib import import_module

import game.child.mover_process
import game.track
from game import scenes

__all__ = ["game", "multiprocessing"]

# Every behaviour of ours: each is small, and a thousand movers would compile theirs each.
for scene in scenes.OWN:
    for mover in scenes.find(scene).movers:
        import_module(f"game.scenes.{scene}.movers.{mover}")
