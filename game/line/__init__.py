"""Lines on a track: the fastest one within the edges, and how fast it can be driven.

Plain Python without a library: the command line and every mover may use it.
"""
