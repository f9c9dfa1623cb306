"""Lines on a track: how they bend, the fastest one within the edges, how fast it can be driven.

Plain Python without a library: the track, the command line and every mover may use it.
"""
